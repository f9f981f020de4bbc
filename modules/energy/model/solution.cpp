#include "modules/energy/model/solution.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/union_find.hpp"

namespace citytwin::energy {
namespace {

/// Power that leaves each bus into branches with impedance and its shunt.
std::vector<Complex> drawn_by_branches(PowerFlow& flow, const std::vector<BranchFlow>& flows) {
    const PowerNetwork& network = flow.network();
    std::vector<Complex> drawn(network.buses.size());
    for (std::size_t k = 0; k < flows.size(); ++k) {
        drawn[network.branches.from[k]] += flows[k].from;
        drawn[network.branches.to[k]] += flows[k].to;
    }
    for (Index bus = 0; bus < drawn.size(); ++bus) {
        if (flow.topology().is_live(bus)) drawn[bus] += flow.voltage[bus] * flow.voltage[bus] * conj(network.buses.shunt[bus]);
    }
    return drawn;
}

/// Flows of branches without impedance: leaves of their tree first, each passes on what its bus lacks. What the units of a
/// controlled node give isn't known by bus, so the root (a bus with such units, if there is one) takes the rest.
void add_joining_flows(PowerFlow& flow, std::vector<BranchFlow>& flows) {
    const PowerNetwork& network = flow.network();
    const Topology& topology = flow.topology();
    if (topology.joining_branches.empty()) return;
    std::vector<Complex> lack = drawn_by_branches(flow, flows);   // what the bus draws beyond its own units
    for (std::size_t bus = 0; bus < lack.size(); ++bus) lack[bus] += flow.demand[bus];
    std::vector<std::uint8_t> is_root(lack.size(), 0);
    for (std::size_t unit = 0; unit < network.units.size(); ++unit) {
        const Index bus = network.units.bus[unit];
        if (flow.switches().unit_on[unit] == 0 || !topology.is_live(bus)) continue;
        if (topology.role[topology.node_of_bus[bus]] == NodeRole::load) lack[bus] -= flow.unit_power[unit];
        else is_root[bus] = 1;
    }
    UnionFind tree(lack.size());
    std::vector<Index> edges, degree(lack.size(), 0);
    for (const Index k : topology.joining_branches) {
        if (!topology.is_live(network.branches.from[k]) || !tree.join(network.branches.from[k], network.branches.to[k])) continue;   // a loop's last branch carries 0
        edges.push_back(k);
        ++degree[network.branches.from[k]];
        ++degree[network.branches.to[k]];
    }
    std::vector<std::uint8_t> done(edges.size(), 0);
    for (bool any = true, roots_too = false; any || !roots_too;) {
        if (!any) roots_too = true;   // several roots in one tree: the later ones give as leaves
        any = false;
        for (std::size_t e = 0; e < edges.size(); ++e) {
            const Index k = edges[e], from = network.branches.from[k], to = network.branches.to[k];
            const bool from_leaf = degree[from] == 1 && (is_root[from] == 0 || roots_too), to_leaf = degree[to] == 1 && (is_root[to] == 0 || roots_too);
            if (done[e] != 0 || (!from_leaf && !to_leaf)) continue;
            const Index leaf = to_leaf ? to : from, inner = to_leaf ? from : to;
            const Complex power = is_root[leaf] != 0 ? Complex{} : lack[leaf];
            flows[k] = to_leaf ? BranchFlow{power, -power} : BranchFlow{-power, power};
            lack[inner] += power;
            --degree[leaf];
            --degree[inner];
            done[e] = any = true;
        }
    }
}

}  // namespace

std::vector<BranchFlow> branch_flows(PowerFlow& flow) {
    const PowerNetwork& network = flow.network();
    const Topology& topology = flow.topology();
    const NodeAdmittance& y = flow.admittance();
    std::vector<BranchFlow> flows(network.branches.size());
    for (std::size_t k = 0; k < flows.size(); ++k) {
        if (y.branch_entries[k][0] == no_index || !conducts(network, flow.switches(), k)) continue;
        const TwoPort port = two_port(network.branches, k, flow.switches().ratio[k], flow.switches().shift_rad[k]);
        const Complex vf = flow.node_voltage(topology.node_of_bus[network.branches.from[k]]), vt = flow.node_voltage(topology.node_of_bus[network.branches.to[k]]);
        flows[k] = {vf * conj(port.ff * vf + port.ft * vt), vt * conj(port.tf * vf + port.tt * vt)};
    }
    add_joining_flows(flow, flows);
    return flows;
}

std::vector<Complex> unit_output(PowerFlow& flow, const std::vector<BranchFlow>& flows) {
    const PowerNetwork& network = flow.network();
    const Topology& topology = flow.topology();
    const std::vector<Complex> drawn = drawn_by_branches(flow, flows);
    std::vector<std::vector<Index>> at_bus(network.buses.size());
    for (Index unit = 0; unit < network.units.size(); ++unit) {
        if (flow.switches().unit_on[unit] != 0 && topology.is_live(network.units.bus[unit])) at_bus[network.units.bus[unit]].push_back(unit);
    }
    std::vector<Complex> output(network.units.size());
    for (Index bus = 0; bus < at_bus.size(); ++bus) {
        if (at_bus[bus].empty()) continue;
        const NodeRole role = topology.role[topology.node_of_bus[bus]];
        Complex rest = drawn[bus] + flow.demand[bus];
        double range = 0, lowest = 0;
        for (const Index unit : at_bus[bus]) {
            output[unit] = flow.unit_power[unit];
            range += network.units.q_max[unit] - network.units.q_min[unit];
            lowest += network.units.q_min[unit];
        }
        if (role == NodeRole::load) continue;
        const bool shared = std::isfinite(range) && std::isfinite(lowest) && range > 0;
        for (const Index unit : at_bus[bus]) {
            output[unit].im = shared ? network.units.q_min[unit] + (rest.im - lowest) / range * (network.units.q_max[unit] - network.units.q_min[unit])
                                     : rest.im / static_cast<double>(at_bus[bus].size());
        }
        if (role != NodeRole::slack) continue;
        for (std::size_t i = 1; i < at_bus[bus].size(); ++i) rest.re -= output[at_bus[bus][i]].re;
        output[at_bus[bus][0]].re = rest.re;
    }
    return output;
}

double loading(const Branches& branches, std::size_t branch, const BranchFlow& flow) {
    if (!(branches.rating[branch] > 0)) return 0;
    return std::sqrt(std::max(squared(flow.from), squared(flow.to))) / branches.rating[branch];
}

std::vector<Complex> unserved_demand(PowerFlow& flow) {
    std::vector<Complex> unserved(flow.demand.size());
    for (Index bus = 0; bus < unserved.size(); ++bus) {
        if (!flow.topology().is_live(bus)) unserved[bus] = flow.demand[bus];
    }
    return unserved;
}

Complex total_losses(const std::vector<BranchFlow>& flows) {
    Complex sum;
    for (const BranchFlow& flow : flows) sum += flow.from + flow.to;
    return sum;
}

}  // namespace citytwin::energy
