#pragma once
// Grids as GeoTIFF: tiled, the directory before the data, so that a reader over the network needs two requests (the layout of cloud
// optimised GeoTIFF; without overviews). One band of 32-bit floats, no compression: the same grid gives the same bytes.
// Layout: TIFF 6.0 (Adobe 1992), OGC GeoTIFF 1.1 (19-008r4).
#include <cstdint>
#include <string>
#include <vector>

namespace citytwin::geodata {

struct FloatGrid {
    std::size_t columns = 0, rows = 0;
    double left = 0, top = 0, cell = 1;    ///< outer corner in the north-west, side of a cell, in the units of the reference system
    int epsg = 0;                          ///< of a projected system; 0 = none is written
    std::string description;               ///< what it shows and in which unit
    std::vector<float> values;             ///< row by row from the north; NaN = no value
};

/// Throws RunError when the file can't be written.
void write_geotiff(const std::string& path, const FloatGrid& raster);

}  // namespace citytwin::geodata
