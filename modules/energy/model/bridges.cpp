#include "modules/energy/model/bridges.hpp"

#include <algorithm>

namespace citytwin::energy {
namespace {

struct Arc {
    Index node, branch;
};

std::vector<std::vector<Arc>> arcs_of(const PowerNetwork& network, const SwitchState& state, const Topology& topology) {
    std::vector<std::vector<Arc>> arcs(topology.nodes());
    for (Index k = 0; k < network.branches.size(); ++k) {
        if (!conducts(network, state, k)) continue;
        const Index from = topology.node_of_bus[network.branches.from[k]], to = topology.node_of_bus[network.branches.to[k]];
        if (from == to) continue;
        arcs[from].push_back({to, k});
        arcs[to].push_back({from, k});
    }
    return arcs;
}

}  // namespace

Bridges::Bridges(const PowerNetwork& network, const SwitchState& state, const Topology& topology) : is_bridge(network.branches.size(), 0) {
    const std::size_t n = topology.nodes();
    const auto arcs = arcs_of(network, state, topology);
    std::vector<Index> lowest(n, 0), next(n, 0), entered_by(n, no_index), parent(n, no_index);
    position_.assign(n, no_index);
    below_.assign(n, 1);
    far_node_.assign(network.branches.size(), no_index);
    std::vector<Index> roots, path;
    for (const bool slack : {true, false}) {
        for (Index i = 0; i < n; ++i) {
            if ((topology.role[i] == NodeRole::slack) == slack) roots.push_back(i);
        }
    }
    const auto enter = [&](Index node) {
        position_[node] = lowest[node] = static_cast<Index>(order.size());
        order.push_back(node);
        path.push_back(node);
    };
    for (const Index root : roots) {
        if (position_[root] != no_index) continue;
        enter(root);
        while (!path.empty()) {
            const Index node = path.back();
            if (next[node] < arcs[node].size()) {
                const Arc arc = arcs[node][next[node]++];
                if (arc.branch == entered_by[node]) continue;
                if (position_[arc.node] != no_index) {
                    lowest[node] = std::min(lowest[node], position_[arc.node]);
                    continue;
                }
                entered_by[arc.node] = arc.branch;
                parent[arc.node] = node;
                enter(arc.node);
                continue;
            }
            path.pop_back();
            const Index above = parent[node];
            if (above == no_index) continue;
            below_[above] += below_[node];
            lowest[above] = std::min(lowest[above], lowest[node]);
            if (lowest[node] == position_[node]) {
                is_bridge[entered_by[node]] = 1;
                far_node_[entered_by[node]] = node;
            }
        }
    }
}

}  // namespace citytwin::energy
