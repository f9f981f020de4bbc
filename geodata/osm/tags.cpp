#include "geodata/osm/tags.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/text.hpp"

namespace citytwin::geodata::osm {
namespace {

constexpr double kmh = 1 / 3.6, mph = 1.609344 / 3.6, knots = 1.852 / 3.6;

/// A lane count of a tag, nothing if it isn't a whole number above 0 (and then why).
std::optional<int> lane_count(std::optional<std::string_view> text, const RoadDefaults& defaults, TagCauses& causes) {
    if (!text) return std::nullopt;
    const auto number = parse_integer(trimmed(*text));
    if (!number || *number < 0) {
        causes |= bit_of(TagCause::lanes_not_whole);
        return std::nullopt;
    }
    if (*number == 0) {
        causes |= bit_of(TagCause::lanes_zero);
        return std::nullopt;
    }
    if (*number > defaults.highest_lanes) {
        causes |= bit_of(TagCause::lanes_capped);
        return defaults.highest_lanes;
    }
    return static_cast<int>(*number);
}

int counted_or_default(std::optional<int> tagged, int turn_lanes, int otherwise, TagCauses& causes) {
    if (tagged) return *tagged;
    if (turn_lanes > 0) return turn_lanes;
    causes |= bit_of(TagCause::lanes_from_default);
    return otherwise;
}

/// The zone of "RO:urban", "DE:zone:30", "FR:zone30" and the like.
std::optional<double> country_speed(std::string_view zone, const RoadDefaults& defaults) {
    if (zone == "urban") return defaults.urban_mps;
    if (zone == "rural" || zone == "trunk") return defaults.rural_mps;
    if (zone == "motorway") return defaults.motorway_mps;
    if (zone == "walk" || zone == "living_street" || zone == "pedestrian_zone") return defaults.of(RoadClass::living_street).speed_mps;
    if (zone.starts_with("zone")) zone.remove_prefix(4);
    if (zone.starts_with(":")) zone.remove_prefix(1);
    const auto number = parse_number(zone);
    return number ? std::optional(*number * kmh) : std::nullopt;
}

/// A speed of one value of the list: a number with or without unit, or a word. Nothing if unreadable.
std::optional<double> single_speed(std::string_view text, const RoadDefaults& defaults, TagCauses& causes) {
    text = trimmed(text);
    static constexpr std::pair<std::string_view, double> units[] = {{"mph", mph}, {"knots", knots}, {"km/h", kmh}, {"kmh", kmh}, {"kph", kmh}};
    double factor = kmh;
    for (const auto& [unit, value] : units) {
        if (!text.ends_with(unit)) continue;
        factor = value;
        text = trimmed(text.substr(0, text.size() - unit.size()));
        break;
    }
    if (const auto number = parse_number(text)) return *number * factor;
    if (text == "walk") return defaults.walk_mps;
    if (text == "none") return defaults.unlimited_mps;
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto speed = country_speed(text.substr(colon + 1), defaults);
    if (speed) causes |= bit_of(TagCause::speed_country_table);
    return speed;
}

/// 1 = may, 2 = may enter but not pass through, 0 = may not, -1 = not said, -2 = an unknown word.
int permission_of(std::optional<std::string_view> value) {
    if (!value) return -1;
    static constexpr std::string_view no[] = {"no", "private", "agricultural", "forestry"};
    static constexpr std::string_view destination[] = {"destination", "customers", "permissive", "delivery"};
    static constexpr std::string_view yes[] = {"yes", "designated", "official", "public"};
    const auto is_in = [&](const auto& list) { return std::find(std::begin(list), std::end(list), *value) != std::end(list); };
    return is_in(no) ? 0 : is_in(destination) ? 2 : is_in(yes) ? 1 : -2;
}

std::uint32_t changed(std::uint32_t permissions, std::optional<std::string_view> value, std::uint32_t classes) {
    const int permission = permission_of(value);
    if (permission == 0) return permissions & ~classes;
    return permission == 1 || permission == 2 ? permissions | classes : permissions;
}

}  // namespace

Lanes lanes_of(const LaneTags& tags, int direction, RoadClass road_class, const RoadDefaults& defaults) {
    Lanes lanes;
    const int otherwise = defaults.of(road_class).lanes_per_direction;
    const auto all = lane_count(tags.lanes, defaults, lanes.causes);
    auto forward = lane_count(tags.forward, defaults, lanes.causes), backward = lane_count(tags.backward, defaults, lanes.causes);
    if (direction != 0) {
        auto& own = direction > 0 ? forward : backward;
        if (!own) own = all;
        lanes.forward = direction > 0 ? counted_or_default(own, tags.turn_lanes_forward, otherwise, lanes.causes) : 0;
        lanes.backward = direction < 0 ? counted_or_default(own, tags.turn_lanes_backward, otherwise, lanes.causes) : 0;
        return lanes;
    }
    const auto middle = tags.both_ways ? lane_count(tags.both_ways, defaults, lanes.causes).value_or(0) : 0;
    if (all) {
        const int shared = std::max(1, *all - middle);
        if (shared == 1 && !forward && !backward) lanes.causes |= bit_of(TagCause::lanes_shared);
        if (!forward && backward) forward = std::max(1, shared - *backward);
        if (!backward && forward) backward = std::max(1, shared - *forward);
        if (!forward) forward = (shared + 1) / 2;
        if (!backward) backward = std::max(1, shared / 2);
    }
    lanes.forward = counted_or_default(forward, tags.turn_lanes_forward, otherwise, lanes.causes);
    lanes.backward = counted_or_default(backward, tags.turn_lanes_backward, otherwise, lanes.causes);
    return lanes;
}

Speed speed_of(std::optional<std::string_view> maxspeed, RoadClass road_class, const RoadDefaults& defaults) {
    const double otherwise = defaults.of(road_class).speed_mps;
    if (!maxspeed) return {otherwise, bit_of(TagCause::speed_from_default)};
    if (*maxspeed == "signals" || *maxspeed == "variable") return {otherwise, bit_of(TagCause::speed_variable) | bit_of(TagCause::speed_from_default)};
    Speed speed;
    std::optional<double> lowest;
    const auto values = split(*maxspeed, ';');
    for (const auto value : values) {
        const auto single = single_speed(value, defaults, speed.causes);
        if (single && (!lowest || *single < *lowest)) lowest = single;
    }
    if (!lowest) return {otherwise, bit_of(TagCause::speed_unreadable) | bit_of(TagCause::speed_from_default)};
    if (!(*lowest >= 1 * kmh && *lowest <= 300 * kmh)) return {otherwise, bit_of(TagCause::speed_out_of_range) | bit_of(TagCause::speed_from_default)};
    if (values.size() > 1) speed.causes |= bit_of(TagCause::speed_list_lowered);
    speed.mps = *lowest;
    return speed;
}

Access access_of(const AccessTags& tags, RoadClass road_class) {
    namespace vc = vehicle_class;
    Access access;
    constexpr std::uint32_t rails_and_ships = vc::tram | vc::rail | vc::rail_electric | vc::rail_urban | vc::rail_fast | vc::ship;
    constexpr std::uint32_t motor = vc::all & ~(rails_and_ships | vc::bicycle | vc::pedestrian);
    access.permissions = motor | vc::bicycle;
    for (const auto& value : {tags.motorcar, tags.motor_vehicle, tags.vehicle, tags.access}) {
        const int permission = permission_of(value);
        if (permission == -1) continue;
        if (permission == -2) access.causes |= bit_of(TagCause::access_value_unknown);
        access.cars = permission == 0 ? CarAccess::no : permission == 2 ? CarAccess::destination : CarAccess::yes;
        break;
    }
    if (access.cars == CarAccess::no) access.permissions &= ~(motor & ~(vc::emergency | vc::authority | vc::army));
    if (permission_of(tags.vehicle) == 0 || (permission_of(tags.access) == 0 && !tags.vehicle)) access.permissions &= ~vc::bicycle;
    if (road_class == RoadClass::motorway || road_class == RoadClass::motorway_link) access.permissions &= ~(vc::bicycle | vc::moped);
    if (road_class == RoadClass::living_street) access.permissions |= vc::pedestrian;
    access.permissions = changed(access.permissions, tags.psv, vc::bus | vc::taxi | vc::coach);
    access.permissions = changed(access.permissions, tags.bus, vc::bus);
    access.permissions = changed(access.permissions, tags.taxi, vc::taxi);
    access.permissions = changed(access.permissions, tags.hgv, vc::truck | vc::trailer);
    access.permissions = changed(access.permissions, tags.bicycle, vc::bicycle);
    return access;
}

std::vector<std::uint8_t> turn_lanes_of(std::string_view text) {
    static constexpr std::pair<std::string_view, Turn> words[] = {
        {"through", Turn::straight}, {"left", Turn::left}, {"right", Turn::right}, {"slight_left", Turn::partial_left}, {"slight_right", Turn::partial_right},
        {"sharp_left", Turn::left}, {"sharp_right", Turn::right}, {"reverse", Turn::u_turn}};
    std::vector<std::uint8_t> lanes;
    bool any = false;
    for (const auto lane : split(text, '|')) {
        std::uint8_t turns = 0;
        for (const auto word : split(lane, ';')) {
            for (const auto& [name, turn] : words) {
                if (trimmed(word) == name) turns |= bit_of(turn);
            }
        }
        any = any || turns != 0;
        lanes.push_back(turns);
    }
    if (!any) lanes.clear();
    return lanes;
}

}  // namespace citytwin::geodata::osm
