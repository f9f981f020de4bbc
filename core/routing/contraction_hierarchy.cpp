#include "core/routing/contraction_hierarchy.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/routing/node_order.hpp"

namespace citytwin::routing {

ContractionHierarchy::ContractionHierarchy(Arena& arena, const CsrGraph& graph, std::span<const double> x,
                                           std::span<const double> y)
    : graph_(&graph) {
    build(nested_dissection_order(arena, graph, x, y));
}

ContractionHierarchy::ContractionHierarchy(const CsrGraph& graph, std::span<const Index> rank) : graph_(&graph) {
    std::vector<std::uint8_t> taken(graph.nodes(), 0);
    bool permutation = rank.size() == graph.nodes();
    for (const Index r : rank)
        permutation = permutation && r < taken.size() && !std::exchange(taken[r], std::uint8_t{1});
    if (!permutation) throw std::invalid_argument("ContractionHierarchy: the ranks must be a permutation of the nodes");
    build(rank);
}

void ContractionHierarchy::build(std::span<const Index> rank) {
    place_nodes(rank);
    contract();
    place_arcs();
    plan_customisation();
}

namespace {

/// Parents in the elimination tree of an order (Liu 1986, with path compression), by rank.
std::vector<Index> elimination_tree(const CsrGraph& graph, std::span<const Index> rank) {
    std::vector<std::vector<Index>> lower(graph.nodes());
    for (std::size_t a = 0; a < graph.arcs(); ++a) {
        const Index t = rank[graph.tail(a)], h = rank[graph.head(a)];
        if (t != h) lower[std::max(t, h)].push_back(std::min(t, h));
    }
    std::vector<Index> parent(graph.nodes(), no_index), ancestor(graph.nodes(), no_index);
    for (Index v = 0; v < graph.nodes(); ++v)
        for (Index u : lower[v])
            while (u != v) {
                const Index next = std::exchange(ancestor[u], v);
                if (next == no_index) parent[u] = v;
                if (next == no_index) break;
                u = next;
            }
    return parent;
}

}  // namespace

/// Renumbers the order so that every subtree of the elimination tree is a range of ranks: the same shortcuts, and rows
/// that are used together lie together.
void ContractionHierarchy::place_nodes(std::span<const Index> rank) {
    const auto n = static_cast<Index>(graph_->nodes());
    const std::vector<Index> old_parent = elimination_tree(*graph_, rank);
    std::vector<Index> size(n, 1), end(n), renumbered(n);
    for (Index v = 0; v < n; ++v)
        if (old_parent[v] != no_index) size[old_parent[v]] += size[v];
    Index root_end = n;
    for (Index v = n; v-- > 0;) {
        Index& from = old_parent[v] == no_index ? root_end : end[old_parent[v]];
        renumbered[v] = from - 1;
        end[v] = from - 1;
        from -= size[v];
    }
    parent_.assign(n, no_index);
    for (Index v = 0; v < n; ++v)
        if (old_parent[v] != no_index) parent_[renumbered[v]] = renumbered[old_parent[v]];
    rank_of_.resize(n);
    node_of_.resize(n);
    for (Index node = 0; node < n; ++node) {
        rank_of_[node] = renumbered[rank[node]];
        node_of_[rank_of_[node]] = node;
    }
}

/// All shortcuts: the upper neighbours of a rank, less its parent, become upper neighbours of the parent.
void ContractionHierarchy::contract() {
    const std::size_t n = graph_->nodes();
    std::vector<std::vector<Index>> up(n);
    for (std::size_t a = 0; a < graph_->arcs(); ++a) {
        const Index t = rank_of_[graph_->tail(a)], h = rank_of_[graph_->head(a)];
        if (t != h) up[std::min(t, h)].push_back(std::max(t, h));
    }
    first_up_.assign(1, 0);
    first_down_.assign(n + 1, 0);
    for (std::size_t v = 0; v < n; ++v) {
        std::vector<Index>& row = up[v];
        std::sort(row.begin(), row.end());
        row.erase(std::unique(row.begin(), row.end()), row.end());
        if (row.size() > 1) up[row[0]].insert(up[row[0]].end(), row.begin() + 1, row.end());
        up_head_.insert(up_head_.end(), row.begin(), row.end());
        up_tail_.insert(up_tail_.end(), row.size(), static_cast<Index>(v));
        first_up_.push_back(static_cast<Index>(up_head_.size()));
        for (const Index w : row) ++first_down_[w + 1];
        std::vector<Index>().swap(row);
    }
    for (std::size_t v = 0; v < n; ++v) first_down_[v + 1] += first_down_[v];
    down_edge_.resize(up_head_.size());
    std::vector<Index> next(first_down_.begin(), first_down_.end() - 1);
    for (std::size_t e = 0; e < up_head_.size(); ++e) down_edge_[next[up_head_[e]]++] = static_cast<Index>(e);
}

void ContractionHierarchy::place_arcs() {
    const auto is_loop = [&](std::size_t a) { return graph_->tail(a) == graph_->head(a); };
    first_arc_.assign(nodes() + 1, 0);
    for (std::size_t a = 0; a < graph_->arcs(); ++a)
        if (!is_loop(a)) ++first_arc_[lower_rank(a) + 1];
    for (std::size_t v = 0; v < nodes(); ++v) first_arc_[v + 1] += first_arc_[v];
    arc_place_.resize(first_arc_.back());
    std::vector<Index> next(first_arc_.begin(), first_arc_.end() - 1);
    for (std::size_t a = 0; a < graph_->arcs(); ++a) {
        if (is_loop(a)) continue;
        const Index lower = lower_rank(a), t = rank_of_[graph_->tail(a)], h = rank_of_[graph_->head(a)];
        const auto row = up_head_.begin() + first_up_[lower], end = up_head_.begin() + first_up_[lower + 1];
        const auto edge = static_cast<Index>(std::lower_bound(row, end, std::max(t, h)) - up_head_.begin());
        arc_place_[next[lower]++] = {static_cast<Index>(a), edge, t < h};
    }
}

void ContractionHierarchy::plan_customisation() {
    const std::size_t n = nodes();
    work_.assign(n, 1);
    for (std::size_t e = 0; e < edges(); ++e) work_[up_head_[e]] += first_up_[up_tail_[e] + 1] - e;
    std::vector<std::uint64_t> work = work_;  // of the whole subtree
    std::vector<Index> size(n, 1);
    total_work_ = 0;
    for (std::size_t v = 0; v < n; ++v) {
        total_work_ += work_[v];
        if (parent_[v] == no_index) continue;
        work[parent_[v]] += work[v];
        size[parent_[v]] += size[v];
    }
    constexpr std::uint64_t pieces = 64;  // enough for balance on any machine in sight; few enough to keep them large
    const std::uint64_t most = total_work_ / pieces + 1;
    std::vector<Index> level(n, 0);
    for (Index v = 0; v < n; ++v) {
        const bool in_subtree = work[v] <= most;
        if (in_subtree && (parent_[v] == no_index || work[parent_[v]] > most))
            subtrees_.push_back({v + 1 - size[v], v + 1});
        if (in_subtree) continue;
        if (level[v] >= upper_levels_.size()) upper_levels_.resize(level[v] + 1);
        upper_levels_[level[v]].push_back(v);
        if (parent_[v] != no_index) level[parent_[v]] = std::max(level[parent_[v]], level[v] + 1);
    }
}

}  // namespace citytwin::routing
