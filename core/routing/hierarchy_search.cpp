#include <algorithm>

#include "core/routing/contraction_hierarchy.hpp"

namespace citytwin::routing {

HierarchySearch::HierarchySearch(const ContractionHierarchy& hierarchy)
    : hierarchy_(&hierarchy), forward_(hierarchy.nodes()), backward_(hierarchy.nodes()) {}

void HierarchySearch::relax(const HierarchyWeights::OpenEdges& open, std::vector<Label>& labels, Index rank) {
    const Weight at_rank = labels[rank].cost;
    for (Index i = open.first[rank]; i < open.first[rank + 1]; ++i) {
        Label& label = labels[open.edge[i].upper_end];
        const Weight cost = at_rank + open.edge[i].weight;
        if (cost < label.cost) label = {cost, i};
    }
}

/// Both searches walk up the elimination tree, the lower one first; where they have met, both know their costs. Returns
/// the rank over which the shortest path leads.
Index HierarchySearch::meet(const HierarchyWeights& weights, Index from, Index to, Weight& best) {
    const ContractionHierarchy& h = *hierarchy_;
    Index x = h.rank_of(from), y = h.rank_of(to), over = no_index;
    forward_[x] = {0, no_index};
    backward_[y] = {0, no_index};
    while (x != y) {  // no_index, past a root, is higher than any rank
        if (x < y) {
            if (forward_[x].cost < infinite_weight) relax(weights.forward(), forward_, x);
            x = h.parent(x);
        } else {
            if (backward_[y].cost < infinite_weight) relax(weights.backward(), backward_, y);
            y = h.parent(y);
        }
    }
    best = infinite_weight;
    for (; x != no_index; x = h.parent(x)) {
        const Weight forward = forward_[x].cost, backward = backward_[x].cost;
        if (forward + backward < best) {
            best = forward + backward;
            over = x;
        }
        if (forward < best) relax(weights.forward(), forward_, x);
        if (backward < best) relax(weights.backward(), backward_, x);
    }
    return over;
}

void HierarchySearch::forget(Index from, Index to) {
    for (Index x = hierarchy_->rank_of(from); x != no_index; x = hierarchy_->parent(x))
        forward_[x].cost = infinite_weight;
    for (Index y = hierarchy_->rank_of(to); y != no_index; y = hierarchy_->parent(y))
        backward_[y].cost = infinite_weight;
}

void HierarchySearch::climb(const HierarchyWeights& weights, Index node, bool forwards, std::vector<Reached>& reached) {
    std::vector<Label>& labels = forwards ? forward_ : backward_;
    reached.clear();
    const Index start = hierarchy_->rank_of(node);
    labels[start] = {0, no_index};
    for (Index x = start; x != no_index; x = hierarchy_->parent(x)) {
        if (labels[x].cost >= infinite_weight) continue;
        relax(forwards ? weights.forward() : weights.backward(), labels, x);
        reached.push_back({x, labels[x].cost});
        labels[x].cost = infinite_weight;
    }
}

Weight HierarchySearch::cost(const HierarchyWeights& weights, Index from, Index to) {
    Weight best = infinite_weight;
    meet(weights, from, to, best);
    forget(from, to);
    return best;
}

bool HierarchySearch::path(const HierarchyWeights& weights, Index from, Index to, Path<Weight>& result) {
    result.nodes.clear();
    const Index over = meet(weights, from, to, result.cost);
    if (over != no_index) {
        const ContractionHierarchy& h = *hierarchy_;
        edges_.clear();
        for (Index i = forward_[over].edge; i != no_index; i = forward_[h.lower_end(edges_.back())].edge)
            edges_.push_back(weights.forward().number[i]);
        result.nodes.push_back(from);
        for (std::size_t k = edges_.size(); k-- > 0;) weights.unpack(edges_[k], true, result.nodes);
        for (Index i = backward_[over].edge; i != no_index;) {
            const Index edge = weights.backward().number[i];
            weights.unpack(edge, false, result.nodes);
            i = backward_[h.lower_end(edge)].edge;
        }
    }
    forget(from, to);
    return over != no_index;
}

namespace {

constexpr std::size_t queries_per_block = 128;

/// The routes of consecutive requests, before they are joined.
Routes find_block(HierarchySearch& search, const HierarchyWeights& weights, std::span<const RouteRequest> requests) {
    Routes routes;
    Path<Weight> path;
    for (const RouteRequest& request : requests) {
        search.path(weights, request.from, request.to, path);
        routes.cost.push_back(path.cost);
        routes.nodes.insert(routes.nodes.end(), path.nodes.begin(), path.nodes.end());
        routes.first.push_back(routes.nodes.size());
    }
    return routes;
}

}  // namespace

Routes find_routes(Arena& arena, const HierarchyWeights& weights, std::span<const RouteRequest> requests) {
    std::vector<Routes> blocks((requests.size() + queries_per_block - 1) / queries_per_block);
    arena.each(
        blocks.size(),
        [&](std::size_t b) {
            const std::size_t first = b * queries_per_block,
                              count = std::min(queries_per_block, requests.size() - first);
            weights.searches_->with([&](HierarchySearch& search) {
                blocks[b] = find_block(search, weights, requests.subspan(first, count));
            });
        },
        1);
    Routes routes;
    std::size_t total = 0;
    for (const Routes& block : blocks) total += block.nodes.size();
    routes.nodes.reserve(total);
    routes.cost.reserve(requests.size());
    routes.first.reserve(requests.size() + 1);
    for (Routes& block : blocks) {
        const std::uint64_t before = routes.nodes.size();
        routes.cost.insert(routes.cost.end(), block.cost.begin(), block.cost.end());
        routes.nodes.insert(routes.nodes.end(), block.nodes.begin(), block.nodes.end());
        for (std::size_t i = 1; i < block.first.size(); ++i) routes.first.push_back(before + block.first[i]);
        block = Routes{};
    }
    return routes;
}

/// Every target leaves its cost at all ranks above it (a bucket); a source then collects from the ranks above itself.
std::vector<Weight> cost_matrix(Arena& arena, const HierarchyWeights& weights, std::span<const Index> sources,
                                std::span<const Index> targets) {
    std::vector<std::vector<HierarchySearch::Reached>> from_sources(sources.size()), to_targets(targets.size());
    arena.each(
        sources.size() + targets.size(),
        [&](std::size_t i) {
            weights.searches_->with([&](HierarchySearch& search) {
                if (i < sources.size())
                    search.climb(weights, sources[i], true, from_sources[i]);
                else
                    search.climb(weights, targets[i - sources.size()], false, to_targets[i - sources.size()]);
            });
        },
        64);
    struct Entry {
        Index target;
        Weight cost;
    };
    std::vector<std::vector<Entry>> bucket(weights.hierarchy().nodes());
    for (std::size_t t = 0; t < targets.size(); ++t)
        for (const auto& reached : to_targets[t]) bucket[reached.rank].push_back({static_cast<Index>(t), reached.cost});
    std::vector<Weight> result(sources.size() * targets.size(), infinite_weight);
    arena.each(
        sources.size(),
        [&](std::size_t s) {
            Weight* row = result.data() + s * targets.size();
            for (const auto& reached : from_sources[s])
                for (const Entry& entry : bucket[reached.rank])
                    row[entry.target] = std::min(row[entry.target], reached.cost + entry.cost);
        },
        16);
    return result;
}

}  // namespace citytwin::routing
