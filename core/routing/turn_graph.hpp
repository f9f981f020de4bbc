#pragma once
// The turn-aware graph of a road network: a node is a link, an arc is an allowed turn from one link into another.
// So a route is a list of links from the origin link to the destination link, both included, and turn bans, turn
// penalties and one-way streets need nothing special. The weight of an arc is the cost of the link it enters plus the
// cost of the turn; hence the cost of a route is counted from the end of its first link to the end of its last one.
#include <span>
#include <vector>

#include "core/routing/csr_graph.hpp"
#include "core/routing/weight.hpp"

namespace citytwin::routing {

struct TurnGraph {
    CsrGraph graph;                        ///< nodes = links, arcs = distinct (from link, to link) pairs
    std::vector<Index> arc_of_connection;  ///< arc of each connection: the lanes' connections of one turn share an arc

    [[nodiscard]] std::size_t links() const { return graph.nodes(); }
    [[nodiscard]] std::size_t turns() const { return graph.arcs(); }
};

/// `from_link` and `to_link` have one row a connection (lane to lane or link to link).
TurnGraph make_turn_graph(std::size_t link_count, std::span<const Index> from_link, std::span<const Index> to_link);

/// Weight of each arc = link_cost of the link it enters + the least turn cost among its connections. A connection or
/// link with infinite cost is closed. `connection_cost` may be empty: all turns are open and cost nothing. `weights`
/// has one value an arc.
void turn_weights(const TurnGraph& turns, std::span<const Weight> link_cost, std::span<const Weight> connection_cost,
                  std::span<Weight> weights);

/// The same for `double` costs.
void turn_weights(const TurnGraph& turns, std::span<const double> link_cost, std::span<const double> connection_cost,
                  std::span<double> weights);

}  // namespace citytwin::routing
