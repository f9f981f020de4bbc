// Head loss and conductance of pumps and valves: few, each by its own law.
#include <algorithm>
#include <cmath>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/model/packs.hpp"
#include "modules/water/model/units.hpp"

namespace citytwin::water {

void Hydraulics::evaluate_pumps() {
    for (std::size_t p = 0; p < network_->pumps.size(); ++p) evaluate_pump(p);
}

void Hydraulics::evaluate_pump(std::size_t index) {
    const Pump& pump = network_->pumps[index];
    const Index k = pump.link;
    const double flow = state_.flow_m3ps[k], speed = state_.setting[k], q = std::abs(flow);
    const auto line = [&](double gradient, double loss) { conductance_[k] = 1 / gradient, loss_[k] = loss; };
    if (!passes(k) || speed == 0) return line(closed_gradient, closed_gradient * flow);
    if (pump.kind == PumpKind::piecewise) {
        double head = 0, slope = 0;
        network_->curves[pump.head_curve].segment(q / speed, head, slope);
        const double gradient = -slope * speed;
        return line(gradient, -head * speed * speed + gradient * flow);
    }
    if (pump.kind == PumpKind::constant_power) {
        const double r = -pump.coefficient * power_of(speed, 3.0);   // loss = r / q
        const double gradient = -r / (q * q);
        if (gradient > closed_gradient) return line(closed_gradient, closed_gradient * flow);
        if (gradient < open_gradient) return line(open_gradient, open_gradient * flow);
        return line(gradient, r / flow);
    }
    const double n = std::abs(pump.exponent - 1) < 1e-6 ? 1 : pump.exponent;
    const double shutoff = -speed * speed * pump.shutoff_head_m;
    const double r = pump.coefficient * (speed == 1 ? 1.0 : power_of(speed, 2 - n));
    if (n == 1) return line(r, shutoff + r * flow);
    const double gradient = n * r * power_of(q, n - 1);
    if (gradient < network_->options.gradient_tolerance) return line(network_->options.gradient_tolerance, shutoff + network_->options.gradient_tolerance * flow);
    line(gradient, shutoff + gradient * flow / n);
}

void Hydraulics::evaluate_valves() {
    for (const Valve& valve : network_->valves) evaluate_valve(valve.link);
}

/// Valves that hold a head or a flow are evaluated as plain ones here; assemble_valves overrules it while they are active.
void Hydraulics::evaluate_valve(Index k) {
    const double setting = state_.setting[k], flow = state_.flow_m3ps[k];
    double minor = network_->minor_resistance[k];
    const bool is_set = setting != no_setting, closed = !passes(k);
    switch (network_->link_kind[k]) {
        case LinkKind::pressure_breaker:
            if (!is_set || setting == 0 || minor * flow * flow > setting) break;
            conductance_[k] = forced_conductance;
            loss_[k] = setting;
            return;
        case LinkKind::throttle: {
            const double foot = network_->diameter_m[k] / metre_per_foot;
            if (is_set) minor = 0.02517 * setting / ((foot * foot) * (foot * foot)) * metre_per_foot / (cubic_metre_per_cubic_foot * cubic_metre_per_cubic_foot);
            break;
        }
        case LinkKind::positional:
            if (is_set) minor = positional_loss_[k - network_->pipes - network_->pumps.size()];
            break;
        case LinkKind::general_purpose: {
            if (closed) break;
            const double q = std::max(std::abs(flow), zero_flow_m3ps);
            double intercept = 0, slope = 0;
            network_->curves[network_->valve_of(k).curve].segment(q, intercept, slope);
            slope = std::max(slope, open_gradient);
            conductance_[k] = 1 / slope;
            loss_[k] = (intercept + slope * q) * (flow < 0 ? -1 : 1);
            return;
        }
        default: break;
    }
    evaluate_plain_valve(k, minor, closed);
}

void Hydraulics::evaluate_plain_valve(Index k, double minor, bool closed) {
    const double flow = state_.flow_m3ps[k];
    double gradient = open_gradient, loss = open_gradient * flow;
    if (closed) {
        gradient = closed_gradient;
        loss = closed_gradient * flow;
    } else if (minor > 0) {
        gradient = 2 * minor * std::abs(flow);
        if (gradient < network_->options.gradient_tolerance) gradient = network_->options.gradient_tolerance / 2, loss = gradient * flow;
        else loss = gradient * flow / 2;
    }
    conductance_[k] = 1 / gradient;
    loss_[k] = loss;
}

}  // namespace citytwin::water
