#pragma once
// What a connection's own backup does while the grid is away, in closed form, so that it is exact to the microsecond whatever the steps:
//   the battery carries from the start; the generator, if there is fuel, takes over once it has started, and the battery then keeps what it
//   has left; when the fuel is gone the rest of the battery follows. With a battery shorter than the generator's start there is a gap.
#include <algorithm>

#include "core/time/clock.hpp"

namespace citytwin::energy {

struct Backup {
    Microseconds battery = 0, generator_start = 0, fuel = 0;   ///< left when the grid went away

    /// Whether the consumer has power `since` after the grid went away.
    [[nodiscard]] constexpr bool carries(Microseconds since) const {
        if (since < battery_first()) return true;
        if (fuel <= 0) return false;
        if (since < generator_start) return false;
        return since < generator_start + fuel + battery_rest();
    }
    /// The next time (since the grid went away) after `since` at which `carries` changes; `never` if it doesn't any more.
    [[nodiscard]] constexpr Microseconds next_change(Microseconds since) const {
        Microseconds next = never;
        const Microseconds ends[] = {battery_first(), fuel > 0 ? generator_start : 0, fuel > 0 ? generator_start + fuel + battery_rest() : 0};
        for (const Microseconds end : ends) {
            if (end > since && carries(end) != carries(end - 1)) next = std::min(next, end);
        }
        return next;
    }
    [[nodiscard]] constexpr Microseconds battery_used(Microseconds since) const {
        const Microseconds first = std::min(since, battery_first());
        return fuel > 0 ? first + std::clamp<Microseconds>(since - generator_start - fuel, 0, battery_rest()) : first;
    }
    [[nodiscard]] constexpr Microseconds fuel_used(Microseconds since) const { return fuel > 0 ? std::clamp<Microseconds>(since - generator_start, 0, fuel) : 0; }

private:
    [[nodiscard]] constexpr Microseconds battery_first() const { return fuel > 0 ? std::min(battery, generator_start) : battery; }
    [[nodiscard]] constexpr Microseconds battery_rest() const { return battery - battery_first(); }
};

}  // namespace citytwin::energy
