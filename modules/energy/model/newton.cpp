#include "modules/energy/model/newton.hpp"

#include <cmath>

#include "modules/energy/model/portable_trig.hpp"

namespace citytwin::energy {
namespace {

double product(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// The length mu in (0, 1] that makes |(1 - mu) F + mu^2 F1| smallest, F the mismatch now, F1 that after the full step.
double best_length(double ff, double ff1, double f1f1) {
    const auto slope = [&](double mu) { return -ff + mu * (ff + 2 * ff1) - 3 * mu * mu * ff1 + 2 * mu * mu * mu * f1f1; };
    if (!std::isfinite(f1f1)) return 0.1;
    if (slope(1) <= 0) return 1;
    double low = 0, high = 1;
    for (int k = 0; k < 50; ++k) (slope((low + high) / 2) <= 0 ? low : high) = (low + high) / 2;
    return high;
}

}  // namespace

Newton::Newton(const NodeAdmittance& admittance, const Topology& topology) : jacobian_(admittance, topology.role), power_(admittance.nodes()) {
    lu_.analyze(jacobian_.column_begin(), jacobian_.row());
    mismatch_.resize(jacobian_.unknowns());
    step_.resize(jacobian_.unknowns());
}

bool Newton::choose_pivots(const NodeAdmittance& admittance, const NodeVoltages& no_load) {
    jacobian_.injected(admittance, no_load, power_);
    return lu_.choose_pivots(jacobian_.fill(admittance, power_));
}

void Newton::measure(const NodeAdmittance& admittance, const NodeVoltages& voltages, const std::vector<Complex>& target, NewtonOutcome& outcome) {
    jacobian_.injected(admittance, voltages, power_);
    outcome.mismatch = 0;
    bool finite = true;
    for (std::size_t i = 0; i < power_.size(); ++i) {
        const int theta = jacobian_.theta_at[i], v = jacobian_.v_at[i];
        if (theta < 0) continue;
        const double dp = target[i].re - power_[i].re, dq = v < 0 ? 0 : target[i].im - power_[i].im;
        mismatch_[static_cast<std::size_t>(theta)] = dp;
        if (v >= 0) mismatch_[static_cast<std::size_t>(v)] = dq;
        const double worst = std::fabs(dp) > std::fabs(dq) ? std::fabs(dp) : std::fabs(dq);
        finite = finite && std::isfinite(dp) && std::isfinite(dq);
        if (worst > outcome.mismatch) {
            outcome.mismatch = worst;
            outcome.worst_node = static_cast<Index>(i);
        }
    }
    if (!finite) outcome.mismatch = std::numeric_limits<double>::infinity();
}

void Newton::step(NodeVoltages& voltages, double length) const {
    for (std::size_t i = 0; i < voltages.magnitude.size(); ++i) {
        const int theta = jacobian_.theta_at[i], v = jacobian_.v_at[i];
        if (theta < 0) continue;
        voltages.angle_rad[i] += length * step_[static_cast<std::size_t>(theta)];
        if (v >= 0) voltages.magnitude[i] += length * (voltages.magnitude[i] * step_[static_cast<std::size_t>(v)]);
        double s, c;
        sine_cosine(voltages.angle_rad[i], s, c);
        voltages.re[i] = voltages.magnitude[i] * c;
        voltages.im[i] = voltages.magnitude[i] * s;
    }
}

void Newton::controlled_step(const NodeAdmittance& admittance, NodeVoltages& voltages, const std::vector<Complex>& target) {
    const NodeVoltages before = voltages;
    const std::vector<double> mismatch_before = mismatch_;
    step(voltages, 1);
    NewtonOutcome after;
    measure(admittance, voltages, target, after);
    const double length = best_length(product(mismatch_before, mismatch_before), product(mismatch_before, mismatch_), product(mismatch_, mismatch_));
    if (length >= 1) return;
    voltages = before;
    step(voltages, length);
}

NewtonOutcome Newton::solve(const NodeAdmittance& admittance, NodeVoltages& voltages, const std::vector<Complex>& target, const NewtonLimits& limits) {
    NewtonOutcome outcome;
    for (;; ++outcome.iterations) {
        measure(admittance, voltages, target, outcome);
        if (outcome.mismatch < limits.tolerance) {
            outcome.converged = true;
            return outcome;
        }
        if (outcome.iterations >= limits.iterations || !(outcome.mismatch < 1e10)) return outcome;
        if (!lu_.factor(jacobian_.fill(admittance, power_))) {
            outcome.singular = true;
            return outcome;
        }
        step_ = mismatch_;
        lu_.solve(step_);
        if (limits.step_control) controlled_step(admittance, voltages, target);
        else step(voltages, 1);
    }
}

}  // namespace citytwin::energy
