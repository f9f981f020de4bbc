#include "modules/energy/model/start_voltages.hpp"

#include <cmath>

#include "modules/energy/model/portable_trig.hpp"

namespace citytwin::energy {
namespace {

bool is_controlled(NodeRole role) { return role == NodeRole::voltage_controlled || role == NodeRole::slack; }

NodeVoltages magnitudes(const Topology& topology) {
    NodeVoltages start;
    start.resize(topology.nodes());
    for (std::size_t i = 0; i < topology.nodes(); ++i) {
        if (topology.role[i] == NodeRole::dead) continue;
        start.magnitude[i] = is_controlled(topology.role[i]) ? topology.setpoint[i] : 1.0;
        if (topology.role[i] == NodeRole::slack) start.angle_rad[i] = topology.slack_angle_rad[i];
    }
    return start;
}

struct Link {
    Index node;
    double shift_rad;   // angle here minus angle there
};

std::vector<std::vector<Link>> links_of(const PowerNetwork& network, const SwitchState& state, const Topology& topology) {
    std::vector<std::vector<Link>> links(topology.nodes());
    for (std::size_t k = 0; k < network.branches.size(); ++k) {
        if (!conducts(network, state, k)) continue;
        const Index from = topology.node_of_bus[network.branches.from[k]], to = topology.node_of_bus[network.branches.to[k]];
        if (from == to) continue;
        links[from].push_back({to, state.shift_rad[k]});
        links[to].push_back({from, -state.shift_rad[k]});
    }
    return links;
}

/// Susceptance and shift of a branch in the DC model; series resistance alone counts with its magnitude.
double dc_susceptance(const PowerNetwork& network, const SwitchState& state, std::size_t k) {
    const Complex z = network.branches.impedance[k];
    return 1 / ((z.im != 0 ? z.im : magnitude(z)) * state.ratio[k]);
}

struct DcSystem {
    std::vector<int> at;                       // unknown of a node, -1 if its angle is given
    std::vector<int> column_begin{0}, row;
    std::vector<double> values, right_side;
};

DcSystem dc_system(const PowerNetwork& network, const SwitchState& state, const Topology& topology, const NodeAdmittance& y, const NodeVoltages& start,
                   const std::vector<Complex>& target) {
    DcSystem system;
    const std::size_t n = topology.nodes();
    system.at.assign(n, -1);
    int unknowns = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (topology.role[i] != NodeRole::dead && topology.role[i] != NodeRole::slack) system.at[i] = unknowns++;
    }
    std::vector<double> b(y.entries(), 0), power(n);
    for (std::size_t i = 0; i < n; ++i) power[i] = target[i].re;
    for (std::size_t bus = 0; bus < network.buses.size(); ++bus) {
        if (topology.node_of_bus[bus] != no_index) power[topology.node_of_bus[bus]] -= network.buses.shunt[bus].re;
    }
    for (std::size_t k = 0; k < network.branches.size(); ++k) {
        const auto& entries = y.branch_entries[k];
        if (entries[0] == no_index || !conducts(network, state, k)) continue;
        const Index from = topology.node_of_bus[network.branches.from[k]], to = topology.node_of_bus[network.branches.to[k]];
        const double s = dc_susceptance(network, state, k);
        b[entries[0]] += s;
        b[entries[1]] -= s;
        b[entries[2]] -= s;
        b[entries[3]] += s;
        power[from] += s * state.shift_rad[k];
        power[to] -= s * state.shift_rad[k];
    }
    for (std::size_t j = 0; j < n; ++j) {   // symmetric: rows are columns
        if (system.at[j] < 0) continue;
        double given = 0;
        for (Index k = y.row_begin[j]; k < y.row_begin[j + 1]; ++k) {
            const Index i = y.column[k];
            if (system.at[i] >= 0) {
                system.row.push_back(system.at[i]);
                system.values.push_back(b[k]);
            } else {
                given += b[k] * start.angle_rad[i];
            }
        }
        system.column_begin.push_back(static_cast<int>(system.row.size()));
        system.right_side.push_back(power[j] - given);
    }
    return system;
}

}  // namespace

NodeVoltages flat_start(const PowerNetwork& network, const SwitchState& state, const Topology& topology) {
    NodeVoltages start = magnitudes(topology);
    const auto links = links_of(network, state, topology);
    std::vector<std::uint8_t> seen(topology.nodes(), 0);
    std::vector<Index> queue;
    for (Index i = 0; i < topology.nodes(); ++i) {
        if (topology.role[i] != NodeRole::slack) continue;
        seen[i] = 1;
        queue.push_back(i);
    }
    for (std::size_t head = 0; head < queue.size(); ++head) {
        const Index i = queue[head];
        for (const Link& link : links[i]) {
            if (seen[link.node] != 0) continue;
            seen[link.node] = 1;
            start.angle_rad[link.node] = start.angle_rad[i] - link.shift_rad;
            queue.push_back(link.node);
        }
    }
    start.to_rectangular();
    return start;
}

NodeVoltages dc_start(const PowerNetwork& network, const SwitchState& state, const Topology& topology, const std::vector<Complex>& target) {
    NodeVoltages start = magnitudes(topology);
    const NodeAdmittance pattern(network, topology);
    DcSystem system = dc_system(network, state, topology, pattern, start, target);
    SparseLu lu;
    if (!lu.analyze(system.column_begin, system.row) || !lu.choose_pivots(system.values)) return flat_start(network, state, topology);
    lu.solve(system.right_side);
    for (std::size_t i = 0; i < topology.nodes(); ++i) {
        if (system.at[i] >= 0) start.angle_rad[i] = system.right_side[static_cast<std::size_t>(system.at[i])];
    }
    start.to_rectangular();
    return start;
}

NodeVoltages given_start(const PowerNetwork& network, const Topology& topology) {
    NodeVoltages start = magnitudes(topology);
    for (std::size_t i = 0; i < topology.nodes(); ++i) {
        const Index bus = topology.bus_of_node[i];
        if (topology.role[i] == NodeRole::load) start.magnitude[i] = network.buses.voltage[bus];
        if (topology.role[i] == NodeRole::load || topology.role[i] == NodeRole::voltage_controlled) start.angle_rad[i] = network.buses.angle_rad[bus];
    }
    start.to_rectangular();
    return start;
}

}  // namespace citytwin::energy
