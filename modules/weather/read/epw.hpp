#pragma once
// EnergyPlus weather files (EPW): a year of hours at one place. Row k (hour 1 … 24) holds the hour that ENDS at that hour in local
// standard time; the minute field is ignored (0, 30 and 60 stand for the same) and so is daylight saving.
// Format: EnergyPlus, Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary".
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "modules/weather/model/tilted_irradiance.hpp"

namespace citytwin::weather {

struct EpwYear {
    std::string place;             ///< as the file names it, in UTF-8
    Site site;
    double time_zone_h = 0;        ///< local standard time less UTC
    bool leap = false;             ///< 8,784 rows
    std::vector<double> temperature_C, wind_speed_mps, wind_from_deg, global_W_per_m2, direct_W_per_m2, diffuse_W_per_m2, rain_mm;

    [[nodiscard]] std::size_t hours() const { return temperature_C.size(); }
    [[nodiscard]] Radiation radiation(std::size_t hour) const { return {global_W_per_m2[hour], direct_W_per_m2[hour], diffuse_W_per_m2[hour]}; }
};

/// Throws InputError with everything that is wrong (up to 20); what was repaired goes into `diagnostics` as warnings.
EpwYear read_epw(const std::string& path, DiagnosticList& diagnostics);
/// The same from text; `name` stands in the messages.
EpwYear parse_epw(const std::string& text, const std::string& name, DiagnosticList& diagnostics);

}  // namespace citytwin::weather
