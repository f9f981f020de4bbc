#include "core/evaluation/probability.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace citytwin::evaluation {

namespace math = boost::math;

double normal_cdf(double z) { return math::cdf(math::normal_distribution<>(), z); }
double normal_quantile(double p) { return math::quantile(math::normal_distribution<>(), p); }
double t_quantile(double p, double freedom) { return math::quantile(math::students_t_distribution<>(freedom), p); }

double t_upper_p(double t, double freedom) {
    if (std::isinf(t)) return t > 0 ? 0.0 : 1.0;
    return math::cdf(math::complement(math::students_t_distribution<>(freedom), t));
}

double t_two_sided_p(double t, double freedom) { return 2 * t_upper_p(std::fabs(t), freedom); }

}  // namespace citytwin::evaluation
