// The linear system of a trial and the flows that follow from its heads.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/model/packs.hpp"
#include "modules/water/model/units.hpp"

namespace citytwin::water {

/// A H = F with A_ii = sum P, A_ij = -P and F = flow excess at the present flows + sum of +-P h (Todini & Pilati 1988).
void Hydraulics::assemble() {
    const std::size_t rows = elimination_->rows(), links = network_->links(), first_valve = network_->pipes + network_->pumps.size();
    std::fill(lower_.begin(), lower_.end(), 0.0);
    std::fill(diagonal_.begin(), diagonal_.end(), 0.0);
    for (std::size_t row = 0; row < rows; ++row) right_side_[row] = -state_.demand_m3ps[row];
    const auto add_link = [&](std::size_t k) {
        const double p = conductance_[k], z = p * loss_[k] - state_.flow_m3ps[k];
        const Index a = row_from_[k], b = row_to_[k];
        lower_[place_[k]] -= p;
        diagonal_[a] += p;
        diagonal_[b] += p;
        right_side_[a] += z;
        right_side_[b] -= z;
    };
    for (std::size_t k = 0; k < first_valve; ++k) add_link(k);
    for (std::size_t k = first_valve; k < links; ++k) {
        const LinkKind kind = network_->link_kind[k];
        const bool holds = kind == LinkKind::pressure_reducing || kind == LinkKind::pressure_sustaining || kind == LinkKind::flow_control;
        if (!holds || state_.setting[k] == no_setting) add_link(k);
    }
    for (const FixedEnd& end : fixed_ends_) right_side_[end.row] += conductance_[end.link] * state_.head_m[end.fixed_row];
    add_outflows();
    if (!control_valves_.empty()) assemble_valves();
    if (grounded_)
        for (std::size_t row = 0; row < rows; ++row) diagonal_[row] += ground_[row], right_side_[row] += ground_[row] * row_elevation_m_[row];
}

/// Inflow less outflow at a node, without the flows through valves that hold something.
double Hydraulics::excess_at(const ValveNode& node) const {
    double excess = 0;
    for (const auto& [k, sign] : node.links) {
        const LinkKind kind = network_->link_kind[k];
        const bool holds = kind == LinkKind::pressure_reducing || kind == LinkKind::pressure_sustaining || kind == LinkKind::flow_control;
        if (!holds || state_.setting[k] == no_setting) excess += sign * state_.flow_m3ps[k];
    }
    for (const Index e : node.emitters)
        if (emitter_resistance_[e] > 0) excess -= state_.emitter_flow_m3ps[e];
    for (const Index e : node.leaks) excess -= state_.leak_fixed_m3ps[e] + state_.leak_growing_m3ps[e];
    return node.row < elimination_->rows() ? excess - state_.demand_m3ps[node.row] : excess;
}

/// An active PRV or PSV holds the head of a node and passes what that node lacks; an active FCV is a demand on one side and a supply on the other.
void Hydraulics::assemble_valves() {
    std::fill(fcv_excess_.begin(), fcv_excess_.end(), 0.0);
    for (std::size_t i = 0; i < control_valves_.size(); ++i) {
        const Index k = control_valves_[i];
        if (state_.setting[k] == no_setting) continue;
        const Index a = row_from_[k], b = row_to_[k];
        const double flow = state_.flow_m3ps[k];
        const bool active = state_.status[k] == LinkStatus::active && !state_.blocked[k];
        const LinkKind kind = network_->link_kind[k];
        double& step = valve_step_[k - network_->pipes - network_->pumps.size()];
        const auto couple = [&](double p) {
            lower_[place_[k]] -= p;
            diagonal_[a] += p;
            diagonal_[b] += p;
        };
        if (active && kind == LinkKind::pressure_reducing) {
            const double excess = excess_at(valve_nodes_[valve_node_to_[i]]) + fcv_excess_[valve_node_to_[i]];
            conductance_[k] = 0;
            step = flow + excess;
            right_side_[b] += (row_elevation_m_[b] + state_.setting[k]) * forced_conductance;
            diagonal_[b] += forced_conductance;
            if (excess < 0) right_side_[a] += excess;
        } else if (active && kind == LinkKind::pressure_sustaining) {
            const double excess = excess_at(valve_nodes_[valve_node_from_[i]]) + fcv_excess_[valve_node_from_[i]];
            conductance_[k] = 0;
            step = flow - excess;
            right_side_[a] += (row_elevation_m_[a] + state_.setting[k]) * forced_conductance;
            diagonal_[a] += forced_conductance;
            if (excess > 0) right_side_[b] += excess;
            lower_[place_[k]] -= closed_conductance;   // keeps both sides joined
            diagonal_[b] += closed_conductance;
        } else if (active) {
            const double q = state_.setting[k];
            fcv_excess_[valve_node_from_[i]] -= q;
            fcv_excess_[valve_node_to_[i]] += q;
            step = flow - q;
            right_side_[a] -= q;
            right_side_[b] += q;
            conductance_[k] = closed_conductance;
            couple(closed_conductance);
        } else {
            step = conductance_[k] * loss_[k];
            couple(conductance_[k]);
            right_side_[a] += step - flow;
            right_side_[b] -= step - flow;
        }
    }
}

void Hydraulics::update_flows(Balance& balance, double relax) {
    const std::size_t pipes = network_->pipes, links = network_->links();
    const double* head = state_.head_m.data();
    Pack total_flow = all(0), total_change = all(0), greatest_change = all(0);
    std::size_t k = 0;
    for (; k + pack_width <= pipes; k += pack_width) {
        const Index *a = &row_from_[k], *b = &row_to_[k];
        const Pack from{head[a[0]], head[a[1]], head[a[2]], head[a[3]]}, to{head[b[0]], head[b[1]], head[b[2]], head[b[3]]};
        const Pack change = load_pack(&conductance_[k]) * (load_pack(&loss_[k]) - (from - to)) * relax;
        const Pack flow = load_pack(&state_.flow_m3ps[k]) - change;
        store(&state_.flow_m3ps[k], flow);
        total_flow += magnitude(flow);
        total_change += magnitude(change);
        greatest_change = most(greatest_change, magnitude(change));
    }
    balance.total += total(total_flow);
    balance.change += total(total_change);
    balance.greatest_change = std::max(balance.greatest_change, greatest(greatest_change));
    for (; k < links; ++k) {
        const double drop = head[row_from_[k]] - head[row_to_[k]];
        const LinkKind kind = network_->link_kind[k];
        const bool holds = (kind == LinkKind::pressure_reducing || kind == LinkKind::pressure_sustaining || kind == LinkKind::flow_control) && state_.setting[k] != no_setting;
        double change = holds ? valve_step_[k - pipes - network_->pumps.size()] - conductance_[k] * drop : conductance_[k] * (loss_[k] - drop);
        change *= relax;
        if (kind == LinkKind::pump && network_->pump_of(static_cast<Index>(k)).kind == PumpKind::constant_power && change > state_.flow_m3ps[k]) change = state_.flow_m3ps[k] / 2;
        state_.flow_m3ps[k] -= change;
        balance.total += std::abs(state_.flow_m3ps[k]);
        balance.change += std::abs(change);
        balance.greatest_change = std::max(balance.greatest_change, std::abs(change));
    }
    pipes_current_ = false;
}

void Hydraulics::update_tank_inflows() {
    std::fill(state_.tank_inflow_m3ps.begin(), state_.tank_inflow_m3ps.end(), 0.0);
    for (const FixedEnd& end : fixed_ends_)
        if (passes(end.link)) state_.tank_inflow_m3ps[end.fixed_row - elimination_->rows()] -= end.sign * state_.flow_m3ps[end.link];
}

/// The greatest |h(q) - (H1 - H2)| over links that pass water; laws must be evaluated at the present flows.
double Hydraulics::head_residual(Index* link) const {
    const std::size_t pipes = network_->pipes, links = network_->links();
    const double* head = state_.head_m.data();
    double greatest_residual = 0;
    Pack found = all(0);
    std::size_t k = 0;
    const auto one = [&](std::size_t i) {
        if (!passes(static_cast<Index>(i)) || (network_->link_kind[i] == LinkKind::pump && state_.setting[i] == 0)) return;
        const LinkKind kind = network_->link_kind[i];
        if ((kind == LinkKind::pressure_reducing || kind == LinkKind::pressure_sustaining || kind == LinkKind::flow_control) && state_.setting[i] != no_setting && state_.status[i] == LinkStatus::active) return;
        const double residual = std::abs(head[row_from_[i]] - head[row_to_[i]] - loss_[i]);
        if (!(residual > greatest_residual)) return;
        greatest_residual = residual;
        if (link) *link = static_cast<Index>(i);
    };
    if (!link)
        for (; k + pack_width <= pipes; k += pack_width) {
            const Index *a = &row_from_[k], *b = &row_to_[k];
            const Pack from{head[a[0]], head[a[1]], head[a[2]], head[a[3]]}, to{head[b[0]], head[b[1]], head[b[2]], head[b[3]]};
            PackBits closed;
            std::memcpy(&closed, &closed_mask_[k], sizeof closed);
            found = most(found, from_bits(bits_of(magnitude(from - to - load_pack(&loss_[k]))) & ~closed));
        }
    for (; k < links; ++k) one(k);
    return std::max(greatest_residual, greatest(found));
}

}  // namespace citytwin::water
