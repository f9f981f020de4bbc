#pragma once
// Who yields to whom at one node: conflicts by the order of the streets round the node, ranks by class, right before left among equals.
#include <vector>

#include "geodata/road/junction_geometry.hpp"

namespace citytwin::geodata {

/// A connection while its node is being built.
struct DraftConnection {
    Index from_link, to_link;
    std::int32_t from_lane, to_lane;
    Turn turn;
    LinkState state = LinkState::major;
};

/// Conflicts of a node's connections; rows and values count within the node.
struct NodeConflicts {
    std::vector<std::vector<std::uint32_t>> foes, yields_to;
};

/// How a node given as `priority` is controlled: netconvert's rule (equal streets below 49 km/h are right before left).
NodeControl classified_control(const JunctionView& view, Index node);

/// Conflicts and right of way; sets the connections' states.
NodeConflicts resolve_right_of_way(const JunctionView& view, Index node, NodeControl control, bool has_signal, std::vector<DraftConnection>& connections);

}  // namespace citytwin::geodata
