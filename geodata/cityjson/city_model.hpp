#pragma once
// What a CityJSON file says of its buildings, flat: buildings -> shells -> surfaces -> rings -> vertex numbers, at the highest
// level of detail of each (the first one if equal), and the counts of everything in the file (city.md section 3).
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/ids.hpp"
#include "geodata/cityjson/attributes.hpp"

namespace citytwin::geodata::cityjson {

enum class GeometryType : std::uint8_t { multi_surface, composite_surface, solid, multi_solid, composite_solid };

/// A surface without semantics.
inline constexpr std::uint16_t no_meaning = 0xffff;

struct CityModel {
    std::string file, version, crs;              ///< crs as the file spells it, "" = it says nothing
    std::vector<double> x, y, z;                 ///< the file's transform applied

    // --- buildings and parts with geometry, in the file's order
    std::vector<std::string> id, type, lod;
    std::vector<Index> object;                   ///< row in `attributes`
    std::vector<Index> parent;                   ///< row in `attributes` of the first parent, or no_index
    std::vector<GeometryType> geometry;
    std::vector<std::uint64_t> shells{0}, surfaces{0}, rings{0}, corners{0};  ///< offsets: building -> shell -> surface -> ring -> corner
    std::vector<std::uint32_t> vertex;           ///< by corner
    std::vector<std::uint16_t> meaning;          ///< by surface: row in `meanings`, or no_meaning
    std::vector<std::string> meanings;           ///< "GroundSurface" …
    AttributeTable attributes;                   ///< of all buildings and parts, with geometry or without
    std::vector<std::string> object_id;          ///< by row of `attributes`

    // --- the whole file
    std::uint64_t city_objects = 0;
    std::map<std::string, std::uint64_t> types, geometries, lods;
    std::uint64_t without_lod = 0, instances = 0, wrong_semantics = 0, without_geometry = 0;

    [[nodiscard]] std::size_t size() const { return id.size(); }
};

/// Throws InputError CT-CITYJSON-00x with the file, the line and the object.
CityModel read_city_model(const std::string& path);

}  // namespace citytwin::geodata::cityjson
