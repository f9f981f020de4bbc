#pragma once
// What a road has when its tags don't say: lanes, speed and rank by class. Two tables are built in, a TOML file changes any value.
#include <array>
#include <string>

#include "geodata/road/road_network.hpp"

namespace citytwin::geodata::osm {

struct ClassDefaults {
    int lanes_per_direction = 1;
    double speed_mps = 50 / 3.6;
    int priority = 1;  ///< rank for right of way
};

struct RoadDefaults {
    std::string name = "urban";
    std::array<ClassDefaults, road_class_count> by_class{};
    double lane_width_m = 3.2;
    double urban_mps = 50 / 3.6, rural_mps = 100 / 3.6, motorway_mps = 130 / 3.6;  ///< for maxspeed = "XX:urban" and the like
    double walk_mps = 5 / 3.6, unlimited_mps = 142 / 3.6;                          ///< for maxspeed = walk, none
    double signal_join_m = 25;  ///< signal nodes this near on the approaches of one junction act as one controller
    int highest_lanes = 12;

    [[nodiscard]] const ClassDefaults& of(RoadClass road_class) const { return by_class[static_cast<std::size_t>(road_class)]; }
};

/// "urban" (European town speeds) or "sumo" (SUMO 1.28's type map), or the path of a TOML file on top of one of them.
/// Throws InputError CT-OSM-02x with file and line.
RoadDefaults road_defaults(const std::string& name_or_path);

}  // namespace citytwin::geodata::osm
