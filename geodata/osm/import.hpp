#pragma once
// A city's roads from an OpenStreetMap file: counted exactly, ready to simulate, with a report of everything that was assumed.
#include <string>

#include "core/base/diagnostic.hpp"
#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"

namespace citytwin::geodata {

struct OsmImportOptions {
    std::string crs;                    ///< empty = UTM zone of the centre
    std::string defaults = "urban";     ///< "urban", "sumo" or a TOML file
    std::string overrides;              ///< TOML file, empty = none
    bool largest_component_only = false;///< leave out what is cut off from the largest strongly connected part
    bool with_buildings = true;         ///< closed building ways as the set `building`
};

/// Sets road_node, road_link, lane, road_connection, signal (and building), city.issues and
/// city.info_json {"network": {the keys of the reference counts}, "simulation": {…}, "import": {…}}.
/// Throws InputError for files that can't be read and for wrong options.
City import_osm(const std::string& path, const OsmImportOptions& options, Arena& arena, DiagnosticList& diagnostics);

}  // namespace citytwin::geodata
