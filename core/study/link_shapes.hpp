#pragma once
// Road geometry for a page: simplified lines on a 16-bit grid, differences only.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/city/entity_set.hpp"

namespace citytwin {

/// Douglas and Peucker (1973): the points (x0,y0,x1,y1,…) that keep the line within `tolerance`; ends always stay.
std::vector<double> simplified_line(std::span<const double> points, double tolerance);

struct PackedShapes {
    double min_x = 0, min_y = 0, metres_per_unit = 1;
    std::size_t lines = 0, points = 0;
    std::string counts, x, y;   ///< packed_u16: points a line; running differences modulo 65536 over all points
};
/// The lines of rows `rows` of a set's "shape" column; a row without a shape is a line of 0 points.
PackedShapes pack_shapes(const EntitySet& links, std::span<const std::uint32_t> rows);

}  // namespace citytwin
