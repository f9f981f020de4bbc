#pragma once
// What is kept of an OpenStreetMap file: node positions, the ways of roads and buildings with the tags that matter, restrictions.
// Flat arrays and interned values, so that a city of 400,000 ways fits beside its network.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/ids.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata::osm {

using ObjectId = std::int64_t;

/// Keys that the importer reads on ways; all others are left in the file.
enum class TagKey : std::uint8_t {
    oneway, junction, lanes, lanes_forward, lanes_backward, lanes_both_ways, turn_lanes, turn_lanes_forward, turn_lanes_backward,
    maxspeed, maxspeed_forward, maxspeed_backward, access, vehicle, motor_vehicle, motorcar, bus, psv, hgv, bicycle, foot, taxi, bridge, tunnel,
    layer, width, surface, sidewalk, cycleway, name, ref, building, building_levels, height, min_height, roof_height
};
inline constexpr std::array tag_key_names = {
    "oneway", "junction", "lanes", "lanes:forward", "lanes:backward", "lanes:both_ways", "turn:lanes", "turn:lanes:forward", "turn:lanes:backward",
    "maxspeed", "maxspeed:forward", "maxspeed:backward", "access", "vehicle", "motor_vehicle", "motorcar", "bus", "psv", "hgv", "bicycle", "foot",
    "taxi", "bridge", "tunnel", "layer", "width", "surface", "sidewalk", "cycleway", "name", "ref", "building", "building:levels", "height",
    "min_height", "roof:height"};
inline constexpr std::size_t tag_key_count = tag_key_names.size();

/// Each different text once; numbers are given in the order of first use, so they are the same for any thread count.
class TextPool {
public:
    std::uint32_t intern(std::string_view text);
    [[nodiscard]] const std::string& operator[](std::uint32_t number) const { return *texts_[number]; }
    [[nodiscard]] std::size_t size() const { return texts_.size(); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
    std::vector<const std::string*> texts_;
};

/// Positions in units of 1e-7 degrees, as the format stores them; sorted by id after reading.
struct NodeTable {
    std::vector<ObjectId> id;
    std::vector<std::int32_t> x, y;  ///< no_place = no (valid) position
    static constexpr std::int32_t no_place = 2147483647;

    [[nodiscard]] std::size_t size() const { return id.size(); }
    [[nodiscard]] double lon(Index row) const { return x[row] / 1e7; }
    [[nodiscard]] double lat(Index row) const { return y[row] / 1e7; }
};

enum class NodeKind : std::uint8_t { traffic_signals, stop, give_way, crossing };
enum class SignalDirection : std::uint8_t { unknown, forward, backward, both };
struct TaggedNode {
    ObjectId id;
    NodeKind kind;
    SignalDirection direction;
};

/// Ways as flat rows. `refs` hold node ids until they are resolved to rows of the node table.
struct WayTable {
    std::vector<ObjectId> id;
    std::vector<RoadClass> road_class;
    std::vector<std::int8_t> direction;  ///< 1 along, -1 against, 0 both (city.md section 3)
    std::vector<std::uint64_t> ref_offset{0};
    std::vector<ObjectId> refs;
    std::vector<std::uint64_t> tag_offset{0};
    std::vector<TagKey> tag_key;
    std::vector<std::uint32_t> tag_value;  ///< numbers of OsmData::texts

    [[nodiscard]] std::size_t size() const { return id.size(); }
    [[nodiscard]] std::optional<std::uint32_t> tag(Index way, TagKey key) const {
        for (auto k = tag_offset[way]; k < tag_offset[way + 1]; ++k) {
            if (tag_key[k] == key) return tag_value[k];
        }
        return std::nullopt;
    }
};

/// A turn restriction over one node. Those over ways, or incomplete ones, are only counted.
struct Restriction {
    ObjectId id, from_way, via_node, to_way;
    bool only;  ///< only_* (all other turns are forbidden), else no_*
};

struct OsmData {
    NodeTable nodes;
    std::vector<TaggedNode> tagged_nodes;  ///< sorted by id
    WayTable roads;      ///< drivable ways with at least two refs
    WayTable buildings;  ///< ways with a building tag
    std::vector<Restriction> restrictions;
    TextPool texts;

    std::uint64_t turn_restrictions = 0, building_relations = 0, traffic_signal_nodes = 0;
    std::uint64_t restrictions_over_ways = 0, restrictions_incomplete = 0, restrictions_not_for_cars = 0, restrictions_conditional = 0;
    std::uint64_t duplicate_nodes = 0, duplicate_ways = 0, duplicate_relations = 0, deleted_objects = 0;
    std::uint64_t nodes_without_place = 0;
    bool was_unsorted = false;
};

/// Reads .osm.pbf, .osm, .osm.gz, .osm.bz2 with libosmium. Objects in any order; of duplicates the highest version stays.
/// Throws InputError (CT-OSM-00x) with the file, and the line where the format has lines.
OsmData read_osm_file(const std::string& path, int threads);

/// Index of a key name, if it is one of `tag_key_names`.
std::optional<TagKey> tag_key_of(std::string_view name);
/// The class of a drivable `highway` value, or nothing.
std::optional<RoadClass> drivable_class(std::string_view highway);
/// Driving direction of a way (city.md section 3).
int driving_direction(std::string_view highway, const char* oneway, const char* junction);

}  // namespace citytwin::geodata::osm
