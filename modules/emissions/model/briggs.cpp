#include "modules/emissions/model/briggs.hpp"

namespace citytwin::emissions {

Spread briggs(Terrain terrain, Stability stability) {
    const auto k = static_cast<std::size_t>(stability);
    if (terrain == Terrain::urban) {
        constexpr double y[] = {.32, .32, .22, .16, .11, .11};
        constexpr SpreadCurve z[] = {{.24, .001}, {.24, .001}, {.20}, {.14, 0, .0003}, {.08, 0, .0015}, {.08, 0, .0015}};
        return {{y[k], 0, .0004, 0}, z[k]};
    }
    constexpr double y[] = {.22, .16, .11, .08, .06, .04};
    constexpr SpreadCurve z[] = {{.20}, {.12}, {.08, 0, .0002}, {.06, 0, .0015}, {.03, 0, .0003, .0003}, {.016, 0, .0003, .0003}};
    return {{y[k], 0, .0001, 0}, z[k]};
}

}  // namespace citytwin::emissions
