#pragma once
// Inverse-time overload protection: the "extremely inverse" curve of IEC 60255-151:2009, annex A, type C,
//   t(I) = k 80 / ((I / I_pickup)^2 - 1),
// with its operation as that standard's time integral: the relay trips when the integral of dt / t(I) reaches 1. It resets at once below
// pickup. Exact for currents that stand still over a step, whatever the steps.
#include "core/time/clock.hpp"

namespace citytwin::energy {

struct OverloadCurve {
    double pickup = 1.2;          ///< loading (share of the rating) above which the time runs
    double multiplier_s = 1;      ///< k

    /// Seconds to the trip at this loading; infinite below pickup (told by a negative figure).
    [[nodiscard]] constexpr double trip_time_s(double loading) const {
        const double ratio = loading / pickup;
        return ratio > 1 ? multiplier_s * 80 / (ratio * ratio - 1) : -1;
    }
    /// The integral after `seconds` at this loading.
    [[nodiscard]] constexpr double advance(double integral, double loading, double seconds) const {
        const double time_s = trip_time_s(loading);
        return time_s < 0 ? 0.0 : integral + seconds / time_s;
    }
    /// When it trips if the loading stays; `never` below pickup.
    [[nodiscard]] Microseconds trips_at(double integral, double loading, Microseconds now) const {
        const double time_s = trip_time_s(loading);
        if (time_s < 0) return never;
        const double left_s = (1 - integral) * time_s;
        return left_s > 1e9 ? never : now + (left_s > 0 ? from_seconds(left_s) : 0);
    }
};

}  // namespace citytwin::energy
