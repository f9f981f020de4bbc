#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/routing/contraction_hierarchy.hpp"

namespace citytwin::routing {

HierarchyWeights::HierarchyWeights(const ContractionHierarchy& hierarchy)
    : hierarchy_(&hierarchy),
      weight_(hierarchy.edges()),
      origin_(hierarchy.edges()),
      searches_(std::make_shared<WorkspacePool<HierarchySearch>>(
          [&hierarchy] { return std::make_unique<HierarchySearch>(hierarchy); })) {
    forward_.first.assign(hierarchy.nodes() + 1, 0);  // nothing is open before the first weights
    backward_.first = forward_.first;
}

void HierarchyWeights::customise(Arena& arena, std::span<const Weight> weights) {
    const ContractionHierarchy& h = *hierarchy_;
    if (weights.size() != h.graph().arcs())
        throw std::invalid_argument("HierarchyWeights: one weight an arc is needed");
    const bool first = arc_weight_.size() != weights.size();
    std::uint64_t work = 0;
    std::vector<std::uint8_t> may_change;
    if (!first) may_change = ranks_above_changes(weights, work);
    if (!first && work == 0) return;
    const std::vector<Weight> before = std::exchange(arc_weight_, std::vector<Weight>(weights.begin(), weights.end()));
    // One thread against all of them: the share below which fewer triangles are also less time.
    if (!first && work < h.total_work() / 3)
        customise_changed(may_change, before);
    else
        customise_all(arena);
    collect_open_edges(arena, true, forward_);
    collect_open_edges(arena, false, backward_);
}

/// Flags of the ranks on the ways from changed arcs to the root, and what customising them all would cost.
std::vector<std::uint8_t> HierarchyWeights::ranks_above_changes(std::span<const Weight> weights,
                                                                std::uint64_t& work) const {
    const ContractionHierarchy& h = *hierarchy_;
    std::vector<std::uint8_t> above(h.nodes(), 0);
    work = 0;
    for (std::size_t arc = 0; arc < weights.size(); ++arc) {
        if (weights[arc] == arc_weight_[arc]) continue;
        for (Index rank = h.lower_rank(arc); rank != no_index && above[rank] == 0; rank = h.parent(rank)) {
            above[rank] = 1;
            work += h.work(rank);
        }
    }
    return above;
}

/// A rank pulls from the triangles below it; so subtrees are independent, and above them the ranks of one level are.
void HierarchyWeights::customise_all(Arena& arena) {
    const ContractionHierarchy& h = *hierarchy_;
    WorkspacePool<std::vector<Index>> pool([&] { return std::make_unique<std::vector<Index>>(h.nodes()); });
    const auto subtrees = h.subtrees();
    arena.each(
        subtrees.size(),
        [&](std::size_t s) {
            pool.with([&](std::vector<Index>& edge_to) {
                for (Index rank = subtrees[s].begin; rank < subtrees[s].end; ++rank) customise_rank(rank, edge_to);
            });
        },
        1);
    for (const std::vector<Index>& level : h.upper_levels())
        arena.each(
            level.size(),
            [&](std::size_t i) { pool.with([&](std::vector<Index>& edge_to) { customise_rank(level[i], edge_to); }); },
            1);
}

/// In ascending order those ranks whose arcs changed or that lie above an edge that did. A rank follows from its arcs
/// and the ranks below it alone, so this gives what customise_all gives.
void HierarchyWeights::customise_changed(std::vector<std::uint8_t>& may_change, std::span<const Weight> before) {
    const ContractionHierarchy& h = *hierarchy_;
    std::vector<std::uint8_t> dirty(h.nodes(), 0);
    for (std::size_t arc = 0; arc < before.size(); ++arc)
        if (before[arc] != arc_weight_[arc]) dirty[h.lower_rank(arc)] = 1;
    std::vector<Index> edge_to(h.nodes());
    std::vector<Both> old;
    for (Index rank = 0; rank < h.nodes(); ++rank) {
        if (may_change[rank] == 0 || dirty[rank] == 0) continue;
        const auto row = weight_.begin() + h.first_up(rank), end = weight_.begin() + h.first_up(rank + 1);
        old.assign(row, end);
        customise_rank(rank, edge_to);
        if (std::equal(row, end, old.begin())) continue;
        for (Index e = h.first_up(rank); e < h.first_up(rank + 1); ++e) dirty[h.upper_end(e)] = 1;
    }
}

/// The row of a rank with nothing but its arcs: of parallel ones the cheapest, of equal ones the first.
void HierarchyWeights::take_arcs(Index rank) {
    const ContractionHierarchy& h = *hierarchy_;
    std::fill(weight_.begin() + h.first_up(rank), weight_.begin() + h.first_up(rank + 1),
              Both{infinite_weight, infinite_weight});
    for (const auto& place : h.arcs_of(rank)) {
        Weight& weight = place.upwards ? weight_[place.edge].up : weight_[place.edge].down;
        if (arc_weight_[place.arc] >= weight) continue;
        weight = arc_weight_[place.arc];
        (place.upwards ? origin_[place.edge].up : origin_[place.edge].down) = place.arc | is_arc;
    }
}

/// Lower triangles of the edges (rank, w): over each lower neighbour u, rank -> u -> w and w -> u -> rank. Equal sums
/// keep what came first, an arc before a triangle, a lower u before a higher one.
void HierarchyWeights::customise_rank(Index rank, std::vector<Index>& edge_to) {
    const ContractionHierarchy& h = *hierarchy_;
    take_arcs(rank);
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
