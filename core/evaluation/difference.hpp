#pragma once
// The difference of a plan from its base over seeds (evaluation.md section 3). Seeds are the replicates: one value a seed goes in,
// never the entities of all seeds pooled. Paired: Student's t on the differences; unpaired: Welch 1947.
#include <span>
#include <string>

namespace citytwin::evaluation {

/// Fewer pairs give no interval.
constexpr std::size_t fewest_seeds = 5;

struct Interval {
    double low = 0, high = 0;
    [[nodiscard]] double width() const { return high - low; }
};

struct Difference {
    std::size_t pairs = 0;
    double base_mean = 0, plan_mean = 0;
    double mean = 0;               ///< plan - base, over pairs
    double deviation = 0;          ///< standard deviation of the differences
    double standard_error = 0, t = 0, p = 1;
    Interval interval;             ///< of `level`; only with fewest_seeds pairs or more
    Interval interval_90;          ///< for equivalence: two one-sided tests at 5 %
    Interval unpaired;             ///< Welch's, of `level`: what the same runs would say without pairing
    double correlation = 0;        ///< of the pairs; below 0: pairing is broken or harms. NaN where a side doesn't vary
    double variance_ratio = 0;     ///< variance of the mean difference unpaired / paired; infinite where pairs differ by a constant
    bool has_interval = false;
    bool identical = false;        ///< all differences are equal: an interval of width 0
};

/// `base` and `plan` by seed, in the same order, of equal length >= 1. Throws std::invalid_argument.
[[nodiscard]] Difference paired_difference(std::span<const double> base, std::span<const double> plan, double level = 0.95);

/// Two independent samples of at least two values each, unpaired (Welch 1947): `pairs` is the smaller of the two; no correlation.
[[nodiscard]] Difference unpaired_difference(std::span<const double> base, std::span<const double> plan, double level = 0.95);

/// Interval of mean(plan) - mean(base) of two independent samples of at least two values each.
[[nodiscard]] Interval welch_interval(std::span<const double> base, std::span<const double> plan, double level = 0.95);

/// Seeds that make the paired interval's half-width `half_width` or less, from the deviation of a pilot's differences:
/// n >= (z s / h)^2, then once more with Student's t for that n (`refine`).
[[nodiscard]] std::size_t seeds_for_half_width(double deviation, double half_width, double level = 0.95, bool refine = false);

enum class Better { less, more, neither };

/// better, worse: the interval lies beyond the smallest worthwhile change; equivalent: the 90 % interval lies inside it; else not
/// decided. "too few seeds" below fewest_seeds; "same" where all differences are 0.
[[nodiscard]] std::string verdict(const Difference& difference, Better better, double worthwhile_change);

}  // namespace citytwin::evaluation
