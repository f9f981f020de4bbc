#include <cmath>

#include "geodata/generate/street_plan.hpp"

namespace citytwin::geodata {

namespace {

struct Standard {
    std::int32_t lanes, priority;
    double speed_mps;
};

/// Lanes per direction, right-of-way priority (SUMO's ladder) and urban speed limits: 50 km/h, 30 km/h in residential streets.
Standard standard_of(RoadClass road_class) {
    switch (road_class) {
        case RoadClass::primary: return {2, 12, 50 / 3.6};
        case RoadClass::secondary: return {2, 11, 50 / 3.6};
        case RoadClass::tertiary: return {1, 10, 50 / 3.6};
        default: return {1, 3, 30 / 3.6};
    }
}

void add_link(RoadNetwork& network, const StreetPlan& plan, const Street& street, std::string id, bool forward) {
    const Index from = forward ? street.from : street.to, to = forward ? street.to : street.from;
    const Standard standard = standard_of(street.road_class);
    const double dx = plan.x[to] - plan.x[from], dy = plan.y[to] - plan.y[from];
    network.link_id.push_back(std::move(id));
    network.link_from.push_back(from);
    network.link_to.push_back(to);
    network.link_length_m.push_back(std::sqrt(dx * dx + dy * dy));
    network.link_speed_mps.push_back(standard.speed_mps);
    network.link_lanes.push_back(standard.lanes);
    network.link_class.push_back(street.road_class);
    network.link_priority.push_back(standard.priority);
    network.link_permissions.push_back(vehicle_class::all);
    network.link_flags.push_back(road_flag::synthetic | (street.bridge ? road_flag::bridge : 0u));
    network.link_source_way.push_back(0);
    network.link_name.push_back(plan.names[street.name]);
    const double shape[] = {plan.x[from], plan.y[from], plan.x[to], plan.y[to]};
    network.link_shape.push_row(shape);
    network.link_first_lane.push_back(static_cast<Index>(network.lanes()));
    for (std::int32_t lane = 0; lane < standard.lanes; ++lane) {
        network.lane_length_m.push_back(network.link_length_m.back());
        network.lane_speed_mps.push_back(standard.speed_mps);
        network.lane_width_m.push_back(3.2);
        network.lane_permissions.push_back(vehicle_class::all);
    }
}

/// Signals where an arterial meets another arterial or a collector; elsewhere priority, or right before left among equals.
NodeControl control_of(const std::vector<RoadClass>& arms) {
    if (arms.size() <= 1) return NodeControl::dead_end;
    int arterials = 0, collectors = 0;
    for (const RoadClass arm : arms) {
        arterials += arm == RoadClass::primary || arm == RoadClass::secondary;
        collectors += arm == RoadClass::tertiary;
    }
    const bool arterials_cross = arterials >= 3 || (arterials >= 2 && collectors >= 1);
    if (arms.size() >= 3 && arterials_cross) return NodeControl::traffic_light;
    return arms.size() >= 3 && arterials + collectors == 0 ? NodeControl::right_before_left : NodeControl::priority;
}

}  // namespace

RoadNetwork network_of(const StreetPlan& plan, const CityGeneratorOptions& options) {
    RoadNetwork network;
    network.crs = options.crs;
    network.origin_x = options.origin_x;
    network.origin_y = options.origin_y;
    network.node_x = plan.x;
    network.node_y = plan.y;
    network.node_signal.assign(plan.crossings(), no_index);
    network.node_flags.assign(plan.crossings(), road_flag::synthetic);
    std::vector<std::vector<RoadClass>> arms(plan.crossings());
    for (const Street& street : plan.streets) {
        arms[street.from].push_back(street.road_class);
        arms[street.to].push_back(street.road_class);
    }
    for (Index node = 0; node < plan.crossings(); ++node) {
        network.node_id.push_back("n" + std::to_string(node));
        network.node_control.push_back(control_of(arms[node]));
    }
    for (std::size_t s = 0; s < plan.streets.size(); ++s) {
        add_link(network, plan, plan.streets[s], "s" + std::to_string(s), true);
        add_link(network, plan, plan.streets[s], "-s" + std::to_string(s), false);
    }
    network.link_first_lane.push_back(static_cast<Index>(network.lanes()));
    return network;
}

}  // namespace citytwin::geodata
