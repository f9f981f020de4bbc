#include "geodata/cityjson/boundaries.hpp"

#include <fmt/format.h>

namespace citytwin::geodata::cityjson {

namespace dom = simdjson::dom;

bool geometry_type(std::string_view name, GeometryType& type) {
    if (name == "MultiSurface") type = GeometryType::multi_surface;
    else if (name == "CompositeSurface") type = GeometryType::composite_surface;
    else if (name == "Solid") type = GeometryType::solid;
    else if (name == "MultiSolid") type = GeometryType::multi_solid;
    else if (name == "CompositeSolid") type = GeometryType::composite_solid;
    else return false;
    return true;
}

dom::array BoundaryReader::array_of(const dom::element& element, const char* what) {
    dom::array array;
    if (element.get(array)) {
        fail("CT-CITYJSON-007", place_, fmt::format("geometry {} of '{}': {} is no list", number_, object_, what), "boundaries nest by the geometry's type: a Solid is [shell [surface [ring [vertex]]]]");
    }
    return array;
}

void BoundaryReader::read_surface(const dom::array& rings) {
    for (const auto ring : rings) {
        for (const auto corner : array_of(ring, "a ring")) {
            std::uint64_t vertex = 0;
            if (corner.get(vertex)) {
                fail(corner.is_array() ? "CT-CITYJSON-007" : "CT-CITYJSON-006", place_,
                     fmt::format("geometry {} of '{}': a corner is {}, expected a vertex number from 0", number_, object_, corner.is_array() ? "a list" : simdjson::minify(corner)),
                     "boundaries nest by the geometry's type: a Solid is [shell [surface [ring [vertex]]]]");
            }
            if (vertex >= model_.x.size()) {
                fail("CT-CITYJSON-006", place_, fmt::format("geometry {} of '{}' names vertex {}; the file has {}", number_, object_, vertex, model_.x.size()), "vertices count from 0");
            }
            model_.vertex.push_back(static_cast<std::uint32_t>(vertex));
        }
        model_.corners.push_back(model_.vertex.size());
    }
    model_.rings.push_back(model_.corners.size() - 1);
    model_.meaning.push_back(no_meaning);
}

void BoundaryReader::read_shell(const dom::array& surfaces) {
    for (const auto surface : surfaces) read_surface(array_of(surface, "a surface"));
    model_.surfaces.push_back(model_.rings.size() - 1);
}

bool BoundaryReader::read(const dom::element& geometry) {
    std::string_view name;
    GeometryType type = GeometryType::multi_surface;
    if (geometry["type"].get(name) || !geometry_type(name, type)) return false;
    dom::element boundaries;
    if (geometry["boundaries"].get(boundaries)) fail("CT-CITYJSON-007", place_, fmt::format("geometry {} of '{}' has no boundaries", number_, object_));
    const std::size_t first_shell = model_.surfaces.size() - 1, first_surface = model_.rings.size() - 1, first_ring = model_.corners.size() - 1, first_corner = model_.vertex.size();
    const dom::array outer = array_of(boundaries, "its boundaries");
    if (type == GeometryType::multi_surface || type == GeometryType::composite_surface) {
        read_shell(outer);
    } else if (type == GeometryType::solid) {
        for (const auto shell : outer) read_shell(array_of(shell, "a shell"));
    } else {
        for (const auto solid : outer) {
            for (const auto shell : array_of(solid, "a solid")) read_shell(array_of(shell, "a shell"));
        }
    }
    if (model_.vertex.size() == first_corner) {
        model_.surfaces.resize(first_shell + 1);
        model_.rings.resize(first_surface + 1);
        model_.corners.resize(first_ring + 1);
        model_.meaning.resize(first_surface);
        return false;
    }
    model_.geometry.push_back(type);
    model_.shells.push_back(model_.surfaces.size() - 1);
    read_meanings(geometry, type, first_surface, first_shell);
    return true;
}

std::uint16_t BoundaryReader::name_of(std::string_view name) {
    for (std::size_t i = 0; i < model_.meanings.size(); ++i) {
        if (model_.meanings[i] == name) return static_cast<std::uint16_t>(i);
    }
    if (model_.meanings.size() >= no_meaning) return no_meaning;
    model_.meanings.emplace_back(name);
    return static_cast<std::uint16_t>(model_.meanings.size() - 1);
}

/// A null is a surface without meaning; a value that names no surface is counted, and its surface has none either.
void BoundaryReader::take_meanings(const dom::array& values, std::size_t first, std::size_t count, const std::vector<std::uint16_t>& names) {
    std::size_t at = 0;
    for (const auto value : values) {
        if (at >= count) break;
        std::uint64_t row = 0;
        if (!value.is_null()) {
            if (value.get(row) || row >= names.size()) ++model_.wrong_semantics;
            else model_.meaning[first + at] = names[row];
        }
        ++at;
    }
}

void BoundaryReader::read_meanings(const dom::element& geometry, GeometryType type, std::size_t first_surface, std::size_t first_shell) {
    dom::array surfaces, values;
    if (geometry["semantics"]["surfaces"].get(surfaces) || geometry["semantics"]["values"].get(values)) return;
    std::vector<std::uint16_t> names;
    for (const auto surface : surfaces) {
        std::string_view name;
        names.push_back(surface["type"].get(name) ? no_meaning : name_of(name));
    }
    if (type == GeometryType::multi_surface || type == GeometryType::composite_surface) {
        take_meanings(values, first_surface, model_.rings.size() - 1 - first_surface, names);
    } else if (type == GeometryType::solid) {
        std::size_t shell = first_shell;
        for (const auto value : values) {
            dom::array row;
            if (shell + 1 >= model_.surfaces.size()) break;
            if (!value.get(row)) take_meanings(row, model_.surfaces[shell], model_.surfaces[shell + 1] - model_.surfaces[shell], names);
            else if (!value.is_null()) ++model_.wrong_semantics;
            ++shell;
        }
    }
}

}  // namespace citytwin::geodata::cityjson
