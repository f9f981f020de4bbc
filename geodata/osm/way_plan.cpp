#include "geodata/osm/way_plan.hpp"

#include <algorithm>
#include <array>

namespace citytwin::geodata::osm {
namespace {

/// The tags of one way by key.
class TagsOfWay {
public:
    TagsOfWay(const OsmData& data, Index way) : data_(data) {
        numbers_.fill(no_index);
        for (auto k = data.roads.tag_offset[way]; k < data.roads.tag_offset[way + 1]; ++k) {
            numbers_[static_cast<std::size_t>(data.roads.tag_key[k])] = data.roads.tag_value[k];
        }
    }
    [[nodiscard]] std::uint32_t number(TagKey key) const { return numbers_[static_cast<std::size_t>(key)]; }
    [[nodiscard]] std::optional<std::string_view> operator()(TagKey key) const {
        return number(key) == no_index ? std::nullopt : std::optional<std::string_view>(data_.texts[number(key)]);
    }
    [[nodiscard]] std::optional<std::string_view> first_of(TagKey key, TagKey otherwise) const {
        return number(key) != no_index ? (*this)(key) : (*this)(otherwise);
    }
    [[nodiscard]] bool is_set(TagKey key) const { return number(key) != no_index && data_.texts[number(key)] != "no"; }

private:
    const OsmData& data_;
    std::array<std::uint32_t, tag_key_count> numbers_;
};

bool is_known_oneway(std::string_view value) {
    for (const std::string_view known : {"yes", "true", "1", "no", "false", "0", "-1", "reverse"}) {
        if (value == known) return true;
    }
    return false;
}

/// The text's number where its lane count fits the direction's, else none (and counted).
std::uint32_t fitting_turns(std::uint32_t text, const OsmData& data, int lanes, TagCauses& causes) {
    if (text == no_index || lanes == 0) return no_index;
    const auto turns = turn_lanes_of(data.texts[text]);
    if (turns.empty()) return no_index;
    if (static_cast<int>(turns.size()) == lanes) return text;
    causes |= bit_of(TagCause::turn_lanes_mismatch);
    return no_index;
}

int listed_lanes(std::uint32_t text, const OsmData& data) { return text == no_index ? 0 : static_cast<int>(turn_lanes_of(data.texts[text]).size()); }

void set_access(WayPlan& plan, const TagsOfWay& tags, RoadClass road_class) {
    const Access access = access_of({tags(TagKey::motorcar), tags(TagKey::motor_vehicle), tags(TagKey::vehicle), tags(TagKey::access), tags(TagKey::bus),
                                     tags(TagKey::psv), tags(TagKey::hgv), tags(TagKey::bicycle), tags(TagKey::taxi)}, road_class);
    plan.is_usable = access.cars != CarAccess::no;
    plan.permissions = access.permissions;
    plan.causes |= access.causes;
    if (access.cars == CarAccess::destination) plan.flags |= road_flag::destination_only;
}

void set_lanes(WayPlan& plan, const TagsOfWay& tags, const OsmData& data, RoadClass road_class, const RoadDefaults& defaults) {
    const std::uint32_t both = tags.number(TagKey::turn_lanes);
    std::uint32_t forward = tags.number(TagKey::turn_lanes_forward), backward = tags.number(TagKey::turn_lanes_backward);
    if (plan.direction > 0 && forward == no_index) forward = both;
    if (plan.direction < 0 && backward == no_index) backward = both;
    const Lanes lanes = lanes_of({tags(TagKey::lanes), tags(TagKey::lanes_forward), tags(TagKey::lanes_backward), tags(TagKey::lanes_both_ways),
                                  std::min(defaults.highest_lanes, listed_lanes(forward, data)), std::min(defaults.highest_lanes, listed_lanes(backward, data))},
                                 plan.direction, road_class, defaults);
    plan.lanes_forward = static_cast<std::int8_t>(lanes.forward);
    plan.lanes_backward = static_cast<std::int8_t>(lanes.backward);
    plan.causes |= lanes.causes;
    plan.turns_forward = fitting_turns(forward, data, lanes.forward, plan.causes);
    plan.turns_backward = fitting_turns(backward, data, lanes.backward, plan.causes);
}

void set_speeds(WayPlan& plan, const TagsOfWay& tags, RoadClass road_class, const RoadDefaults& defaults) {
    const Speed forward = speed_of(tags.first_of(TagKey::maxspeed_forward, TagKey::maxspeed), road_class, defaults);
    const Speed backward = speed_of(tags.first_of(TagKey::maxspeed_backward, TagKey::maxspeed), road_class, defaults);
    plan.speed_forward_mps = forward.mps;
    plan.speed_backward_mps = backward.mps;
    plan.causes |= (plan.direction >= 0 ? forward.causes : 0) | (plan.direction <= 0 ? backward.causes : 0);
}

void apply(const WayOverride& change, WayPlan& plan) {
    plan.is_deleted = change.is_deleted;
    if (change.direction && *change.direction != plan.direction) {
        const std::int8_t known = std::max(plan.lanes_forward, plan.lanes_backward);
        plan.direction = static_cast<std::int8_t>(*change.direction);
        if (plan.lanes_forward == 0) plan.lanes_forward = known;
        if (plan.lanes_backward == 0) plan.lanes_backward = known;
    }
    if (change.lanes) {
        const int all = *change.lanes;
        plan.lanes_forward = static_cast<std::int8_t>(plan.direction == 0 ? (all + 1) / 2 : all);
        plan.lanes_backward = static_cast<std::int8_t>(plan.direction == 0 ? std::max(1, all / 2) : all);
    }
    if (change.lanes_forward) plan.lanes_forward = static_cast<std::int8_t>(*change.lanes_forward);
    if (change.lanes_backward) plan.lanes_backward = static_cast<std::int8_t>(*change.lanes_backward);
    if (change.lanes || change.lanes_forward || change.lanes_backward) {
        plan.causes &= ~bit_of(TagCause::lanes_from_default);
        plan.flags &= ~road_flag::defaulted_lanes;
        plan.turns_forward = plan.turns_backward = no_index;
    }
    if (change.speed_mps) {
        plan.speed_forward_mps = plan.speed_backward_mps = *change.speed_mps;
        plan.causes &= ~bit_of(TagCause::speed_from_default);
        plan.flags &= ~road_flag::defaulted_speed;
    }
}

WayPlan plan_of(const OsmData& data, Index way, const RoadDefaults& defaults) {
    const TagsOfWay tags(data, way);
    const RoadClass road_class = data.roads.road_class[way];
    WayPlan plan;
    plan.direction = data.roads.direction[way];
    if (const auto oneway = tags(TagKey::oneway); oneway && !is_known_oneway(*oneway)) plan.causes |= bit_of(TagCause::oneway_value_unknown);
    set_access(plan, tags, road_class);
    set_lanes(plan, tags, data, road_class, defaults);
    set_speeds(plan, tags, road_class, defaults);
    if (plan.causes & bit_of(TagCause::lanes_from_default)) plan.flags |= road_flag::defaulted_lanes;
    if (plan.causes & bit_of(TagCause::speed_from_default)) plan.flags |= road_flag::defaulted_speed;
    if (tags.is_set(TagKey::bridge)) plan.flags |= road_flag::bridge;
    if (tags.is_set(TagKey::tunnel)) plan.flags |= road_flag::tunnel;
    if (const auto junction = tags(TagKey::junction); junction && (*junction == "roundabout" || *junction == "circular")) plan.flags |= road_flag::roundabout;
    return plan;
}

}  // namespace

std::vector<WayPlan> plan_ways(const OsmData& data, const RoadDefaults& defaults, const Overrides& overrides, Arena& arena) {
    std::vector<WayPlan> plans(data.roads.size());
    arena.each(plans.size(), [&](std::size_t way) {
        plans[way] = plan_of(data, static_cast<Index>(way), defaults);
        if (overrides.ways.empty()) return;
        if (const auto found = overrides.ways.find(data.roads.id[way]); found != overrides.ways.end()) apply(found->second, plans[way]);
    }, 2048);
    return plans;
}

}  // namespace citytwin::geodata::osm
