#include "core/evaluation/sequential.hpp"

#include <cmath>

#include "core/evaluation/probability.hpp"

namespace citytwin::evaluation {

double error_spent(double alpha, double information) { return 2 * normal_cdf(-normal_quantile(1 - alpha / 2) / std::sqrt(information)); }

}  // namespace citytwin::evaluation
