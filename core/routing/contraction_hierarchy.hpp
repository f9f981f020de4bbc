#pragma once
// Customisable contraction hierarchies: J. Dibbelt, B. Strasser, D. Wagner, "Customizable Contraction Hierarchies",
// ACM Journal of Experimental Algorithmics 21 (2016).
//
// Three phases. (1) `ContractionHierarchy`: an order and all shortcuts that any weights could need, once a network.
// (2) `HierarchyWeights`: one weight set (a vehicle class, a time of day, closures as infinite weights) carried over to
// the shortcuts in tens of milliseconds, in parallel. (3) `HierarchySearch`: exact queries of tens of microseconds.
// Weights are integers, so costs equal Dijkstra's exactly. Where several paths are equally short the choice follows
// from the order alone (not Dijkstra's rule): the same on any number of threads and however often weights were changed.
#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "core/parallel/arena.hpp"
#include "core/routing/csr_graph.hpp"
#include "core/routing/shortest_path.hpp"
#include "core/routing/weight.hpp"
#include "core/routing/workspace_pool.hpp"

namespace citytwin::routing {

/// The network's part. Nodes are named by rank inside (0 = contracted first); an edge joins a lower rank (its row) to a
/// higher one and stands for both directions. Immutable after construction, shared by all threads and weight sets.
class ContractionHierarchy {
public:
    /// Order by nested dissection from coordinates (node_order.hpp). The graph must outlive the hierarchy.
    ContractionHierarchy(Arena& arena, const CsrGraph& graph, std::span<const double> x, std::span<const double> y);
    /// With a given order: `rank` is a permutation of the nodes.
    ContractionHierarchy(const CsrGraph& graph, std::span<const Index> rank);

    [[nodiscard]] const CsrGraph& graph() const { return *graph_; }
    [[nodiscard]] std::size_t nodes() const { return rank_of_.size(); }
    [[nodiscard]] std::size_t edges() const { return up_head_.size(); }
    [[nodiscard]] Index rank_of(Index node) const { return rank_of_[node]; }
    [[nodiscard]] Index node_of(Index rank) const { return node_of_[rank]; }
    /// The next rank on the way to the root of the elimination tree, no_index at a root. All that a search from a node
    /// can reach upwards lies on this way.
    [[nodiscard]] Index parent(Index rank) const { return parent_[rank]; }
    [[nodiscard]] Index first_up(std::size_t rank) const { return first_up_[rank]; }
    [[nodiscard]] Index upper_end(std::size_t edge) const { return up_head_[edge]; }
    /// Edges whose upper end is `rank`, by ascending lower end.
    [[nodiscard]] std::span<const Index> down_edges(std::size_t rank) const {
        return {down_edge_.data() + first_down_[rank],
                static_cast<std::size_t>(first_down_[rank + 1] - first_down_[rank])};
    }
    [[nodiscard]] Index lower_end(std::size_t edge) const { return up_tail_[edge]; }
    /// A graph arc and where its weight goes. Loops have no place: no shortest path needs them.
    struct ArcPlace {
        Index arc, edge;
        bool upwards;
    };
    /// The arcs whose lower end is `rank`, ascending.
    [[nodiscard]] std::span<const ArcPlace> arcs_of(std::size_t rank) const {
        return {arc_place_.data() + first_arc_[rank],
                static_cast<std::size_t>(first_arc_[rank + 1] - first_arc_[rank])};
    }
    /// Rank of the lower end of an arc.
    [[nodiscard]] Index lower_rank(std::size_t arc) const {
        return std::min(rank_of_[graph_->tail(arc)], rank_of_[graph_->head(arc)]);
    }
    /// What customising a rank costs: its edges and the triangles below them.
    [[nodiscard]] std::uint64_t work(std::size_t rank) const { return work_[rank]; }
    [[nodiscard]] std::uint64_t total_work() const { return total_work_; }
    /// Subtrees of the elimination tree that can be customised side by side, as ranges of ranks; then `upper_levels`.
    struct RankRange {
        Index begin, end;
    };
    [[nodiscard]] std::span<const RankRange> subtrees() const { return subtrees_; }
    /// Ranks above the subtrees, level by level: those of one level don't depend on each other.
    [[nodiscard]] std::span<const std::vector<Index>> upper_levels() const { return upper_levels_; }

private:
    void build(std::span<const Index> rank);
    void place_nodes(std::span<const Index> rank);
    void contract();
    void place_arcs();
    void plan_customisation();

    const CsrGraph* graph_;
    std::vector<Index> rank_of_, node_of_, parent_, first_up_, up_head_, up_tail_, first_down_, down_edge_, first_arc_;
    std::vector<ArcPlace> arc_place_;
    std::vector<std::uint64_t> work_;
    std::uint64_t total_work_ = 0;
    std::vector<RankRange> subtrees_;
    std::vector<std::vector<Index>> upper_levels_;
};

struct RouteRequest {
    Index from, to;
};

/// Many routes in flat arrays, in the order of the requests.
struct Routes {
    std::vector<Weight> cost;             ///< infinite = there is no route
    std::vector<std::uint64_t> first{0};  ///< route i is nodes[first[i], first[i + 1])
    std::vector<Index> nodes;

