#include "modules/energy/model/node_admittance.hpp"

#include <algorithm>

namespace citytwin::energy {
namespace {

/// Both nodes of a branch that belongs into the matrix, or no_index.
std::pair<Index, Index> live_nodes(const PowerNetwork& network, const Topology& topology, std::size_t branch) {
    const Index from = topology.node_of_bus[network.branches.from[branch]], to = topology.node_of_bus[network.branches.to[branch]];
    const bool out = from == no_index || to == no_index || is_zero(network.branches.impedance[branch]) || topology.role[from] == NodeRole::dead ||
                     topology.role[to] == NodeRole::dead;
    return out ? std::pair{no_index, no_index} : std::pair{from, to};
}

}  // namespace

NodeAdmittance::NodeAdmittance(const PowerNetwork& network, const Topology& topology) {
    const std::size_t n = topology.nodes(), branches = network.branches.size();
    std::vector<std::vector<Index>> rows(n);
    for (Index i = 0; i < n; ++i) rows[i].push_back(i);
    for (std::size_t k = 0; k < branches; ++k) {
        const auto [from, to] = live_nodes(network, topology, k);
        if (from == no_index || from == to) continue;
        rows[from].push_back(to);
        rows[to].push_back(from);
    }
    row_begin.assign(1, 0);
    diagonal.resize(n);
    for (Index i = 0; i < n; ++i) {
        std::sort(rows[i].begin(), rows[i].end());
        rows[i].erase(std::unique(rows[i].begin(), rows[i].end()), rows[i].end());
        column.insert(column.end(), rows[i].begin(), rows[i].end());
        row_begin.push_back(static_cast<Index>(column.size()));
        diagonal[i] = entry(i, i);
    }
    g.assign(column.size(), 0);
    b.assign(column.size(), 0);
    branch_entries.assign(branches, {no_index, no_index, no_index, no_index});
    for (std::size_t k = 0; k < branches; ++k) {
        const auto [from, to] = live_nodes(network, topology, k);
        if (from != no_index) branch_entries[k] = {diagonal[from], entry(from, to), entry(to, from), diagonal[to]};
    }
}

Index NodeAdmittance::entry(Index row, Index col) const {
    const auto begin = column.begin() + row_begin[row], end = column.begin() + row_begin[row + 1];
    return static_cast<Index>(std::lower_bound(begin, end, col) - column.begin());
}

void NodeAdmittance::fill(const PowerNetwork& network, const SwitchState& state, const Topology& topology) {
    std::fill(g.begin(), g.end(), 0.0);
    std::fill(b.begin(), b.end(), 0.0);
    const auto add = [&](Index at, Complex y) {
        g[at] += y.re;
        b[at] += y.im;
    };
    for (std::size_t k = 0; k < branch_entries.size(); ++k) {
        if (branch_entries[k][0] == no_index || !conducts(network, state, k)) continue;
        const TwoPort y = two_port(network.branches, k, state.ratio[k], state.shift_rad[k]);
        const Complex parts[4] = {y.ff, y.ft, y.tf, y.tt};
        for (int part = 0; part < 4; ++part) add(branch_entries[k][part], parts[part]);
    }
    for (std::size_t bus = 0; bus < network.buses.size(); ++bus) {
        const Index node = topology.node_of_bus[bus];
        if (node != no_index && topology.role[node] != NodeRole::dead) add(diagonal[node], network.buses.shunt[bus]);
    }
}

}  // namespace citytwin::energy
