#pragma once
// The links at each node, and the directions in which they leave and arrive.
#include <span>
#include <vector>

#include "core/parallel/arena.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

/// Rows of links by node (CSR), ascending.
struct LinksAtNodes {
    std::vector<Index> first, links;
    [[nodiscard]] std::span<const Index> operator[](Index node) const { return {links.data() + first[node], links.data() + first[node + 1]}; }
};
LinksAtNodes links_by_node(const std::vector<Index>& node_of_link, std::size_t nodes);

/// Headings in degrees, counter-clockwise from east, over the last (first) metres of a link.
struct Headings {
    std::vector<float> at_start, at_end;
};
Headings headings_of(const RoadNetwork& network, Arena& arena);

/// An angle brought into (-180, 180].
double normalised_angle(double degrees);
/// Degrees by which a driver turns from one heading into another: left is positive.
inline double turn_angle(double from_heading, double to_heading) { return normalised_angle(to_heading - from_heading); }

struct JunctionView {
    const RoadNetwork& network;
    LinksAtNodes in, out;
    Headings headings;
};

}  // namespace citytwin::geodata
