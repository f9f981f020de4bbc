#include "modules/energy/model/topology.hpp"

#include "core/base/union_find.hpp"

namespace citytwin::energy {
namespace {

bool is_there(const PowerNetwork& network, const SwitchState& state, Index bus) {
    return network.buses.kind[bus] != BusKind::isolated && state.bus_dead[bus] == 0;
}

void number_nodes(const PowerNetwork& network, const SwitchState& state, Topology& topology) {
    const std::size_t n = network.buses.size();
    UnionFind joined(n);
    for (std::size_t k = 0; k < network.branches.size(); ++k) {
        if (!is_zero(network.branches.impedance[k]) || !conducts(network, state, k)) continue;
        joined.join(network.branches.from[k], network.branches.to[k]);
        topology.joining_branches.push_back(static_cast<Index>(k));
    }
    topology.node_of_bus.assign(n, no_index);
    for (Index bus = 0; bus < n; ++bus) {
        if (!is_there(network, state, bus)) continue;
        const Index first = joined.find(bus);
        if (first == bus) {
            topology.node_of_bus[bus] = static_cast<Index>(topology.bus_of_node.size());
            topology.bus_of_node.push_back(bus);
        } else {
            topology.node_of_bus[bus] = topology.node_of_bus[first];
        }
    }
}

void number_islands(const PowerNetwork& network, const SwitchState& state, Topology& topology) {
    UnionFind connected(topology.nodes());
    for (std::size_t k = 0; k < network.branches.size(); ++k) {
        if (conducts(network, state, k)) connected.join(topology.node_of_bus[network.branches.from[k]], topology.node_of_bus[network.branches.to[k]]);
    }
    topology.island.assign(topology.nodes(), no_index);
    for (Index node = 0; node < topology.nodes(); ++node) {
        const Index first = connected.find(node);
        topology.island[node] = first == node ? static_cast<Index>(topology.islands++) : topology.island[first];
    }
}

/// The declared kind counts only with a unit on line; the last unit's setpoint holds (as MATPOWER takes it).
void assign_controls(const PowerNetwork& network, const SwitchState& state, Topology& topology) {
    topology.role.assign(topology.nodes(), NodeRole::load);
    topology.setpoint.assign(topology.nodes(), 1.0);
    topology.slack_angle_rad.assign(topology.nodes(), 0.0);
    for (std::size_t unit = 0; unit < network.units.size(); ++unit) {
        const Index bus = network.units.bus[unit], node = topology.node_of_bus[bus];
        if (state.unit_on[unit] == 0 || node == no_index) continue;
        const BusKind kind = network.buses.kind[bus];
        if (kind == BusKind::load) continue;
        const NodeRole role = kind == BusKind::slack ? NodeRole::slack : NodeRole::voltage_controlled;
        if (role < topology.role[node]) continue;   // a slack bus of the same node goes first
        if (role == NodeRole::slack && topology.role[node] != NodeRole::slack) topology.slack_angle_rad[node] = network.buses.angle_rad[bus];
        topology.role[node] = role;
        topology.setpoint[node] = state.setpoint[unit];
    }
}

void settle_islands(const PowerNetwork& network, IslandPolicy policy, Topology& topology) {
    std::vector<std::uint8_t> live(topology.islands, 0);
    bool any = false;
    for (std::size_t node = 0; node < topology.nodes(); ++node) {
        if (topology.role[node] != NodeRole::slack) continue;
        live[topology.island[node]] = 1;
        any = true;
    }
    // No slack at all: the first voltage-controlled bus takes over, whatever the policy; else an island runs only if it may.
    for (std::size_t node = 0; node < topology.nodes(); ++node) {
        if (topology.role[node] != NodeRole::voltage_controlled || live[topology.island[node]] != 0 || (any && !policy.promote)) continue;
        const Index bus = topology.bus_of_node[node];
        topology.role[node] = NodeRole::slack;
        topology.slack_angle_rad[node] = network.buses.angle_rad[bus];
        topology.promoted_buses.push_back(bus);
        live[topology.island[node]] = 1;
        any = true;
    }
    for (std::size_t node = 0; node < topology.nodes(); ++node) {
        if (live[topology.island[node]] == 0) topology.role[node] = NodeRole::dead;
    }
    for (std::size_t i = 0; i < topology.islands; ++i) {
        if (live[i] != 0) topology.live_islands.push_back(static_cast<Index>(i));
    }
}

}  // namespace

bool conducts(const PowerNetwork& network, const SwitchState& state, std::size_t branch) {
    return state.branch_closed[branch] != 0 && is_there(network, state, network.branches.from[branch]) && is_there(network, state, network.branches.to[branch]);
}

Topology::Topology(const PowerNetwork& network, const SwitchState& state, IslandPolicy policy) {
    number_nodes(network, state, *this);
    number_islands(network, state, *this);
    assign_controls(network, state, *this);
    settle_islands(network, policy, *this);
}

}  // namespace citytwin::energy
