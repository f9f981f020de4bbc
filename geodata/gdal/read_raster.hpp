#pragma once
#include <string>

#include "geodata/terrain/raster.hpp"

namespace citytwin::geodata {

/// The first band of a GeoTIFF (or COG), whole. Throws InputError CT-TERRAIN-001..003.
Raster read_raster(const std::string& path);

}  // namespace citytwin::geodata
