#pragma once
// One band of a raster with its place on Earth.
#include <cstdint>
#include <string>
#include <vector>

namespace citytwin::geodata {

struct Raster {
    std::string file, crs;             ///< "EPSG:n" or WKT2; "" = the file says nothing
    std::string type;                  ///< of the stored numbers: "Byte", "Int16", "Float32" …
    std::size_t columns = 0, rows = 0;
    double place[6] = {0, 1, 0, 0, 0, 1};  ///< x = p0 + column p1 + row p2, y = p3 + column p4 + row p5 (corners of cells)
    std::vector<float> cell;           ///< row by row from the top; NaN = missing
    double largest_storable = 0;       ///< of an integer type; 0 for floating point
    std::uint64_t missing = 0;         ///< nodata or not a number
    std::uint64_t saturated = 0;       ///< cells at the type's upper limit
    double least = 0, most = 0, mean = 0;  ///< of the cells that are there
    int bands = 1;

    [[nodiscard]] bool is_saturated(float value) const { return largest_storable != 0 && value >= largest_storable; }
};

}  // namespace citytwin::geodata
