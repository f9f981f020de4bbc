// Which links change by themselves, and when: EPANET's tests (users' manual, appendix D.1, and section 3 of the design).
#include <cmath>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/model/units.hpp"

namespace citytwin::water {

bool Hydraulics::check_valve_statuses() {
    bool changed = false;
    for (const Index k : control_valves_) {
        const LinkKind kind = network_->link_kind[k];
        if (state_.setting[k] == no_setting || kind == LinkKind::flow_control || state_.blocked[k]) continue;
        const double h1 = state_.head_m[row_from_[k]], h2 = state_.head_m[row_to_[k]];
        const LinkStatus now = kind == LinkKind::pressure_reducing ? reducing_valve_status(k, row_elevation_m_[row_to_[k]] + state_.setting[k], h1, h2)
                                                                   : sustaining_valve_status(k, row_elevation_m_[row_from_[k]] + state_.setting[k], h1, h2);
        if (now == state_.status[k]) continue;
        change_status(k, now);
        changed = true;
    }
    return changed;
}

LinkStatus Hydraulics::reducing_valve_status(Index k, double set, double h1, double h2) const {
    using enum LinkStatus;
    const double tolerance = network_->options.head_tolerance_m, flow = state_.flow_m3ps[k];
    const bool reversed = flow < -network_->options.flow_tolerance_m3ps;
    switch (state_.status[k]) {
        case active: return reversed ? closed : h1 - network_->minor_resistance[k] * flow * flow < set - tolerance ? open : active;
        case open: return reversed ? closed : h2 >= set + tolerance ? active : open;
        case closed:
            if (h1 >= set + tolerance && h2 < set - tolerance) return active;
            return h1 < set - tolerance && h1 > h2 + tolerance ? open : closed;
        case cannot_hold_pressure: return reversed ? closed : cannot_hold_pressure;
        default: return state_.status[k];
    }
}

LinkStatus Hydraulics::sustaining_valve_status(Index k, double set, double h1, double h2) const {
    using enum LinkStatus;
    const double tolerance = network_->options.head_tolerance_m, flow = state_.flow_m3ps[k];
    const bool reversed = flow < -network_->options.flow_tolerance_m3ps;
    switch (state_.status[k]) {
        case active: return reversed ? closed : h2 + network_->minor_resistance[k] * flow * flow > set + tolerance ? open : active;
        case open: return reversed ? closed : h1 < set - tolerance ? active : open;
        case closed:
            if (h1 <= h2 + tolerance) return closed;
            return h2 > set + tolerance ? open : h1 >= set + tolerance ? active : closed;
        case cannot_hold_pressure: return reversed ? closed : cannot_hold_pressure;
        default: return state_.status[k];
    }
}

LinkStatus Hydraulics::flow_valve_status(Index k, LinkStatus before, double h1, double h2) const {
    using enum LinkStatus;
    const double flow = state_.flow_m3ps[k];
    if (h1 - h2 < -network_->options.head_tolerance_m || flow < -network_->options.flow_tolerance_m3ps) return cannot_deliver_flow;
    if (before == cannot_deliver_flow && flow >= state_.setting[k]) return active;
    // an active valve can't lose less than when it is open
    if (before == active && (h1 - h2) / (flow * flow) < network_->minor_resistance[k]) return cannot_deliver_flow;
    return before;
}

LinkStatus Hydraulics::pump_status(Index k, double gain) const {
    const Pump& pump = network_->pump_of(k);
    double most = 1e10;
    if (pump.kind == PumpKind::constant_power) {
        if (state_.flow_m3ps[k] < zero_flow_m3ps) return LinkStatus::temporarily_closed;
    } else {
        most = state_.setting[k] * state_.setting[k] * pump.head_max_m;
    }
    return gain > most + network_->options.head_tolerance_m ? LinkStatus::no_head : LinkStatus::open;
}

void Hydraulics::check_tank_end(Index k, std::size_t t, double outflow) {
    const Tank& tank = network_->tanks[t];
    if (is_closed(state_.status[k]) || tank.is_reservoir()) return;
    const double head = state_.head_m[elimination_->rows() + t];
    const bool full = head >= tank.head_max_m && !tank.can_overflow && outflow < 0, empty = head <= tank.head_min_m && outflow > 0;
    if (full || empty) state_.status[k] = LinkStatus::temporarily_closed;
}

bool Hydraulics::check_link_statuses() {
    bool changed = false;
    const std::size_t rows = elimination_->rows();
    for (const Index k : watched_) {
        if (state_.blocked[k]) continue;
        const LinkKind kind = network_->link_kind[k];
        const LinkStatus before = state_.status[k];
        const double drop = state_.head_m[row_from_[k]] - state_.head_m[row_to_[k]], flow = state_.flow_m3ps[k];
        LinkStatus& status = state_.status[k];
        if (status == LinkStatus::no_head || status == LinkStatus::temporarily_closed) status = LinkStatus::open;   // tried again
        if (kind == LinkKind::check_valve_pipe) {
            const double tolerance = network_->options.head_tolerance_m;
            if (flow < -network_->options.flow_tolerance_m3ps || drop < -tolerance) status = LinkStatus::closed;
            else if (drop > tolerance) status = LinkStatus::open;
        }
        if (kind == LinkKind::pump && status >= LinkStatus::open && state_.setting[k] > 0) status = pump_status(k, -drop);
        if (kind == LinkKind::flow_control && state_.setting[k] != no_setting) status = flow_valve_status(k, before, state_.head_m[row_from_[k]], state_.head_m[row_to_[k]]);
        if (row_from_[k] >= rows) check_tank_end(k, row_from_[k] - rows, flow);
        if (row_to_[k] >= rows) check_tank_end(k, row_to_[k] - rows, -flow);
        if (status == before) continue;
        change_status(k, status);
        changed = true;
    }
    return changed;
}

/// Controls by the pressure of a junction act on the solved heads.
bool Hydraulics::check_pressure_controls() {
    bool changed = false;
    for (const Control& control : network_->controls) {
        if (control.node == no_index || !network_->is_junction(control.node)) continue;
        const double head = head_m(control.node), tolerance = network_->options.head_tolerance_m;
        const bool acts = (control.kind == ControlKind::below && head <= control.head_m + tolerance) || (control.kind == ControlKind::above && head >= control.head_m - tolerance);
        if (!acts) continue;
        const Index k = control.link;
        const LinkKind kind = network_->link_kind[k];
        const bool is_pipe = kind <= LinkKind::pipe;
        const bool differs = is_pipe ? state_.status[k] != control.status : state_.setting[k] != control.setting || (kind > LinkKind::pump && control.setting == no_setting && state_.status[k] != control.status);
        if (!differs) continue;
        if (!is_pipe) state_.setting[k] = control.setting;
        change_status(k, control.status);
        changed = true;
    }
    return changed;
}

}  // namespace citytwin::water
