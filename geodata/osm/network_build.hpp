#pragma once
// Nodes, links and lanes of the simulation from the pieces of ways; turn restrictions, turn arrows and controllers as references to them.
#include <string>
#include <vector>

#include "geodata/crs/crs.hpp"
#include "geodata/osm/signal_places.hpp"
#include "geodata/osm/street_graph.hpp"
#include "geodata/osm/way_plan.hpp"
#include "geodata/road/junctions.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata::osm {

inline constexpr double shortest_link_m = 0.1;

struct NetworkDraft {
    RoadNetwork road;                        ///< nodes, links and lanes; no connections yet
    std::vector<double> link_sphere_m;
    std::vector<Index> forward_link, backward_link;  ///< by piece, no_index where there is none
    std::vector<Index> node_of_junction;             ///< by junction of the pieces, no_index where no car gets to
    std::vector<std::uint32_t> link_turns;           ///< number of the turn:lanes text in OsmData::texts, no_index if none
    std::vector<Index> shortened;                    ///< links shorter than `shortest_link_m`, lengthened to it
};

struct BuildInput {
    const OsmData& data;
    const LocatedWays& located;
    const Pieces& pieces;
    const std::vector<WayPlan>& plans;
    const RoadDefaults& defaults;
    std::span<const std::uint8_t> dropped_pieces = {};  ///< by piece, 1 = leave out; empty = none

    [[nodiscard]] bool is_used(Index piece) const {
        const WayPlan& plan = plans[pieces.way[piece]];
        return plan.is_usable && !plan.is_deleted && (dropped_pieces.empty() || dropped_pieces[piece] == 0);
    }
};

/// `crs` names the projected system. Links in file order, forward before backward.
NetworkDraft build_network(const BuildInput& in, const std::string& crs, const SourcePlace& place, Arena& arena);

struct TurnRules {
    std::vector<TurnRestriction> restrictions;  ///< in the order of the file
    std::vector<Index> unmatched;               ///< rows of OsmData::restrictions without such links
};
TurnRules match_restrictions(const BuildInput& in, const NetworkDraft& draft);

/// Controllers: joins controlled nodes that a link of at most the join distance connects. Named by the first node.
std::vector<SignalGroup> group_controllers(const BuildInput& in, const NetworkDraft& draft, const SignalPlaces& signals);

/// A signal on the street (an OpenStreetMap node) and the network node that it controls.
struct SignalHead {
    ObjectId id;
    double x, y;  ///< local frame
    Index node;
};
std::vector<SignalHead> signal_heads(const BuildInput& in, const NetworkDraft& draft, const SignalPlaces& signals);

}  // namespace citytwin::geodata::osm
