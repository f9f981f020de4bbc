#include "geodata/gdal/ring_check.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::geodata {
namespace {

constexpr int small_ring = 40;  // sides; above it GEOS' sweep is the quicker one

/// Sign of the turn a -> b -> c, 0 within a rounding margin: then we don't know and GEOS decides.
int turn(const OGRRawPoint& a, const OGRRawPoint& b, const OGRRawPoint& c) {
    const double left = (b.x - a.x) * (c.y - a.y), right = (b.y - a.y) * (c.x - a.x);
    const double value = left - right, margin = 4e-16 * (std::abs(left) + std::abs(right));
    return value > margin ? 1 : value < -margin ? -1 : 0;
}

/// Of three points in one line: the second side leads on, it doesn't fold back over the first.
bool goes_on(const OGRRawPoint& a, const OGRRawPoint& b, const OGRRawPoint& c) {
    return (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) > 0;
}

bool boxes_are_apart(const OGRRawPoint& a, const OGRRawPoint& b, const OGRRawPoint& c, const OGRRawPoint& d) {
    return std::max(a.x, b.x) < std::min(c.x, d.x) || std::max(c.x, d.x) < std::min(a.x, b.x) ||
           std::max(a.y, b.y) < std::min(c.y, d.y) || std::max(c.y, d.y) < std::min(a.y, b.y);
}

bool surely_apart(const OGRRawPoint& a, const OGRRawPoint& b, const OGRRawPoint& c, const OGRRawPoint& d) {
    if (boxes_are_apart(a, b, c, d)) return true;
    const int abc = turn(a, b, c), abd = turn(a, b, d), cda = turn(c, d, a), cdb = turn(c, d, b);
    return (abc != 0 && abc == abd) || (cda != 0 && cda == cdb);
}

}  // namespace

std::uint64_t close_rings(OGRGeometry& geometry) {
    std::uint64_t closed = 0;
    const auto type = wkbFlatten(geometry.getGeometryType());
    if (type == wkbPolygon || type == wkbTriangle) {
        for (auto* ring : *geometry.toPolygon()) {
            if (ring->getNumPoints() == 0 || ring->get_IsClosed()) continue;
            ring->closeRings();
            ++closed;
        }
    } else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) {
        for (auto* part : *geometry.toGeometryCollection()) closed += close_rings(*part);
    }
    return closed;
}

bool is_surely_valid(const OGRGeometry& geometry) {
    const OGRGeometry* inner = &geometry;
    if (wkbFlatten(geometry.getGeometryType()) == wkbMultiPolygon) {
        const auto& collection = *geometry.toMultiPolygon();
        if (collection.getNumGeometries() != 1) return false;
        inner = collection.getGeometryRef(0);
    }
    if (wkbFlatten(inner->getGeometryType()) != wkbPolygon) return false;
    const auto* polygon = inner->toPolygon();
    if (polygon->getNumInteriorRings() != 0 || polygon->getExteriorRing() == nullptr) return false;
    const OGRLinearRing& ring = *polygon->getExteriorRing();
    const int sides = ring.getNumPoints() - 1;
    if (sides < 3 || sides > small_ring) return false;
    OGRRawPoint p[small_ring + 1];
    ring.getPoints(p);
    for (int i = 0; i <= sides; ++i) {
        if (!std::isfinite(p[i].x + p[i].y)) return false;
    }
    for (int i = 0; i < sides; ++i) {
        const int next = i + 1 == sides ? 0 : i + 1;
        if (turn(p[i], p[i + 1], p[next + 1]) == 0 && !goes_on(p[i], p[i + 1], p[next + 1])) return false;
        for (int k = i + 2; k < sides - (i == 0 ? 1 : 0); ++k) {
            if (!surely_apart(p[i], p[i + 1], p[k], p[k + 1])) return false;
        }
    }
    return true;
}

}  // namespace citytwin::geodata
