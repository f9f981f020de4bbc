#pragma once
// What the simulation takes from each road way: lanes, speeds, permissions, turn arrows, flags.
#include <vector>

#include "core/parallel/arena.hpp"
#include "geodata/osm/overrides.hpp"
#include "geodata/osm/tags.hpp"

namespace citytwin::geodata::osm {

struct WayPlan {
    std::int8_t direction = 0, lanes_forward = 1, lanes_backward = 1;
    bool is_usable = true;     ///< cars may drive here
    bool is_deleted = false;   ///< by an override
    double speed_forward_mps = 0, speed_backward_mps = 0;
    std::uint32_t permissions = 0;
    std::uint32_t flags = 0;   ///< road_flag
    TagCauses causes = 0;
    std::uint32_t turns_forward = no_index, turns_backward = no_index;  ///< texts of turn:lanes
};

std::vector<WayPlan> plan_ways(const OsmData& data, const RoadDefaults& defaults, const Overrides& overrides, Arena& arena);

}  // namespace citytwin::geodata::osm
