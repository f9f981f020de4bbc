#include "core/study/link_shapes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/study/packing.hpp"

namespace citytwin {
namespace {

double distance_to_segment(const double* p, const double* a, const double* b) {
    const double dx = b[0] - a[0], dy = b[1] - a[1], length2 = dx * dx + dy * dy;
    const double t = length2 > 0 ? std::clamp(((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2, 0.0, 1.0) : 0.0;
    return std::hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

/// Running differences of a coordinate on the grid, modulo 65536.
class Differences {
public:
    void add(double units) {
        const auto value = static_cast<std::uint16_t>(std::lround(std::clamp(units, 0.0, 65535.0)));
        values_.push_back(static_cast<std::uint16_t>(value - last_));
        last_ = value;
    }
    [[nodiscard]] std::string packed() const { return packed_u16(values_); }

private:
    std::vector<std::uint16_t> values_;
    std::uint16_t last_ = 0;
};

}  // namespace

std::vector<double> simplified_line(std::span<const double> points, double tolerance) {
    const std::size_t n = points.size() / 2;
    if (n <= 2) return {points.begin(), points.end()};
    std::vector<char> keep(n, 0);
    keep.front() = keep.back() = 1;
    std::vector<std::pair<std::size_t, std::size_t>> open{{0, n - 1}};
    while (!open.empty()) {
        const auto [first, last] = open.back();
        open.pop_back();
        std::size_t farthest = first;
        double distance = tolerance;
        for (std::size_t i = first + 1; i < last; ++i) {
            const double d = distance_to_segment(&points[2 * i], &points[2 * first], &points[2 * last]);
            if (d > distance) distance = d, farthest = i;
        }
        if (farthest == first) continue;
        keep[farthest] = 1;
        open.emplace_back(first, farthest);
        open.emplace_back(farthest, last);
    }
    std::vector<double> line;
    for (std::size_t i = 0; i < n; ++i) {
        if (keep[i]) line.insert(line.end(), {points[2 * i], points[2 * i + 1]});
    }
    return line;
}

PackedShapes pack_shapes(const EntitySet& links, std::span<const std::uint32_t> rows) {
    const Ragged<double>& shapes = links.ragged<double>("shape");
    constexpr double far = std::numeric_limits<double>::max();
    double min_x = far, min_y = far, max_x = -far, max_y = -far;
    for (const std::uint32_t row : rows) {
        const auto shape = shapes[row];
        for (std::size_t i = 0; i + 1 < shape.size(); i += 2) {
            min_x = std::min(min_x, shape[i]), max_x = std::max(max_x, shape[i]);
            min_y = std::min(min_y, shape[i + 1]), max_y = std::max(max_y, shape[i + 1]);
        }
    }
    PackedShapes packed;
    if (min_x > max_x) return packed;
    const double extent = std::max({max_x - min_x, max_y - min_y, 1.0});
    packed.min_x = min_x, packed.min_y = min_y;
    packed.metres_per_unit = extent / 65535;
    std::vector<std::uint16_t> counts;
    Differences x, y;
    for (const std::uint32_t row : rows) {
        const std::vector<double> line = simplified_line(shapes[row], std::max(1.5, extent / 20000));
        const std::size_t points = std::min<std::size_t>(line.size() / 2, 65535);
        counts.push_back(static_cast<std::uint16_t>(points));
        packed.points += points;
        for (std::size_t i = 0; i < points; ++i) {
            x.add((line[2 * i] - min_x) / packed.metres_per_unit);
            y.add((line[2 * i + 1] - min_y) / packed.metres_per_unit);
        }
    }
    packed.lines = counts.size();
    packed.counts = packed_u16(counts);
    packed.x = x.packed();
    packed.y = y.packed();
    return packed;
}

}  // namespace citytwin
