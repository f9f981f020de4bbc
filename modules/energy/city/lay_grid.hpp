#pragma once
// Turns a power network that was laid along streets (geodata/layout) into a grid that can be solved: an upstream bus of the transmission
// grid, a transformer to each substation, rings, stations, feeders.
#include "geodata/layout/power_layout.hpp"
#include "modules/energy/city/grid_sets.hpp"

namespace citytwin::energy {

struct LaidGrid {
    CityGrid grid;
    std::vector<Index> bus_of_consumer;       ///< by row of the layout's consumers
    std::vector<Index> feeder_of_bus;         ///< by bus: the station transformer that feeds it; no_index above stations
};

/// `dwelling_peak_W`: as the layout was made with.
LaidGrid lay_grid(const geodata::PowerLayout& layout, double dwelling_peak_W);

/// The id of the entity that misses a limit of the layout.
std::string id_of_breach(const LaidGrid& laid, const geodata::PowerLayout& layout, const geodata::LayoutBreach& breach);

}  // namespace citytwin::energy
