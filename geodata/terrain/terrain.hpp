#pragma once
// Heights of a city's places from a raster (city.md section 3: bilinear in the raster; outside or missing: unknown, never 0).
#include <map>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"
#include "geodata/terrain/raster.hpp"

namespace citytwin::geodata {

/// Height of a point in the raster's own coordinates: the four cells around it, weighted; within half a cell of the border the
/// outermost. NaN where it lies outside or one of the cells that count is missing. `saturated` is set where one of them stands at the
/// type's limit.
double height_at(const Raster& raster, double x, double y, bool& saturated);

/// Columns `elevation` [m] of road_node, building, place and zone, `slope` [1] of road_link (rise over length, from -> to), each NaN
/// where unknown; issues for unknown and saturated places; the section "terrain" of the city's figures. `options`: crs.
void add_terrain(City& city, const std::string& path, const std::map<std::string, std::string>& options, Arena& arena, DiagnosticList& diagnostics);

}  // namespace citytwin::geodata
