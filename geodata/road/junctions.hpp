#pragma once
// From links and lanes to a network that can be driven: lane-to-lane connections, right of way, signal programs.
// Readers that know only streets (OpenStreetMap, the city generator) call build_junctions once; SUMO networks bring all this along.
// The rules stand in docs/road_junctions.md; they follow netconvert where it has a documented behaviour, so that exported nets compare.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/parallel/arena.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

/// One turn that is forbidden, or (`only`) the one turn that is allowed from a link at the node where both meet.
struct TurnRestriction {
    Index from_link = no_index, to_link = no_index;
    bool only = false;
};

/// Nodes that one controller holds; its id becomes the signal's.
struct SignalGroup {
    std::string id;
    std::vector<Index> nodes;
};

/// What a generated fixed-time program is made of.
struct SignalDefaults {
    double cycle_s = 90;             ///< wished length; greens share what yellow, all-red and left-turn phases leave
    double least_green_s = 6;        ///< of any phase with green
    double left_green_s = 6;         ///< of a left-turn phase of its own
    double yellow_s = 3;             ///< least yellow, up to 50 km/h
    double yellow_per_kmh_s = 1.0 / 20;  ///< longer yellow above that: 4 s at 70 km/h (RiLSA)
    double all_red_s = 0;            ///< between phases
    double pedestrian_green_s = 20;  ///< street's green share where a signal stands alone (a crossing between junctions): red lasts this long
    int left_phase_from_lanes = 2;   ///< a left turn gets its own phase if it must cross at least this many oncoming lanes and has a lane of its own
};

struct JunctionInput {
    std::span<const std::uint32_t> link_turn_text;  ///< by link: number of its OSM turn:lanes text in `turn_texts`, no_index = none; may be empty
    std::span<const std::string> turn_texts;        ///< "left|through|through;right": lanes from left to right in driving direction
    std::span<const TurnRestriction> restrictions;
    std::span<const SignalGroup> signals;           ///< nodes under `traffic_light` that no group names get a controller of their own
    SignalDefaults signal_defaults;
};

/// Counts by cause, for the import report.
struct JunctionReport {
    std::uint64_t connections = 0, u_turns = 0, restricted_turns = 0, ignored_restrictions = 0;
    std::uint64_t turn_texts_used = 0, turn_texts_unusable = 0;  ///< unusable: another number of lanes, or no such turn there
    std::uint64_t signals = 0, priority_nodes = 0, right_before_left_nodes = 0, dead_ends = 0;
    std::vector<Index> unusable_turn_links;                      ///< rows of links, ascending
};

/// Fills the columns of connections, node_control (nodes given as `priority` are classified; traffic_light, all_way_stop, right_before_left
/// and so on are kept), node_signal and signals. Links, lanes and shapes stay as they are. Same network, same result, any thread count.
JunctionReport build_junctions(RoadNetwork& network, const JunctionInput& input, Arena& arena);

/// A built network for counting: what `city info` prints.
struct RoadStatistics {
    std::uint64_t nodes = 0, links = 0, lanes = 0, connections = 0, signals = 0;
    double link_km = 0, lane_km = 0;
    double km_by_class[road_class_count] = {};
    std::uint64_t strong_components = 0;
    double largest_component_share = 0;  ///< nodes of the largest strongly connected component / nodes
};
RoadStatistics road_statistics(const RoadNetwork& network);

}  // namespace citytwin::geodata
