#pragma once
// Exact distances to one destination as an A* potential (B. Strasser, T. Zeitz, "A Fast and Tight Heuristic for A* in
// Road Networks", SEA 2021). Customise a hierarchy with lower bounds (free flow, or the least time of the day) and
// steer a search in dearer weights: the nearer the bounds, the fewer nodes it looks at.
#include <vector>

#include "core/routing/contraction_hierarchy.hpp"

namespace citytwin::routing {

/// A workspace: one a thread. Call `aim` before each search; distances are worked out when first asked for.
class HierarchyPotential {
public:
    /// The weights must outlive the potential and not change between `aim` and the search.
    explicit HierarchyPotential(const HierarchyWeights& weights);

    void aim(Index destination);
    /// Distance from a node to the destination, infinite if there is no path.
    Weight operator()(Index node) const;

private:
    struct Label {
        Weight to_destination = infinite_weight;  ///< so far: by a downward path only, unless `final`
        std::uint32_t reached = 0, final = 0;     ///< numbers of the aim
    };
    [[nodiscard]] Weight known(Index rank) const {
        return labels_[rank].reached == aim_ ? labels_[rank].to_destination : infinite_weight;
    }

    const HierarchyWeights* weights_;
    mutable std::vector<Label> labels_;
    mutable std::vector<Index> waiting_;
    std::uint32_t aim_ = 0;
};

}  // namespace citytwin::routing
