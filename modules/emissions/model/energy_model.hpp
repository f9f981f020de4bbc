#pragma once
// Energy of an electric vehicle in one step: the balance of kinetic energy, height, air, rolling and turning (environment.md section 3,
// SUMO's "Energy" model found by its outputs). P_aux is outside the efficiencies; negative power is recuperated.
#include "modules/emissions/model/polynomial_kernel.hpp"

namespace citytwin::emissions {

struct EnergyType {
    double mass_kg = 1830, rotating_mass_kg = 40, front_area_m2 = 2.6, drag = 0.35, rolling = 0.01, radial_drag = 0.1;
    double propulsion_efficiency = 0.98, recuperation_efficiency = 0.96;
    double recuperation_by_deceleration_mps2 = 0;   ///< k of exp(-k/|a|); 0 = the same at every deceleration
    double auxiliary_W = 100;
};

/// Wh in a step of `seconds` that ends at speed v (began at v - a seconds). `turn_rad` = change of heading within the step, 0 = straight.
double step_energy_Wh(const EnergyType& type, double speed_mps, double acceleration_mps2, double sin_slope, double turn_rad = 0, double seconds = 1);

}  // namespace citytwin::emissions
