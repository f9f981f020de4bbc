#pragma once
// Four doubles at once, and ln, exp and powers over them built from IEEE operations and the correctly rounded fused multiply-add only:
// the same bits for any width, processor and C library. Arguments of log must be positive and normal, of exp within +-700.
#include <cmath>
#include <cstdint>
#include <cstring>
#if defined(__FMA__)
#include <immintrin.h>
#endif

namespace citytwin::water {

inline constexpr int pack_width = 4;
using Pack = double __attribute__((vector_size(32)));
using PackBits = std::int64_t __attribute__((vector_size(32)));

inline Pack load_pack(const double* from) {
    Pack p;
    std::memcpy(&p, from, sizeof p);
    return p;
}
inline void store(double* to, Pack p) { std::memcpy(to, &p, sizeof p); }
inline Pack all(double value) { return Pack{value, value, value, value}; }
inline PackBits bits_of(Pack p) {
    PackBits b;
    std::memcpy(&b, &p, sizeof b);
    return b;
}
inline Pack from_bits(PackBits b) {
    Pack p;
    std::memcpy(&p, &b, sizeof p);
    return p;
}
inline Pack fused(Pack a, Pack b, Pack c) {
#if defined(__FMA__)
    return reinterpret_cast<Pack>(_mm256_fmadd_pd(reinterpret_cast<__m256d>(a), reinterpret_cast<__m256d>(b), reinterpret_cast<__m256d>(c)));
#else
    Pack r{};
    for (int i = 0; i < pack_width; ++i) r[i] = std::fma(a[i], b[i], c[i]);
    return r;
#endif
}
inline Pack magnitude(Pack p) { return from_bits(bits_of(p) & 0x7fffffffffffffffLL); }
inline Pack sign_of(Pack p) { return from_bits(bits_of(p) & static_cast<std::int64_t>(0x8000000000000000ULL)); }
inline Pack with_sign(Pack p, Pack sign) { return from_bits(bits_of(p) | bits_of(sign)); }
inline Pack least(Pack a, Pack b) { return a < b ? a : b; }
inline Pack most(Pack a, Pack b) { return a > b ? a : b; }
/// Sum in a fixed order.
inline double total(Pack p) { return (p[0] + p[1]) + (p[2] + p[3]); }
inline double greatest(Pack p) {
    const double a = p[0] > p[1] ? p[0] : p[1], b = p[2] > p[3] ? p[2] : p[3];
    return a > b ? a : b;
}

/// ln x: x = 2^k m with m in [sqrt 1/2, sqrt 2), then 2 atanh((m - 1) / (m + 1)) by its series (error below 1e-16 there).
inline Pack log_of(Pack x) {
    constexpr std::int64_t root_half = 0x3fe6a09e667f3bcdLL, one = 0x3ff0000000000000LL, magic = 0x4330000000000000LL;
    const PackBits bits = bits_of(x);
    using Unsigned = std::uint64_t __attribute__((vector_size(32)));
    const PackBits biased = reinterpret_cast<PackBits>(reinterpret_cast<Unsigned>(bits - root_half + one) >> 52);
    const Pack k = from_bits(biased | magic) - (0x1.0p52 + 1023.0);
    const Pack m = from_bits(bits - ((biased - 1023) << 52));
    const Pack s = (m - 1.0) / (m + 1.0), s2 = s * s;
    Pack sum = all(2.0 / 21);
    sum = fused(sum, s2, all(2.0 / 19));
    sum = fused(sum, s2, all(2.0 / 17));
    sum = fused(sum, s2, all(2.0 / 15));
    sum = fused(sum, s2, all(2.0 / 13));
    sum = fused(sum, s2, all(2.0 / 11));
    sum = fused(sum, s2, all(2.0 / 9));
    sum = fused(sum, s2, all(2.0 / 7));
    sum = fused(sum, s2, all(2.0 / 5));
    sum = fused(sum, s2, all(2.0 / 3));
    const Pack low = fused(sum * s2, s, k * 1.90821492927058770002e-10);   // ln 2 in two parts
    return fused(k, all(6.93147180369123816490e-01), s + s + low);
}

/// e^x: x = k ln 2 + r, |r| <= ln 2 / 2, Taylor series to r^13.
inline Pack exp_of(Pack x) {
    constexpr double shift = 0x1.8p52;
    const Pack rounded = fused(x, all(1.44269504088896338700), all(shift));
    const Pack k = rounded - shift;
    const Pack r = fused(k, all(-1.90821492927058770002e-10), fused(k, all(-6.93147180369123816490e-01), x));
    Pack sum = all(1.0 / 6227020800.0);
    sum = fused(sum, r, all(1.0 / 479001600.0));
    sum = fused(sum, r, all(1.0 / 39916800.0));
    sum = fused(sum, r, all(1.0 / 3628800.0));
    sum = fused(sum, r, all(1.0 / 362880.0));
    sum = fused(sum, r, all(1.0 / 40320.0));
    sum = fused(sum, r, all(1.0 / 5040.0));
    sum = fused(sum, r, all(1.0 / 720.0));
    sum = fused(sum, r, all(1.0 / 120.0));
    sum = fused(sum, r, all(1.0 / 24.0));
    sum = fused(sum, r, all(1.0 / 6.0));
    sum = fused(sum, r, all(0.5));
    sum = fused(sum, r, all(1.0));
    sum = fused(sum, r, all(1.0));
    const PackBits scale = (bits_of(rounded) << 52) + 0x3ff0000000000000LL;
    return sum * from_bits(scale);
}

inline Pack power_of(Pack x, double exponent) { return exp_of(log_of(x) * exponent); }

inline double log_of(double x) { return log_of(all(x))[0]; }
inline double exp_of(double x) { return exp_of(all(x))[0]; }
/// x^exponent for x >= 0.
inline double power_of(double x, double exponent) { return x > 0 ? exp_of(log_of(x) * exponent) : (exponent == 0 ? 1.0 : 0.0); }

}  // namespace citytwin::water
