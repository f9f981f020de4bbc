#pragma once
// Distributions with the same bits everywhere: IEEE operations only, no C library function whose last digit may differ
// between processors or versions. Each draw takes one counter of a Random.
#include <bit>
#include <cmath>
#include <cstdint>

#include "core/random/philox.hpp"

namespace citytwin {

/// ln(x) for finite x > 0, relative error below 1e-15 (argument reduced to [sqrt 1/2, sqrt 2), then the atanh series).
inline double portable_log(double x) {
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
    int exponent = static_cast<int>((bits >> 52) & 0x7ff) - 1023;
    double m = std::bit_cast<double>((bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL);
    if (exponent == -1023) return portable_log(x * 0x1.0p60) - 60 * 0.69314718055994530942;   // subnormal
    if (m > 1.4142135623730951) {
        m *= 0.5;
        ++exponent;
    }
    const double s = (m - 1) / (m + 1), s2 = s * s;
    double sum = 0;
    for (int k = 21; k >= 1; k -= 2) sum = sum * s2 + 1.0 / k;
    return exponent * 0.69314718055994530942 + 2 * s * sum;
}

/// e^-x for x >= 0 (2^-k times a polynomial, relative error below 1e-9); 0 beyond x = 700.
inline double portable_decay(double x) {
    if (!(x < 700)) return 0;
    constexpr double ln2 = 0.6931471805599453;
    const auto k = static_cast<int>(x / ln2);
    const double r = ln2 * k - x;   // in (-ln2, 0]
    double term = 1, sum = 1;
    for (int n = 1; n <= 12; ++n) {
        term *= r / n;
        sum += term;
    }
    double scale = 1;
    for (int bit = k; bit > 0; --bit) scale *= 0.5;
    return sum * scale;
}

/// Quantile of the standard normal distribution for 0 < p < 1: Wichura's PPND16 (Algorithm AS 241, Applied Statistics 37, 1988),
/// relative error about 1e-16.
inline double normal_quantile(double p) {
    const double q = p - 0.5;
    if (std::abs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        const double above = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r + 13731.693765509461125) * r +
                                1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608);
        const double below = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r + 5394.1960214247511077) * r +
                                687.1870074920579083) * r + 42.313330701600911252) * r + 1.0);
        return q * above / below;
    }
    double r = q < 0 ? p : 1 - p;
    r = std::sqrt(-portable_log(r));
    double value;
    if (r <= 5) {
        r -= 1.6;
        value = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r + 3.64784832476320460504) * r +
                   5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734) /
                (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r + 0.68976733498510000455) * r +
                   1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0);
    } else {
        r -= 5;
        value = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r + 0.29656057182850489123) * r +
                   1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772) /
                (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r +
                   0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0);
    }
    return q < 0 ? -value : value;
}

/// Uniform in (0, 1): never the ends.
inline double open_uniform(const Random& random, std::uint64_t entity, std::uint64_t counter) {
    return (static_cast<double>(random.bits(entity, counter) >> 11) + 0.5) * 0x1.0p-53;
}

inline double normal(const Random& random, std::uint64_t entity, std::uint64_t counter, double mean, double deviation) {
    return mean + deviation * normal_quantile(open_uniform(random, entity, counter));
}

/// Mean 0, standard deviation 1, within +-3.5: the sum of four uniforms (Irwin-Hall), from one Philox block.
inline double bell_shaped(const Random& random, std::uint64_t entity, std::uint64_t counter) {
    const PhiloxBlock b = random.block(entity, counter);
    const double sum = (static_cast<double>(b[0]) + b[1] + b[2] + b[3]) * 0x1.0p-32;
    return (sum - 2) * 1.7320508075688772;
}

/// Time to the next event at `rate` per unit.
inline double exponential(const Random& random, std::uint64_t entity, std::uint64_t counter, double rate) {
    return -portable_log(open_uniform(random, entity, counter)) / rate;
}

/// Whole number in [0, n), n <= 2^32, by multiplication (bias below n / 2^32).
inline std::uint32_t uniform_below(const Random& random, std::uint64_t entity, std::uint64_t counter, std::uint32_t n) {
    return static_cast<std::uint32_t>((std::uint64_t{random.block(entity, counter)[0]} * n) >> 32);
}

}  // namespace citytwin
