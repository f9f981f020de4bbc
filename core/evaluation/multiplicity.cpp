#include "core/evaluation/multiplicity.hpp"

#include <algorithm>
#include <numeric>

namespace citytwin::evaluation {
namespace {

std::vector<std::size_t> ascending(std::span<const double> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    return order;
}

}  // namespace

std::vector<double> holm(std::span<const double> p) {
    const auto order = ascending(p);
    std::vector<double> adjusted(p.size());
    double largest = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        largest = std::max(largest, static_cast<double>(p.size() - i) * p[order[i]]);
        adjusted[order[i]] = std::min(1.0, largest);
    }
    return adjusted;
}

std::vector<double> benjamini_hochberg(std::span<const double> p) {
    const auto order = ascending(p);
    std::vector<double> adjusted(p.size());
    double least = 1;
    for (std::size_t i = order.size(); i-- > 0;) {
        least = std::min(least, static_cast<double>(p.size()) / static_cast<double>(i + 1) * p[order[i]]);
        adjusted[order[i]] = least;
    }
    return adjusted;
}

}  // namespace citytwin::evaluation
