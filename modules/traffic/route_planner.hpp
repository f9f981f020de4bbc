#pragma once
// Routes for vehicles: links as nodes, turns as arcs, one frozen set of travel times at a time. Customisable contraction hierarchies
// (core/routing) answer thousands of requests a step; a closed link has infinite cost.
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "core/parallel/arena.hpp"
#include "core/routing/contraction_hierarchy.hpp"
#include "core/routing/turn_graph.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::traffic {

/// Costs of turns beside the links' travel times (defaults of SUMO 1.28; the last one is ours).
struct TurnCosts {
    double u_turn_s = 5, minor_s = 1.5;
    double enter_destination_only_s = 300;   ///< streets that may be entered to get there, not to pass through
};

class RoutePlanner {
public:
    RoutePlanner(const geodata::RoadNetwork& network, const TurnCosts& costs, Arena& arena);

    /// Travel time of each link in seconds; closed links are not entered. Takes effect for every later route.
    void set_travel_times(std::span<const double> seconds, std::span<const std::uint8_t> closed, Arena& arena);
    /// Routes for vehicles of one class (one bit of permissions), origin and destination link included.
    [[nodiscard]] routing::Routes routes(std::span<const routing::RouteRequest> requests, std::uint32_t permission, Arena& arena);
    /// Cost of driving on from the end of the first link to the end of the last one; infinite across a closed link.
    [[nodiscard]] routing::Weight cost_of(std::span<const Index> links, std::uint32_t permission) const;

    /// Whether the next routes are searched without preparing the network for new travel times first.
    [[nodiscard]] bool is_prepared() const;

private:
    struct ClassWeights {
        std::unique_ptr<routing::HierarchyWeights> hierarchy;
        std::vector<routing::Weight> arcs;
        bool fresh = false;
    };
    ClassWeights& weights_of(std::uint32_t permission, Arena& arena);

    std::vector<std::uint32_t> permissions_;
    std::vector<routing::Weight> link_cost_, connection_cost_;
    routing::TurnGraph turns_;
    std::unique_ptr<routing::ContractionHierarchy> hierarchy_;
    std::map<std::uint32_t, ClassWeights> by_class_;
};

}  // namespace citytwin::traffic
