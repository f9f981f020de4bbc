#pragma once
// A quick answer for the common case, so that GEOS is asked only about the few geometries that may be invalid.
#include <ogr_geometry.h>

#include <cstdint>

namespace citytwin::geodata {

/// Closes rings that are open; how many there were.
std::uint64_t close_rings(OGRGeometry& geometry);
/// True for a polygon of one small closed ring whose sides neither cross nor touch. False = not known.
bool is_surely_valid(const OGRGeometry& geometry);

}  // namespace citytwin::geodata
