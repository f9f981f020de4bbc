#pragma once
// A directed graph as compressed rows (CSR) with 32-bit indices: what every route search of this folder runs on.
// Arcs are renumbered by (tail, head, input position), so the numbering depends on the graph alone; weights are a
// separate span with one value an arc, so that many weight sets (vehicle classes, times of day) share one graph.
#include <span>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin::routing {

class CsrGraph {
public:
    CsrGraph() = default;
    /// Arc i of the input leads from tail[i] to head[i]. Throws std::invalid_argument if the spans differ in length or
    /// name a node that isn't there.
    CsrGraph(std::size_t node_count, std::span<const Index> tail, std::span<const Index> head);

    [[nodiscard]] std::size_t nodes() const { return first_out_.size() - 1; }
    [[nodiscard]] std::size_t arcs() const { return head_.size(); }
    /// The arcs out of `node` are [first_out(node), first_out(node + 1)), heads ascending.
    [[nodiscard]] Index first_out(std::size_t node) const { return first_out_[node]; }
    [[nodiscard]] Index head(std::size_t arc) const { return head_[arc]; }
    [[nodiscard]] Index tail(std::size_t arc) const { return tail_[arc]; }
    /// Position of the arc in the spans that the graph was made from.
    [[nodiscard]] Index input_of(std::size_t arc) const { return input_[arc]; }
    /// The arc from `tail` to `head` with the lowest number, or no_index.
    [[nodiscard]] Index find_arc(Index tail, Index head) const;

    [[nodiscard]] std::span<const Index> first_out() const { return first_out_; }
    [[nodiscard]] std::span<const Index> heads() const { return head_; }
    [[nodiscard]] std::span<const Index> tails() const { return tail_; }

private:
    std::vector<Index> first_out_{0}, head_, tail_, input_;
};

/// The same arcs seen from their heads, for searches against the driving direction.
struct BackwardArcs {
    explicit BackwardArcs(const CsrGraph& graph);
    std::vector<Index> first_in;  ///< size nodes + 1
    std::vector<Index> arc;       ///< arcs into a node, ascending: weights and tails are looked up by it
};

struct StrongComponents {
    std::vector<Index> component_of;  ///< per node; components are numbered by their lowest node, ascending
    std::vector<Index> size;          ///< nodes per component
    /// The component with the most nodes (the lowest number among equals), or no_index for an empty graph.
    [[nodiscard]] Index largest() const;
};

/// Strongly connected components (Tarjan 1972, without recursion). Arcs whose `open` flag is 0 don't count; an empty
/// span means that all are open.
StrongComponents strong_components(const CsrGraph& graph, std::span<const std::uint8_t> open = {});

}  // namespace citytwin::routing
