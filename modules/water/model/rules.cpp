// Rules: AND and OR from left to right, the higher PRIORITY wins a link, numbers within 0.001 of the file's unit.
#include <cmath>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/model/units.hpp"

namespace citytwin::water {
namespace {

constexpr double tolerance = 1e-3;

bool compares(double x, Relation relation, double value) {
    switch (relation) {
        case Relation::equal: return std::abs(x - value) <= tolerance;
        case Relation::not_equal: return std::abs(x - value) >= tolerance;
        case Relation::less: return x <= value + tolerance;
        case Relation::less_equal: return x <= value - tolerance;
        case Relation::greater: return x >= value - tolerance;
        default: return x >= value + tolerance;
    }
}

/// Equality holds anywhere in the interval since the last test, which may pass midnight.
bool time_compares(std::int64_t begin, std::int64_t now, Relation relation, std::int64_t value) {
    const bool inside = now < begin ? value >= begin || value <= now : value >= begin && value <= now;
    switch (relation) {
        case Relation::equal: return inside;
        case Relation::not_equal: return !inside;
        case Relation::less: return now < value;
        case Relation::less_equal: return now <= value;
        case Relation::greater: return now > value;
        default: return now >= value;
    }
}

}  // namespace

bool Hydraulics::fire_rules(std::int64_t interval_s) {
    struct Chosen {
        const RuleAction* action;
        double priority;
    };
    std::vector<Chosen> chosen;   // one a link, in the order they were found
    for (const Rule& rule : network_->rules) {
        if (!rule.enabled) continue;
        for (const RuleAction& action : holds(rule, state_.time_s - interval_s + 1) ? rule.then_actions : rule.else_actions) {
            Chosen* same = nullptr;
            for (Chosen& other : chosen)
                if (other.action->link == action.link) same = &other;
            if (!same) chosen.push_back({&action, rule.priority});
            else if (rule.priority > same->priority) *same = {&action, rule.priority};
        }
    }
    bool changed = false;
    for (const Chosen& entry : chosen) changed |= act(*entry.action);
    return changed;
}

bool Hydraulics::holds(const Rule& rule, std::int64_t interval_begin_s) const {
    bool result = true;
    for (const RulePremise& premise : rule.premises) {
        if (premise.is_or) {
            if (!result) result = holds(premise, interval_begin_s);
        } else {
            if (!result) return false;
            result = holds(premise, interval_begin_s);
        }
    }
    return result;
}

bool Hydraulics::holds(const RulePremise& p, std::int64_t interval_begin_s) const {
    const auto value = static_cast<std::int64_t>(p.value);
    if (p.variable == RuleVariable::time) return time_compares(interval_begin_s, state_.time_s, p.relation, value);
    if (p.variable == RuleVariable::clock_time) {
        const std::int64_t start = network_->times.clock_start_s;
        return time_compares((interval_begin_s + start) % 86400, (state_.time_s + start) % 86400, p.relation, value);
    }
    if (!p.tests_status) return value_holds(p);
    if (p.object != RuleObject::link) return false;
    const LinkStatus s = state_.status[p.index];
    const LinkStatus word = is_closed(s) ? LinkStatus::closed : s == LinkStatus::active ? LinkStatus::active : LinkStatus::open;
    return p.relation == Relation::equal ? word == p.status : p.relation == Relation::not_equal && word != p.status;
}

bool Hydraulics::value_holds(const RulePremise& p) const {
    const Network& n = *network_;
    double x = 0;
    const auto tank_time = [&](double sign) {   // seconds to full or empty
        const std::size_t t = p.index - n.junctions;
        const double inflow = state_.tank_inflow_m3ps[t];
        if (n.tanks[t].is_reservoir() || sign * inflow <= zero_flow_m3ps) return false;
        x = ((sign > 0 ? n.tanks[t].volume_max_m3 : n.tanks[t].volume_min_m3) - state_.tank_volume_m3[t]) / inflow;
        return true;
    };
    switch (p.variable) {
        case RuleVariable::demand: x = (p.object == RuleObject::system ? state_.system_demand_m3ps : outflow_m3ps(p.index)) / n.units.flow_m3ps; break;
        case RuleVariable::head: x = head_m(p.index) / n.units.head_m; break;
        case RuleVariable::level: x = (head_m(p.index) - n.elevation_m[p.index]) / n.units.head_m; break;
        case RuleVariable::pressure: x = (head_m(p.index) - n.elevation_m[p.index]) / n.units.pressure_m; break;
        case RuleVariable::flow: x = std::abs(state_.flow_m3ps[p.index]) / n.units.flow_m3ps; break;
        case RuleVariable::setting: {
            if (state_.setting[p.index] == no_setting) return false;
            const LinkKind kind = n.link_kind[p.index];
            const bool pressure = kind == LinkKind::pressure_reducing || kind == LinkKind::pressure_sustaining || kind == LinkKind::pressure_breaker;
            x = state_.setting[p.index] / (pressure ? n.units.pressure_m : kind == LinkKind::flow_control ? n.units.flow_m3ps : 1.0);
            break;
        }
        case RuleVariable::fill_time:
            if (!tank_time(1)) return false;
            break;
        case RuleVariable::drain_time:
            if (!tank_time(-1)) return false;
            break;
        default: return false;
    }
    return compares(x, p.relation, p.value);
}

bool Hydraulics::act(const RuleAction& action) {
    const Index k = action.link;
    const bool closed = is_closed(state_.status[k]);
    if (action.setting == no_setting) {
        const bool open = action.status == LinkStatus::open;
        if ((open && closed) || (action.status == LinkStatus::closed && !closed)) return open_or_close(k, open), true;
        return false;
    }
    const LinkKind kind = network_->link_kind[k];
    const bool pressure = kind == LinkKind::pressure_reducing || kind == LinkKind::pressure_sustaining || kind == LinkKind::pressure_breaker;
    const double unit = pressure ? metre_per_foot : kind == LinkKind::flow_control ? cubic_metre_per_cubic_foot : 1.0;
    if (std::abs(action.setting - state_.setting[k]) <= tolerance * unit) return false;
    change_setting(k, action.setting);
    return true;
}

}  // namespace citytwin::water
