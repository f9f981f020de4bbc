#include "modules/traffic/route_planner.hpp"

#include <algorithm>

namespace citytwin::traffic {
namespace {

// A point of each link that says where it lies: its middle.
void middle_points(const geodata::RoadNetwork& network, std::vector<double>& x, std::vector<double>& y) {
    for (std::size_t link = 0; link < network.links(); ++link) {
        x.push_back((network.node_x[network.link_from[link]] + network.node_x[network.link_to[link]]) / 2);
        y.push_back((network.node_y[network.link_from[link]] + network.node_y[network.link_to[link]]) / 2);
    }
}

}  // namespace

RoutePlanner::RoutePlanner(const geodata::RoadNetwork& network, const TurnCosts& costs, Arena& arena)
    : permissions_(network.link_permissions), turns_(routing::make_turn_graph(network.links(), network.connection_from_link, network.connection_to_link)) {
    using geodata::LinkState;
    for (std::size_t c = 0; c < network.connections(); ++c) {
        const LinkState state = network.connection_state[c];
        double seconds = 0;
        if (network.connection_turn[c] == geodata::Turn::u_turn) seconds += costs.u_turn_s;
        if (state == LinkState::minor || state == LinkState::equal || state == LinkState::stop) seconds += costs.minor_s;
        const bool from_inside = network.link_flags[network.connection_from_link[c]] & geodata::road_flag::destination_only;
        const bool to_inside = network.link_flags[network.connection_to_link[c]] & geodata::road_flag::destination_only;
        if (to_inside && !from_inside) seconds += costs.enter_destination_only_s;
        connection_cost_.push_back(static_cast<routing::Weight>(seconds * 1000 + 0.5));
    }
    std::vector<double> x, y;
    middle_points(network, x, y);
    hierarchy_ = std::make_unique<routing::ContractionHierarchy>(arena, turns_.graph, x, y);
}

void RoutePlanner::set_travel_times(std::span<const double> seconds, std::span<const std::uint8_t> closed, Arena& arena) {
    link_cost_.resize(seconds.size());
    arena.each(seconds.size(), [&](std::size_t link) {
        link_cost_[link] = closed[link] ? routing::infinite_weight : routing::weight_from_seconds(seconds[link]);
    });
    for (auto& [permission, weights] : by_class_) weights.fresh = false;
}

RoutePlanner::ClassWeights& RoutePlanner::weights_of(std::uint32_t permission, Arena& arena) {
    ClassWeights& weights = by_class_[permission];
    if (weights.fresh) return weights;
    std::vector<routing::Weight> cost = link_cost_;
    if (permission != 0) {
        for (std::size_t link = 0; link < cost.size(); ++link) {
            if ((permissions_[link] & permission) == 0) cost[link] = routing::infinite_weight;
        }
    }
    weights.arcs.resize(turns_.turns());
    routing::turn_weights(turns_, cost, connection_cost_, weights.arcs);
    if (!weights.hierarchy) weights.hierarchy = std::make_unique<routing::HierarchyWeights>(*hierarchy_);
    weights.hierarchy->customise(arena, weights.arcs);
    weights.fresh = true;
    return weights;
}

bool RoutePlanner::is_prepared() const {
    return !by_class_.empty() && std::all_of(by_class_.begin(), by_class_.end(), [](const auto& entry) { return entry.second.fresh; });
}

routing::Routes RoutePlanner::routes(std::span<const routing::RouteRequest> requests, std::uint32_t permission, Arena& arena) {
    return routing::find_routes(arena, *weights_of(permission, arena).hierarchy, requests);
}

routing::Weight RoutePlanner::cost_of(std::span<const Index> links, std::uint32_t permission) const {
    const auto found = by_class_.find(permission);
    routing::Weight total = 0;
    for (std::size_t i = 0; i + 1 < links.size(); ++i) {
        const Index arc = turns_.graph.find_arc(links[i], links[i + 1]);
        if (arc == no_index || found == by_class_.end()) return routing::infinite_weight;
        total = routing::add_weights(total, found->second.arcs[arc]);
    }
    return total;
}

}  // namespace citytwin::traffic
