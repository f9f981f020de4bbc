#pragma once
// Buildings along the streets of a city that has zones with people and jobs but no buildings (city.md section 10 step 1's other way
// round). All are marked `synthetic`: their places, sizes and ages are stated defaults, only the sums by zone are the city's own.
#include <cstdint>

#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"

namespace citytwin::geodata {

/// True where there is something to lay out: roads, zones with residents or jobs, no buildings.
bool needs_buildings(const City& city);

/// Set `building` with the columns of a generated city (x, y, use, footprint_area, floor_area, height, floors, year, dwellings, residents,
/// jobs, zone, road_link, road_offset, shape) and `archetype`, `synthetic`. The same city and seed give the same buildings.
void lay_buildings(City& city, std::uint64_t seed, Arena& arena);

}  // namespace citytwin::geodata
