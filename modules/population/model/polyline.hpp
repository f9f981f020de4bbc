#pragma once
// Lengths along a polyline x0,y0,x1,y1,…
#include <cmath>
#include <cstddef>
#include <span>

namespace citytwin::population {

/// Length of the piece that ends at p[k], p[k + 1].
inline double piece_length(std::span<const double> p, std::size_t k) {
    const double dx = p[k] - p[k - 2], dy = p[k + 1] - p[k - 1];
    return std::sqrt(dx * dx + dy * dy);
}

}  // namespace citytwin::population
