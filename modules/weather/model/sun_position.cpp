#include "modules/weather/model/sun_position.hpp"

#include <cmath>
#include <span>

#include "core/base/portable_math.hpp"
#include "modules/weather/model/sun_tables.hpp"

namespace citytwin::weather {

namespace {

using portable::degree;
using sun_tables::PeriodicTerm;

double modulo360(double angle) { return angle - 360 * std::floor(angle / 360); }
double cos_deg(double angle) { return portable::cos(angle * degree); }
double sin_deg(double angle) { return portable::sin(angle * degree); }

/// Equation 9: the sum of a cos(b + c jme).
double periodic_sum(std::span<const PeriodicTerm> terms, double jme) {
    double sum = 0;
    for (const PeriodicTerm& term : terms) sum += term.a * portable::cos(term.b + term.c * jme);
    return sum;
}

/// Equations 9 to 11: sums by power of the millennia, in 1e-8.
template <class... Tables>
double series(double jme, const Tables&... tables) {
    double power = 1, sum = 0;
    ((sum += periodic_sum(tables, jme) * power, power *= jme), ...);
    return sum / 1e8;
}

struct Nutation {
    double longitude_deg = 0, obliquity_deg = 0;
};

/// Equations 15 to 23. `jce` = Julian ephemeris century.
Nutation nutation(double jce) {
    const double square = jce * jce, cube = square * jce;
    const double argument[5] = {297.85036 + 445267.111480 * jce - 0.0019142 * square + cube / 189474,
                                357.52772 + 35999.050340 * jce - 0.0001603 * square - cube / 300000,
                                134.96298 + 477198.867398 * jce + 0.0086972 * square + cube / 56250,
                                93.27191 + 483202.017538 * jce - 0.0036825 * square + cube / 327270,
                                125.04452 - 1934.136261 * jce + 0.0020708 * square + cube / 450000};
    double longitude = 0, obliquity = 0;
    for (const auto& term : sun_tables::nutation) {
        double angle = 0;
        for (int k = 0; k < 5; ++k) angle += term.y[k] * argument[k];
        angle = modulo360(angle) * degree;
        longitude += (term.sine + term.sine_rate * jce) * portable::sin(angle);
        obliquity += (term.cosine + term.cosine_rate * jce) * portable::cos(angle);
    }
    return {longitude / 36e6, obliquity / 36e6};
}

/// Equation 24, in degrees. `u` = ten thousands of Julian years.
double mean_obliquity_deg(double u) {
    constexpr double c[] = {2.45, 5.79, 27.87, 7.12, -39.05, -249.67, -51.38, 1999.25, -1.55, -4680.93, 84381.448};
    double sum = 0;
    for (const double value : c) sum = sum * u + value;
    return sum / 3600;
}

/// The sun as the Earth's centre sees it (sections 3.1 to 3.10).
struct Geocentric {
    double right_ascension_deg, declination_rad, sidereal_time_deg, distance_au;
};

Geocentric geocentric(UtcMicroseconds utc, double delta_t_s) {
    using namespace sun_tables;
    const double jd = static_cast<double>(utc) * 1e-6 / 86400 + 2440587.5, jc = (jd - 2451545) / 36525;
    const double jce = (jd + delta_t_s / 86400 - 2451545) / 36525, jme = jce / 10;
    const double longitude_deg = series(jme, longitude_0, longitude_1, longitude_2, longitude_3, longitude_4, longitude_5) / degree + 180;
    const double latitude = -series(jme, latitude_0, latitude_1);
    const double distance = series(jme, radius_0, radius_1, radius_2, radius_3, radius_4);
    const Nutation shift = nutation(jce);
    const double obliquity = (mean_obliquity_deg(jme / 10) + shift.obliquity_deg) * degree;
    const double apparent = modulo360(longitude_deg + shift.longitude_deg - 20.4898 / (3600 * distance)) * degree;
    const double sidereal_deg = modulo360(280.46061837 + 360.98564736629 * (jd - 2451545) + 0.000387933 * jc * jc - jc * jc * jc / 38710000) +
                                shift.longitude_deg * portable::cos(obliquity);
    const double sin_e = portable::sin(obliquity), cos_e = portable::cos(obliquity), sin_l = portable::sin(apparent);
    const double ascension = portable::atan2(sin_l * cos_e - portable::tan(latitude) * sin_e, portable::cos(apparent));
    const double declination = portable::asin(portable::sin(latitude) * cos_e + portable::cos(latitude) * sin_e * sin_l);
    return {modulo360(ascension / degree), declination, sidereal_deg, distance};
}

/// Equation 42, in degrees; nothing once the sun is wholly below the horizon.
double refraction_deg(double elevation_deg, double pressure_Pa, const Atmosphere& atmosphere) {
    constexpr double sun_radius_deg = 0.26667;
    if (elevation_deg < -(sun_radius_deg + atmosphere.refraction_at_horizon_deg)) return 0;
    const double angle = (elevation_deg + 10.3 / (elevation_deg + 5.11)) * degree;
    return pressure_Pa / 101000 * (283 / (273 + atmosphere.temperature_C)) * 1.02 / (60 * portable::tan(angle));
}

}  // namespace

double standard_pressure_Pa(double elevation_m) { return 100 * portable::pow((44331.514 - elevation_m) / 11880.516, 1 / 0.1902632); }

SunPosition sun_position(UtcMicroseconds utc, const Site& site, const Atmosphere& atmosphere) {
    const Geocentric sun = geocentric(utc, atmosphere.delta_t_s);
    const double hour_angle_deg = modulo360(sun.sidereal_time_deg + site.longitude_deg - sun.right_ascension_deg);
    // Section 3.12: parallax, from the observer's place on the ellipsoid.
    const double sin_phi = sin_deg(site.latitude_deg), cos_phi = cos_deg(site.latitude_deg);
    const double parallax = 8.794 / (3600 * sun.distance_au) * degree, sin_parallax = portable::sin(parallax);
    const double u = portable::atan2(0.99664719 * sin_phi, cos_phi);
    const double x = portable::cos(u) + site.elevation_m / 6378140 * cos_phi;
    const double y = 0.99664719 * portable::sin(u) + site.elevation_m / 6378140 * sin_phi;
    const double sin_h = sin_deg(hour_angle_deg), cos_h = cos_deg(hour_angle_deg);
    const double sin_d = portable::sin(sun.declination_rad), cos_d = portable::cos(sun.declination_rad);
    const double level = cos_d - x * sin_parallax * cos_h;
    const double ascension_shift = portable::atan2(-x * sin_parallax * sin_h, level);
    const double declination = portable::atan2((sin_d - y * sin_parallax) * portable::cos(ascension_shift), level);
    // Sections 3.13 to 3.15: elevation and azimuth as the observer sees them.
    const double local = hour_angle_deg * degree - ascension_shift;
    const double sin_local = portable::sin(local), cos_local = portable::cos(local);
    SunPosition result;
    result.elevation_deg = portable::asin(sin_phi * portable::sin(declination) + cos_phi * portable::cos(declination) * cos_local) / degree;
    result.apparent_elevation_deg = result.elevation_deg + refraction_deg(result.elevation_deg, standard_pressure_Pa(site.elevation_m), atmosphere);
    result.azimuth_deg = modulo360(portable::atan2(sin_local, cos_local * sin_phi - portable::tan(declination) * cos_phi) / degree + 180);
    return result;
}

}  // namespace citytwin::weather
