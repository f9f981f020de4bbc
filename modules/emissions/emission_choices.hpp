#pragma once
// The module's parameters, and what follows from the city alone.
#include "core/module/setup.hpp"
#include "modules/emissions/air_quality.hpp"
#include "modules/emissions/emission_data.hpp"
#include "modules/emissions/model/speed_profile.hpp"

namespace citytwin::emissions {

struct EmissionChoices {
    explicit EmissionChoices(Setup& setup);

    ClassTable classes;
    FleetMix mix;
    ProfileRule rule;
    HeatingFactors heating;
    bool traversals = true, air = true;
    std::vector<std::uint8_t> zone_excludes;   ///< by class
    Index zone_replacement = no_index;
    AirOptions air_options;
    Microseconds air_interval = hour;

    void declare_zone(Setup& setup, DiagnosticList& diagnostics);

    double carbon_intensity_kg_per_J = 0, wind_speed_mps = 3, wind_from_rad = 0, irradiance_Wpm2 = 0, lid_m = 0;
};

/// Sine of each link's slope: `slope` of road_link (rise over length), 0 where the city has none.
std::vector<double> link_slopes(const City& city);

}  // namespace citytwin::emissions
