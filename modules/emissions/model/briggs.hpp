#pragma once
// Spread of a plume by stability class and distance: Briggs' urban and rural curves (Briggs 1973; as in Griffiths, Errors in the use of
// the Briggs parameterization, Atmospheric Environment 28 (1994) 2861). All are a x (1 + b x)^p with p of -1, -1/2, 0, 1/2, so that squares
// need no root: sigma2 = (a x)2 (1 + rise x) / ((1 + fall x)(1 + fall2 x)).
#include <cstdint>

namespace citytwin::emissions {

enum class Terrain : std::uint8_t { urban, rural };
/// Pasquill's classes: A (very unstable) … F (stable).
enum class Stability : std::uint8_t { a, b, c, d, e, f };
inline constexpr std::size_t stability_count = 6;

struct SpreadCurve {
    double a = 0, rise = 0, fall = 0, fall2 = 0;
    [[nodiscard]] double squared(double x) const { return above(x) / below(x); }
    [[nodiscard]] double above(double x) const { return (a * x) * (a * x) * (1 + rise * x); }
    [[nodiscard]] double below(double x) const { return (1 + fall * x) * (1 + fall2 * x); }
};
struct Spread {
    SpreadCurve crosswind, vertical;
};
Spread briggs(Terrain terrain, Stability stability);

}  // namespace citytwin::emissions
