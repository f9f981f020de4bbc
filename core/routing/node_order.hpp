#pragma once
// The order in which a contraction hierarchy contracts its nodes: nested dissection (George 1973) from coordinates.
// Depends on the graph's shape and the coordinates alone, so it is made once a network and serves every weight set.
#include <span>
#include <vector>

#include "core/parallel/arena.hpp"
#include "core/routing/csr_graph.hpp"

namespace citytwin::routing {

/// Rank of each node, 0 = contracted first. `x`, `y` in metres, one a node (turn graphs: a point of the link). Cells
/// are split in parallel; the order is the same on any number of threads.
std::vector<Index> nested_dissection_order(Arena& arena, const CsrGraph& graph, std::span<const double> x,
                                           std::span<const double> y);

}  // namespace citytwin::routing
