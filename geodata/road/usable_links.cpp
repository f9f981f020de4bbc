#include "geodata/road/usable_links.hpp"

#include "core/routing/csr_graph.hpp"

namespace citytwin::geodata {

std::vector<std::uint8_t> usable_links(const RoadNetwork& network, std::span<const double> closed) {
    const auto is_open = [&](std::size_t link) {
        return (network.link_permissions[link] & vehicle_class::passenger) != 0 && (closed.empty() || closed[link] == 0);
    };
    std::vector<Index> tails, heads;
    for (std::size_t c = 0; c < network.connections(); ++c) {
        const Index from = network.connection_from_link[c], to = network.connection_to_link[c];
        if (!is_open(from) || !is_open(to)) continue;
        tails.push_back(from);
        heads.push_back(to);
    }
    const auto parts = routing::strong_components(routing::CsrGraph(network.links(), tails, heads));
    const Index largest = parts.largest();
    std::vector<std::uint8_t> usable(network.links(), 0);
    for (std::size_t link = 0; link < usable.size(); ++link) usable[link] = is_open(link) && parts.component_of[link] == largest;
    return usable;
}

}  // namespace citytwin::geodata
