#include "modules/emissions/model/polynomial_kernel.hpp"

#include <algorithm>

namespace citytwin::emissions {

double coasting_limit(const Coasting& law, double speed_mps, double sin_slope) {
    constexpr double knee = 10 / 3.6;
    const double v = speed_mps < knee ? knee : speed_mps;
    const double free = -law.k0 * (v - 20) + law.k1 - 9.81 * sin_slope;
    const double limit = free < 0 ? free : 0.0;
    return speed_mps < knee ? speed_mps / knee * limit : limit;
}

void PolynomialType::set(Pollutant pollutant, PolynomialFamily family, std::span<const double> c) {
    const std::size_t p = at(pollutant);
    const auto coefficient = [&](std::size_t i) { return i < c.size() ? c[i] : 0.0; };
    if (family == PolynomialFamily::hbefa4) {
        const std::size_t order[7] = {0, 1, 4, 2, 3, 5, 6};
        for (std::size_t i = 0; i < 7; ++i) factor[order[i]][p] = coefficient(i);
    } else {
        const std::size_t order[6] = {0, 5, 7, 1, 2, 3};
        for (std::size_t i = 0; i < 6; ++i) factor[order[i]][p] = coefficient(i) / 3.6;
    }
}

void polynomial_rates(std::span<const PolynomialType> types, const VehicleColumns& vehicles, std::span<Amounts> rates, Arena& arena) {
    arena.ranges(vehicles.size(), [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            const PolynomialType& type = types[vehicles.type[i]];
            const double v = vehicles.speed_mps[i], a = vehicles.acceleration_mps2[i], sin_slope = vehicles.sin_slope[i];
            const double ae = a + standard_gravity_mps2 * sin_slope;
            const double term[PolynomialType::terms] = {1, v, v * v, v * v * v, ae, ae * v, ae * v * v, ae * ae * v};
            const bool coasts = type.coasting.applies && v > 0.5 && a < coasting_limit(type.coasting, v, sin_slope);
            const double burns = coasts ? 0.0 : 1.0;
            double sum[pollutant_lanes];
            for (std::size_t p = 0; p < pollutant_lanes; ++p) sum[p] = type.factor[0][p];
            for (std::size_t t = 1; t < PolynomialType::terms; ++t)
                for (std::size_t p = 0; p < pollutant_lanes; ++p) sum[p] += type.factor[t][p] * term[t];
            double* out = rates[i].data();
            for (std::size_t p = 0; p < pollutant_lanes; ++p) out[p] = (sum[p] > type.least[p] ? sum[p] : type.least[p]) * burns;
            out[at(Pollutant::electricity)] = sum[at(Pollutant::electricity)];
        }
    });
}

void add_by_group(std::span<const Amounts> rows, std::span<const Index> group, double factor, std::span<Amounts> sums, Arena& arena) {
    std::vector<std::uint32_t> first(sums.size() + 1, 0), order(rows.size());
    for (Index g : group) {
        if (g != no_index) ++first[g + 1];
    }
    for (std::size_t g = 0; g < sums.size(); ++g) first[g + 1] += first[g];
    std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (group[i] != no_index) order[next[group[i]]++] = static_cast<std::uint32_t>(i);
    }
    arena.each(sums.size(), [&](std::size_t g) {
        for (std::uint32_t k = first[g]; k < first[g + 1]; ++k) {
            const Amounts& row = rows[order[k]];
            for (std::size_t p = 0; p < pollutant_lanes; ++p) sums[g][p] += row[p] * factor;
        }
    }, 64);
}

}  // namespace citytwin::emissions
