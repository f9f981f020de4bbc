// `within` of a change: which entities lie inside the polygons of a file.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/module/registry.hpp"
#include "geodata/vector/vector_geometry.hpp"

namespace citytwin::geodata {
namespace {

struct Places {
    std::vector<double> x, y;   ///< NaN = nowhere
    [[nodiscard]] bool known() const { return !x.empty(); }
};

/// The point half-way along a line; of an outline as well, which is close enough to its middle for no purpose but this: an outline has x and y.
Point middle_of(std::span<const double> line) {
    double length = 0;
    const auto piece = [&](std::size_t k) { return std::hypot(line[k + 2] - line[k], line[k + 3] - line[k + 1]); };
    for (std::size_t k = 0; k + 3 < line.size(); k += 2) length += piece(k);
    double left = length / 2;
    for (std::size_t k = 0; k + 3 < line.size(); k += 2) {
        const double here = piece(k);
        if (left <= here && here > 0) return {line[k] + (line[k + 2] - line[k]) * left / here, line[k + 1] + (line[k + 3] - line[k + 1]) * left / here};
        left -= here;
    }
    return {line[0], line[1]};
}

Places places_of(const City& city, const EntitySet& set, int steps_left = 3) {
    const auto is = [&](const char* name) { const Column* c = set.find(name); return c != nullptr && std::holds_alternative<std::vector<double>>(c->data); };
    if (is("x") && is("y")) return {set.get<double>("x"), set.get<double>("y")};
    Places places;
    const Column* shape = set.find("shape");
    if (shape != nullptr && std::holds_alternative<Ragged<double>>(shape->data)) {
        const auto& lines = std::get<Ragged<double>>(shape->data);
        for (std::size_t row = 0; row < set.size(); ++row) {
            const Point at = lines[row].size() < 2 ? Point{std::nan(""), std::nan("")} : middle_of(lines[row]);
            places.x.push_back(at.x);
            places.y.push_back(at.y);
        }
        return places;
    }
    if (steps_left == 0) return places;
    for (const char* name : {"home", "household", "site", "building", "place", "road_link", "power_bus", "water_node", "bin", "zone"}) {   // where something belongs, the nearest first
        const Column* reference = set.find(name);
        if (reference == nullptr || reference->refers_to.empty() || !std::holds_alternative<std::vector<std::uint32_t>>(reference->data)) continue;
        const EntitySet* target = city.find(reference->refers_to);
        if (target == nullptr) continue;
        const Places of_target = places_of(city, *target, steps_left - 1);
        if (!of_target.known()) continue;
        for (const auto row : std::get<std::vector<std::uint32_t>>(reference->data)) {
            places.x.push_back(row < of_target.x.size() ? of_target.x[row] : std::nan(""));
            places.y.push_back(row < of_target.y.size() ? of_target.y[row] : std::nan(""));
        }
        return places;
    }
    return places;
}

std::vector<Index> rows_within(const City& city, const EntitySet& set, const std::string& path, Arena& arena) {
    VectorLayer layer = read_vector(path);
    std::vector<std::size_t> polygons;
    for (std::size_t row = 0; row < layer.size(); ++row) {
        if (layer.kind[row] == GeometryKind::polygon) polygons.push_back(row);
    }
    if (polygons.empty()) fail("CT-SCENARIO-025", {path}, fmt::format("the file has {} features, but no polygon", layer.size()), "`within` needs areas; draw them as polygons, or select by ids");
    move_to_city(layer, city.crs, city.origin_x, city.origin_y, "", arena);
    const Places places = places_of(city, set);
    if (!places.known()) fail("CT-SCENARIO-025", {path}, fmt::format("entities of '{}' have no place: neither coordinates nor a shape, nor do they belong to something that has", set.name()), "select them by an expression or by ids");
    std::vector<Box> boxes;
    for (const std::size_t polygon : polygons) boxes.push_back(box_of(layer, polygon));
    std::vector<Index> inside;
    for (std::size_t row = 0; row < set.size(); ++row) {
        const double x = places.x[row], y = places.y[row];
        for (std::size_t k = 0; k < polygons.size(); ++k) {
            if (!(x >= boxes[k].left && x <= boxes[k].right && y >= boxes[k].bottom && y <= boxes[k].top) || !contains(layer, polygons[k], x, y)) continue;
            inside.push_back(static_cast<Index>(row));
            break;
        }
    }
    return inside;
}

const Registration selector{AreaSelector{"polygons of a vector file", rows_within}};

}  // namespace
}  // namespace citytwin::geodata
