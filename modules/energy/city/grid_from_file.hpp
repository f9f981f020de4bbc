#pragma once
// The user's own grid in a city: a MATPOWER case or a SimBench folder, its loads replaced by the city's consumers.
#include "core/module/registry.hpp"
#include "modules/energy/city/grid_sets.hpp"
#include "modules/energy/city/profile_loads.hpp"

namespace citytwin::energy {

struct FileGrid {
    CityGrid grid;
    std::vector<Index> bus_of_building;
    std::vector<ProfileLoad> profile_loads;            ///< of a SimBench folder, at buses without buildings
    std::vector<std::vector<double>> profiles;
    std::vector<std::string> profile_times;
};

/// Buildings go to the nearest bus that `bus_places` (CSV: bus, x, y in the city's frame) names; without it they are shared out in
/// their order, each bus as many as its share of the file's load. Throws InputError CT-ENERGY-0xx.
FileGrid grid_from_file(CityBuilder& builder, const std::string& file, const std::string& bus_places);

}  // namespace citytwin::energy
