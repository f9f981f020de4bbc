// `terrain` of city.toml.
#include "core/module/registry.hpp"
#include "geodata/terrain/terrain.hpp"

namespace citytwin::geodata {
namespace {

const Registration geotiff{CityPartReader{"GeoTIFF", {"terrain"}, {".tif", ".tiff"},
    [](City& city, const std::string&, const std::string& path, const std::map<std::string, std::string>& options, Arena& arena, DiagnosticList& diagnostics) {
        add_terrain(city, path, options, arena, diagnostics);
    }}};

}  // namespace
}  // namespace citytwin::geodata
