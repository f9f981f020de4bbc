#include "geodata/cityjson/measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "geodata/cityjson/union_area.hpp"

namespace citytwin::geodata::cityjson {
namespace {

constexpr double least_surface_m2 = 1e-6;

struct Vector {
    double x = 0, y = 0, z = 0;
};

/// Measures one building after the other; keeps its buffers.
class Measurer {
public:
    Measurer(const CityModel& model, Measures& out, std::uint16_t ground) : model_(model), out_(out), ground_(ground) {}

    void measure(std::size_t building) {
        first_shell_ = model_.shells[building];
        last_shell_ = model_.shells[building + 1];
        first_surface_ = model_.surfaces[first_shell_];
        last_surface_ = model_.surfaces[last_shell_];
        origin_ = model_.vertex[model_.corners[model_.rings[first_surface_]]];
        measure_height(building);
        measure_plan(building);
        if (model_.geometry[building] == GeometryType::solid) measure_volume(building);
    }

private:
    /// Corner of a ring relative to the building's first vertex.
    [[nodiscard]] Vector at(std::uint64_t corner) const {
        const std::uint32_t v = model_.vertex[corner];
        return {model_.x[v] - model_.x[origin_], model_.y[v] - model_.y[origin_], model_.z[v] - model_.z[origin_]};
    }

    void measure_height(std::size_t building) {
        double low = std::numeric_limits<double>::infinity(), high = -low;
        const auto first = model_.corners[model_.rings[first_surface_]], last = model_.corners[model_.rings[last_surface_]];
        for (auto corner = first; corner < last; ++corner) {
            low = std::min(low, model_.z[model_.vertex[corner]]);
            high = std::max(high, model_.z[model_.vertex[corner]]);
        }
        out_.lowest_m[building] = low;
        out_.height_m[building] = high - low;
    }

    /// Area of a ring projected to the ground, positive.
    [[nodiscard]] double ring_area(std::uint64_t ring) const {
        double twice = 0;
        const auto first = model_.corners[ring], last = model_.corners[ring + 1];
        for (auto c = first; c < last; ++c) {
            const Vector a = at(c), b = at(c + 1 < last ? c + 1 : first);
            twice += a.x * b.y - b.x * a.y;
        }
        return std::abs(twice) / 2;
    }

    /// Outer ring minus holes; -1 for a surface with a ring of fewer than three corners.
    [[nodiscard]] double surface_area(std::uint64_t surface) const {
        double area = 0;
        for (auto ring = model_.rings[surface]; ring < model_.rings[surface + 1]; ++ring) {
            if (model_.corners[ring + 1] - model_.corners[ring] < 3) return -1;
            area += (ring == model_.rings[surface] ? 1 : -1) * ring_area(ring);
        }
        return area;
    }

    void add_to_union(std::uint64_t surface, std::uint32_t polygon) {
        for (auto ring = model_.rings[surface]; ring < model_.rings[surface + 1]; ++ring) {
            const auto first = model_.corners[ring], last = model_.corners[ring + 1];
            for (auto c = first; c < last; ++c) {
                const Vector a = at(c), b = at(c + 1 < last ? c + 1 : first);
                union_.add_edge(polygon, a.x, a.y, b.x, b.y);
            }
        }
    }

    void measure_plan(std::size_t building) {
        union_.clear();
        std::uint32_t polygons = 0;
        double ground = 0, largest = -1, largest_ground = -1;
        for (auto surface = first_surface_; surface < last_surface_; ++surface) {
            const double area = surface_area(surface);
            if (area < 0 || model_.rings[surface] == model_.rings[surface + 1]) continue;
            if (area > least_surface_m2) add_to_union(surface, polygons++);
            const bool is_ground = model_.meaning[surface] == ground_ && ground_ != no_meaning;
            if (is_ground) ground += area;
            if (is_ground ? area > largest_ground : largest_ground < 0 && area > largest) {
                (is_ground ? largest_ground : largest) = area;
                out_.outline[building] = model_.rings[surface];
            }
        }
        out_.ground_m2[building] = ground;
        out_.footprint_m2[building] = union_.area();
    }

    /// Newell's area vector of a ring: half the sum of the cross products of its corners.
    [[nodiscard]] Vector area_vector(std::uint64_t ring) const {
        Vector sum;
        const auto first = model_.corners[ring], last = model_.corners[ring + 1];
        for (auto c = first; c < last; ++c) {
            const Vector a = at(c), b = at(c + 1 < last ? c + 1 : first);
            sum.x += a.y * b.z - a.z * b.y;
            sum.y += a.z * b.x - a.x * b.z;
            sum.z += a.x * b.y - a.y * b.x;
        }
        return {sum.x / 2, sum.y / 2, sum.z / 2};
    }

