#pragma once
// Where the sun stands: the solar position algorithm of Reda & Andreas (NREL/TP-560-34302, revised 2008), uncertainty 0.0003 degrees
// between the years -2000 and 6000. With the portable functions: the same digits on every machine.
#include "core/time/calendar.hpp"

namespace citytwin::weather {

struct Site {
    double latitude_deg = 0, longitude_deg = 0;   ///< north and east positive
    double elevation_m = 0;
};

struct SunPosition {
    double elevation_deg = 0;            ///< topocentric, without the atmosphere
    double apparent_elevation_deg = 0;   ///< with refraction: what an observer sees
    double azimuth_deg = 0;              ///< clockwise from north
};

/// What the algorithm needs beside place and time; the defaults are those of the references.
struct Atmosphere {
    double temperature_C = 12;
    double refraction_at_horizon_deg = 0.5667;
    double delta_t_s = 67;               ///< terrestrial less universal time
};

SunPosition sun_position(UtcMicroseconds utc, const Site& site, const Atmosphere& atmosphere = {});

/// Air pressure of the standard atmosphere at a height: P = 100 ((44331.514 - z) / 11880.516)^(1 / 0.1902632) Pa.
double standard_pressure_Pa(double elevation_m);

}  // namespace citytwin::weather
