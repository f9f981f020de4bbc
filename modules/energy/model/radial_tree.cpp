#include <algorithm>

#include "modules/energy/model/portable_trig.hpp"
#include "modules/energy/model/radial_sweep.hpp"

namespace citytwin::energy {
namespace {

struct Arc {
    Index node;
    TwoPort port;   // f = here
};

TwoPort turned(const TwoPort& y) { return {y.tt, y.tf, y.ft, y.ff}; }

void add(std::vector<Arc>& arcs, Index node, const TwoPort& y) {
    for (Arc& arc : arcs) {
        if (arc.node != node) continue;   // parallel: admittances add
        arc.port = {arc.port.ff + y.ff, arc.port.ft + y.ft, arc.port.tf + y.tf, arc.port.tt + y.tt};
        return;
    }
    arcs.push_back({node, y});
}

std::vector<std::vector<Arc>> arcs_of(const PowerNetwork& network, const SwitchState& state, const Topology& topology) {
    std::vector<std::vector<Arc>> arcs(topology.nodes());
    for (std::size_t k = 0; k < network.branches.size(); ++k) {
        if (!conducts(network, state, k) || is_zero(network.branches.impedance[k])) continue;
        const Index from = topology.node_of_bus[network.branches.from[k]], to = topology.node_of_bus[network.branches.to[k]];
        if (from == to || topology.role[from] == NodeRole::dead) continue;
        const TwoPort y = two_port(network.branches, k, state.ratio[k], state.shift_rad[k]);
        add(arcs[from], to, y);
        add(arcs[to], from, turned(y));
    }
    return arcs;
}

bool is(Complex a, double re) { return a.re == re && a.im == 0; }

}  // namespace

std::optional<RadialTree> RadialTree::of(const PowerNetwork& network, const SwitchState& state, const Topology& topology) {
    RadialTree tree;
    std::size_t live = 0;
    tree.position_of_node.assign(topology.nodes(), no_index);
    const auto place = [&](Index node, Index parent, Complex voltage) {
        tree.position_of_node[node] = static_cast<Index>(tree.node.size());
        tree.node.push_back(node);
        tree.parent.push_back(parent);
        tree.no_load.push_back(voltage);
    };
    for (Index i = 0; i < topology.nodes(); ++i) {
        if (topology.role[i] == NodeRole::voltage_controlled) return std::nullopt;
        live += topology.role[i] != NodeRole::dead ? 1 : 0;
        if (topology.role[i] == NodeRole::slack) place(i, no_index, from_polar(topology.setpoint[i], topology.slack_angle_rad[i]));
    }
    tree.roots = tree.node.size();
    if (tree.roots != topology.live_islands.size()) return std::nullopt;   // two sources in an island
    const auto arcs = arcs_of(network, state, topology);
    std::vector<TwoPort> port(tree.roots);
    std::size_t links = 0;
    // Depth first: a parent's voltage is still in the cache when its children need it.
    struct Pending {
        Index node, parent_position;
        const TwoPort* port;
    };
    std::vector<Pending> pending;
    const auto open = [&](Index position) {
        const auto& list = arcs[tree.node[position]];
        for (std::size_t k = list.size(); k-- > 0;) {
            ++links;
            if (tree.position_of_node[list[k].node] == no_index) pending.push_back({list[k].node, position, &list[k].port});
        }
    };
    for (Index root = 0; root < tree.roots; ++root) {
        open(root);
        while (!pending.empty()) {
            const Pending next = pending.back();
            pending.pop_back();
            if (tree.position_of_node[next.node] != no_index) return std::nullopt;   // reached twice: a loop
            place(next.node, next.parent_position, {});
            port.push_back(*next.port);
            open(static_cast<Index>(tree.size() - 1));
        }
    }
    if (tree.size() != live || links != 2 * (live - tree.roots)) return std::nullopt;
    tree.gain.assign(live, {1, 0});
    tree.impedance.assign(live, {});
    tree.passed.assign(live, {-1, 0});
    tree.shunt.assign(live, {});
    for (std::size_t bus = 0; bus < network.buses.size(); ++bus) {
        if (topology.is_live(static_cast<Index>(bus))) tree.shunt[tree.position_of_node[topology.node_of_bus[bus]]] += network.buses.shunt[bus];
    }
    std::vector<Complex> branch_gain(live);
    // From the leaves up: what hangs below a node without load is one admittance at it.
    std::vector<Complex> below = tree.shunt;
    for (std::size_t c = live; c-- > tree.roots;) {
        const TwoPort& y = port[c];   // f = parent, t = child
        const bool line = is_zero(y.ff + y.ft) && is_zero(y.tt + y.tf) && y.ft.re == y.tf.re && y.ft.im == y.tf.im;
        tree.impedance[c] = inverse(y.tt);
        if (!line) {
            tree.gain[c] = -(y.tf * tree.impedance[c]);
            tree.passed[c] = y.ft * tree.impedance[c];
            tree.shunt[tree.parent[c]] += y.ff + y.ft * tree.gain[c];
        }
        branch_gain[c] = tree.gain[c] / (Complex{1, 0} + tree.impedance[c] * below[c]);
        below[tree.parent[c]] += (line ? Complex{} : y.ff + y.ft * tree.gain[c]) - tree.passed[c] * (below[c] * branch_gain[c]);
    }
    for (std::size_t c = tree.roots; c < live; ++c) tree.no_load[c] = branch_gain[c] * tree.no_load[tree.parent[c]];
    tree.plain = true;
    for (std::size_t c = 0; c < live; ++c) {
        tree.plain = tree.plain && (c < tree.roots || (is(tree.gain[c], 1) && is(tree.passed[c], -1) && is_zero(tree.shunt[c])));
    }
    return tree;
}

}  // namespace citytwin::energy
