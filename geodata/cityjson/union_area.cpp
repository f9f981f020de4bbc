#include "geodata/cityjson/union_area.hpp"

#include <algorithm>

namespace citytwin::geodata::cityjson {

void UnionArea::clear() {
    edges_.clear();
    levels_.clear();
    polygons_ = 0;
}

void UnionArea::add_edge(std::uint32_t polygon, double x0, double y0, double x1, double y1) {
    polygons_ = std::max(polygons_, polygon + 1);
    if (y0 == y1) return;
    if (y0 < y1) edges_.push_back({x0, y0, x1, y1, polygon});
    else edges_.push_back({x1, y1, x0, y0, polygon});
}

/// Heights where two edges cross. Equal and parallel edges cross nowhere: they only touch.
void UnionArea::add_crossings() {
    for (std::size_t i = 0; i < edges_.size(); ++i) {
        const Edge& a = edges_[i];
        for (std::size_t k = i + 1; k < edges_.size() && edges_[k].y0 < a.y1; ++k) {   // edges are sorted by y0
            const Edge& b = edges_[k];
            if (std::max(a.x0, a.x1) < std::min(b.x0, b.x1) || std::max(b.x0, b.x1) < std::min(a.x0, a.x1)) continue;
            const double ax = a.x1 - a.x0, ay = a.y1 - a.y0, bx = b.x1 - b.x0, by = b.y1 - b.y0, turn = ax * by - ay * bx;
            if (turn == 0) continue;
            const double t = ((b.x0 - a.x0) * by - (b.y0 - a.y0) * bx) / turn;
            if (!(t > 0 && t < 1)) continue;
            const double y = a.y0 + t * ay;
            if (y > b.y0 && y < std::min(a.y1, b.y1)) levels_.push_back(y);
        }
    }
}

double UnionArea::slab(double bottom, double top) {
    const double middle = bottom + (top - bottom) / 2;
    crossings_.clear();
    for (const std::uint32_t e : active_) {
        if (edges_[e].y0 <= bottom && edges_[e].y1 >= top) crossings_.push_back({edges_[e].x_at(middle), edges_[e].polygon});
    }
    std::sort(crossings_.begin(), crossings_.end(), [](const Crossing& a, const Crossing& b) { return a.x != b.x ? a.x < b.x : a.polygon < b.polygon; });
    inside_.assign(polygons_, 0);
    int covering = 0;
    double width = 0, entered = 0;
    for (const Crossing& crossing : crossings_) {
        inside_[crossing.polygon] ^= 1;
        const int before = covering;
        covering += inside_[crossing.polygon] ? 1 : -1;
        if (before == 0) entered = crossing.x;
        if (covering == 0) width += crossing.x - entered;
    }
    return width * (top - bottom);
}

double UnionArea::area() {
    std::sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) { return a.y0 < b.y0; });
    for (const Edge& edge : edges_) {
        levels_.push_back(edge.y0);
        levels_.push_back(edge.y1);
    }
    add_crossings();
    std::sort(levels_.begin(), levels_.end());
    levels_.erase(std::unique(levels_.begin(), levels_.end()), levels_.end());
    active_.clear();
    std::size_t next = 0;
    double sum = 0;
    for (std::size_t i = 0; i + 1 < levels_.size(); ++i) {
        while (next < edges_.size() && edges_[next].y0 <= levels_[i]) active_.push_back(static_cast<std::uint32_t>(next++));
        std::erase_if(active_, [&](std::uint32_t e) { return edges_[e].y1 <= levels_[i]; });
        sum += slab(levels_[i], levels_[i + 1]);
    }
    return sum;
}

}  // namespace citytwin::geodata::cityjson
