#pragma once
// Zones, buildings and places of a city from vector files: sets `zone`, `building`, `place` (fields.md), with the road links
// they are reached by. Nothing is dropped: blank cells and zones off the network are counted in the import report.
#include <map>
#include <string>

#include "core/base/diagnostic.hpp"
#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"
#include "geodata/vector/vector_layer.hpp"

namespace citytwin::geodata {

/// Zones farther than this from every usable road link are off the network.
inline constexpr double off_network_m = 1000;

/// Names of the layer and of columns, as city.toml gives them: layer, id, name, population, jobs, height, levels, use, year,
/// kind, capacity, lon, lat, x, y; and `crs`, the file's system where it doesn't say.
using PartOptions = std::map<std::string, std::string>;

/// Set `zone`: x, y, population, jobs, every further column of the file, area and shape (polygons), road_links (ragged),
/// distance_to_road, off_network. Adds the sums to info_json under "population".
void add_zones(City& city, const std::string& path, const PartOptions& options, Arena& arena, DiagnosticList& diagnostics);
/// Set `building`: x, y, footprint_area, floor_area, height, floors, use, year, zone, road_link, road_offset, shape.
void add_buildings(City& city, const std::string& path, const PartOptions& options, Arena& arena, DiagnosticList& diagnostics);
/// Set `place`: kind, x, y, capacity, zone, road_link, road_offset.
void add_places(City& city, const std::string& path, const PartOptions& options, Arena& arena, DiagnosticList& diagnostics);

}  // namespace citytwin::geodata
