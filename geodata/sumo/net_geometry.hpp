#pragma once
// Pictures for a .net.xml: lanes beside the street's line, cut back at junctions, curves across them, outlines of junctions.
#include <utility>
#include <vector>

#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

using Polyline = std::vector<double>;  ///< x0,y0,x1,y1,…

class NetGeometry {
public:
    explicit NetGeometry(const RoadNetwork& network);

    /// Lane i of a link, i = 0 rightmost, from junction edge to junction edge.
    [[nodiscard]] Polyline lane(Index link, std::int32_t lane) const;
    /// The way of a connection across its junction: the source's, else a curve between the lanes.
    [[nodiscard]] Polyline connection(Index connection) const;
    /// Convex outline of a junction; empty if it has too few lanes for one.
    [[nodiscard]] Polyline outline(Index node, const std::vector<Index>& in, const std::vector<Index>& out) const;
    /// Share of a link's line that lies inside its two junctions.
    [[nodiscard]] double share_inside_junctions(Index link) const;
    [[nodiscard]] bool is_centred(Index link) const { return is_centred_[link]; }

private:
    void cut_back();

    const RoadNetwork& net_;
    std::vector<bool> is_centred_;   ///< no link runs back beside it: lanes lie about the line, else right of it
    std::vector<double> line_m_, cut_start_m_, cut_end_m_;
};

double length_of(const Polyline& line);
/// The line cut at half its length.
std::pair<Polyline, Polyline> halves_of(const Polyline& line);

}  // namespace citytwin::geodata
