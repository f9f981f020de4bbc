#pragma once
// The buildings of a city as the model needs them: use, size, walls, people, plant; and the columns that the module adds to the city
// so that changes can set them.
#include <vector>

#include "core/module/registry.hpp"
#include "modules/buildings/model/archetypes.hpp"

namespace citytwin::buildings {

/// How a building is heated (column building.heating).
enum class Heating : int { fuel = 0, electric = 1, heat_pump = 2 };

struct BuildingStock {
    std::vector<Use> use;
    std::vector<int> year;
    std::vector<BuildingShape> shape;
    std::vector<double> residents, capacity;   ///< capacity = persons when everybody is there
    double unknown_use = 0, without_area = 0;  ///< counted: guessed residential; floor area from one storey of 100 m2

    [[nodiscard]] std::size_t size() const { return use.size(); }
};

BuildingStock read_stock(const City& city);

/// Shares by which plant is drawn where the city's columns don't say it.
struct PlantShares {
    double heat_pump = 0, electric_heating = 0, solar = 0, solar_W_per_m2 = 100, battery_s = 7200, battery_of_solar = 0, homes_cooled = 0;
};
/// Adds building.heating, .cooled, .pv_peak_power and .battery_capacity where they are missing; drawn by the building's id.
void add_plant_columns(City& city, const PlantShares& shares, std::uint64_t seed);

}  // namespace citytwin::buildings
