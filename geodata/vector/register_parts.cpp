// What city.toml's `zones`, `buildings` and `places` are read by.
#include "core/module/registry.hpp"
#include "geodata/vector/zones.hpp"

namespace citytwin::geodata {
namespace {

void read_role(City& city, const std::string& role, const std::string& path, const PartOptions& options, Arena& arena, DiagnosticList& diagnostics) {
    if (role == "zones") add_zones(city, path, options, arena, diagnostics);
    if (role == "buildings") add_buildings(city, path, options, arena, diagnostics);
    if (role == "places") add_places(city, path, options, arena, diagnostics);
}

const Registration vector_parts{CityPartReader{"vector files and CSV points", {"zones", "buildings", "places"}, vector_extensions(), read_role}};

}  // namespace
}  // namespace citytwin::geodata
