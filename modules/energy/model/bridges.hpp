#pragma once
// Branches whose loss parts the network: lowest-point search (Tarjan, Information Processing Letters 2(6), 1974). Parallel
// branches are no bridges.
#include <vector>

#include "modules/energy/model/topology.hpp"

namespace citytwin::energy {

struct Bridges {
    Bridges(const PowerNetwork& network, const SwitchState& state, const Topology& topology);

    std::vector<std::uint8_t> is_bridge;   ///< by branch
    /// The nodes on the far side of a bridge, seen from the root of its island (its first slack node): consecutive in `order`.
    [[nodiscard]] std::span<const Index> far_side(std::size_t bridge) const {
        return std::span(order).subspan(position_[far_node_[bridge]], below_[far_node_[bridge]]);
    }
    std::vector<Index> order;              ///< nodes in depth-first order

private:
    std::vector<Index> position_, below_, far_node_;
};

}  // namespace citytwin::energy
