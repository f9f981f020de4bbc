// Time: demands, simple controls, the length of a step, tank levels. The order is the peer's (section 4 of the design).
#include <algorithm>
#include <cmath>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/model/units.hpp"

namespace citytwin::water {

void Hydraulics::set_demands() {
    const Network& n = *network_;
    const std::int64_t period = (state_.time_s + n.times.pattern_start_s) / n.times.pattern_step_s;
    const auto factor = [&](Index pattern) {
        const auto& factors = n.patterns[pattern];
        return factors[static_cast<std::size_t>(period) % factors.size()];
    };
    if (!demands_current_ || period != demand_period_) {
        demands_current_ = true;
        demand_period_ = period;
        std::vector<double> factors(n.patterns.size());
        for (Index p = 0; p < factors.size(); ++p) factors[p] = factor(p);
        state_.system_demand_m3ps = 0;
        for (Index j = 0; j < n.junctions; ++j) {
            double sum = 0;
            for (Index c = n.first_demand[j]; c < n.first_demand[j + 1]; ++c) {
                const double demand = n.demand_pattern[c] == no_index ? n.demand_m3ps[c] : n.demand_m3ps[c] * factors[n.demand_pattern[c]];
                if (demand > 0) state_.system_demand_m3ps += demand;
                sum += demand;
            }
            const Index row = elimination_->row_of_node(j);
            const double outside = state_.outside_demand_m3ps[row];
            state_.full_demand_m3ps[row] = outside == outside ? outside : sum;
        }
        for (std::size_t t = 0; t < n.tanks.size(); ++t)
            if (n.tanks[t].head_pattern != no_index) state_.head_m[elimination_->rows() + t] = n.elevation_m[n.tanks[t].node] * factor(n.tanks[t].head_pattern);
    }
    std::copy(state_.full_demand_m3ps.begin(), state_.full_demand_m3ps.end(), state_.demand_m3ps.begin());
    for (const Pump& pump : n.pumps)
        if (pump.speed_pattern != no_index) change_setting(pump.link, factor(pump.speed_pattern));
}

void Hydraulics::apply_controls() {
    const Network& n = *network_;
    for (const Control& control : n.controls) {
        if (!control.enabled) continue;
        const Index k = control.link;
        bool acts = false;
        if (control.node != no_index && !n.is_junction(control.node)) {
            const Tank& tank = n.tank_of(control.node);
            if (tank.is_reservoir()) {
                const double head = head_m(control.node);
                acts = control.kind == ControlKind::below ? head <= control.head_m : head >= control.head_m;
            } else {
                const double now = tank_volume_m3(n, tank, head_m(control.node)), level = tank_volume_m3(n, tank, control.head_m);
                const double second = std::abs(state_.tank_inflow_m3ps[control.node - n.junctions]);
                acts = control.kind == ControlKind::below ? now <= level + second : now >= level - second;
            }
        }
        if (control.kind == ControlKind::time) acts = control.time_s == state_.time_s;
        if (control.kind == ControlKind::clock_time) acts = (state_.time_s + n.times.clock_start_s) % 86400 == control.time_s;
        if (!acts) continue;
        const LinkKind kind = n.link_kind[k];
        const LinkStatus before = is_closed(state_.status[k]) ? LinkStatus::closed : LinkStatus::open;
        const double setting = kind > LinkKind::pipe ? control.setting : state_.setting[k];
        if (kind == LinkKind::pump && before == LinkStatus::closed && control.status == LinkStatus::open) reset_pump_flow(k);
        if (before == control.status && state_.setting[k] == setting) continue;
        state_.setting[k] = setting;
        if (kind == LinkKind::positional) positional_loss_[k - n.pipes - n.pumps.size()] = positional_valve_loss(n, k, setting);
        change_status(k, control.status);
    }
}

std::int64_t Hydraulics::step(std::int64_t until_s) {
    const std::int64_t end = until_s < 0 ? network_->times.duration_s : until_s;
    if (state_.time_s >= end) {
        if (network_->times.duration_s == 0 && until_s < 0) add_energy(3600);   // a steady run's energy is that of an hour
        return 0;
    }
    const std::int64_t seconds = step_length(end);
    add_energy(seconds);
    state_.time_s += seconds;
    if (state_.time_s >= state_.next_report_s) state_.next_report_s += network_->times.report_step_s;
    return seconds;
}

std::int64_t Hydraulics::step_length(std::int64_t until_s) {
    const RunTimes& times = network_->times;
    std::int64_t step = times.hydraulic_step_s;
    state_.cause = EventCause::hydraulic_step;
    const auto limit = [&](std::int64_t seconds, EventCause cause) {
        if (seconds > 0 && seconds < step) step = seconds, state_.cause = cause;
    };
    const std::int64_t period = (state_.time_s + times.pattern_start_s) / times.pattern_step_s + 1;
    limit(period * times.pattern_step_s - times.pattern_start_s - state_.time_s, EventCause::pattern);
    limit(state_.next_report_s - state_.time_s, EventCause::report);
    limit(until_s - state_.time_s, EventCause::outside);
    limit_by_tanks(step);
    limit_by_controls(step);
    if (network_->rules.empty()) {
        fill_tanks(step);
        return step;
    }
    return step_through_rules(step);
}

/// Whole seconds until a tank is full or empty.
void Hydraulics::limit_by_tanks(std::int64_t& step) {
    for (std::size_t t = 0; t < network_->tanks.size(); ++t) {
        const Tank& tank = network_->tanks[t];
        const double inflow = state_.tank_inflow_m3ps[t];
        if (tank.is_reservoir() || std::abs(inflow) <= zero_flow_m3ps) continue;
        const double head = state_.head_m[elimination_->rows() + t];
        double volume = 0;
        if (inflow > 0 && head < tank.head_max_m) volume = tank.volume_max_m3 - state_.tank_volume_m3[t];
        else if (inflow < 0 && head > tank.head_min_m) volume = tank.volume_min_m3 - state_.tank_volume_m3[t];
        else continue;
        const double seconds = volume / inflow;
        if (std::abs(seconds) > static_cast<double>(step) + 1) continue;
        const auto whole = static_cast<std::int64_t>(std::floor(seconds + 0.5));
        if (whole > 0 && whole < step) step = whole, state_.cause = EventCause::tank;
    }
}

void Hydraulics::limit_by_controls(std::int64_t& step) {
    const Network& n = *network_;
    for (const Control& control : n.controls) {
        if (!control.enabled) continue;
        std::int64_t seconds = 0;
        if (control.node != no_index) {
            if (n.is_junction(control.node) || n.tank_of(control.node).is_reservoir()) continue;
            const std::size_t t = control.node - n.junctions;
            const double head = head_m(control.node), inflow = state_.tank_inflow_m3ps[t];
            if (std::abs(inflow) <= zero_flow_m3ps) continue;
            if ((head < control.head_m && control.kind == ControlKind::above && inflow > 0) || (head > control.head_m && control.kind == ControlKind::below && inflow < 0)) {
                const double exact = (tank_volume_m3(n, n.tanks[t], control.head_m) - state_.tank_volume_m3[t]) / inflow;
                if (std::abs(exact) < 1e9) seconds = static_cast<std::int64_t>(exact < 0 ? exact - 0.5 : exact + 0.5);
            }
        } else if (control.kind == ControlKind::time) {
            seconds = control.time_s - state_.time_s;
        } else {
            const std::int64_t clock = (state_.time_s + n.times.clock_start_s) % 86400;
            seconds = control.time_s >= clock ? control.time_s - clock : 86400 - clock + control.time_s;
        }
        if (seconds <= 0 || seconds >= step) continue;
        const bool changes = (n.link_kind[control.link] > LinkKind::pipe && state_.setting[control.link] != control.setting) || state_.status[control.link] != control.status;
        if (changes) step = seconds, state_.cause = EventCause::control;
    }
}

/// Explicit Euler; within a second's flow of full or empty a tank is full or empty.
void Hydraulics::fill_tanks(std::int64_t seconds) {
    for (std::size_t t = 0; t < network_->tanks.size(); ++t) {
        const Tank& tank = network_->tanks[t];
        const double inflow = state_.tank_inflow_m3ps[t];
        if (tank.is_reservoir() || std::abs(inflow) <= zero_flow_m3ps) continue;
        double& volume = state_.tank_volume_m3[t];
        volume += inflow * static_cast<double>(seconds);
        if (volume + inflow >= tank.volume_max_m3) volume = tank.volume_max_m3;
        else if (volume - inflow <= tank.volume_min_m3) volume = tank.volume_min_m3;
        // Full and empty are exact: the head that volume gives may miss the limit by its last digit, and statuses ask for the limit.
        double& head = state_.head_m[elimination_->rows() + t];
        if (volume == tank.volume_max_m3) head = tank.head_max_m;
        else if (volume == tank.volume_min_m3) head = tank.head_min_m;
        else head = tank_head_m(*network_, tank, volume);
    }
}

/// Rules are tested at multiples of their step while tanks fill with the flows of the solve; the first that changes anything ends the step.
std::int64_t Hydraulics::step_through_rules(std::int64_t step) {
    const std::int64_t begin = state_.time_s, end = begin + step, rule_step = network_->times.rule_step_s;
    std::int64_t interval = std::min(rule_step, step), first = std::min(rule_step - begin % rule_step, step);
    if (first == 0) first = interval;
    while (true) {
        state_.time_s += first;
        fill_tanks(first);
        if (fire_rules(first)) {
            state_.cause = EventCause::rule;
            break;
        }
        interval = std::min(interval, end - state_.time_s);
        first = interval;
        if (interval <= 0) break;
    }
    const std::int64_t gone = state_.time_s - begin;
    state_.time_s = begin;
    return gone;
}

}  // namespace citytwin::water
