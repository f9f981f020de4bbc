#pragma once
// exp and the normal distribution with the same bits everywhere (IEEE operations only).
#include <cmath>

namespace citytwin::waste {

/// e^x for |x| < 700: argument reduced by multiples of ln 2, then Taylor's series; relative error about 1e-16.
inline double portable_exp(double x) {
    if (x < -700) return 0;
    const double n = std::floor(x / 0.69314718055994530942 + 0.5);
    const double r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;   // ln 2 in two parts
    double sum = 1;
    for (int k = 16; k >= 1; --k) sum = 1 + sum * r / k;
    return std::ldexp(sum, static_cast<int>(n));
}

/// P(Z <= x) of the standard normal distribution: the series of G. Marsaglia, "Evaluating the normal distribution",
/// Journal of Statistical Software 11 (2004).
inline double normal_probability(double x) {
    if (x < -8) return 0;
    if (x > 8) return 1;
    double sum = x, term = x;
    for (int k = 3; std::abs(term) > 1e-18 && k < 400; k += 2) sum += term *= x * x / k;
    return 0.5 + sum * portable_exp(-0.5 * x * x) * 0.39894228040143267794;
}

}  // namespace citytwin::waste
