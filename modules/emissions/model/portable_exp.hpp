#pragma once
// exp and erf from IEEE operations only, as core/base/portable_math.hpp has the others. This exp is shorter than that one (no special
// values, a shorter chain of dependent operations): a plume is two of them and little else.
#include <bit>
#include <cstdint>

namespace citytwin::emissions {

/// e^x, relative error below 1e-14 for -708 <= x <= 709; outside the ends' values. n = round(x / ln 2), Taylor of degree 11 on the rest.
inline double plain_exp(double x) {
    const double low = x < -708.0 ? -708.0 : x;
    const double c = low > 709.0 ? 709.0 : low;
    const double shifted = c * 1.4426950408889634074 + 0x1.8p52;   // the low mantissa bits are n, in two's complement
    const double n = shifted - 0x1.8p52;
    const double r = (c - n * 0x1.62e42fefa38p-1) - n * 0x1.ef35793c7673p-45;   // ln 2 in two parts: the first times n is exact
    // Pairs of terms side by side (Estrin): the chain of dependent operations is a third as long as Horner's.
    const double r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    const double low4 = (1.0 + r) + (0.5 + r * (1.0 / 6.0)) * r2;
    const double middle4 = (1.0 / 24.0 + r * (1.0 / 120.0)) + (1.0 / 720.0 + r * (1.0 / 5040.0)) * r2;
    const double high4 = (1.0 / 40320.0 + r * (1.0 / 362880.0)) + (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) * r2;
    const double p = (low4 + middle4 * r4) + high4 * r8;
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(p) + (std::bit_cast<std::uint64_t>(shifted) << 52));
}

/// erf(x): W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969) 631, three ranges.
inline double plain_erf(double x) {
    const double a = x < 0 ? -x : x;
    if (a <= 0.46875) {
        const double s = x * x;
        const double above = (((1.85777706184603153e-1 * s + 3.16112374387056560) * s + 1.13864154151050156e2) * s + 3.77485237685302021e2) * s + 3.20937758913846947e3;
        const double below = (((s + 2.36012909523441209e1) * s + 2.44024637934444173e2) * s + 1.28261652607737228e3) * s + 2.84423683343917062e3;
        return x * above / below;
    }
    if (a > 6) return x < 0 ? -1.0 : 1.0;
    double complement = 0;
    if (a <= 4) {
        const double above = (((((((2.15311535474403846e-8 * a + 5.64188496988670089e-1) * a + 8.88314979438837594) * a + 6.61191906371416295e1) * a + 2.98635138197400131e2) * a +
                                8.81952221241769090e2) * a + 1.71204761263407058e3) * a + 2.05107837782607147e3) * a + 1.23033935479799725e3;
        const double below = (((((((a + 1.57449261107098347e1) * a + 1.17693950891312499e2) * a + 5.37181101862009858e2) * a + 1.62138957456669019e3) * a +
                                3.29079923573345963e3) * a + 4.36261909014324716e3) * a + 3.43936767414372164e3) * a + 1.23033935480374942e3;
        complement = plain_exp(-a * a) * above / below;
    } else {
        const double s = 1 / (a * a);
        const double above = ((((1.63153871373020978e-2 * s + 3.05326634961232344e-1) * s + 3.60344899949804439e-1) * s + 1.25781726111229246e-1) * s + 1.60837851487422766e-2) * s +
                             6.58749161529837803e-4;
        const double below = ((((s + 2.56852019228982242) * s + 1.87295284992346047) * s + 5.27905102951428412e-1) * s + 6.05183413124413191e-2) * s + 2.33520497626869185e-3;
        complement = plain_exp(-a * a) / a * (0.56418958354775628695 - s * above / below);
    }
    return x < 0 ? complement - 1 : 1 - complement;
}

}  // namespace citytwin::emissions
