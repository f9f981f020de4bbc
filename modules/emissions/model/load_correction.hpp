#pragma once
// What a truck emits more or less than half loaded, the load of the guidebook's tier 2: e (1 + 2 L (share - 0.5)) with L by pollutant.
// COPERT III (Ntziachristos and Samaras 2000), load correction of heavy-duty vehicles: fuel and NOx 0.18, CO 0.21, particles 0.08, VOC 0.
#include "modules/emissions/model/pollutants.hpp"

namespace citytwin::emissions {

inline constexpr std::array<double, pollutant_lanes> load_correction{0.18, 0.21, 0.0, 0.18, 0.08, 0.18, 0.0, 0.0};   // in the order of Pollutant

/// `share` of the payload that the vehicle may carry, 0 … 1.
inline double load_factor(std::size_t pollutant, double share) { return 1 + 2 * load_correction[pollutant] * (share - 0.5); }

}  // namespace citytwin::emissions
