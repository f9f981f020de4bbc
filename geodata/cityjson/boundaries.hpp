#pragma once
// The boundaries of one geometry into the flat arrays of a model. Nesting is by type: a MultiSurface is [surface [ring [corner]]],
// a Solid one level deeper, a MultiSolid two; and so are the values of their semantics (city.md section 16).
#include <simdjson.h>

#include <string_view>

#include "geodata/cityjson/city_model.hpp"

namespace citytwin::geodata::cityjson {

/// False for points, lines and unknown types.
bool geometry_type(std::string_view name, GeometryType& type);

class BoundaryReader {
public:
    BoundaryReader(CityModel& model, SourcePlace place, std::string_view object, int number) : model_(model), place_(std::move(place)), object_(object), number_(number) {}
    /// Appends one building; false (and nothing appended) when the geometry has no corner at all. Throws CT-CITYJSON-006/007.
    bool read(const simdjson::dom::element& geometry);

private:
    void read_shell(const simdjson::dom::array& surfaces);
    void read_surface(const simdjson::dom::array& rings);
    void read_meanings(const simdjson::dom::element& geometry, GeometryType type, std::size_t first_surface, std::size_t first_shell);
    void take_meanings(const simdjson::dom::array& values, std::size_t first, std::size_t count, const std::vector<std::uint16_t>& names);
    std::uint16_t name_of(std::string_view name);
    simdjson::dom::array array_of(const simdjson::dom::element& element, const char* what);

    CityModel& model_;
    SourcePlace place_;
    std::string_view object_;
    int number_;
};

}  // namespace citytwin::geodata::cityjson
