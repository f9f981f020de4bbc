#pragma once
// Sunshine on tilted faces: beam by geometry, the ground's reflection isotropic, the sky by Perez, Ineichen, Seals, Michalsky &
// Stewart, "Modeling daylight availability and irradiance components from direct and global irradiance", Solar Energy 44(5), 1990
// (all-sites composite coefficients).
#include "modules/weather/model/sun_position.hpp"

namespace citytwin::weather {

/// Horizontal global, direct normal and horizontal diffuse irradiance, W/m2.
struct Radiation {
    double global = 0, direct = 0, diffuse = 0;
};

/// A face: tilt from the horizontal, azimuth of its normal clockwise from north.
class Plane {
public:
    Plane(double tilt_deg, double azimuth_deg);
    double tilt_cosine, tilt_sine, azimuth_deg;
};

/// What the parts of the irradiance on a face are, W/m2.
struct FaceIrradiance {
    double beam = 0, sky = 0, ground = 0;
    [[nodiscard]] double total() const { return beam + sky + ground; }
};

/// The sky of one hour: everything that doesn't depend on the face, computed once.
class Sky {
public:
    /// `day_of_year` is that of UTC, 1 = 1 January.
    Sky(const Radiation& radiation, const SunPosition& sun, int day_of_year, double albedo = 0.2);
    [[nodiscard]] FaceIrradiance on(const Plane& plane) const;

private:
    Radiation radiation_;
    double albedo_, azimuth_deg_, zenith_cosine_, zenith_sine_;
    bool sun_up_, anisotropic_;
    double f1_ = 0, f2_ = 0;   ///< Perez: brightening around the sun and at the horizon
};

/// Extraterrestrial irradiance on a face towards the sun: Spencer (1971) times 1366.1 W/m2.
double extraterrestrial_W_per_m2(int day_of_year);
/// Relative optical air mass: Kasten & Young, Applied Optics 28, 1989; the sun must be above the horizon.
double relative_air_mass(double apparent_zenith_deg);
/// Horizontal global irradiance under a clear sky: Haurwitz, J. Meteorology 2, 1945. 0 when the sun is down.
double clear_sky_global(double apparent_elevation_deg);
/// Share of diffuse in global irradiance: Erbs, Klein & Duffie, Solar Energy 28(4), 1982. `clearness` = global / extraterrestrial horizontal.
double diffuse_share(double clearness);

}  // namespace citytwin::weather
