#pragma once
// Elementary functions with the same bits on every processor and C library: IEEE operations only, no table, no library call.
// The bodies have no branches (selects instead), so that a loop over them is vectorised and each lane does the scalar sequence.
// Accuracy is stated at each function (checked against the C library's in tests/unit/base/portable_math.cpp).
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace citytwin::portable {

inline constexpr double pi = 3.14159265358979323846;
inline constexpr double degree = pi / 180;   ///< radians of one degree

namespace detail {
inline constexpr double magic = 0x1.8p52;   // adding and taking it away rounds to a whole number, which then stands in the low bits
inline constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;   // ln 2 in two parts: k * ln2_high is exact
/// `yes` where the condition holds, else `no`, by bits: a ternary becomes a branch, which keeps a loop from being vectorised.
inline double select(bool condition, double yes, double no) {
    const std::uint64_t mask = -static_cast<std::uint64_t>(condition);
    return std::bit_cast<double>((std::bit_cast<std::uint64_t>(yes) & mask) | (std::bit_cast<std::uint64_t>(no) & ~mask));
}
inline double power_of_two(std::uint64_t biased_exponent) { return std::bit_cast<double>(biased_exponent << 52); }
}  // namespace detail

/// e^x, within 2 units in the last place; 0 below e^-708 (no subnormal results), infinity above e^709.78.
inline double exp(double x) {
    using namespace detail;
    const double clamped = select(x < -708.0, -708.0, select(x > 709.9, 709.9, x));
    const double shifted = clamped * 1.4426950408889634074 + magic, k = shifted - magic;
    const double r = (clamped - k * ln2_high) - k * ln2_low;   // |r| <= ln(2) / 2
    double p = 1.0 / 6227020800.0;                              // Taylor's series, 1/13! to 1
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = (p * r) * r + r + 1.0;
    // 2^k as 2^(k-1) * 2: k reaches 1024.
    const double scale = power_of_two(std::bit_cast<std::uint64_t>(shifted) + 1022);
    const double result = p * scale * 2.0;
    const double bounded = select(x < -708.0, 0.0, select(x > 709.782712893384, std::numeric_limits<double>::infinity(), result));
    return select(x == x, bounded, x);
}

/// ln x for positive normal x, within 2 units in the last place; -infinity at 0 (and for subnormal x), not a number below.
inline double log(double x) {
    using namespace detail;
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
    // Mantissa in [sqrt(1/2), sqrt(2)): take the exponent off a number shifted by that bound's bits.
    const std::uint64_t shifted = bits - 0x3fe6a09e667f3bcdULL;
    const std::uint64_t exponent_bits = shifted & 0xfff0000000000000ULL;
    const double m = std::bit_cast<double>(bits - exponent_bits);
    // The exponent as a double without a conversion of 64-bit integers: its 12 bits, made unsigned, under the magic number.
    const double e = std::bit_cast<double>(((exponent_bits >> 52) ^ 0x800) | 0x4330000000000000ULL) - (0x1p52 + 2048.0);
    const double f = m - 1, s = f / (m + 1), z = s * s;
    double p = 2.0 / 23;   // ln m = 2 (s + s^3/3 + s^5/5 + …)
    p = p * z + 2.0 / 21;
    p = p * z + 2.0 / 19;
    p = p * z + 2.0 / 17;
    p = p * z + 2.0 / 15;
    p = p * z + 2.0 / 13;
    p = p * z + 2.0 / 11;
    p = p * z + 2.0 / 9;
    p = p * z + 2.0 / 7;
    p = p * z + 2.0 / 5;
    p = p * z + 2.0 / 3;
    // 2 s = f - s f (exactly in reals): keeps the leading term free of the division's rounding.
    const double log_m = f - s * (f - z * p);
    const double result = e * ln2_high + (e * ln2_low + log_m);
    const double bounded = select(x < 0x1p-1022, -std::numeric_limits<double>::infinity(), select(x > 0x1.fffffffffffffp1023, x, result));
    return select(x >= 0, bounded, std::numeric_limits<double>::quiet_NaN());
}

/// x^y for positive normal x: relative error about |y ln x| * 2e-16.
inline double pow(double x, double y) { return exp(y * portable::log(x)); }

namespace detail {
/// x less its nearest multiple of pi/2, and which multiple (low bits of `quadrant`); exact enough for |x| <= 1e6.
inline double reduce(double x, std::uint64_t& quadrant) {
    const double shifted = x * 0.63661977236758134308 + magic, k = shifted - magic;
    quadrant = std::bit_cast<std::uint64_t>(shifted);
    // pi/2 in three parts of 33, 33 and 53 bits (Cody and Waite 1980; the parts as in fdlibm).
    return ((x - k * 1.57079632673412561417e+00) - k * 6.07710050630396597660e-11) - k * 2.02226624879595063154e-21;
}
/// sin on [-pi/4, pi/4]: Taylor's series to r^17/17!.
inline double sine_kernel(double r) {
    const double z = r * r;
    double p = 1.0 / 355687428096000.0;
    p = p * z - 1.0 / 1307674368000.0;
    p = p * z + 1.0 / 6227020800.0;
    p = p * z - 1.0 / 39916800.0;
    p = p * z + 1.0 / 362880.0;
    p = p * z - 1.0 / 5040.0;
    p = p * z + 1.0 / 120.0;
    p = p * z - 1.0 / 6.0;
    return r + r * (z * p);
}
/// cos on [-pi/4, pi/4]: Taylor's series to r^16/16!.
inline double cosine_kernel(double r) {
    const double z = r * r;
    double p = 1.0 / 20922789888000.0;
    p = p * z - 1.0 / 87178291200.0;
    p = p * z + 1.0 / 479001600.0;
    p = p * z - 1.0 / 3628800.0;
    p = p * z + 1.0 / 40320.0;
    p = p * z - 1.0 / 720.0;
    p = p * z + 1.0 / 24.0;
    const double half = 0.5 * z, w = 1.0 - half;
    return w + (((1.0 - w) - half) + z * z * p);
}
inline double with_sign_of_quadrant(double value, std::uint64_t quadrant) {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^ ((quadrant & 2) << 62));
}
}  // namespace detail

