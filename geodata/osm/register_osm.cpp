// What city.toml's `roads` and `city import` read OpenStreetMap files by.
#include <algorithm>

#include "core/base/text.hpp"
#include "core/module/registry.hpp"
#include "geodata/osm/import.hpp"

namespace citytwin::geodata {
namespace {

using Settings = std::map<std::string, std::string>;

City read_city(const std::string& path, const Settings& settings, Arena& arena, DiagnosticList& diagnostics) {
    static const std::vector<std::string> known{"crs", "defaults", "overrides", "keep", "strict"};
    OsmImportOptions options;
    for (const auto& [key, value] : settings) {
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            fail("CT-OSM-006", {path}, "unknown setting '" + key + "' of an OpenStreetMap file; " + suggestion(key, known));
        }
        if (key == "crs") options.crs = value;
        if (key == "defaults") options.defaults = value;
        if (key == "overrides") options.overrides = value;
        if (key == "keep") options.largest_component_only = value == "largest";
    }
    return import_osm(path, options, arena, diagnostics);
}

/// OpenStreetMap XML names its root element at the start; PBF names its first block after a length of four bytes.
bool looks_like_osm(std::string_view head) {
    return head.find("<osm ") != std::string_view::npos || head.find("<osm>") != std::string_view::npos || head.substr(0, 32).find("OSMHeader") != std::string_view::npos;
}

void read_buildings(City& city, const std::string&, const std::string& path, const Settings& options, Arena& arena, DiagnosticList&) {
    for (const auto& [key, value] : options) {
        fail("CT-OSM-006", {path}, "unknown setting '" + key + "' of the buildings of an OpenStreetMap file", "the tags building, height and building:levels are read by themselves");
    }
    add_osm_buildings(city, path, arena);
}

const std::vector<std::string> endings{".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2", ".osm.xml"};
const Registration osm_roads{CityReader{"OpenStreetMap", endings, looks_like_osm, read_city}};
const Registration osm_buildings{CityPartReader{"OpenStreetMap buildings", {"buildings"}, endings, read_buildings}};

}  // namespace
}  // namespace citytwin::geodata
