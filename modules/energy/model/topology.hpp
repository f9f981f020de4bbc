#pragma once
// From switch positions to a network that can be solved: buses joined by closed branches without impedance become one node,
// nodes joined by closed branches become islands, and each node gets its role. A function of network and switches alone.
#include <vector>

#include "modules/energy/model/power_network.hpp"

namespace citytwin::energy {

/// dead: without a path to a slack bus; it has no voltage and its demand isn't served.
enum class NodeRole : std::uint8_t { dead, load, voltage_controlled, slack };

struct IslandPolicy {
    bool promote = false;   ///< an island without a slack bus, but with a voltage-controlling unit, is run by its first one; else it is dead
};

struct Topology {
    Topology(const PowerNetwork& network, const SwitchState& state, IslandPolicy policy);

    std::vector<Index> node_of_bus;       ///< no_index for isolated and dead-by-failure buses
    std::vector<Index> bus_of_node;       ///< the first bus of each node
    std::vector<NodeRole> role;           ///< by node
    std::vector<double> setpoint;         ///< by node; of voltage_controlled and slack nodes
    std::vector<double> slack_angle_rad;  ///< by node; of slack nodes
    std::vector<Index> island;            ///< by node, numbered by first node
    std::vector<Index> live_islands;      ///< those with a slack node
    std::vector<Index> promoted_buses;    ///< made slack because no slack bus was there
    std::vector<Index> joining_branches;  ///< closed branches without impedance
    std::size_t islands = 0;

    [[nodiscard]] std::size_t nodes() const { return bus_of_node.size(); }
    [[nodiscard]] bool is_live(Index bus) const { return node_of_bus[bus] != no_index && role[node_of_bus[bus]] != NodeRole::dead; }
    /// Whether equations and unknowns are the same as in `other`, so that their pattern can be kept.
    [[nodiscard]] bool same_unknowns(const Topology& other) const { return node_of_bus == other.node_of_bus && role == other.role; }
};

/// Whether the branch connects two nodes now (closed, both ends there).
bool conducts(const PowerNetwork& network, const SwitchState& state, std::size_t branch);

}  // namespace citytwin::energy
