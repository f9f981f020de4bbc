#include "modules/emissions/model/energy_model.hpp"

#include <algorithm>

#include "modules/emissions/model/portable_exp.hpp"

namespace citytwin::emissions {

double step_energy_Wh(const EnergyType& type, double speed_mps, double acceleration_mps2, double sin_slope, double turn_rad, double seconds) {
    constexpr double air_density = 1.2041;   // kg/m3, 20 degC, as in the model fitted
    const double v = speed_mps, before = v - acceleration_mps2 * seconds, m = type.mass_kg;
    double power = m * standard_gravity_mps2 * sin_slope * v + (m + type.rotating_mass_kg) / 2 * (v * v - before * before) / seconds +
                   0.5 * air_density * type.front_area_m2 * type.drag * v * v * v + type.rolling * m * standard_gravity_mps2 * v;
    if (turn_rad != 0) {
        const double radius = std::clamp(v * seconds / (turn_rad < 0 ? -turn_rad : turn_rad), 0.0001, 10000.0);
        power += type.radial_drag * m * v * v * v / radius;
    }
    double drawn = 0;
    if (power > 0) {
        drawn = power / type.propulsion_efficiency;
    } else {
        const double a = acceleration_mps2 < 0 ? -acceleration_mps2 : acceleration_mps2;
        const double kept = type.recuperation_by_deceleration_mps2 > 0 ? (a > 0 ? plain_exp(-type.recuperation_by_deceleration_mps2 / a) : 0.0) : 1.0;
        drawn = power * type.recuperation_efficiency * kept;
    }
    return (drawn + type.auxiliary_W) * seconds / 3600;
}

}  // namespace citytwin::emissions
