// Setting up, the initial state, what is set from outside, saving.
#include "modules/water/model/hydraulics.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/diagnostic.hpp"
#include "modules/water/model/units.hpp"

namespace citytwin::water {

Hydraulics::Hydraulics(std::shared_ptr<const Network> network) : Hydraulics(network, std::make_shared<const Elimination>(*network)) {}

Hydraulics::Hydraulics(std::shared_ptr<const Network> network, std::shared_ptr<const Elimination> elimination) : network_(std::move(network)), elimination_(std::move(elimination)) {
    prepare_links();
    prepare_valve_nodes();
    const Network& n = *network_;
    const std::size_t rows = elimination_->rows(), all_rows = n.nodes();
    diagonal_.assign(all_rows, 0);
    right_side_.assign(all_rows, 0);
    mass_.assign(all_rows, 0);
    lower_.assign(elimination_->entries() + 1, 0);
    ground_.assign(rows, 0);
    emitter_law_.resize(n.emitters.size());
    leak_fixed_law_.resize(n.leaks.size());
    leak_growing_law_.resize(n.leaks.size());
    if (n.options.demand_model == DemandModel::pressure_driven) demand_law_.resize(rows);
    supplied_.assign(all_rows, 1);
    status_changes_.assign(n.links(), 0);
    hazen_exponent_ = n.options.head_loss == HeadLoss::hazen_williams ? 1.852 : 2.0;
    start();
}

void Hydraulics::prepare_links() {
    const Network& n = *network_;
    row_elevation_m_.resize(n.nodes());
    for (Index node = 0; node < n.nodes(); ++node) row_elevation_m_[elimination_->row_of_node(node)] = n.elevation_m[node];
    const auto rows = static_cast<Index>(elimination_->rows());
    for (Index k = 0; k < n.links(); ++k) {
        const Index from = elimination_->row_of_node(n.link_from[k]), to = elimination_->row_of_node(n.link_to[k]);
        row_from_.push_back(from);
        row_to_.push_back(to);
        place_.push_back(elimination_->place_of_link(k));
        if (from >= rows) fixed_ends_.push_back({k, to, from, 1});
        if (to >= rows) fixed_ends_.push_back({k, from, to, -1});
        const auto tank_at = [&](Index node) { return !n.is_junction(node) && !n.tank_of(node).is_reservoir(); };
        const LinkKind kind = n.link_kind[k];
        if (kind == LinkKind::check_valve_pipe || kind == LinkKind::pump || kind == LinkKind::flow_control || tank_at(n.link_from[k]) || tank_at(n.link_to[k])) watched_.push_back(k);
    }
    resistance_.assign(n.resistance.begin(), n.resistance.begin() + n.pipes);
    minor_.assign(n.minor_resistance.begin(), n.minor_resistance.begin() + n.pipes);
    if (n.options.head_loss == HeadLoss::darcy_weisbach)
        for (Index k = 0; k < n.pipes; ++k) {
            relative_roughness_.push_back(n.roughness[k] / n.diameter_m[k]);
            viscous_.push_back(n.options.viscosity_m2ps * n.diameter_m[k]);
        }
    for (const Emitter& emitter : n.emitters) emitter_resistance_.push_back(emitter.resistance);
    closed_mask_.assign(n.pipes, 0);
    loss_.assign(n.links(), 0);
    conductance_.assign(n.links(), 0);
    valve_step_.assign(n.valves.size(), 0);
    positional_loss_.assign(n.valves.size(), 0);
}

void Hydraulics::prepare_valve_nodes() {
    const Network& n = *network_;
    std::vector<Index> node_of(n.nodes(), no_index);
    const auto entry = [&](Index node) {
        if (node_of[node] == no_index) {
            node_of[node] = static_cast<Index>(valve_nodes_.size());
            valve_nodes_.push_back({elimination_->row_of_node(node), node, {}, {}, {}});
        }
        return node_of[node];
    };
    for (const Valve& valve : n.valves) {
        const LinkKind kind = n.link_kind[valve.link];
        if (kind != LinkKind::pressure_reducing && kind != LinkKind::pressure_sustaining && kind != LinkKind::flow_control) continue;
        control_valves_.push_back(valve.link);
        valve_node_from_.push_back(entry(n.link_from[valve.link]));
        valve_node_to_.push_back(entry(n.link_to[valve.link]));
    }
    for (Index k = 0; k < n.links(); ++k) {
        if (const Index a = node_of[n.link_from[k]]; a != no_index) valve_nodes_[a].links.push_back({k, -1.0});
        if (const Index b = node_of[n.link_to[k]]; b != no_index) valve_nodes_[b].links.push_back({k, 1.0});
    }
    for (Index e = 0; e < n.emitters.size(); ++e)
        if (const Index a = node_of[n.emitters[e].node]; a != no_index) valve_nodes_[a].emitters.push_back(e);
    for (Index e = 0; e < n.leaks.size(); ++e)
        if (const Index a = node_of[n.leaks[e].node]; a != no_index) valve_nodes_[a].leaks.push_back(e);
    fcv_excess_.assign(valve_nodes_.size(), 0);
}

double Hydraulics::initial_flow(Index link) const {
    const Network& n = *network_;
    if (is_closed(state_.status[link])) return zero_flow_m3ps;
    if (n.link_kind[link] == LinkKind::pump) return state_.setting[link] * n.pump_of(link).flow_initial_m3ps;
    const double foot = n.diameter_m[link] / metre_per_foot;   // a foot a second
    return pi * foot * foot / 4 * cubic_metre_per_cubic_foot;
}

void Hydraulics::start() {
    const Network& n = *network_;
    const std::size_t rows = elimination_->rows();
    state_ = {};
    state_.next_report_s = n.times.report_step_s;
    state_.head_m.assign(row_elevation_m_.begin(), row_elevation_m_.end());
    state_.demand_m3ps.assign(rows, 0);
    state_.full_demand_m3ps.assign(rows, 0);
    state_.outside_demand_m3ps.assign(rows, std::numeric_limits<double>::quiet_NaN());
    state_.emitter_flow_m3ps.assign(n.emitters.size(), cubic_metre_per_cubic_foot);
    for (const Leak& leak : n.leaks) {
        state_.leak_fixed_m3ps.push_back(leak.fixed_resistance > 0 ? 0.001 * cubic_metre_per_cubic_foot : 0);
        state_.leak_growing_m3ps.push_back(leak.growing_resistance > 0 ? 0.001 * cubic_metre_per_cubic_foot : 0);
    }
    state_.tank_inflow_m3ps.assign(n.tanks.size(), 0);
    for (const Tank& tank : n.tanks) {
        state_.head_m[elimination_->row_of_node(tank.node)] = tank.head_initial_m;
        state_.tank_volume_m3.push_back(tank.volume_initial_m3);
    }
    state_.status = n.initial_status;
    state_.setting = n.initial_setting;
    state_.blocked.assign(n.links(), 0);
    state_.flow_m3ps.assign(n.links(), 0);
    for (Index k = 0; k < n.links(); ++k) {
        const LinkKind kind = n.link_kind[k];
        if (kind > LinkKind::pump && kind != LinkKind::general_purpose && n.initial_status[k] != LinkStatus::active) state_.setting[k] = no_setting;
        if (kind == LinkKind::positional) positional_loss_[k - n.pipes - n.pumps.size()] = positional_valve_loss(n, k, state_.setting[k]);
        state_.flow_m3ps[k] = initial_flow(k);
    }
    for (Index k = 0; k < n.pipes; ++k) closed_mask_[k] = passes(k) ? 0 : -1;
    state_.pumps.assign(n.pumps.size(), {});
    pipes_current_ = supply_current_ = demands_current_ = false;
}

double Hydraulics::outflow_m3ps(Index node) const {
    const Network& n = *network_;
    if (!n.is_junction(node)) return state_.tank_inflow_m3ps[node - n.junctions];
    double sum = demand_m3ps(node);
    for (std::size_t e = 0; e < n.emitters.size(); ++e)
        if (n.emitters[e].node == node) sum += state_.emitter_flow_m3ps[e];
    for (std::size_t e = 0; e < n.leaks.size(); ++e)
        if (n.leaks[e].node == node) sum += state_.leak_fixed_m3ps[e] + state_.leak_growing_m3ps[e];
    return sum;
}

void Hydraulics::change_status(Index link, LinkStatus status) {
    state_.status[link] = status;
    supply_current_ = false;
    if (link < network_->pipes) closed_mask_[link] = passes(link) ? 0 : -1, pipes_current_ = false;
    ++status_changes_[link];
}

void Hydraulics::reset_pump_flow(Index link) {
    const Pump& pump = network_->pump_of(link);
    if (pump.kind == PumpKind::constant_power) state_.flow_m3ps[link] = pump.flow_initial_m3ps;
}

void Hydraulics::open_or_close(Index link, bool open) {
    const LinkKind kind = network_->link_kind[link];
    if (kind == LinkKind::pump) {
        if (open && state_.status[link] == LinkStatus::closed) reset_pump_flow(link);
        state_.setting[link] = open ? 1 : 0;
    }
    if (kind > LinkKind::pump && kind != LinkKind::general_purpose) state_.setting[link] = no_setting;
    change_status(link, open ? LinkStatus::open : LinkStatus::closed);
}

void Hydraulics::change_setting(Index link, double setting) {
    const LinkKind kind = network_->link_kind[link];
    const LinkStatus status = state_.status[link];
    if (kind == LinkKind::pump) {
        state_.setting[link] = setting;
        if (setting > 0 && is_closed(status)) reset_pump_flow(link), change_status(link, LinkStatus::open);
        if (setting == 0 && !is_closed(status)) change_status(link, LinkStatus::closed);
    } else if (kind == LinkKind::flow_control) {
        state_.setting[link] = setting;
        change_status(link, LinkStatus::active);
    } else {
        if (state_.setting[link] == no_setting && is_closed(status)) change_status(link, LinkStatus::open);
        if (kind == LinkKind::positional) positional_loss_[link - network_->pipes - network_->pumps.size()] = positional_valve_loss(*network_, link, setting);
        state_.setting[link] = setting;
    }
}

void Hydraulics::set_outside_demand(Index junction, double m3ps) {
    state_.outside_demand_m3ps[elimination_->row_of_node(junction)] = m3ps;
    demands_current_ = false;
}
void Hydraulics::clear_outside_demand(Index junction) { set_outside_demand(junction, std::numeric_limits<double>::quiet_NaN()); }

void Hydraulics::set_blocked(Index link, bool blocked) {
    if ((state_.blocked[link] != 0) == blocked) return;
    state_.blocked[link] = blocked ? 1 : 0;
    if (!blocked && network_->link_kind[link] == LinkKind::pump) reset_pump_flow(link);
    change_status(link, state_.status[link]);
}
void Hydraulics::set_status(Index link, bool open) { open_or_close(link, open); }
void Hydraulics::set_setting(Index link, double value_si) { change_setting(link, value_si); }

void Hydraulics::set_tank_level(std::size_t t, double level_m) {
    const Tank& tank = network_->tanks[t];
    const double head = network_->elevation_m[tank.node] + level_m;
    state_.head_m[elimination_->row_of_node(tank.node)] = head;
    if (!tank.is_reservoir()) state_.tank_volume_m3[t] = tank_volume_m3(*network_, tank, head);
}

void Hydraulics::set_pipe(Index pipe, double diameter_m, double roughness) {
    resistance_[pipe] = pipe_resistance(network_->options.head_loss, network_->length_m[pipe], diameter_m, roughness);
    const double ratio = network_->diameter_m[pipe] / diameter_m;
    minor_[pipe] = network_->minor_resistance[pipe] * (ratio * ratio) * (ratio * ratio);
    if (!relative_roughness_.empty()) {
        relative_roughness_[pipe] = roughness / diameter_m;
        viscous_[pipe] = network_->options.viscosity_m2ps * diameter_m;
    }
    pipes_current_ = false;
}

void Hydraulics::set_emitter(std::size_t emitter, double resistance) { emitter_resistance_[emitter] = resistance; }

}  // namespace citytwin::water