/// Sine of x radians, absolute error below 2e-16 for |x| <= 1e6 (it grows beyond).
inline double sin(double x) {
    std::uint64_t quadrant;
    const double r = detail::reduce(x, quadrant), s = detail::sine_kernel(r), c = detail::cosine_kernel(r);
    return detail::with_sign_of_quadrant(detail::select((quadrant & 1) != 0, c, s), quadrant);
}

/// Cosine of x radians, as `sin`.
inline double cos(double x) {
    std::uint64_t quadrant;
    const double r = detail::reduce(x, quadrant), s = detail::sine_kernel(r), c = detail::cosine_kernel(r);
    return detail::with_sign_of_quadrant(detail::select((quadrant & 1) != 0, s, c), quadrant + 1);
}

inline double tan(double x) { return portable::sin(x) / portable::cos(x); }

/// Arc tangent of y / x in (-pi, pi] by the quadrant of (x, y), absolute error below 5e-16; 0 at the origin.
/// Rational approximation of atan on [0, tan(pi/8)]: Moshier's Cephes library (1989), coefficients of atan.c.
inline double atan2(double y, double x) {
    using detail::select;
    const double ax = std::abs(x), ay = std::abs(y);
    const bool steep = ay > ax;
    const double large = select(steep, ay, ax), small = select(steep, ax, ay);
    const double ratio = small / select(large > 0, large, 1.0);   // 0 … 1
    const bool upper = ratio > 0.41421356237309503;               // tan(pi/8)
    const double t = select(upper, ratio - 1, ratio) / select(upper, ratio + 1, 1.0);
    const double z = t * t;
    const double above = (((-8.750608600031904122785e-1 * z - 1.615753718733365076637e1) * z - 7.500855792314704667340e1) * z - 1.228866684490136173410e2) * z - 6.485021904942025371773e1;
    const double below = ((((z + 2.485846490142306297962e1) * z + 1.650270098316988542046e2) * z + 4.328810604912902668951e2) * z + 4.853903996359136964868e2) * z + 1.945506571482613964425e2;
    double angle = t * (z * (above / below)) + t;
    angle = select(upper, 0.78539816339744830962 + angle, angle);
    angle = select(steep, 1.57079632679489661923 - angle, angle);
    angle = select(x < 0, 3.14159265358979323846 - angle, angle);
    return select(y < 0, -angle, angle);
}

inline double atan(double x) { return portable::atan2(x, 1.0); }
/// Arc sine and cosine of x in [-1, 1], absolute error below 1e-15; values beyond the range by rounding are taken as its end.
inline double asin(double x) {
    const double c = detail::select(x > 1, 1.0, detail::select(x < -1, -1.0, x));
    return portable::atan2(c, std::sqrt((1 - c) * (1 + c)));
}
inline double acos(double x) {
    const double c = detail::select(x > 1, 1.0, detail::select(x < -1, -1.0, x));
    return portable::atan2(std::sqrt((1 - c) * (1 + c)), c);
}

}  // namespace citytwin::portable
