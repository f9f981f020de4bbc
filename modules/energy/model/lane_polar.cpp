#include "modules/energy/model/lanes.hpp"

namespace citytwin::energy {

// Magnitude by the correctly rounded root; angle as angle_of (portable_trig.hpp) does it, lane by lane the same operations.
CITYTWIN_WIDE void polar(const Pack& re, const Pack& im, Pack& magnitude, Pack& angle) {
    constexpr double pi = 3.14159265358979323846;
    const Pack square = re * re + im * im;
    for (int l = 0; l < lane_count; ++l) magnitude[l] = __builtin_sqrt(square[l]);
    const Pack x = re < 0 ? -re : re, y = im < 0 ? -im : im;
    const Mask steep = y > x;
    const Pack large = steep ? y : x, small = steep ? x : y;
    const Pack q = large == 0 ? Pack{} : small / large;
    const Pack guess = 0.25 * pi * q + 0.273 * q * (1 - q);
    Pack s, c;
    sine_cosine(guess, s, c);
    const Pack t = (q * c - s) / (c + q * s), t2 = t * t;
    Pack a = guess + t * (1 - t2 * (1.0 / 3 - t2 * (1.0 / 5 - t2 * (1.0 / 7 - t2 / 9))));
    a = steep ? 0.5 * pi - a : a;
    a = re < 0 ? pi - a : a;
    angle = im < 0 ? -a : a;
}

}  // namespace citytwin::energy
