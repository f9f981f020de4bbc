#include <algorithm>
#include <cmath>
#include <limits>

#include "geodata/terrain/terrain.hpp"

namespace citytwin::geodata {

double height_at(const Raster& raster, double x, double y, bool& saturated) {
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    const auto& p = raster.place;
    const double turn = p[1] * p[5] - p[2] * p[4], dx = x - p[0], dy = y - p[3];
    const double column = (dx * p[5] - dy * p[2]) / turn, row = (dy * p[1] - dx * p[4]) / turn;   // from the corner of the first cell
    const auto columns = static_cast<double>(raster.columns), rows = static_cast<double>(raster.rows);
    if (!(column >= 0 && column <= columns && row >= 0 && row <= rows)) return unknown;
    const double u = std::clamp(column - 0.5, 0.0, columns - 1), v = std::clamp(row - 0.5, 0.0, rows - 1);
    const auto left = static_cast<std::size_t>(u), top = static_cast<std::size_t>(v);
    const double right_weight = u - static_cast<double>(left), bottom_weight = v - static_cast<double>(top);
    double height = 0;
    for (std::size_t k = 0; k < 4; ++k) {
        const double weight = ((k & 1) != 0 ? right_weight : 1 - right_weight) * (k >= 2 ? bottom_weight : 1 - bottom_weight);
        if (weight == 0) continue;   // also keeps the column after the last out
        const float cell = raster.cell[(top + k / 2) * raster.columns + left + (k & 1)];
        saturated = saturated || raster.is_saturated(cell);
        height += weight * static_cast<double>(cell);
    }
    return height;
}

}  // namespace citytwin::geodata
