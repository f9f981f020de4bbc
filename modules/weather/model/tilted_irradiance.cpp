#include "modules/weather/model/tilted_irradiance.hpp"

#include <algorithm>

#include "core/base/portable_math.hpp"

namespace citytwin::weather {

namespace {

using portable::degree;

/// Rows of increasing clearness eps: its lower bound, then F11 F12 F13 F21 F22 F23 (table 6 of the paper).
struct PerezRow {
    double clearness, f11, f12, f13, f21, f22, f23;
};
constexpr PerezRow perez_rows[] = {{1.000, -0.008, 0.588, -0.062, -0.060, 0.072, -0.022}, {1.065, 0.130, 0.683, -0.151, -0.019, 0.066, -0.029},
                                   {1.230, 0.330, 0.487, -0.221, 0.055, -0.064, -0.026},  {1.500, 0.568, 0.187, -0.295, 0.109, -0.152, -0.014},
                                   {1.950, 0.873, -0.392, -0.362, 0.226, -0.462, 0.001},  {2.800, 1.132, -1.237, -0.412, 0.288, -0.823, 0.056},
                                   {4.500, 1.060, -1.600, -0.359, 0.264, -1.127, 0.131},  {6.200, 0.678, -0.327, -0.250, 0.156, -1.377, 0.251}};
constexpr double least_zenith_cosine = 0.08715574274765817;   // cos 85 degrees

const PerezRow& perez_row(double clearness) {
    const PerezRow* found = &perez_rows[0];
    for (const PerezRow& row : perez_rows) {
        if (clearness >= row.clearness) found = &row;
    }
    return *found;
}

}  // namespace

Plane::Plane(double tilt_deg, double azimuth) : tilt_cosine(portable::cos(tilt_deg * degree)), tilt_sine(portable::sin(tilt_deg * degree)), azimuth_deg(azimuth) {}

double extraterrestrial_W_per_m2(int day_of_year) {
    const double b = 2 * portable::pi / 365 * (day_of_year - 1);
    return 1366.1 * (1.00011 + 0.034221 * portable::cos(b) + 0.00128 * portable::sin(b) + 0.000719 * portable::cos(2 * b) + 7.7e-05 * portable::sin(2 * b));
}

double relative_air_mass(double apparent_zenith_deg) {
    return 1 / (portable::cos(apparent_zenith_deg * degree) + 0.50572 * portable::pow(6.07995 + (90 - apparent_zenith_deg), -1.6364));
}

double clear_sky_global(double apparent_elevation_deg) {
    const double cosine = portable::sin(apparent_elevation_deg * degree);
    return cosine > 0.001 ? 1098 * cosine * portable::exp(-0.059 / cosine) : 0.0;   // beyond: 1e-23 W/m2
}

double diffuse_share(double clearness) {
    const double k = clearness;
    if (k <= 0.22) return 1 - 0.09 * k;
    if (k > 0.8) return 0.165;
    return 0.9511 - 0.1604 * k + 4.388 * k * k - 16.638 * k * k * k + 12.336 * k * k * k * k;
}

Sky::Sky(const Radiation& radiation, const SunPosition& sun, int day_of_year, double albedo)
    : radiation_(radiation), albedo_(albedo), azimuth_deg_(sun.azimuth_deg), zenith_cosine_(portable::sin(sun.apparent_elevation_deg * degree)),
      zenith_sine_(portable::cos(sun.apparent_elevation_deg * degree)), sun_up_(sun.apparent_elevation_deg > 0), anisotropic_(sun.apparent_elevation_deg >= 0) {
    if (!anisotropic_ || radiation.diffuse <= 0) return;
    const double zenith_deg = 90 - sun.apparent_elevation_deg, zenith = zenith_deg * degree;
    const double brightness = radiation.diffuse * relative_air_mass(zenith_deg) / extraterrestrial_W_per_m2(day_of_year);
    const double cube = 1.041 * zenith * zenith * zenith;
    const PerezRow& row = perez_row(((radiation.diffuse + radiation.direct) / radiation.diffuse + cube) / (1 + cube));
    f1_ = std::max(0.0, row.f11 + row.f12 * brightness + row.f13 * zenith);
    f2_ = row.f21 + row.f22 * brightness + row.f23 * zenith;
}

FaceIrradiance Sky::on(const Plane& plane) const {
    const double incidence = std::max(0.0, plane.tilt_cosine * zenith_cosine_ + plane.tilt_sine * zenith_sine_ * portable::cos((azimuth_deg_ - plane.azimuth_deg) * degree));
    FaceIrradiance result;
    if (sun_up_) result.beam = radiation_.direct * incidence;
    result.ground = albedo_ * radiation_.global * (1 - plane.tilt_cosine) / 2;
    const double isotropic = (1 + plane.tilt_cosine) / 2;
    if (!anisotropic_) {
        result.sky = radiation_.diffuse * isotropic;
    } else if (radiation_.diffuse > 0) {
        const double around_sun = incidence / std::max(zenith_cosine_, least_zenith_cosine);
        result.sky = std::max(0.0, radiation_.diffuse * ((1 - f1_) * isotropic + f1_ * around_sun + f2_ * plane.tilt_sine));
    }
    return result;
}

}  // namespace citytwin::weather
