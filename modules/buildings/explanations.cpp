// Codes of buildings.
#include "core/module/registry.hpp"

namespace citytwin::buildings {
namespace {

constexpr Explanation all[] = {
    {"CT-BUILDINGS-001", "A city without buildings", "The module has nothing to heat. Add buildings = { file = … } to city.toml, generate a city, or leave the module out."},
    {"CT-BUILDINGS-010", "Buildings of unknown use", "The column use is missing or has a word that no archetype knows; they were taken as residential. Known: residential, mixed, office, retail, industrial, school, hospital, university, public_service, unheated, and the common values of OpenStreetMap's building=…"},
    {"CT-BUILDINGS-011", "Buildings without floor area", "Neither floor_area nor footprint_area says how large they are; 100 m2 were taken."},
    {"CT-BUILDINGS-012", "A feeder above its limit", "Loads that can wait didn't suffice (or had waited as long as the window and comfort allow), so the feeder's limit was passed. Nobody goes cold for a feeder; the energy above is in the KPI's details (feeder_overload_GJ)."},
    {"CT-BUILDINGS-013", "Charging sessions were ignored", "Both modules.population.ev_share and modules.buildings.electric_car_share say which cars are electric; the buildings' own draw was kept. Leave electric_car_share at 0 to charge the population's cars."},
};

}  // namespace

const Registration registered{std::span<const Explanation>(all)};

}  // namespace citytwin::buildings
