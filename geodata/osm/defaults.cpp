#include "geodata/osm/defaults.hpp"

#include <fmt/format.h>

#include "geodata/osm/toml_table.hpp"

namespace citytwin::geodata::osm {
namespace {

struct TableRow {
    RoadClass road_class;
    int lanes;
    double sumo_kmh, urban_kmh;
    int priority;
};
// Lanes, SUMO speeds and priorities: eclipse-sumo 1.28, osmNetconvert.typ.xml; urban speeds: its osmNetconvertUrbanDe.typ.xml.
constexpr TableRow table[] = {
    {RoadClass::motorway, 2, 142, 100, 14},      {RoadClass::motorway_link, 1, 80, 60, 9},
    {RoadClass::trunk, 2, 100, 50, 13},          {RoadClass::trunk_link, 1, 80, 50, 8},
    {RoadClass::primary, 2, 100, 50, 12},        {RoadClass::primary_link, 1, 80, 50, 7},
    {RoadClass::secondary, 1, 100, 50, 11},      {RoadClass::secondary_link, 1, 80, 50, 6},
    {RoadClass::tertiary, 1, 80, 50, 10},        {RoadClass::tertiary_link, 1, 80, 50, 5},
    {RoadClass::unclassified, 1, 50, 50, 4},     {RoadClass::residential, 1, 50, 50, 3},
    {RoadClass::living_street, 1, 10, 10, 2},    {RoadClass::service, 1, 20, 20, 1},
    {RoadClass::road, 1, 50, 50, 4},             {RoadClass::other, 1, 50, 50, 1}};

RoadDefaults built_in(const std::string& name) {
    RoadDefaults defaults;
    defaults.name = name;
    for (const auto& row : table) {
        const double kmh = name == "sumo" ? row.sumo_kmh : row.urban_kmh;
        defaults.by_class[static_cast<std::size_t>(row.road_class)] = {row.lanes, kmh / 3.6, row.priority};
    }
    return defaults;
}

void read_class(const TomlTable& in, ClassDefaults& values) {
    in.only({"lanes", "speed", "priority"});
    values.lanes_per_direction = static_cast<int>(in.integer("lanes", values.lanes_per_direction, 1, 12));
    values.speed_mps = in.quantity("speed", "m/s", values.speed_mps, 0.1, 120);
    values.priority = static_cast<int>(in.integer("priority", values.priority, 0, 100));
}

void read_file(const TomlTable& in, RoadDefaults& defaults) {
    in.only({"base", "lane_width", "signal_join_distance", "highest_lanes", "speed", "class"});
    defaults.lane_width_m = in.quantity("lane_width", "m", defaults.lane_width_m, 1, 10);
    defaults.signal_join_m = in.quantity("signal_join_distance", "m", defaults.signal_join_m, 0, 200);
    defaults.highest_lanes = static_cast<int>(in.integer("highest_lanes", defaults.highest_lanes, 1, 12));
    if (const auto speeds = in.table("speed")) {
        speeds->only({"urban", "rural", "motorway", "walk", "none"});
        defaults.urban_mps = speeds->quantity("urban", "m/s", defaults.urban_mps, 0.1, 120);
        defaults.rural_mps = speeds->quantity("rural", "m/s", defaults.rural_mps, 0.1, 120);
        defaults.motorway_mps = speeds->quantity("motorway", "m/s", defaults.motorway_mps, 0.1, 120);
        defaults.walk_mps = speeds->quantity("walk", "m/s", defaults.walk_mps, 0.1, 120);
        defaults.unlimited_mps = speeds->quantity("none", "m/s", defaults.unlimited_mps, 0.1, 120);
    }
    if (const auto classes = in.table("class")) {
        std::vector<std::string> names;
        for (int c = 0; c < static_cast<int>(RoadClass::other); ++c) names.emplace_back(name_of(static_cast<RoadClass>(c)));
        classes->only(names);
        for (std::size_t c = 0; c < names.size(); ++c) {
            if (const auto row = classes->table(names[c])) read_class(*row, defaults.by_class[c]);
        }
    }
}

}  // namespace

RoadDefaults road_defaults(const std::string& name_or_path) {
    if (name_or_path.empty() || name_or_path == "urban") return built_in("urban");
    if (name_or_path == "sumo") return built_in("sumo");
    const TomlFile file(name_or_path);
    const std::string base = file.root().text("base", "urban");
    if (base != "urban" && base != "sumo") {
        fail("CT-OSM-021", file.root().place("base"), fmt::format("base '{}' is not a table of defaults", base), "use \"urban\" or \"sumo\"");
    }
    RoadDefaults defaults = built_in(base);
    defaults.name = name_or_path;
    read_file(file.root(), defaults);
    return defaults;
}

}  // namespace citytwin::geodata::osm
