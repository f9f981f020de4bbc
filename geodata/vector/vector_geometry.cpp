#include "geodata/vector/vector_geometry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/diagnostic.hpp"
#include "geodata/crs/crs.hpp"

namespace citytwin::geodata {
namespace {

struct RingMeasure {
    double area = 0;         ///< signed, counter-clockwise positive
    double x = 0, y = 0;     ///< centroid times area
};

/// Shoelace formula from a local origin: city coordinates are large, the differences small.
RingMeasure measured(const VectorLayer& layer, std::size_t part) {
    RingMeasure sum;
    const std::size_t begin = layer.vertices[part], end = layer.vertices[part + 1];
    if (end - begin < 3) return sum;
    const double x0 = layer.x[begin], y0 = layer.y[begin];
    for (std::size_t i = begin; i < end; ++i) {
        const std::size_t next = i + 1 == end ? begin : i + 1;
        const double ax = layer.x[i] - x0, ay = layer.y[i] - y0, bx = layer.x[next] - x0, by = layer.y[next] - y0;
        const double cross = ax * by - bx * ay;
        sum.area += cross / 2;
        sum.x += (ax + bx) * cross / 6;
        sum.y += (ay + by) * cross / 6;
    }
    sum.x += x0 * sum.area;
    sum.y += y0 * sum.area;
    return sum;
}

/// The middle of the widest stretch that lies inside, on the horizontal through the middle of the box.
Point widest_chord(const VectorLayer& layer, std::size_t row) {
    const Box box = box_of(layer, row);
    const double y = box.bottom + (box.top - box.bottom) * 0.5000123;  // seldom through a vertex
    std::vector<double> crossings;
    for (std::size_t part = layer.parts[row]; part < layer.parts[row + 1]; ++part) {
        for (std::size_t i = layer.vertices[part]; i + 1 < layer.vertices[part + 1]; ++i) {
            if ((layer.y[i] > y) == (layer.y[i + 1] > y)) continue;
            crossings.push_back(layer.x[i] + (y - layer.y[i]) / (layer.y[i + 1] - layer.y[i]) * (layer.x[i + 1] - layer.x[i]));
        }
    }
    std::sort(crossings.begin(), crossings.end());
    Point best{(box.left + box.right) / 2, y};
    double widest = -1;
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
        if (crossings[i + 1] - crossings[i] <= widest) continue;
        widest = crossings[i + 1] - crossings[i];
        best.x = (crossings[i] + crossings[i + 1]) / 2;
    }
    return best;
}

}  // namespace

double area_of(const VectorLayer& layer, std::size_t row) {
    if (layer.kind[row] != GeometryKind::polygon) return 0;
    double area = 0;
    for (std::size_t part = layer.parts[row]; part < layer.parts[row + 1]; ++part) {
        const double ring = std::abs(measured(layer, part).area);
        area += layer.is_hole[part] ? -ring : ring;
    }
    return area;
}

double length_of(const VectorLayer& layer, std::size_t row) {
    double length = 0;
    if (layer.kind[row] == GeometryKind::point) return 0;
    for (std::size_t part = layer.parts[row]; part < layer.parts[row + 1]; ++part) {
        for (std::size_t i = layer.vertices[part]; i + 1 < layer.vertices[part + 1]; ++i) {
            length += std::hypot(layer.x[i + 1] - layer.x[i], layer.y[i + 1] - layer.y[i]);
        }
    }
    return length;
}

Point inner_point(const VectorLayer& layer, std::size_t row) {
    const std::size_t begin = layer.vertices[layer.parts[row]], end = layer.vertices[layer.parts[row + 1]];
    Point mean;
    for (std::size_t i = begin; i < end; ++i) {
        mean.x += layer.x[i] / static_cast<double>(end - begin);
        mean.y += layer.y[i] / static_cast<double>(end - begin);
    }
    if (layer.kind[row] != GeometryKind::polygon) return mean;
    RingMeasure sum;
    for (std::size_t part = layer.parts[row]; part < layer.parts[row + 1]; ++part) {
        RingMeasure ring = measured(layer, part);
        const double sign = (ring.area < 0) == (layer.is_hole[part] != 0) ? 1 : -1;
        sum.area += sign * ring.area;
        sum.x += sign * ring.x;
        sum.y += sign * ring.y;
    }
    if (!(std::abs(sum.area) > 0)) return mean;
    const Point centroid{sum.x / sum.area, sum.y / sum.area};
    return contains(layer, row, centroid.x, centroid.y) ? centroid : widest_chord(layer, row);
}

