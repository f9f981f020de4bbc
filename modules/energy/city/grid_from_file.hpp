#pragma once
// The user's own grid in a city: a MATPOWER case or a SimBench folder, its loads replaced by the city's consumers.
#include "core/module/registry.hpp"
#include "modules/energy/city/grid_sets.hpp"

namespace citytwin::energy {

struct FileGrid {
    CityGrid grid;
    std::vector<Index> bus_of_building;
};

/// Buildings go to the nearest bus that `bus_places` (CSV: bus, x, y in the city's frame) names; without it they are shared out in
/// their order, each bus as many as its share of the file's load. Throws InputError CT-ENERGY-0xx.
FileGrid grid_from_file(CityBuilder& builder, const std::string& file, const std::string& bus_places);

}  // namespace citytwin::energy
