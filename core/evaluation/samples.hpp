#pragma once
// Figures of one sample, summed in the order given.
#include <span>
#include <vector>

namespace citytwin::evaluation {

[[nodiscard]] double mean(std::span<const double> values);
/// With n - 1; 0 for fewer than two values.
[[nodiscard]] double variance(std::span<const double> values);
/// Quantile by linear interpolation, type 7 of Hyndman & Fan, The American Statistician 50 (1996). NaN for no values.
[[nodiscard]] double quantile(std::vector<double> values, double p);

struct Proportion {
    double low = 0, high = 0;
};
/// Interval of a share by Wilson, JASA 22 (1927), without continuity correction. trials >= 1.
[[nodiscard]] Proportion wilson_interval(std::size_t successes, std::size_t trials, double level = 0.95);

}  // namespace citytwin::evaluation