    [[nodiscard]] Vector centre(std::uint64_t ring) const {
        Vector sum;
        const auto first = model_.corners[ring], last = model_.corners[ring + 1];
        for (auto c = first; c < last; ++c) {
            const Vector a = at(c);
            sum = {sum.x + a.x, sum.y + a.y, sum.z + a.z};
        }
        const auto n = static_cast<double>(last - first);
        return {sum.x / n, sum.y / n, sum.z / n};
    }

    /// Every directed edge as often as its opposite.
    bool is_closed() {
        forward_.clear();
        backward_.clear();
        for (auto ring = model_.rings[first_surface_]; ring < model_.rings[last_surface_]; ++ring) {
            const auto first = model_.corners[ring], last = model_.corners[ring + 1];
            for (auto c = first; c < last; ++c) {
                const std::uint64_t a = model_.vertex[c], b = model_.vertex[c + 1 < last ? c + 1 : first];
                forward_.push_back((a << 32) | b);
                backward_.push_back((b << 32) | a);
            }
        }
        std::sort(forward_.begin(), forward_.end());
        std::sort(backward_.begin(), backward_.end());
        return forward_ == backward_;
    }

    void measure_volume(std::size_t building) {
        out_.is_solid[building] = 1;
        if (!is_closed()) {
            out_.is_open[building] = 1;
            return;
        }
        double volume = 0;
        for (auto surface = first_surface_; surface < last_surface_; ++surface) {
            if (model_.rings[surface] == model_.rings[surface + 1] || model_.corners[model_.rings[surface]] == model_.corners[model_.rings[surface] + 1]) continue;
            Vector area;
            for (auto ring = model_.rings[surface]; ring < model_.rings[surface + 1]; ++ring) {
                const Vector v = area_vector(ring);
                area = {area.x + v.x, area.y + v.y, area.z + v.z};
            }
            const Vector c = centre(model_.rings[surface]);
            volume += (c.x * area.x + c.y * area.y + c.z * area.z) / 3;
        }
        out_.volume_m3[building] = volume;
    }

    const CityModel& model_;
    Measures& out_;
    std::uint16_t ground_;
    std::uint64_t first_shell_ = 0, last_shell_ = 0, first_surface_ = 0, last_surface_ = 0;
    std::uint32_t origin_ = 0;
    UnionArea union_;
    std::vector<std::uint64_t> forward_, backward_;
};

/// Of the geometries whose semantics count (city.md section 3): solids and surfaces, not groups of solids.
void count_meanings(const CityModel& model, Measures& out) {
    std::vector<std::uint64_t> count(model.meanings.size(), 0);
    for (std::size_t surface = 0; surface < model.meaning.size(); ++surface) {
        if (model.meaning[surface] == no_meaning) continue;
        bool whole = model.rings[surface] != model.rings[surface + 1];
        for (auto ring = model.rings[surface]; ring < model.rings[surface + 1]; ++ring) whole = whole && model.corners[ring + 1] - model.corners[ring] >= 3;
        if (whole) ++count[model.meaning[surface]];
    }
    for (std::size_t i = 0; i < count.size(); ++i) {
        if (count[i] != 0) out.meanings[model.meanings[i]] = count[i];
    }
}

}  // namespace

Measures measure(const CityModel& model, Arena& arena) {
    Measures out;
    const std::size_t n = model.size();
    for (auto* column : {&out.lowest_m, &out.height_m, &out.footprint_m2, &out.ground_m2}) column->assign(n, 0);
    out.volume_m3.assign(n, std::numeric_limits<double>::quiet_NaN());
    out.is_solid.assign(n, 0);
    out.is_open.assign(n, 0);
    out.outline.resize(n);
    for (std::size_t b = 0; b < n; ++b) out.outline[b] = model.rings[model.surfaces[model.shells[b]]];
    const auto found = std::find(model.meanings.begin(), model.meanings.end(), "GroundSurface");
    const auto ground = found == model.meanings.end() ? no_meaning : static_cast<std::uint16_t>(found - model.meanings.begin());
    constexpr std::size_t batch = 64;   // buildings a task
    arena.each((n + batch - 1) / batch, [&](std::size_t task) {
        Measurer measurer(model, out, ground);
        for (std::size_t b = task * batch; b < std::min(n, (task + 1) * batch); ++b) measurer.measure(b);
    }, 1);
    count_meanings(model, out);
    return out;
}

}  // namespace citytwin::geodata::cityjson
