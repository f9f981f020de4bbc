// The trials of a solve: first exactly the peer's path; where that ends without an answer, statuses are held and the equations alone are solved.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/model/units.hpp"

namespace citytwin::water {

const Certificate& Hydraulics::solve() {
    certificate_ = {};
    certificate_.time_s = state_.time_s;
    certificate_.cause = state_.cause;
    std::fill(status_changes_.begin(), status_changes_.end(), std::uint16_t{0});
    cycling_links_.clear();
    held_statuses_ = valve_released_ = false;
    set_demands();
    apply_controls();
    if (!trial_loop()) rescue();
    update_tank_inflows();
    measure_pumps();
    certify();
    if (grounded_) std::fill(ground_.begin(), ground_.end(), 0.0), grounded_ = false;
    return certificate_;
}

/// Heads by one linear solve. A row without a positive pivot is a valve that can't hold its head (it is then held open) or a node that hangs on
/// nothing (it is then tied to its elevation as loosely as a closed link would).
bool Hydraulics::linear_solve() {
    const std::size_t rows = elimination_->rows();
    for (int attempt = 0; attempt < 200; ++attempt) {
        evaluate_pipes();
        evaluate_pumps();
        evaluate_valves();
        assemble();
        const Index bad = elimination_->solve<1>(diagonal_.data(), lower_.data(), right_side_.data());
        if (bad == no_index) {
            std::memcpy(state_.head_m.data(), right_side_.data(), rows * sizeof(double));
            return true;
        }
        if (release_valve_at(bad)) continue;
        ground_[bad] += closed_conductance;
        grounded_ = true;
    }
    return false;
}

bool Hydraulics::release_valve_at(Index row) {
    for (const Index k : control_valves_) {
        if (row_from_[k] != row && row_to_[k] != row) continue;
        if (state_.setting[k] == no_setting || state_.status[k] != LinkStatus::active) return false;
        change_status(k, network_->link_kind[k] == LinkKind::flow_control ? LinkStatus::cannot_deliver_flow : LinkStatus::cannot_hold_pressure);
        valve_released_ = true;
        return true;
    }
    return false;
}

bool Hydraulics::trial_loop() {
    const HydraulicOptions& options = network_->options;
    const std::int32_t last = options.trials + std::max(options.extra_trials, 0);
    std::int32_t next_check = options.check_frequency;
    double relax = 1, error = 0;
    for (std::int32_t trial = 1; trial <= last; ++trial) {
        if (!linear_solve()) return false;
        Balance balance;
        update_flows(balance, relax);
        update_outflows(balance, relax);
        error = balance.total > options.accuracy ? balance.change / balance.total : balance.change;
        certificate_.trials = trial;
        certificate_.relative_change = error;
        relax = 1;
        bool changed = false;
        if (options.damp_limit <= 0) {
            changed = check_valve_statuses();
        } else if (error <= options.damp_limit) {
            relax = 0.6;
            changed = check_valve_statuses();
        }
        if (has_converged(error) && (options.flow_change_m3ps <= 0 || balance.greatest_change <= options.flow_change_m3ps)) {
            if (trial > options.trials) return true;
            changed |= check_link_statuses();
            changed |= check_pressure_controls();
            if (!changed) return true;
            next_check = trial + options.check_frequency;
        } else if (trial <= options.max_check && trial == next_check) {
            check_link_statuses();
            next_check += options.check_frequency;
        }
    }
    return false;
}

bool Hydraulics::has_converged(double error) {
    const HydraulicOptions& options = network_->options;
    if (error > options.accuracy) return false;
    if (options.head_error_m > 0 || options.certify) {
        evaluate_pipes();
        evaluate_pumps();
        evaluate_valves();
        const double residual = head_residual(nullptr);
        if (options.head_error_m > 0 && residual > options.head_error_m) return false;
        if (options.certify) {
            const double allowed_head = 1e-3 * network_->units.head_m;
            if (residual > allowed_head) return false;
            measure_mass(true);
            const auto allowed_mass = [&] { return 1e-6 * certificate_.demand_m3ps; };
            if (certificate_.mass_residual_max_m3ps > 100 * allowed_mass()) return false;
            if (certificate_.mass_residual_max_m3ps > allowed_mass()) {   // so near, it is round-off
                balance_flows();
                evaluate_pipes();
                evaluate_pumps();
                evaluate_valves();
                measure_mass(true);
                if (head_residual(nullptr) > allowed_head || certificate_.mass_residual_max_m3ps > allowed_mass()) return false;
            }
        }
    }
    if (!network_->leaks.empty() && !leaks_agree()) return false;
    return demand_law_.empty() || pressure_demands_agree();
}

void Hydraulics::note_cycle() {
    for (Index k = 0; k < network_->links(); ++k)
        if (status_changes_[k] >= 4) cycling_links_.push_back(k);
    certificate_.add(cycling_links_.empty() ? Reason::trial_limit : Reason::status_cycle);
}

/// Statuses are held as they are; full steps first, shorter ones when the flow change does not fall.
bool Hydraulics::rescue() {
    note_cycle();
    held_statuses_ = true;
    double relax = 1, best = 1e300;
    int since_best = 0;
    for (std::int32_t trial = 0; trial < 200; ++trial) {
        if (!linear_solve()) return false;
        Balance balance;
        update_flows(balance, relax);
        update_outflows(balance, relax);
        const double error = (balance.total > network_->options.accuracy ? balance.change / balance.total : balance.change) / relax;
        ++certificate_.trials;
        certificate_.relative_change = error;
        if (has_converged(error)) return true;
        since_best = error < best ? 0 : since_best + 1;
        best = std::min(best, error);
        if (since_best > 8) relax = std::max(relax * 0.7, 0.1), since_best = 0;
    }
    certificate_.add(Reason::trial_limit);
    return false;
}

}  // namespace citytwin::water
