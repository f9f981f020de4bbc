#pragma once
// Charging of electric cars: at once, or filling the valleys of the load before each car leaves. What a car didn't get is unmet, not lost.
#include <cstddef>
#include <span>
#include <vector>

namespace citytwin::buildings {

/// One car at its charger, in slots of equal length: it may charge in [first, last).
struct ChargingWish {
    std::size_t first = 0, last = 0;
    double energy_J = 0, power_limit_W = 0;
};

/// Power of one wish in each slot of its window, on top of `load_W` (all slots of the horizon), so that the highest load it makes is the
/// lowest possible: one level for all slots, found exactly (water filling). Adds the power to `load_W`, returns what couldn't be given.
double fill_valley(std::span<double> load_W, double slot_s, const ChargingWish& wish, std::span<double> power_W);

/// Charging as soon as plugged: full power until the energy is there. As `fill_valley`.
double charge_at_once(std::span<double> load_W, double slot_s, const ChargingWish& wish, std::span<double> power_W);

}  // namespace citytwin::buildings
