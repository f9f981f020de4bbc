#include "modules/energy/model/grid_solver.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::energy {

GridSolver::GridSolver(const PowerNetwork& network) : switches(network), network_(&network), topology_(network, switches, {}) { switched(); }

void GridSolver::switched() {
    topology_ = Topology(*network_, switches, {});
    tree_.reset();
    lanes_.reset();
    if (topology_.joining_branches.empty()) tree_ = RadialTree::of(*network_, switches, topology_);
    if (tree_) lanes_.emplace(*tree_);
    const Branches& b = network_->branches;
    ports_.resize(b.size());
    conducts_.assign(b.size(), 0);
    for (std::size_t k = 0; k < b.size(); ++k) {
        if (!conducts(*network_, switches, k) || is_zero(b.impedance[k]) || !topology_.is_live(b.from[k])) continue;
        ports_[k] = two_port(b, k, switches.ratio[k], switches.shift_rad[k]);
        conducts_[k] = 1;
    }
}

bool GridSolver::solve(std::span<const Complex> demand) {
    voltage.assign(network_->buses.size(), 0);
    angle_rad.assign(network_->buses.size(), 0);
    flows.assign(network_->branches.size(), {});
    supply = generation = served = losses = {};
    if (topology_.live_islands.empty()) return true;   // all dark: nothing to solve
    const bool solved = tree_ ? solve_radial(demand) : solve_meshed(demand);
    if (solved) sum_up(demand);
    return solved;
}

bool GridSolver::solve_radial(std::span<const Complex> demand) {
    SweepLanes& s = *lanes_;
    const RadialTree& tree = *tree_;
    for (std::size_t i = 0; i < tree.size(); ++i) s.p[i].v = s.q[i].v = Pack{};
    for (Index bus = 0; bus < demand.size(); ++bus) {
        if (!topology_.is_live(bus)) continue;
        const Index at = tree.position_of_node[topology_.node_of_bus[bus]];
        s.p[at].v[0] -= demand[bus].re;
        s.q[at].v[0] -= demand[bus].im;
    }
    const Units& units = network_->units;
    for (std::size_t u = 0; u < units.size(); ++u) {
        if (switches.unit_on[u] == 0 || !topology_.is_live(units.bus[u]) || topology_.role[topology_.node_of_bus[units.bus[u]]] == NodeRole::slack) continue;
        const Index at = tree.position_of_node[topology_.node_of_bus[units.bus[u]]];
        s.p[at].v[0] += units.power[u].re;
        s.q[at].v[0] += units.power[u].im;
    }
    sweep(tree, s, 1, {});
    iterations = s.sweeps;
    if (s.converged[0] == 0) return false;
    node_voltage_.assign(topology_.nodes(), {});
    for (std::size_t i = 0; i < tree.size(); ++i) node_voltage_[tree.node[i]] = {s.v_re[i].v[0], s.v_im[i].v[0]};
    std::vector<double> size(topology_.nodes()), angle(topology_.nodes());
    for (std::size_t first = 0; first < size.size(); first += lane_count) {
        const std::size_t used = std::min<std::size_t>(lane_count, size.size() - first);
        Pack re = Pack{} + 1.0, im{}, magnitude, turned;
        for (std::size_t l = 0; l < used; ++l) {
            re[l] = node_voltage_[first + l].re;
            im[l] = node_voltage_[first + l].im;
        }
        polar(re, im, magnitude, turned);
        for (std::size_t l = 0; l < used; ++l) {
            size[first + l] = magnitude[l];
            angle[first + l] = turned[l];
        }
    }
    for (Index bus = 0; bus < voltage.size(); ++bus) {
        if (!topology_.is_live(bus)) continue;
        voltage[bus] = size[topology_.node_of_bus[bus]];
        angle_rad[bus] = angle[topology_.node_of_bus[bus]];
    }
    radial_flows();
    return true;
}

void GridSolver::radial_flows() {
    const Branches& b = network_->branches;
    for (std::size_t k = 0; k < b.size(); ++k) {
        if (conducts_[k] == 0) continue;
        const Complex vf = node_voltage_[topology_.node_of_bus[b.from[k]]], vt = node_voltage_[topology_.node_of_bus[b.to[k]]];
        const TwoPort& y = ports_[k];
        flows[k] = {vf * conj(y.ff * vf + y.ft * vt), vt * conj(y.tf * vf + y.tt * vt)};
    }
}

bool GridSolver::solve_meshed(std::span<const Complex> demand) {
    if (!flow_) {
        PowerFlowOptions options;
        options.newton.tolerance = 1e-10;
        flow_ = std::make_unique<PowerFlow>(*network_, options);
    }
    for (std::size_t k = 0; k < switches.branch_closed.size(); ++k) {
        flow_->set_branch_closed(k, switches.branch_closed[k] != 0);
        flow_->set_tap(k, switches.ratio[k], switches.shift_rad[k]);
    }
    for (std::size_t u = 0; u < switches.unit_on.size(); ++u) {
        flow_->set_unit_on(u, switches.unit_on[u] != 0);
        flow_->set_setpoint(u, switches.setpoint[u]);
    }
    for (std::size_t bus = 0; bus < switches.bus_dead.size(); ++bus) flow_->set_bus_dead(bus, switches.bus_dead[bus] != 0);
    std::copy(demand.begin(), demand.end(), flow_->demand.begin());
    const PowerFlowReport report = flow_->solve(Start::given);
    iterations = report.iterations;
    if (!report.converged) return false;
    for (std::size_t bus = 0; bus < voltage.size(); ++bus) {
        if (!std::isfinite(flow_->voltage[bus])) continue;
        voltage[bus] = flow_->voltage[bus];
        angle_rad[bus] = flow_->angle_rad[bus];
    }
    flows = branch_flows(*flow_);
    return true;
}

void GridSolver::sum_up(std::span<const Complex> demand) {
    const Buses& buses = network_->buses;
    std::vector<std::uint8_t> is_slack(buses.size(), 0);
    for (Index bus = 0; bus < buses.size(); ++bus) {
        if (!topology_.is_live(bus)) continue;
        is_slack[bus] = topology_.role[topology_.node_of_bus[bus]] == NodeRole::slack ? 1 : 0;
        const Complex shunt = voltage[bus] * voltage[bus] * conj(buses.shunt[bus]);
        served += demand[bus];
        losses += shunt;
        if (is_slack[bus] != 0) supply += demand[bus] + shunt;
    }
    for (std::size_t k = 0; k < flows.size(); ++k) {
        losses += flows[k].from + flows[k].to;
        if (is_slack[network_->branches.from[k]] != 0) supply += flows[k].from;
        if (is_slack[network_->branches.to[k]] != 0) supply += flows[k].to;
    }
    const Units& units = network_->units;
    for (std::size_t u = 0; u < units.size(); ++u) {
        if (switches.unit_on[u] != 0 && topology_.is_live(units.bus[u]) && is_slack[units.bus[u]] == 0) generation += units.power[u];
    }
}

}  // namespace citytwin::energy