    [[nodiscard]] std::size_t size() const { return cost.size(); }
    [[nodiscard]] std::span<const Index> operator[](std::size_t i) const {
        return {nodes.data() + first[i], static_cast<std::size_t>(first[i + 1] - first[i])};
    }
};

class HierarchySearch;

/// One weight set on a hierarchy.
class HierarchyWeights {
public:
    /// The hierarchy must outlive the weights.
    explicit HierarchyWeights(const ContractionHierarchy& hierarchy);
    /// Takes over one weight an arc of the graph (infinite = closed). If few differ from the last call's, only what
    /// depends on those is worked out anew. The result follows from `weights` alone, on any number of threads.
    void customise(Arena& arena, std::span<const Weight> weights);

    [[nodiscard]] const ContractionHierarchy& hierarchy() const { return *hierarchy_; }

    /// What a search walks over: the edges that are open in one direction, row by row.
    struct OpenEdges {
        std::vector<Index> first;
        struct Edge {
            Index upper_end;
            Weight weight;
        };
        std::vector<Edge> edge;
        std::vector<Index> number;  ///< of the edge in the hierarchy
    };
    [[nodiscard]] const OpenEdges& forward() const { return forward_; }
    [[nodiscard]] const OpenEdges& backward() const { return backward_; }

    /// Appends the nodes after the first one on the path that an edge stands for: from its lower to its upper end if
    /// `upwards`, else the other way.
    void unpack(Index edge, bool upwards, std::vector<Index>& nodes) const;

private:
    struct Both {  ///< from the lower end to the upper one, and back
        Weight up, down;
        bool operator==(const Both&) const = default;
    };
    struct Origin {  ///< a graph arc, or the lower edge of the triangle that gave the weight
        std::uint32_t up, down;
    };
    static constexpr std::uint32_t is_arc = 0x80000000u;

    friend Routes find_routes(Arena&, const HierarchyWeights&, std::span<const RouteRequest>);
    friend std::vector<Weight> cost_matrix(Arena&, const HierarchyWeights&, std::span<const Index>,
                                           std::span<const Index>);

    std::vector<std::uint8_t> ranks_above_changes(std::span<const Weight> weights, std::uint64_t& work) const;
    void customise_all(Arena& arena);
    void customise_changed(std::vector<std::uint8_t>& may_change, std::span<const Weight> before);
    void take_arcs(Index rank);
    void customise_rank(Index rank, std::vector<Index>& edge_to);
    void collect_open_edges(Arena& arena, bool upwards, OpenEdges& open) const;

    const ContractionHierarchy* hierarchy_;
    std::vector<Weight> arc_weight_;  ///< of the last call
    std::vector<Both> weight_;
    std::vector<Origin> origin_;
    OpenEdges forward_, backward_;
    std::shared_ptr<WorkspacePool<HierarchySearch>> searches_;  ///< for batches, kept from one to the next
};

/// A workspace for queries; one a thread. Serves any weight set of its hierarchy.
class HierarchySearch {
public:
    explicit HierarchySearch(const ContractionHierarchy& hierarchy);

    /// The shortest path; false if there is none.
    bool path(const HierarchyWeights& weights, Index from, Index to, Path<Weight>& result);
    /// Only its cost, infinite if there is none.
    Weight cost(const HierarchyWeights& weights, Index from, Index to);

    struct Reached {
        Index rank;
        Weight cost;
    };
    /// Every rank that an upward search from a node (or, backwards, to it) comes to, with its cost.
    void climb(const HierarchyWeights& weights, Index node, bool forwards, std::vector<Reached>& reached);

private:
    struct Label {
        Weight cost = infinite_weight;
        Index edge = no_index;  ///< edge that leads here (its lower end is nearer to where the search began)
    };
    Index meet(const HierarchyWeights& weights, Index from, Index to, Weight& cost);
    void forget(Index from, Index to);
    static void relax(const HierarchyWeights::OpenEdges& open, std::vector<Label>& labels, Index rank);

    const ContractionHierarchy* hierarchy_;
    std::vector<Label> forward_, backward_;
    std::vector<Index> edges_;
};

/// Routes of all requests, in parallel; on turn graphs the nodes are links, origin and destination included.
Routes find_routes(Arena& arena, const HierarchyWeights& weights, std::span<const RouteRequest> requests);

/// Costs of all pairs, result[s * targets + t], in parallel: what a routing of vehicles or a search for the nearest
/// needs.
std::vector<Weight> cost_matrix(Arena& arena, const HierarchyWeights& weights, std::span<const Index> sources,
                                std::span<const Index> targets);

}  // namespace citytwin::routing
