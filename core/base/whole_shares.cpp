#include "core/base/whole_shares.hpp"

#include <algorithm>

namespace citytwin {

std::vector<std::int32_t> whole_shares(std::uint64_t total, std::span<const double> weights) {
    std::vector<std::int32_t> units(weights.size(), 0);
    double sum = 0;
    for (const double w : weights) sum += w;
    if (sum <= 0) return units;
    struct Remainder {
        double part;
        std::uint32_t row;
    };
    std::vector<Remainder> remainders;
    remainders.reserve(weights.size());
    std::uint64_t given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double exact = static_cast<double>(total) * (weights[i] / sum);
        units[i] = static_cast<std::int32_t>(exact);
        given += static_cast<std::uint64_t>(units[i]);
        if (weights[i] > 0) remainders.push_back({exact - units[i], static_cast<std::uint32_t>(i)});
    }
    std::sort(remainders.begin(), remainders.end(), [](const Remainder& a, const Remainder& b) { return a.part != b.part ? a.part > b.part : a.row < b.row; });
    for (std::size_t i = 0; given < total; i = (i + 1) % remainders.size(), ++given) ++units[remainders[i].row];
    return units;
}

}  // namespace citytwin
