#pragma once
// Carbon intensity of what comes from upstream, by hour of the local day.
// The shape of the built-in table is an assumption (less at noon, when the sun shines on the upstream grid, more in the evening), not a
// measurement; its mean is the parameter. A user's table of a real grid replaces both.
#include <array>
#include <string>

#include "core/time/calendar.hpp"

namespace citytwin::energy {

class CarbonMix {
public:
    /// `table`: CSV with hour (0 to 23) and kg_per_kWh; "" = the built-in shape around `mean_kg_per_kWh`.
    CarbonMix(const std::string& table, double mean_kg_per_kWh);
    [[nodiscard]] double kg_per_J(const Calendar& calendar,
        Microseconds at) const { return kg_per_J_[static_cast<std::size_t>(calendar.time_of_day(at) / hour) % 24]; }

private:
    std::array<double, 24> kg_per_J_{};
};

}  // namespace citytwin::energy
