#pragma once
// Where traffic signals stand and what they control (city.md section 6): a signal node on an approach within 25 m of a junction controls
// that junction; junctions under signals that are this near to each other are one controller; any other signal stands at its own node
// (a pedestrian crossing between junctions), where the road is cut. Signals on tracks and paths beside the road belong to the controller
// within 100 m, else to the junction within 25 m.
#include <vector>

#include "geodata/osm/street_graph.hpp"
#include "geodata/osm/way_plan.hpp"

namespace citytwin::geodata::osm {

struct SignalPlaces {
    struct Place {
        Index signal_node;     ///< row of the node table that carries the tag
        Index controlled_node; ///< row of the node table that is controlled: the junction, or the signal node itself
    };
    std::vector<Place> places;           ///< in the order of node ids
    std::vector<std::uint8_t> also_cut;  ///< by row of the node table; empty if no road needs a cut
    std::vector<Index> off_network;      ///< signal nodes on no road that cars use, and near none: given to the nearest controller, if there is any
    std::uint64_t on_junction = 0, on_approach = 0, standing_alone = 0, beside_the_road = 0;
};

SignalPlaces place_signals(const OsmData& data, const LocatedWays& located, const Pieces& pieces, const std::vector<WayPlan>& plans,
                           const Overrides& overrides, double join_distance_m);

}  // namespace citytwin::geodata::osm
