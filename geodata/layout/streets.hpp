#pragma once
// The streets of a city as utilities see them: an undirected graph of the largest weakly connected part, each pair of opposite
// links one street, and points (buildings, stations, reservoirs) snapped to their nearest street (design page city.md, section 10).
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/parallel/arena.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

/// A place on a street: `offset_m` in the street's own length from its `from` node.
struct StreetPoint {
    Index street = no_index;
    double offset_m = 0;
    double x = 0, y = 0;      ///< on the street
    double away_m = 0;        ///< from the point that was snapped
};

struct Streets {
    // --- nodes: the road nodes of the part, in their order
    std::vector<Index> road_node;
    std::vector<double> x, y, z;
    // --- streets, in the order of their first link
    std::vector<Index> link;                 ///< the road link that gave length and shape
    std::vector<Index> from, to;             ///< rows of the nodes above
    std::vector<double> length_m, factor;    ///< laying costs length times factor
    Ragged<double> shape;                    ///< x0,y0,x1,y1,… from -> to
    std::vector<Index> street_of_link;       ///< per road link (either direction), no_index outside of the part
    std::vector<std::uint8_t> against;       ///< per road link: 1 = it runs from `to` to `from`

    [[nodiscard]] std::size_t nodes() const { return road_node.size(); }
    [[nodiscard]] std::size_t size() const { return link.size(); }
};

/// Laying factors: motorway and trunk 5, primary 1.5, times 2 on a bridge or in a tunnel, 1 elsewhere.
double laying_factor(RoadClass road_class, std::uint32_t flags);

/// `node_z` per road node in metres; empty = all 0.
Streets utility_streets(const RoadNetwork& roads, std::span<const double> node_z);

/// Points on their nearest street; equal distances go to the lower street. `road_link` and `offset_m` (both or none) name the
/// street where it is known already; rows with no_index, or with a link outside of the part, are searched.
std::vector<StreetPoint> snap_to_streets(const Streets& streets, std::span<const double> x, std::span<const double> y,
                                         std::span<const Index> road_link, std::span<const double> offset_m, Arena& arena);

/// The point at `offset_m` of a street.
StreetPoint point_on_street(const Streets& streets, Index street, double offset_m);
/// Appends the polyline of a street between two offsets (either order) to x0,y0,…; the first point is left out when `joined`.
void append_street_shape(const Streets& streets, Index street, double from_m, double to_m, bool joined, std::vector<double>& points);

}  // namespace citytwin::geodata
