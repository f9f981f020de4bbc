#include "modules/waste/truck_roads.hpp"

#include "core/routing/shortest_path.hpp"

namespace citytwin::waste {

TruckRoads::TruckRoads(geodata::RoadNetwork network)
    : network_(std::move(network)), turns_(routing::make_turn_graph(network_.links(), network_.connection_from_link, network_.connection_to_link)) {}

bool TruckRoads::open(std::size_t link, std::span<const double> closed) const {
    return (network_.link_permissions[link] & geodata::vehicle_class::truck) != 0 && (closed.empty() || closed[link] == 0);
}

std::vector<std::uint8_t> TruckRoads::usable(std::span<const double> closed) const {
    std::vector<std::uint8_t> arcs(turns_.turns());
    for (std::size_t arc = 0; arc < arcs.size(); ++arc) arcs[arc] = open(turns_.graph.tail(arc), closed) && open(turns_.graph.head(arc), closed);
    const auto parts = routing::strong_components(turns_.graph, arcs);
    const Index largest = parts.largest();
    std::vector<std::uint8_t> usable(network_.links(), 0);
    for (std::size_t link = 0; link < usable.size(); ++link) usable[link] = open(link, closed) && parts.component_of[link] == largest;
    return usable;
}

std::vector<routing::Weight> TruckRoads::matrix_ms(std::span<const Index> links, std::span<const double> travel_time_s, std::span<const double> closed, Arena& arena) const {
    std::vector<routing::Weight> cost(network_.links()), weights(turns_.turns());
    for (std::size_t link = 0; link < cost.size(); ++link) cost[link] = open(link, closed) ? routing::weight_from_seconds(travel_time_s[link]) : routing::infinite_weight;
    routing::turn_weights(turns_, cost, {}, weights);
    return routing::cost_matrix(arena, turns_.graph, weights, links, links);
}

}  // namespace citytwin::waste
