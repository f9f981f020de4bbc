#pragma once
// Height, footprint, ground and volume of each building of a model, as city.md section 3 defines them, in the model's coordinates.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/city/column.hpp"
#include "core/parallel/arena.hpp"
#include "geodata/cityjson/city_model.hpp"

namespace citytwin::geodata::cityjson {

struct Measures {
    std::vector<double> lowest_m, height_m, footprint_m2, ground_m2;
    std::vector<double> volume_m3;              ///< NaN = unknown: no solid, or an open one
    std::vector<std::uint8_t> is_solid, is_open;
    std::vector<std::uint64_t> outline;         ///< ring that stands for the building on a map
    std::map<std::string, std::uint64_t> meanings;   ///< surfaces of the measured geometries by their semantics
};

Measures measure(const CityModel& model, Arena& arena);

}  // namespace citytwin::geodata::cityjson
