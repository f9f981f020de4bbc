#include "modules/energy/model/lane_newton.hpp"

#include <algorithm>

namespace citytwin::energy {
namespace {

CITYTWIN_WIDE void injected(const NodeAdmittance& y, const LaneVoltages& v, Lanes* a_out, Lanes* b_out, Lanes* p_out, Lanes* q_out) {
    const std::size_t n = y.nodes();
    const Lanes *re = v.re.data(), *im = v.im.data();
    for (std::size_t i = 0; i < n; ++i) {
        Pack p{}, q{};
        const Pack re_i = re[i].v, im_i = im[i].v;
        for (Index k = y.row_begin[i]; k < y.row_begin[i + 1]; ++k) {
            const Index j = y.column[k];
            const Pack current_re = y.g[k] * re[j].v - y.b[k] * im[j].v, current_im = y.g[k] * im[j].v + y.b[k] * re[j].v;
            const Pack a = re_i * current_re + im_i * current_im, b = im_i * current_re - re_i * current_im;
            a_out[k].v = a;
            b_out[k].v = b;
            p += a;
            q += b;
        }
        p_out[i].v = p;
        q_out[i].v = q;
    }
}

CITYTWIN_WIDE void fill(const NodeAdmittance& y, const Jacobian& jacobian, const Lanes* a, const Lanes* b, const Lanes* p, const Lanes* q, Lanes* values) {
    const std::size_t n = y.nodes();
    for (std::size_t i = 0; i < n; ++i) {
        if (jacobian.theta_at[i] < 0) continue;
        for (Index k = y.row_begin[i]; k < y.row_begin[i + 1]; ++k) {
            const auto& at = jacobian.places[k];
            values[at[0]].v = b[k].v;
            values[at[1]].v = -a[k].v;
            values[at[2]].v = a[k].v;
            values[at[3]].v = b[k].v;
        }
        const auto& at = jacobian.places[y.diagonal[i]];
        values[at[0]].v -= q[i].v;
        values[at[1]].v += p[i].v;
        values[at[2]].v += p[i].v;
        values[at[3]].v += q[i].v;
    }
}

/// Mismatches to x; the largest of each lane.
CITYTWIN_WIDE void mismatches(const Jacobian& jacobian, std::size_t n, const Lanes* target_p, const Lanes* target_q, const Lanes* p, const Lanes* q, const Lanes* magnitude,
                              Lanes* x, Pack& largest) {
    Pack worst{};
    for (std::size_t i = 0; i < n; ++i) {
        const int theta = jacobian.theta_at[i], at_v = jacobian.v_at[i];
        if (theta < 0) continue;
        const Mask live = magnitude[i].v != 0;   // a node without voltage has no equation
        const Pack dp = live ? target_p[i].v - p[i].v : Pack{};
        const Pack size_p = dp < 0 ? -dp : dp;
        worst = size_p <= worst ? worst : size_p;   // NaN comes through
        x[theta].v = dp;
        if (at_v < 0) continue;
        const Pack dq = live ? target_q[i].v - q[i].v : Pack{};
        const Pack size_q = dq < 0 ? -dq : dq;
        worst = size_q <= worst ? worst : size_q;
        x[at_v].v = dq;
    }
    largest = worst;
}

CITYTWIN_WIDE void step(const Jacobian& jacobian, std::size_t n, const Lanes* x, const Mask& moving, LaneVoltages& v) {
    for (std::size_t i = 0; i < n; ++i) {
        const int theta = jacobian.theta_at[i], at_v = jacobian.v_at[i];
        if (theta < 0) continue;
        const Pack angle = moving ? v.angle_rad[i].v + x[theta].v : v.angle_rad[i].v;
        Pack magnitude = v.magnitude[i].v;
        if (at_v >= 0) magnitude = moving ? magnitude + magnitude * x[at_v].v : magnitude;
        Pack s, c;
        sine_cosine(angle, s, c);
        v.angle_rad[i].v = angle;
        v.magnitude[i].v = magnitude;
        v.re[i].v = magnitude * c;
        v.im[i].v = magnitude * s;
    }
}

/// Factor at the first and third update, and at every one from the fifth on; the others are chord steps.
bool factors_at(int iteration) { return iteration == 0 || iteration == 2 || iteration >= 4; }

}  // namespace

void LaneVoltages::resize(std::size_t n) {
    for (auto* column : {&magnitude, &angle_rad, &re, &im}) column->assign(n, Lanes{});
}

LaneNewton::Shared::Shared(const NodeAdmittance& y, const Newton& newton) : admittance(y), jacobian(newton.jacobian()), pattern(newton.lu(), newton.lu().factors()) {}

LaneNewton::LaneNewton(const Shared& shared)
    : shared_(&shared), lu_(shared.pattern), a_(shared.admittance.entries()), b_(shared.admittance.entries()), p_(shared.admittance.nodes()), q_(shared.admittance.nodes()),
      values_(shared.jacobian.row().size() + 1), x_(shared.jacobian.unknowns()) {}

void LaneNewton::patch_powers(const LaneVoltages& v, std::span<const LanePatch> patches) {
    for (std::size_t l = 0; l < patches.size(); ++l) {
        for (const auto& [entry, row, column, change] : patches[l].entries) {
            const Complex vi{v.re[row].v[l], v.im[row].v[l]}, vj{v.re[column].v[l], v.im[column].v[l]};
            const Complex s = vi * conj(change * vj);
            a_[entry].v[l] += s.re;
            b_[entry].v[l] += s.im;
            p_[row].v[l] += s.re;
            q_[row].v[l] += s.im;
        }
    }
}

/// Rows of nodes without voltage are zero: a 1 on their diagonal keeps them out of the way.
void LaneNewton::patch_values(std::span<const LanePatch> patches) {
    for (std::size_t l = 0; l < patches.size(); ++l) {
        for (const Index node : patches[l].dead_nodes) {
            const auto& at = shared_->jacobian.places[shared_->admittance.diagonal[node]];
            if (shared_->jacobian.theta_at[node] >= 0) values_[static_cast<std::size_t>(at[0])].v[l] = 1;
            if (shared_->jacobian.v_at[node] >= 0) values_[static_cast<std::size_t>(at[3])].v[l] = 1;
        }
    }
}

LaneOutcome LaneNewton::solve(LaneVoltages& voltages, const std::vector<Lanes>& target_p, const std::vector<Lanes>& target_q, std::span<const LanePatch> patches, int used,
                              const NewtonLimits& limits) {
    const NodeAdmittance& y = shared_->admittance;
    const Jacobian& jacobian = shared_->jacobian;
    LaneOutcome outcome;
    Mask moving{}, bad{};
    for (int l = 0; l < used; ++l) moving[l] = -1;
    for (int iteration = 0;; ++iteration) {
        injected(y, voltages, a_.data(), b_.data(), p_.data(), q_.data());
        patch_powers(voltages, patches);
        Pack largest;
        mismatches(jacobian, y.nodes(), target_p.data(), target_q.data(), p_.data(), q_.data(), voltages.magnitude.data(), x_.data(), largest);
        for (int l = 0; l < used; ++l) {
            if (moving[l] == 0) continue;
            outcome.iterations[static_cast<std::size_t>(l)] = iteration;
            outcome.converged[static_cast<std::size_t>(l)] = largest[l] < limits.tolerance;
            if (largest[l] < limits.tolerance || !(largest[l] < 1e10) || bad[l] != 0) moving[l] = 0;
        }
        if (!any(moving) || iteration >= limits.iterations) return outcome;
        if (factors_at(iteration)) {
            fill(y, jacobian, a_.data(), b_.data(), p_.data(), q_.data(), values_.data());
            patch_values(patches);
            lu_.factor(values_, bad);
        }
        lu_.solve(x_);
        step(jacobian, y.nodes(), x_.data(), moving, voltages);
    }
}

}  // namespace citytwin::energy
