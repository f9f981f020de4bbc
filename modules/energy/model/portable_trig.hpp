#pragma once
// sin, cos and the angle of a complex number with the same bits on every processor: the C library picks kernels with and
// without fused operations at run time, whose last digits differ.
// IEEE operations only.
#include <cmath>

#include "modules/energy/model/complex.hpp"

namespace citytwin::energy {

constexpr double pi = 3.14159265358979323846;
constexpr double degree = pi / 180;

/// sin and cos for |x| below about 1e5 rad, absolute error below 2e-16: Cody-Waite reduction by pi/2 in three parts, then
/// the Taylor series on [-pi/4, pi/4] (remainders below 1e-17).
inline void sine_cosine(double x, double& sine, double& cosine) {
    const double rounder = 6755399441055744.0;   // 1.5 * 2^52: adding it rounds to a whole number
    const double turns = (x * (2 / pi) + rounder) - rounder;
    double r = x - turns * 1.57079632673412561417e+00;
    r = r - turns * 6.07710050630396597660e-11;
    r = r - turns * 2.02226624879595063154e-21;
    const double z = r * r;
    const double s = r + r * z * (-1.0 / 6 + z * (1.0 / 120 + z * (-1.0 / 5040 + z * (1.0 / 362880 + z * (-1.0 / 39916800 + z * (1.0 / 6227020800.0 + z * (-1.0 / 1307674368000.0)))))));
    const double c = 1 - z * (0.5 - z * (1.0 / 24 - z * (1.0 / 720 - z * (1.0 / 40320 - z * (1.0 / 3628800 - z * (1.0 / 479001600.0 - z * (1.0 / 87178291200.0 - z * (1.0 / 20922789888000.0))))))));
    const int quadrant = static_cast<int>(turns) & 3;
    sine = (quadrant & 1) != 0 ? c : s;
    cosine = (quadrant & 1) != 0 ? s : c;
    if (quadrant == 2 || quadrant == 3) sine = -sine;
    if (quadrant == 1 || quadrant == 2) cosine = -cosine;
}

inline Complex from_polar(double length, double angle) {
    double s, c;
    sine_cosine(angle, s, c);
    return {length * c, length * s};
}

/// Angle of (re, im) in (-pi, pi], absolute error below 4e-16; 0 for the origin. First guess by a rational approximation of
/// atan on [0, 1] (error below 5e-3), sharpened by rotating the number back by the guess: what is left has a short series.
inline double angle_of(double re, double im) {
    const double x = std::fabs(re), y = std::fabs(im);
    const double large = x > y ? x : y, small = x > y ? y : x;
    if (large == 0) return 0;
    const double q = small / large;
    const double guess = 0.25 * pi * q + 0.273 * q * (1 - q);
    double s, c;
    sine_cosine(guess, s, c);
    const double t = (q * c - s) / (c + q * s), t2 = t * t;   // tan of what is left, below 0.005
    double angle = guess + t * (1 - t2 * (1.0 / 3 - t2 * (1.0 / 5 - t2 * (1.0 / 7 - t2 / 9))));
    if (y > x) angle = 0.5 * pi - angle;
    if (re < 0) angle = pi - angle;
    return im < 0 ? -angle : angle;
}

}  // namespace citytwin::energy
