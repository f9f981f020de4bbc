#pragma once
// The grid as it stands in a city: the sets power_bus, power_branch and power_device, written by build(), read again by the module and by
// the exporter. Electrical values are per unit on one base power, so that a grid that was read from a file keeps its digits.
#include <string>
#include <vector>

#include "core/city/city.hpp"
#include "modules/energy/model/power_network.hpp"

namespace citytwin::energy {

/// A power network with what the city knows of it beside its electrical values; `power_bus` row = bus, `power_branch` row = branch,
/// `power_device` row = unit.
struct CityGrid {
    PowerNetwork network;
    // --- by bus
    std::vector<std::string> bus_id, bus_kind;             ///< grid, substation, station_medium, station_low, joint, bus
    std::vector<double> bus_x, bus_y;
    std::vector<std::uint8_t> bus_synthetic;
    // --- by branch
    std::vector<std::string> branch_id, branch_kind;       ///< substation_transformer, medium_cable, transformer, low_cable, line
    std::vector<double> branch_length_m;
    std::vector<std::int32_t> branch_parallel;
    std::vector<std::uint8_t> branch_tie, branch_regulated, branch_synthetic;   ///< normally open; tap changer that holds the voltage behind
    Ragged<double> branch_shape;
    // --- by unit
    std::vector<std::string> unit_id, unit_kind;           ///< grid_supply, generator
    std::vector<std::uint8_t> unit_synthetic;
};

void store_grid(City& city, CityGrid grid);
/// The electrical part back; throws std::logic_error where the sets don't have store_grid's columns.
PowerNetwork network_of(const City& city);

}  // namespace citytwin::energy
