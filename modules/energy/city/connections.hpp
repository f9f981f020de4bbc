#pragma once
// Who hangs on the grid: buildings, signals, places without a building, pumps; each one row of power_connection, and the mappings to it.
#include "core/module/registry.hpp"
#include "modules/energy/city/grid_sets.hpp"
#include "modules/energy/city/profile_loads.hpp"

namespace citytwin::energy {

/// Stated defaults where the city says nothing.
struct ConnectionDefaults {
    double hospital_battery_s = 0, hospital_generator_start_s = 0, hospital_fuel_s = 0;
    double medium_voltage_W = 250e3;   ///< consumers of a higher rated power hang on medium voltage
};

/// Returns the connections of `profile_loads`, in their order. `bus_of_building` by row of `building` (empty: none), `feeder_of_bus` by bus (empty: none).
std::vector<Index> store_connections(CityBuilder& builder, const std::vector<Index>& bus_of_building, const std::vector<Index>& feeder_of_bus,
    const ConnectionDefaults& defaults, const std::vector<ProfileLoad>& profile_loads = {});

}  // namespace citytwin::energy
