#pragma once
// Normal and Student's t distributions (Boost.Math), two-sided where a test is meant.

namespace citytwin::evaluation {

[[nodiscard]] double normal_cdf(double z);
[[nodiscard]] double normal_quantile(double p);
/// Quantile of Student's t with `freedom` degrees of freedom (need not be whole). 0 < p < 1, freedom > 0.
[[nodiscard]] double t_quantile(double p, double freedom);
/// P(|T| >= |t|).
[[nodiscard]] double t_two_sided_p(double t, double freedom);
/// P(T >= t).
[[nodiscard]] double t_upper_p(double t, double freedom);

}  // namespace citytwin::evaluation
