#include "geodata/road/junctions.hpp"

#include "geodata/road/junction_parts.hpp"

namespace citytwin::geodata {
namespace junction {

NodeLinks links_of_nodes(const RoadNetwork& network) {
    NodeLinks result;
    const std::size_t nodes = network.nodes(), links = network.links();
    result.in_first.assign(nodes + 1, 0);
    result.out_first.assign(nodes + 1, 0);
    for (std::size_t link = 0; link < links; ++link) {
        ++result.in_first[network.link_to[link] + 1];
        ++result.out_first[network.link_from[link] + 1];
    }
    for (std::size_t node = 0; node < nodes; ++node) {
        result.in_first[node + 1] += result.in_first[node];
        result.out_first[node + 1] += result.out_first[node];
    }
    result.in.resize(links);
    result.out.resize(links);
    std::vector<Index> next_in(result.in_first.begin(), result.in_first.end() - 1), next_out(result.out_first.begin(), result.out_first.end() - 1);
    for (Index link = 0; link < links; ++link) {
        result.in[next_in[network.link_to[link]]++] = link;
        result.out[next_out[network.link_from[link]]++] = link;
    }
    return result;
}

Headings headings_of(const RoadNetwork& network, Arena& arena) {
    constexpr double reach_m = 10;   // a kink in the last metres says little of where a street comes from
    Headings result;
    result.at_end.resize(network.links());
    result.at_start.resize(network.links());
    arena.each(network.links(), [&](std::size_t link) {
        const auto points = network.link_shape[link];
        const std::size_t count = points.size() / 2;
        auto heading = [&](std::size_t first, int step) {
            double x = points[2 * first], y = points[2 * first + 1], walked = 0;
            std::size_t at = first;
            for (std::size_t taken = 1; taken < count && walked < reach_m; ++taken) {
                const std::size_t next = step > 0 ? at + 1 : at - 1;
                const double dx = points[2 * next] - points[2 * at], dy = points[2 * next + 1] - points[2 * at + 1];
                const double length = std::sqrt(dx * dx + dy * dy), share = length > reach_m - walked ? (reach_m - walked) / length : 1.0;
                x += dx * share;
                y += dy * share;
                walked += length;
                at = next;
            }
            const double dx = x - points[2 * first], dy = y - points[2 * first + 1];
            return step > 0 ? std::atan2(dy, dx) : std::atan2(-dy, -dx);
        };
        if (count < 2) return;
        result.at_start[link] = heading(0, 1);
        result.at_end[link] = heading(count - 1, -1);
    });
    return result;
}

std::vector<Index> first_connection_of_links(const RoadNetwork& network) {
    std::vector<Index> first(network.links() + 1, 0);
    for (Index from : network.connection_from_link) ++first[from + 1];
    for (std::size_t link = 0; link < network.links(); ++link) first[link + 1] += first[link];
    return first;
}

}  // namespace junction

namespace {

void store(RoadNetwork& network, const std::vector<junction::Connection>& connections) {
    const std::size_t n = connections.size();
    network.connection_from_link.resize(n);
    network.connection_to_link.resize(n);
    network.connection_from_lane.resize(n);
    network.connection_to_lane.resize(n);
    network.connection_node.resize(n);
    network.connection_turn.resize(n);
    for (std::size_t c = 0; c < n; ++c) {
        network.connection_from_link[c] = connections[c].from_link;
        network.connection_to_link[c] = connections[c].to_link;
        network.connection_from_lane[c] = connections[c].from_lane;
        network.connection_to_lane[c] = connections[c].to_lane;
        network.connection_node[c] = network.link_to[connections[c].from_link];
        network.connection_turn[c] = connections[c].turn;
    }
    // The links' lengths already reach from node to node: the junction itself has none.
    network.connection_length_m.assign(n, 0.0);
    network.connection_speed_mps.assign(n, 0.0);
    network.connection_state.assign(n, LinkState::major);
    network.connection_signal.assign(n, no_index);
    network.connection_signal_link.assign(n, -1);
    network.connection_contains_waiting.assign(n, 0);
    network.connection_shape = {};
    network.connection_shape.offsets.assign(n + 1, 0);
}

}  // namespace

JunctionReport build_junctions(RoadNetwork& network, const JunctionInput& input, Arena& arena) {
    JunctionReport report;
    const junction::NodeLinks links = junction::links_of_nodes(network);
    const junction::Headings headings = junction::headings_of(network, arena);
    store(network, junction::connect_lanes(network, links, headings, input, report, arena));
    report.connections = network.connections();
    if (network.node_control.size() != network.nodes()) network.node_control.assign(network.nodes(), NodeControl::priority);
    network.node_signal.assign(network.nodes(), no_index);
    junction::decide_right_of_way(network, links, headings, report, arena);
    junction::make_signals(network, links, headings, input, report);
    return report;
}

}  // namespace citytwin::geodata
