#include "modules/emissions/model/average_speed.hpp"

#include "core/base/portable_math.hpp"
#include "modules/emissions/model/portable_exp.hpp"

namespace citytwin::emissions {

double SpeedCurve::grams_per_km(double speed_kmh, std::uint64_t* clamped) const {
    double v = speed_kmh;
    if (v < least_kmh || v > most_kmh) {
        v = v < least_kmh ? least_kmh : most_kmh;
        if (clamped != nullptr && form != CurveForm::none && form != CurveForm::constant) ++*clamped;
    }
    double value = 0;
    switch (form) {
        case CurveForm::none: return 0;
        case CurveForm::constant: value = c[0]; break;
        case CurveForm::rational: value = (c[0] * v * v + c[1] * v + c[2] + c[3] / v) / (c[4] * v * v + c[5] * v + c[6]); break;
        case CurveForm::polynomial: value = ((((c[0] * v + c[1]) * v + c[2]) * v + c[3]) * v + c[4]) * v + c[5]; break;
        case CurveForm::logistic: value = c[0] + c[1] / (1 + plain_exp(-c[2] + c[3] * portable::log(v) + c[4] * v)); break;
        case CurveForm::power_sum: value = c[0] * portable::pow(v, c[1]) + c[2] * portable::pow(v, c[3]); break;
    }
    value *= (1 - reduction) * factor;
    return value > 0 ? value : 0.0;
}

}  // namespace citytwin::emissions
