#include "core/routing/csr_graph.hpp"
#include "geodata/road/junctions.hpp"

namespace citytwin::geodata {

RoadStatistics road_statistics(const RoadNetwork& network) {
    RoadStatistics result;
    result.nodes = network.nodes();
    result.links = network.links();
    result.lanes = network.lanes();
    result.connections = network.connections();
    result.signals = network.signals.size();
    for (std::size_t link = 0; link < network.links(); ++link) {
        const double km = network.link_length_m[link] / 1000;
        result.link_km += km;
        result.lane_km += km * network.link_lanes[link];
        result.km_by_class[static_cast<std::size_t>(network.link_class[link])] += km;
    }
    const auto parts = routing::strong_components(routing::CsrGraph(network.nodes(), network.link_from, network.link_to));
    result.strong_components = parts.size.size();
    if (network.nodes() > 0) result.largest_component_share = static_cast<double>(parts.size[parts.largest()]) / static_cast<double>(network.nodes());
    return result;
}

}  // namespace citytwin::geodata
