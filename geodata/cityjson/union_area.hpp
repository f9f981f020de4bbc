#pragma once
// The area that polygons cover together, in the plane.
#include <cstdint>
#include <vector>

namespace citytwin::geodata::cityjson {

/// Collects the edges of polygons (even-odd rule within each), then measures their union by horizontal slabs between all corners and
/// crossings: within a slab no two edges cross, so it falls into trapezoids. No topology is built, so touching, equal and
/// self-crossing outlines, which are the rule where a roof lies over its ground, need no special case.
class UnionArea {
public:
    void clear();
    /// An edge of polygon `polygon` (0, 1, 2 … ascending).
    void add_edge(std::uint32_t polygon, double x0, double y0, double x1, double y1);
    [[nodiscard]] double area();

private:
    struct Edge {
        double x0, y0, x1, y1;   // y0 < y1
        std::uint32_t polygon;
        [[nodiscard]] double x_at(double y) const { return x0 + (y - y0) * ((x1 - x0) / (y1 - y0)); }
    };
    struct Crossing {
        double x;
        std::uint32_t polygon;
    };
    void add_crossings();
    double slab(double bottom, double top);

    std::vector<Edge> edges_;
    std::vector<double> levels_;
    std::vector<std::uint32_t> active_;
    std::vector<Crossing> crossings_;
    std::vector<std::uint8_t> inside_;
    std::uint32_t polygons_ = 0;
};

}  // namespace citytwin::geodata::cityjson
