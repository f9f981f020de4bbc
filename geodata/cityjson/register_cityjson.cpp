// CityJSON as a city of its own and as `buildings` of city.toml.
#include "core/module/registry.hpp"
#include "geodata/cityjson/import.hpp"

namespace citytwin::geodata {
namespace {

const std::vector<std::string> extensions{".city.json", ".city.json.zip"};

const Registration whole_city{CityReader{"CityJSON", extensions, {}, read_city_json}};
const Registration buildings_part{CityPartReader{"CityJSON", {"buildings"}, extensions,
    [](City& city, const std::string&, const std::string& path, const std::map<std::string, std::string>& options, Arena& arena, DiagnosticList& diagnostics) {
        add_city_json_buildings(city, path, options, arena, diagnostics);
    }}};

}  // namespace
}  // namespace citytwin::geodata
