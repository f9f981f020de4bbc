#pragma once
// Photovoltaics: cell temperature after Faiman (Progress in Photovoltaics 16, 2008), power and inverter as in PVWatts 5
// (Dobos, NREL/TP-6A20-62641, 2014). No loss by the angle of incidence.
#include <algorithm>

namespace citytwin::buildings {

inline constexpr double panel_temperature_coefficient = -0.0037;   // 1/K
inline constexpr double inverter_efficiency = 0.96, inverter_reference = 0.9637;

inline double panel_cell_temperature_C(double irradiance_W_per_m2, double air_C, double wind_mps) { return air_C + irradiance_W_per_m2 / (25 + 6.84 * wind_mps); }

/// Direct current of a panel of `peak_W` (at 1000 W/m2 and 25 degrees Celsius).
inline double panel_dc_W(double peak_W, double irradiance_W_per_m2, double cell_C) {
    return peak_W * irradiance_W_per_m2 / 1000 * (1 + panel_temperature_coefficient * (cell_C - 25));
}

/// What the inverter gives for it; its rating is the panel's peak, its limit on the direct side peak / 0.96.
inline double panel_ac_W(double peak_W, double dc_W) {
    const double limit = peak_W / inverter_efficiency, load = dc_W / limit;
    if (!(load > 0)) return 0;
    const double efficiency = inverter_efficiency / inverter_reference * (-0.0162 * load - 0.0059 / load + 0.9858);
    return std::clamp(dc_W * efficiency, 0.0, inverter_efficiency * limit);
}

/// Alternating current per watt of peak.
inline double panel_yield(double irradiance_W_per_m2, double air_C, double wind_mps) {
    return panel_ac_W(1, panel_dc_W(1, irradiance_W_per_m2, panel_cell_temperature_C(irradiance_W_per_m2, air_C, wind_mps)));
}

}  // namespace citytwin::buildings
