#pragma once
// Many zones over many hours without an engine (studies, benchmarks): blocks of buildings that fit the cache, the hours within.
// The digits are those of stepping all zones hour by hour.
#include <cstdint>
#include <span>
#include <vector>

#include "core/parallel/arena.hpp"
#include "modules/buildings/model/zone.hpp"

namespace citytwin::buildings {

/// When zones are occupied, by class of schedule; and what each zone makes of it.
struct ZoneSchedule {
    std::size_t classes = 1;
    std::vector<double> presence;                    ///< hour * classes + class, 0 … 1
    std::vector<std::uint32_t> class_of;             ///< by zone
    std::vector<double> gain_base_W, gain_present_W; ///< internal gain = base + presence * present
    std::vector<double> heat_setpoint, cool_setpoint, setback;   ///< setback widens both where presence is 0
};

struct ZoneYear {
    std::vector<double> heat_J, cool_J;              ///< by zone
};

/// Hours weather[0], weather[1] … of `zones`, whose step must be set. Results are added to `year`.
void run_hours(ZoneColumns& zones, const ZoneSchedule& schedule, std::span<const ZoneWeather> weather, Arena& arena, ZoneYear& year);

}  // namespace citytwin::buildings
