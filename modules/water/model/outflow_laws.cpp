// What leaves junctions by pressure: emitters, pressure-driven demand (Wagner et al. 1988, inverted, with the barriers of Todini et al. 2022) and leaks
// (FAVAD). Each is a link to a fixed head at the junction's elevation.
#include <algorithm>
#include <cmath>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/model/packs.hpp"
#include "modules/water/model/units.hpp"

namespace citytwin::water {
namespace {

/// Steep below (sign -1) or above (+1) a limit that lies `over` away.
void add_barrier(double over, double sign, double& loss, double& gradient) {
    const double a = barrier_gradient * over, b = std::sqrt(a * a + barrier_width);
    loss += (a + sign * b) / 2;
    gradient += barrier_gradient / 2 * (1 + sign * a / b);
}

/// q = c h^(1/n) inverted, never negative.
void leak_law(double q, double resistance, double n, double& loss, double& gradient) {
    gradient = n * resistance * power_of(std::abs(q), n - 1);
    if (q == 0 && n < 1) gradient = barrier_gradient;
    loss = gradient * q / n;
    add_barrier(q, -1, loss, gradient);
}

}  // namespace

void Hydraulics::add_outflows() {
    const Network& n = *network_;
    const HydraulicOptions& options = n.options;
    const auto add = [&](Index row, const OutflowLaw& law, double base_m, double flow) {
        diagonal_[row] += 1 / law.gradient;
        right_side_[row] += (law.loss_m + base_m) / law.gradient - flow;
    };
    for (std::size_t e = 0; e < n.emitters.size(); ++e) {
        if (emitter_resistance_[e] <= 0) continue;
        const double q = state_.emitter_flow_m3ps[e], exponent = options.emitter_exponent;
        OutflowLaw& law = emitter_law_[e];
        law.gradient = exponent * emitter_resistance_[e] * power_of(std::abs(q), exponent - 1);
        if (law.gradient < options.gradient_tolerance) law.gradient = options.gradient_tolerance / exponent, law.loss_m = law.gradient * q;
        else law.loss_m = law.gradient * q / exponent;
        if (!options.emitter_backflow) add_barrier(q, -1, law.loss_m, law.gradient);
        const Index row = elimination_->row_of_node(n.emitters[e].node);
        add(row, law, row_elevation_m_[row], q);
    }
    if (options.demand_model == DemandModel::pressure_driven) {
        const double range = std::max(options.pressure_required_m - options.pressure_min_m, least_pressure_range_m), exponent = 1 / options.pressure_exponent;
        for (Index row = 0; row < demand_law_.size(); ++row) {
            const double full = state_.full_demand_m3ps[row], d = state_.demand_m3ps[row];
            if (full <= 0) continue;
            OutflowLaw& law = demand_law_[row];
            law.gradient = exponent * range * power_of(std::abs(d) / full, exponent - 1) / full;
            law.loss_m = law.gradient * d / exponent;
            add_barrier(d, -1, law.loss_m, law.gradient);
            add_barrier(d - full, 1, law.loss_m, law.gradient);
            add(row, law, row_elevation_m_[row] + options.pressure_min_m, 0);   // the served demand is in the right side already
        }
    }
    for (std::size_t e = 0; e < n.leaks.size(); ++e) {
        const Index row = elimination_->row_of_node(n.leaks[e].node);
        if (n.leaks[e].fixed_resistance > 0) {
            leak_law(state_.leak_fixed_m3ps[e], n.leaks[e].fixed_resistance, 2, leak_fixed_law_[e].loss_m, leak_fixed_law_[e].gradient);
            add(row, leak_fixed_law_[e], row_elevation_m_[row], state_.leak_fixed_m3ps[e]);
        }
        if (n.leaks[e].growing_resistance > 0) {
            leak_law(state_.leak_growing_m3ps[e], n.leaks[e].growing_resistance, 2.0 / 3, leak_growing_law_[e].loss_m, leak_growing_law_[e].gradient);
            add(row, leak_growing_law_[e], row_elevation_m_[row], state_.leak_growing_m3ps[e]);
        }
    }
}

void Hydraulics::update_outflows(Balance& balance, double relax) {
    const Network& n = *network_;
    const auto count = [&](double flow, double change) {
        balance.total += std::abs(flow);
        balance.change += std::abs(change);
        balance.greatest_change = std::max(balance.greatest_change, std::abs(change));
    };
    for (std::size_t e = 0; e < n.emitters.size(); ++e) {
        if (emitter_resistance_[e] <= 0) {
            state_.emitter_flow_m3ps[e] = 0;
            continue;
        }
        const Index row = elimination_->row_of_node(n.emitters[e].node);
        const double change = (emitter_law_[e].loss_m - (state_.head_m[row] - row_elevation_m_[row])) / emitter_law_[e].gradient * relax;
        state_.emitter_flow_m3ps[e] -= change;
        count(state_.emitter_flow_m3ps[e], change);
    }
    for (Index row = 0; row < demand_law_.size(); ++row) {
        const double full = state_.full_demand_m3ps[row];
        if (full <= 0) continue;
        double change = (demand_law_[row].loss_m - (state_.head_m[row] - row_elevation_m_[row] - n.options.pressure_min_m)) / demand_law_[row].gradient * relax;
        change = std::clamp(change, -0.4 * full, 0.4 * full);
        state_.demand_m3ps[row] -= change;
        count(state_.demand_m3ps[row], change);
    }
    for (std::size_t e = 0; e < n.leaks.size(); ++e) {
        const Index row = elimination_->row_of_node(n.leaks[e].node);
        const double pressure = state_.head_m[row] - row_elevation_m_[row];
        double change = 0;
        if (n.leaks[e].fixed_resistance > 0) {
            const double part = (leak_fixed_law_[e].loss_m - pressure) / leak_fixed_law_[e].gradient * relax;
            state_.leak_fixed_m3ps[e] -= part;
            change += part;
        }
        if (n.leaks[e].growing_resistance > 0) {
            const double part = (leak_growing_law_[e].loss_m - pressure) / leak_growing_law_[e].gradient * relax;
            state_.leak_growing_m3ps[e] -= part;
            change += part;
        }
        count(state_.leak_fixed_m3ps[e] + state_.leak_growing_m3ps[e], change);
    }
}

bool Hydraulics::leaks_agree() const {
    const Network& n = *network_;
    for (std::size_t e = 0; e < n.leaks.size(); ++e) {
        const Leak& leak = n.leaks[e];
        const Index row = elimination_->row_of_node(leak.node);
        const double pressure = state_.head_m[row] - row_elevation_m_[row];
        double law = 0;
        if (pressure > 0 && leak.fixed_resistance > 0) law += std::sqrt(pressure / leak.fixed_resistance);
        if (pressure > 0 && leak.growing_resistance > 0) law += power_of(pressure / leak.growing_resistance, 1.5);
        if (std::abs(law - state_.leak_fixed_m3ps[e] - state_.leak_growing_m3ps[e]) > law_tolerance_m3ps) return false;
    }
    return true;
}

bool Hydraulics::pressure_demands_agree() const {
    const HydraulicOptions& options = network_->options;
    const double range = options.pressure_required_m - options.pressure_min_m;
    for (Index row = 0; row < demand_law_.size(); ++row) {
        const double full = state_.full_demand_m3ps[row];
        if (full <= 0) continue;
        const double above = state_.head_m[row] - row_elevation_m_[row] - options.pressure_min_m;
        const double law = above <= 0 ? 0 : above >= range ? full : full * power_of(above / range, options.pressure_exponent);
        if (std::abs(law - state_.demand_m3ps[row]) > law_tolerance_m3ps) return false;
    }
    return true;
}

}  // namespace citytwin::water
