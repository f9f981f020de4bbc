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
};

/// Sets road_node, road_link, lane, road_connection, signal, signal_head, city.issues and
/// city.info_json {"network": {the keys of the reference counts}, "simulation": {…}, "import": {…}}.
/// Throws InputError for files that can't be read and for wrong options.
City import_osm(const std::string& path, const OsmImportOptions& options, Arena& arena, DiagnosticList& diagnostics);

/// Adds the set `building` to a city from the closed building ways of a file (relations of several rings are counted, not read).
void add_osm_buildings(City& city, const std::string& path, Arena& arena);

}  // namespace citytwin::geodata
