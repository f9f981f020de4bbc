#pragma once
// Eight doubles side by side: scenarios or time steps as lanes. Every lane does the scalar sequence of operations, so its bits
// depend neither on its neighbours nor on the width of the processor's vectors. Vectors pass by reference only (their calling
// convention differs between instruction sets).
#include <cstdint>

namespace citytwin::energy {

inline constexpr int lane_count = 8;
// The alignment is said aloud: without 512-bit registers the compiler takes 32.
typedef double Pack __attribute__((vector_size(64), aligned(64)));
typedef std::int64_t Mask __attribute__((vector_size(64), aligned(64)));   ///< -1 where true, 0 where false: what comparing packs gives

/// Storage of one pack in a std::vector.
struct alignas(64) Lanes {
    Pack v;
};

/// Built twice where the compiler can: for the baseline and for 512-bit vectors, chosen when the program starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CITYTWIN_WIDE __attribute__((target_clones("default", "arch=x86-64-v4")))
#else
#define CITYTWIN_WIDE
#endif

inline bool any(const Mask& mask) {
    std::int64_t all = 0;
    for (int l = 0; l < lane_count; ++l) all |= mask[l];
    return all != 0;
}

/// sine_cosine (portable_trig.hpp) for lanes.
inline void sine_cosine(const Pack& x, Pack& sine, Pack& cosine) {
    constexpr double rounder = 6755399441055744.0;
    const Pack turns = (x * (2 / 3.14159265358979323846) + rounder) - rounder;
    Pack r = x - turns * 1.57079632673412561417e+00;
    r = r - turns * 6.07710050630396597660e-11;
    r = r - turns * 2.02226624879595063154e-21;
    const Pack z = r * r;
    const Pack s = r + r * z * (-1.0 / 6 + z * (1.0 / 120 + z * (-1.0 / 5040 + z * (1.0 / 362880 + z * (-1.0 / 39916800 + z * (1.0 / 6227020800.0 + z * (-1.0 / 1307674368000.0)))))));
    const Pack c = 1 - z * (0.5 - z * (1.0 / 24 - z * (1.0 / 720 - z * (1.0 / 40320 - z * (1.0 / 3628800 - z * (1.0 / 479001600.0 - z * (1.0 / 87178291200.0 - z * (1.0 / 20922789888000.0))))))));
    const Pack quadrant = turns - 4 * (((turns - 1.5) * 0.25 + rounder) - rounder);   // 0, 1, 2, 3
    const Mask odd = (quadrant == 1) | (quadrant == 3), minus_sine = (quadrant == 2) | (quadrant == 3), minus_cosine = (quadrant == 1) | (quadrant == 2);
    sine = odd ? c : s;
    cosine = odd ? s : c;
    sine = minus_sine ? -sine : sine;
    cosine = minus_cosine ? -cosine : cosine;
}

/// Magnitude and angle of re + j im.
void polar(const Pack& re, const Pack& im, Pack& magnitude, Pack& angle);

}  // namespace citytwin::energy
