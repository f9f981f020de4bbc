#include "core/evaluation/samples.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/evaluation/probability.hpp"

namespace citytwin::evaluation {

double mean(std::span<const double> values) {
    double sum = 0;
    for (double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

double variance(std::span<const double> values) {
    if (values.size() < 2) return 0;
    const double centre = mean(values);
    double squares = 0;
    for (double value : values) squares += (value - centre) * (value - centre);
    return squares / static_cast<double>(values.size() - 1);
}

double quantile(std::vector<double> values, double p) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    const double place = p * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto nth = values.begin() + static_cast<std::ptrdiff_t>(below);
    std::nth_element(values.begin(), nth, values.end());
    const double low = *nth;
    if (below + 1 >= values.size()) return low;
    return low + (place - static_cast<double>(below)) * (*std::min_element(nth + 1, values.end()) - low);
}

Proportion wilson_interval(std::size_t successes, std::size_t trials, double level) {
    const double n = static_cast<double>(trials), share = static_cast<double>(successes) / n, z = normal_quantile((1 + level) / 2), z2 = z * z;
    const double centre = (share + z2 / (2 * n)) / (1 + z2 / n), half = z / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

}  // namespace citytwin::evaluation
