#pragma once
// CityJSON files as the buildings of a city, or as a city of buildings alone (city.md sections 3, 6, 8).
#include <map>
#include <string>

#include "core/base/diagnostic.hpp"
#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"

namespace citytwin::geodata {

/// A city without roads. `settings`: "crs" = the city's system, "source_crs" = the file's, where it doesn't say. A file without a
/// system of its own lies in the named one.
City read_city_json(const std::string& path, const std::map<std::string, std::string>& settings, Arena& arena, DiagnosticList& diagnostics);

/// Set `building` of a city that has its roads: x, y, use, footprint_area, floor_area, height, floors, lowest_z, ground_area, volume
/// (NaN = unknown), open_solid, lod, parent, shape, zone, road_link, road_offset, and the file's attributes. `options`: crs = the file's
/// system; use, levels, year, population, jobs = names of attributes.
void add_city_json_buildings(City& city, const std::string& path, const std::map<std::string, std::string>& options, Arena& arena, DiagnosticList& diagnostics);

}  // namespace citytwin::geodata
