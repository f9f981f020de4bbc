#pragma once
// What the steps of build_junctions share: arms of a node, movements, connections in the making. Not for others.
#include <cmath>
#include <numbers>

#include "geodata/road/junctions.hpp"

namespace citytwin::geodata::junction {

/// Links in and out of each node, ascending.
struct NodeLinks {
    std::vector<Index> in_first, in, out_first, out;
    [[nodiscard]] std::span<const Index> in_of(Index node) const { return {in.data() + in_first[node], in_first[node + 1] - in_first[node]}; }
    [[nodiscard]] std::span<const Index> out_of(Index node) const { return {out.data() + out_first[node], out_first[node + 1] - out_first[node]}; }
};
NodeLinks links_of_nodes(const RoadNetwork& network);

/// Headings (radians, mathematical) near a link's end and near its start, taken over 10 m of the shape.
struct Headings {
    std::vector<double> at_end, at_start;
};
Headings headings_of(const RoadNetwork& network, Arena& arena);

inline double wrapped(double angle) {
    while (angle > std::numbers::pi) angle -= 2 * std::numbers::pi;
    while (angle <= -std::numbers::pi) angle += 2 * std::numbers::pi;
    return angle;
}

struct Connection {
    Index from_link, to_link;
    std::int32_t from_lane, to_lane;
    Turn turn;
};

/// Lane to lane; adds turn and counts. Sorted by (from link, from lane, to link, to lane).
std::vector<Connection> connect_lanes(const RoadNetwork& network, const NodeLinks& links, const Headings& headings, const JunctionInput& input, JunctionReport& report,
                                      Arena& arena);

/// First connection of each link; size links + 1.
std::vector<Index> first_connection_of_links(const RoadNetwork& network);

/// node_control of nodes given as `priority`, foes, yields_to and states as they are without signals.
void decide_right_of_way(RoadNetwork& network, const NodeLinks& links, const Headings& headings, JunctionReport& report, Arena& arena);

/// Signals and their programs; needs foes.
void make_signals(RoadNetwork& network, const NodeLinks& links, const Headings& headings, const JunctionInput& input, JunctionReport& report);

}  // namespace citytwin::geodata::junction
