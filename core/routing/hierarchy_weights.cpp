#include <algorithm>
#include <stdexcept>

#include "core/routing/contraction_hierarchy.hpp"
#include "core/routing/workspace_pool.hpp"

namespace citytwin::routing {

HierarchyWeights::HierarchyWeights(const ContractionHierarchy& hierarchy) : hierarchy_(&hierarchy), weight_(hierarchy.edges()), origin_(hierarchy.edges()) {}

void HierarchyWeights::customise(Arena& arena, std::span<const Weight> weights) {
    const ContractionHierarchy& h = *hierarchy_;
    if (weights.size() != h.graph().arcs()) throw std::invalid_argument("HierarchyWeights: one weight an arc is needed");
    take_arcs(weights);
    // A rank pulls from the triangles below it; so subtrees are independent, and above them the ranks of one level are.
    WorkspacePool<std::vector<Index>> pool([&] { return std::make_unique<std::vector<Index>>(h.nodes()); });
    const auto subtrees = h.subtrees();
    arena.each(subtrees.size(), [&](std::size_t s) {
        pool.with([&](std::vector<Index>& edge_to) {
            for (Index rank = subtrees[s].begin; rank < subtrees[s].end; ++rank) customise_rank(rank, edge_to);
        });
    }, 1);
    for (const std::vector<Index>& level : h.upper_levels())
        arena.each(level.size(), [&](std::size_t i) {
            pool.with([&](std::vector<Index>& edge_to) { customise_rank(level[i], edge_to); });
        }, 1);
    collect_open_edges(arena, true, forward_);
    collect_open_edges(arena, false, backward_);
}

void HierarchyWeights::take_arcs(std::span<const Weight> weights) {
    std::fill(weight_.begin(), weight_.end(), Both{infinite_weight, infinite_weight});
    for (std::size_t arc = 0; arc < weights.size(); ++arc) {  // of parallel arcs the cheapest, of equal ones the first
        const Index slot = hierarchy_->slot_of_arc(arc);
        if (slot == no_index) continue;
        Weight& weight = slot % 2 == 0 ? weight_[slot / 2].up : weight_[slot / 2].down;
        if (weights[arc] >= weight) continue;
        weight = weights[arc];
        (slot % 2 == 0 ? origin_[slot / 2].up : origin_[slot / 2].down) = static_cast<std::uint32_t>(arc) | is_arc;
    }
}

/// Lower triangles of the edges (rank, w): over each lower neighbour u, rank -> u -> w and w -> u -> rank. Equal sums
/// keep what came first, an arc before a triangle, a lower u before a higher one.
void HierarchyWeights::customise_rank(Index rank, std::vector<Index>& edge_to) {
    const ContractionHierarchy& h = *hierarchy_;
    for (Index e = h.first_up(rank); e < h.first_up(rank + 1); ++e) edge_to[h.upper_end(e)] = e;
    for (const Index lower : h.down_edges(rank)) {
        const Both via = weight_[lower];  // up: u -> rank, down: rank -> u
        const Index end = h.first_up(h.lower_end(lower) + 1);
        if (via.up >= infinite_weight && via.down >= infinite_weight) continue;
        for (Index k = lower + 1; k < end; ++k) {
            const Index e = edge_to[h.upper_end(k)];
            const Weight up = via.down + weight_[k].up, down = weight_[k].down + via.up;
            if (up < weight_[e].up) {
                weight_[e].up = up;
                origin_[e].up = lower;
            }
            if (down < weight_[e].down) {
                weight_[e].down = down;
                origin_[e].down = lower;
            }
        }
    }
}

void HierarchyWeights::collect_open_edges(Arena& arena, bool upwards, OpenEdges& open) const {
    const ContractionHierarchy& h = *hierarchy_;
    const auto weight_of = [&](Index e) { return upwards ? weight_[e].up : weight_[e].down; };
    open.first.assign(h.nodes() + 1, 0);
    arena.each(h.nodes(), [&](std::size_t v) {
        Index count = 0;
        for (Index e = h.first_up(v); e < h.first_up(v + 1); ++e) count += weight_of(e) < infinite_weight;
        open.first[v + 1] = count;
    });
    for (std::size_t v = 0; v < h.nodes(); ++v) open.first[v + 1] += open.first[v];
    open.edge.resize(open.first.back());
    open.number.resize(open.first.back());
    arena.each(h.nodes(), [&](std::size_t v) {
        Index next = open.first[v];
        for (Index e = h.first_up(v); e < h.first_up(v + 1); ++e) {
            if (weight_of(e) >= infinite_weight) continue;
            open.edge[next] = {h.upper_end(e), weight_of(e)};
            open.number[next++] = e;
        }
    });
}

void HierarchyWeights::unpack(Index edge, bool upwards, std::vector<Index>& nodes) const {
    const ContractionHierarchy& h = *hierarchy_;
    const std::uint32_t origin = upwards ? origin_[edge].up : origin_[edge].down;
    if ((origin & is_arc) != 0) {
        nodes.push_back(h.graph().head(origin & ~is_arc));
        return;
    }
    // A triangle over u: `origin` joins u to the lower end of `edge`, `other` to the upper one, in the same row.
    Index other = origin + 1;
    while (h.upper_end(other) != h.upper_end(edge)) ++other;
    unpack(upwards ? origin : other, false, nodes);
    unpack(upwards ? other : origin, true, nodes);
}

}  // namespace citytwin::routing
