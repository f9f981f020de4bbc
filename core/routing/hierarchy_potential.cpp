#include "core/routing/hierarchy_potential.hpp"

#include <algorithm>

namespace citytwin::routing {

HierarchyPotential::HierarchyPotential(const HierarchyWeights& weights)
    : weights_(&weights), labels_(weights.hierarchy().nodes()) {}

/// The backward half of a query: downward paths to the destination from all ranks above it.
void HierarchyPotential::aim(Index destination) {
    if (++aim_ == 0) {
        std::fill(labels_.begin(), labels_.end(), Label{});
        aim_ = 1;
    }
    const ContractionHierarchy& h = weights_->hierarchy();
    const auto& open = weights_->backward();
    const Index start = h.rank_of(destination);
    labels_[start] = {0, aim_, 0};
    for (Index x = start; x != no_index; x = h.parent(x)) {
        if (known(x) >= infinite_weight) continue;
        for (Index i = open.first[x]; i < open.first[x + 1]; ++i) {
            const Weight cost = labels_[x].to_destination + open.edge[i].weight;
            if (cost < known(open.edge[i].upper_end)) labels_[open.edge[i].upper_end] = {cost, aim_, 0};
        }
    }
}

/// dist(x) = min(downward path, over each upward edge x -> y: weight + dist(y)); all y lie on the way to the root.
Weight HierarchyPotential::operator()(Index node) const {
    const ContractionHierarchy& h = weights_->hierarchy();
    const auto& open = weights_->forward();
    const Index rank = h.rank_of(node);
    waiting_.clear();
    for (Index x = rank; x != no_index && labels_[x].final != aim_; x = h.parent(x)) waiting_.push_back(x);
    while (!waiting_.empty()) {
        const Index x = waiting_.back();
        waiting_.pop_back();
        Weight least = known(x);
        for (Index i = open.first[x]; i < open.first[x + 1]; ++i)
            least = std::min(least, open.edge[i].weight + labels_[open.edge[i].upper_end].to_destination);
        labels_[x] = {least, aim_, aim_};
    }
    return labels_[rank].to_destination;
}

}  // namespace citytwin::routing
