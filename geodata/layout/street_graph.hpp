#pragma once
// Streets cut at the points that hang on them: nodes are street nodes first, then joints; edges are pieces of streets.
// Shortest paths and Mehlhorn's approximation of the Steiner tree (Information Processing Letters 27(3), 1988) over it.
#include <span>
#include <vector>

#include "geodata/layout/streets.hpp"

namespace citytwin::geodata {

struct StreetGraph {
    // --- nodes: the streets' nodes in their order, then joints by (street, offset)
    std::vector<double> x, y, z;
    std::vector<StreetPoint> place;          ///< where each node lies: its lowest street and the offset there
    std::size_t street_nodes = 0;
    // --- edges: pieces of streets in the order of the streets
    std::vector<Index> from, to, street;
    std::vector<double> start_m, end_m;      ///< offsets on the street
    std::vector<double> length_m, weight;    ///< weight = length times laying factor
    // --- incidence, edges ascending
    std::vector<Index> first, incident;
    std::vector<Index> node_of_point;        ///< per point that was given

    [[nodiscard]] std::size_t nodes() const { return x.size(); }
    [[nodiscard]] std::size_t edges() const { return from.size(); }
    [[nodiscard]] Index other(Index edge, Index node) const { return from[edge] == node ? to[edge] : from[edge]; }
    [[nodiscard]] std::span<const Index> at(Index node) const { return {incident.data() + first[node], incident.data() + first[node + 1]}; }
};

/// Points of one street less than `spacing_m` apart share a joint in their middle; at a street's end they hang on its node.
StreetGraph cut_streets(const Streets& streets, std::span<const StreetPoint> points, double spacing_m);

/// Work space of one thread for shortest paths by weight; equal distances go to the lower node.
class StreetSearch {
public:
    explicit StreetSearch(const StreetGraph& graph);
    /// Settles nodes by distance from `source` until `targets` distinct marked nodes are settled (or all nodes).
    void run(Index source, std::span<const std::uint8_t> marked, std::size_t targets);
    [[nodiscard]] bool reached(Index node) const { return stamp_[node] == run_; }
    [[nodiscard]] double distance(Index node) const { return distance_[node]; }
    /// Edges from the source to a node, in that order.
    [[nodiscard]] std::vector<Index> path(Index node) const;

private:
    const StreetGraph& graph_;
    std::vector<double> distance_;
    std::vector<Index> parent_edge_;
    std::vector<std::uint32_t> stamp_, settled_;
    std::vector<std::pair<double, Index>> heap_;
    std::uint32_t run_ = 0;
};

/// Edges (ascending) of a tree that spans the terminals: at most 2 (1 - 1/leaves) times the shortest. Ties by edge.
std::vector<Index> steiner_tree(const StreetGraph& graph, std::span<const Index> terminals);

/// A tree hung up at one or several roots: every node belongs to its nearest root; edges between two roots' parts are `cut`.
struct RootedTree {
    std::vector<Index> order;                ///< nodes, parents before children
    std::vector<Index> parent, parent_edge;  ///< per graph node; no_index at roots and outside
    std::vector<Index> root;                 ///< per graph node: number of its root, no_index outside of the tree
    std::vector<double> depth_m;             ///< per graph node: length from its root
    std::vector<Index> cut;
};
RootedTree hang_up(const StreetGraph& graph, std::span<const Index> tree_edges, std::span<const Index> roots);

/// The polyline along edges that follow each other, beginning at `node`.
std::vector<double> shape_along(const Streets& streets, const StreetGraph& graph, Index node, std::span<const Index> edges);

}  // namespace citytwin::geodata
