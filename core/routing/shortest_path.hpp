#pragma once
// Dijkstra (1959) and A* (Hart, Nilsson, Raphael 1968) on a CsrGraph: one to one, one to many, many to many.
//
// A search object is a workspace: its labels carry the number of the search that wrote them, so a query neither clears
// nor allocates. Use one object a thread. Among equally short paths the one whose arcs have the lowest numbers, seen
// from the destination backwards, is taken: with positive weights the path is therefore unique, and A* gives the same
// path as Dijkstra. (Weights of 0 are allowed; then the path is still the same in every run.)
//
// On a turn-aware graph (turn_graph.hpp) the nodes of a path are its links, origin and destination included, and its
// cost counts from the end of the origin link to the end of the destination link.
#include <algorithm>
#include <span>
#include <vector>

#include "core/parallel/arena.hpp"
#include "core/routing/csr_graph.hpp"
#include "core/routing/potential.hpp"
#include "core/routing/search_heap.hpp"
#include "core/routing/weight.hpp"

namespace citytwin::routing {

template <class W>
struct Path {
    W cost = infinite_weight_of<W>;
    std::vector<Index> nodes;  ///< from origin to destination, both included; empty if there is no path
    [[nodiscard]] bool found() const { return !nodes.empty(); }
};

template <class W = Weight>
class PathSearch {
public:
    /// The graph must outlive the search.
    explicit PathSearch(const CsrGraph& graph) : graph_(&graph), labels_(graph.nodes()) {}

    /// The shortest path from one node to another; false if there is none. `weights` has one value an arc (infinite =
    /// closed), `potential` is a lower bound of the cost from a node to `to`, zero there (potential.hpp). The cost of
    /// an origin that is the destination is 0.
    template <class Potential = NoPotential>
    bool path(Index from, Index to, std::span<const W> weights, Path<W>& result, const Potential& potential = {}) {
        search(from, to, fixed(weights), potential);
        return path_to(to, result);
    }

    /// Only the cost of that path, infinite if there is none.
    template <class Potential = NoPotential>
    W cost(Index from, Index to, std::span<const W> weights, const Potential& potential = {}) {
        search(from, to, fixed(weights), potential);
        return cost_to(to);
    }

    /// Costs from one node to each target, in the targets' order; the search ends when the last one is reached.
    void costs(Index from, std::span<const Index> targets, std::span<const W> weights, std::span<W> result) {
        reach(from, targets, weights);
        for (std::size_t i = 0; i < targets.size(); ++i) result[i] = cost_to(targets[i]);
    }

    /// Searches until every target is final; afterwards `cost_to` and `path_to` answer for them.
    void reach(Index from, std::span<const Index> targets, std::span<const W> weights) {
        start(from, NoPotential{});
        std::size_t next = 0;  // targets before it are final
        grow(fixed(weights), NoPotential{}, [&](W key) {
            while (next < targets.size() && (cost_to(targets[next]) < key)) ++next;
            return next == targets.size();
        });
    }

    /// The whole shortest-path tree of a node.
    void tree(Index from, std::span<const W> weights) {
        start(from, NoPotential{});
        grow(fixed(weights), NoPotential{}, [](W) { return false; });
    }

    /// Cost found by the last search (infinite if it didn't come there).
    [[nodiscard]] W cost_to(Index node) const {
        return labels_[node].search == search_ ? labels_[node].cost : infinite_weight_of<W>;
    }
    /// Path found by the last search; false if it didn't come there.
    bool path_to(Index node, Path<W>& result) const {
        result.nodes.clear();
        result.cost = cost_to(node);
        if (!(result.cost < infinite_weight_of<W>)) return false;
        result.nodes.push_back(node);
        for (Index arc = labels_[node].arc; arc != no_index; arc = labels_[graph_->tail(arc)].arc)
            result.nodes.push_back(graph_->tail(arc));
        std::reverse(result.nodes.begin(), result.nodes.end());
        return true;
    }

    /// The general form: `weigh(arc, cost_at_tail)` gives the weight of an arc entered at that cost (time-dependent
    /// searches); it must never let a later entry leave earlier.
    template <class Weigh, class Potential>
    void search(Index from, Index to, const Weigh& weigh, const Potential& potential) {
        start(from, potential);
        // Equal keys are still looked at, so that the rule for ties sees every candidate.
        grow(weigh, potential, [&](W key) { return cost_to(to) < key; });
    }

private:
    struct Label {
        W cost, key;
        Index arc = no_index;  ///< arc that leads here
        std::uint32_t search = 0;
    };

    static auto fixed(std::span<const W> weights) {
        return [weights](std::size_t arc, W) { return weights[arc]; };
    }

    template <class Potential>
    void start(Index from, const Potential& potential) {
        if (++search_ == 0) {  // the counter wrapped: forget all labels
            for (Label& label : labels_) label.search = 0;
            search_ = 1;
        }
        heap_.clear();
        const auto key = static_cast<W>(potential(from));
        labels_[from] = Label{W{0}, key, no_index, search_};
        if (key < infinite_weight_of<W>) heap_.push({key, from});
    }

    template <class Weigh, class Potential, class Done>
    void grow(const Weigh& weigh, const Potential& potential, const Done& done) {
        while (!heap_.empty()) {
            const Index node = heap_.top().node;
            const bool stale = HeapEntry<W>{labels_[node].key, node} < heap_.top();
            if (!stale && done(labels_[node].key)) return;
            heap_.pop();
            if (!stale) relax_arcs(node, weigh, potential);
        }
    }

    template <class Weigh, class Potential>
    void relax_arcs(Index node, const Weigh& weigh, const Potential& potential) {
        const W at_node = labels_[node].cost;
        const Index end = graph_->first_out(node + 1);
        for (Index arc = graph_->first_out(node); arc < end; ++arc) {
            const W weight = weigh(arc, at_node);
            const W cost = add_weights(at_node, weight);
            if (!(cost < infinite_weight_of<W>)) continue;
            const Index head = graph_->head(arc);
            Label& label = labels_[head];
            if (label.search != search_ || cost < label.cost) {
                const W key = add_weights(cost, static_cast<W>(potential(head)));
                label = Label{cost, key, arc, search_};
                if (key < infinite_weight_of<W>) heap_.push({key, head});
            } else if (cost == label.cost && weight > 0 && arc < label.arc && label.arc != no_index) {
                label.arc = arc;
            }
        }
    }

    const CsrGraph* graph_;
    std::vector<Label> labels_;
    QuaternaryHeap<HeapEntry<W>> heap_;
    std::uint32_t search_ = 0;
};

/// Costs of all pairs, row by row: result[s * targets + t]. Rows run in parallel; the same digits on any thread count.
std::vector<Weight> cost_matrix(Arena& arena, const CsrGraph& graph, std::span<const Weight> weights,
                                std::span<const Index> sources, std::span<const Index> targets);

}  // namespace citytwin::routing
