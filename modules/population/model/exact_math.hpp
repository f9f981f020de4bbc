#pragma once
// Functions whose last bit must not depend on the C library: a decaying exponential and a bell-shaped draw.
#include <cstdint>

#include "core/random/philox.hpp"

namespace citytwin::population {

/// e^-x for x >= 0 from IEEE operations only (2^-k times a polynomial, relative error below 1e-9); 0 beyond x = 700.
inline double decay(double x) {
    if (!(x < 700)) return 0;
    constexpr double ln2 = 0.6931471805599453;
    const auto k = static_cast<int>(x / ln2);
    const double r = ln2 * k - x;  // in (-ln2, 0]
    double term = 1, sum = 1;
    for (int n = 1; n <= 12; ++n) {
        term *= r / n;
        sum += term;
    }
    double scale = 1;
    for (int bit = k; bit > 0; --bit) scale *= 0.5;
    return sum * scale;
}

/// Mean 0, standard deviation 1, within +-3.5: the sum of four uniforms (Irwin-Hall), from one Philox block.
inline double bell(const Random& random, std::uint64_t entity, std::uint64_t counter) {
    const PhiloxBlock b = random.block(entity, counter);
    const double sum = (static_cast<double>(b[0]) + b[1] + b[2] + b[3]) * 0x1.0p-32;
    return (sum - 2) * 1.7320508075688772;
}

}  // namespace citytwin::population
