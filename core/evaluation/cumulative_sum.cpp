#include "core/evaluation/cumulative_sum.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::evaluation {

std::optional<std::size_t> first_alarm_up(std::span<const double> z, double k, double h) {
    double sum = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
        sum = std::max(0.0, sum + z[i] - k);
        if (sum > h) return i;
    }
    return std::nullopt;
}

double run_length_in_control(double k, double h) {
    const double x = 2 * k * (h + 1.166);
    return (std::exp(x) - x - 1) / (2 * k * k);
}

}  // namespace citytwin::evaluation