bool contains(const VectorLayer& layer, std::size_t row, double x, double y) {
    if (layer.kind[row] != GeometryKind::polygon) return false;
    bool inside = false;
    for (std::size_t part = layer.parts[row]; part < layer.parts[row + 1]; ++part) {
        for (std::size_t i = layer.vertices[part]; i + 1 < layer.vertices[part + 1]; ++i) {
            const double ax = layer.x[i], ay = layer.y[i], bx = layer.x[i + 1], by = layer.y[i + 1];
            if ((ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)) inside = !inside;
        }
    }
    return inside;
}

std::vector<double> outline_of(const VectorLayer& layer, std::size_t row) {
    std::vector<double> outline;
    double largest = 0;
    std::size_t best = layer.parts[row + 1];
    for (std::size_t part = layer.parts[row]; part < layer.parts[row + 1]; ++part) {
        const double area = std::abs(measured(layer, part).area);
        if (layer.is_hole[part] || area <= largest) continue;
        largest = area;
        best = part;
    }
    if (layer.kind[row] != GeometryKind::polygon || best == layer.parts[row + 1]) return outline;
    std::size_t begin = layer.vertices[best], end = layer.vertices[best + 1];
    if (end - begin > 1 && layer.x[begin] == layer.x[end - 1] && layer.y[begin] == layer.y[end - 1]) --end;
    const bool turned = measured(layer, best).area < 0;
    for (std::size_t k = 0; k < end - begin; ++k) {
        const std::size_t i = turned ? end - 1 - k : begin + k;
        outline.push_back(layer.x[i]);
        outline.push_back(layer.y[i]);
    }
    return outline;
}

Box box_of(const VectorLayer& layer, std::size_t row) {
    const double infinity = std::numeric_limits<double>::infinity();
    Box box{infinity, infinity, -infinity, -infinity};
    for (std::size_t i = layer.vertices[layer.parts[row]]; i < layer.vertices[layer.parts[row + 1]]; ++i) {
        box.left = std::min(box.left, layer.x[i]);
        box.right = std::max(box.right, layer.x[i]);
        box.bottom = std::min(box.bottom, layer.y[i]);
        box.top = std::max(box.top, layer.y[i]);
    }
    return box;
}

void move_to_city(VectorLayer& layer, const std::string& city_crs, double origin_x, double origin_y, const std::string& named_crs, Arena& arena) {
    const std::string from = named_crs.empty() ? layer.crs : named_crs;
    const SourcePlace place{layer.file};
    if (city_crs.empty() && !from.empty()) {
        fail("CT-VECTOR-009", place, "the city has no coordinate system, so '" + from + "' can't be carried into it", "name one for the roads: crs = \"EPSG:n\"");
    }
    if (from.empty() && layer.lines.empty() && !city_crs.empty()) {
        fail("CT-VECTOR-009", place, "layer '" + layer.name + "' says no coordinate system", "name it: source_crs = \"EPSG:n\"");
    }
    if (!from.empty() && from != city_crs) {
        const auto points = from == "EPSG:4326" ? CoordinateTransform::from_degrees(city_crs, place) : CoordinateTransform(from, city_crs, place);
        points.forward(layer.x, layer.y, &arena);
    }
    for (std::size_t i = 0; i < layer.x.size(); ++i) {
        if (!std::isfinite(layer.x[i] + layer.y[i])) {
            fail("CT-VECTOR-010", place, fmt::format("a point of layer '{}' has no place in {}", layer.name, city_crs),
                 "check the layer's coordinate system and the order of its axes");
        }
        layer.x[i] -= origin_x;
        layer.y[i] -= origin_y;
    }
}

}  // namespace citytwin::geodata
