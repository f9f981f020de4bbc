#pragma once
// Shortest paths by Boost.Graph: an oracle that shares no line with core/routing.
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <span>
#include <vector>

#include "core/routing/csr_graph.hpp"
#include "core/routing/weight.hpp"

namespace citytwin::testing {

using BoostGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property,
                                         boost::property<boost::edge_weight_t, double>>;

template <class W>
BoostGraph boost_graph(const routing::CsrGraph& graph, const std::vector<W>& weights) {
    BoostGraph result(graph.nodes());
    for (std::size_t arc = 0; arc < graph.arcs(); ++arc)
        if (weights[arc] < routing::infinite_weight_of<W>)
            boost::add_edge(graph.tail(arc), graph.head(arc), static_cast<double>(weights[arc]), result);
    return result;
}

/// Costs from a node to all others; the greatest double where there is no path.
inline std::vector<double> boost_costs(const BoostGraph& graph, Index from) {
    std::vector<double> costs(boost::num_vertices(graph));
    boost::dijkstra_shortest_paths(graph, from, boost::distance_map(costs.data()));
    return costs;
}

}  // namespace citytwin::testing
