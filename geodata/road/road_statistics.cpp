#include <algorithm>

#include "geodata/road/junction_geometry.hpp"
#include "geodata/road/junctions.hpp"

namespace citytwin::geodata {

namespace {

struct ComponentCount {
    std::uint64_t components = 0, largest = 0;
};

/// Strongly connected components of nodes over links (Tarjan 1972, iterative).
ComponentCount strong_components(const RoadNetwork& network, const LinksAtNodes& out) {
    const std::size_t n = network.nodes();
    std::vector<Index> order(n, no_index), low(n, 0), next(n, 0), stack, calls;
    std::vector<std::uint8_t> on_stack(n, 0);
    Index counter = 0;
    ComponentCount count;
    for (Index root = 0; root < n; ++root) {
        if (order[root] != no_index) continue;
        calls.push_back(root);
        while (!calls.empty()) {
            const Index node = calls.back();
            if (order[node] == no_index) {
                order[node] = low[node] = counter++;
                stack.push_back(node);
                on_stack[node] = 1;
            }
            const auto links = out[node];
            if (next[node] < links.size()) {
                const Index to = network.link_to[links[next[node]++]];
                if (order[to] == no_index) calls.push_back(to);
                else if (on_stack[to]) low[node] = std::min(low[node], order[to]);
                continue;
            }
            calls.pop_back();
            if (!calls.empty()) low[calls.back()] = std::min(low[calls.back()], low[node]);
            if (low[node] != order[node]) continue;
            std::uint64_t size = 0;
            for (Index member = no_index; member != node; ++size) {
                member = stack.back();
                stack.pop_back();
                on_stack[member] = 0;
            }
            ++count.components;
            count.largest = std::max(count.largest, size);
        }
    }
    return count;
}

}  // namespace

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
    const ComponentCount count = strong_components(network, links_by_node(network.link_from, network.nodes()));
    result.strong_components = count.components;
    result.largest_component_share = network.nodes() == 0 ? 0 : static_cast<double>(count.largest) / static_cast<double>(network.nodes());
    return result;
}

}  // namespace citytwin::geodata
