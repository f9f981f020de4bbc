#pragma once
// A small set of nodes whose removal splits a cell into two balanced parts: inertial flow (Schild, Sommer 2015).
// Nodes are sorted along a direction, the first quarter are sources and the last quarter sinks of a flow in which every
// node may carry one unit; the least cut of nodes is the separator. Several directions are tried, the best is kept.
// On a turn-aware graph a cut of nodes is a cut of streets, which is what makes its separators small.
#include <span>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin::routing {

/// An undirected graph without loops or parallel edges: neighbours of node v are neighbour[first[v], first[v + 1]).
struct CellGraph {
    std::vector<Index> first{0}, neighbour;
    std::vector<double> x, y;
    std::vector<Index> node;  ///< numbers in the whole graph

    [[nodiscard]] std::size_t size() const { return first.size() - 1; }
    [[nodiscard]] std::span<const Index> neighbours(std::size_t v) const {
        return {neighbour.data() + first[v], static_cast<std::size_t>(first[v + 1] - first[v])};
    }
};

enum class Side : std::uint8_t { first, second, separator };

/// Side of each node of a connected cell; empty if no separator leaves two parts.
std::vector<Side> separate(const CellGraph& cell);

}  // namespace citytwin::routing
