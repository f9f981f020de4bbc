#pragma once
// OpenStreetMap tags to numbers (city.md section 6): lanes, speeds, who may drive, turn arrows. Each answer says how it was got,
// so that the import report can count by cause.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/osm/defaults.hpp"
#include "geodata/osm/osm_data.hpp"

namespace citytwin::geodata::osm {

/// Why a value isn't simply the tag's.
enum class TagCause : std::uint8_t {
    lanes_from_default, lanes_not_whole, lanes_zero, lanes_capped, lanes_shared,
    speed_from_default, speed_list_lowered, speed_country_table, speed_variable, speed_unreadable, speed_out_of_range,
    access_value_unknown, oneway_value_unknown, turn_lanes_mismatch
};
inline constexpr std::size_t tag_cause_count = 14;
using TagCauses = std::uint32_t;  ///< bit set of TagCause
constexpr TagCauses bit_of(TagCause cause) { return TagCauses{1} << static_cast<unsigned>(cause); }

struct Lanes {
    int forward = 1, backward = 1;
    TagCauses causes = 0;
};
/// Texts of the lane tags of one way, empty = absent. `direction` 1, -1 or 0.
struct LaneTags {
    std::optional<std::string_view> lanes, forward, backward, both_ways;
    int turn_lanes_forward = 0, turn_lanes_backward = 0;  ///< lanes that turn:lanes lists, 0 = not tagged
};
Lanes lanes_of(const LaneTags& tags, int direction, RoadClass road_class, const RoadDefaults& defaults);

struct Speed {
    double mps = 0;
    TagCauses causes = 0;
};
/// From maxspeed, or the class default when the text is absent or says nothing usable.
Speed speed_of(std::optional<std::string_view> maxspeed, RoadClass road_class, const RoadDefaults& defaults);

enum class CarAccess : std::uint8_t { yes, destination, no };
struct Access {
    CarAccess cars = CarAccess::yes;
    std::uint32_t permissions = 0;  ///< vehicle classes of the carriageway
    TagCauses causes = 0;
};
/// Most specific key first: motorcar, motor_vehicle, vehicle, access.
struct AccessTags {
    std::optional<std::string_view> motorcar, motor_vehicle, vehicle, access, bus, psv, hgv, bicycle, taxi;
};
Access access_of(const AccessTags& tags, RoadClass road_class);

/// Arrows of each lane, leftmost first, as bit sets of Turn; empty if the text has none at all.
std::vector<std::uint8_t> turn_lanes_of(std::string_view text);
constexpr std::uint8_t bit_of(Turn turn) { return static_cast<std::uint8_t>(1u << static_cast<unsigned>(turn)); }

}  // namespace citytwin::geodata::osm
