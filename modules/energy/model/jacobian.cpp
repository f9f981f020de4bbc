#include "modules/energy/model/jacobian.hpp"

#include "modules/energy/model/portable_trig.hpp"

namespace citytwin::energy {

void NodeVoltages::resize(std::size_t n) {
    magnitude.assign(n, 0);
    angle_rad.assign(n, 0);
    re.assign(n, 0);
    im.assign(n, 0);
}

void NodeVoltages::to_rectangular() {
    for (std::size_t i = 0; i < magnitude.size(); ++i) {
        double s, c;
        sine_cosine(angle_rad[i], s, c);
        re[i] = magnitude[i] * c;
        im[i] = magnitude[i] * s;
    }
}

Jacobian::Jacobian(const NodeAdmittance& admittance, const std::vector<NodeRole>& role) {
    const std::size_t n = admittance.nodes();
    theta_at.assign(n, -1);
    v_at.assign(n, -1);
    for (std::size_t i = 0; i < n; ++i) {
        if (role[i] == NodeRole::load || role[i] == NodeRole::voltage_controlled) theta_at[i] = static_cast<int>(unknowns_++);
        if (role[i] == NodeRole::load) v_at[i] = static_cast<int>(unknowns_++);
    }
    build_pattern(admittance);
}

// The pattern is symmetric in blocks: column block j has the rows of j's neighbours, which are j's columns.
void Jacobian::build_pattern(const NodeAdmittance& y) {
    const std::size_t n = y.nodes();
    column_begin_.assign(1, 0);
    for (std::size_t j = 0; j < n; ++j) {
        if (theta_at[j] < 0) continue;
        const auto begin = static_cast<int>(row_.size());
        for (Index k = y.row_begin[j]; k < y.row_begin[j + 1]; ++k) {
            const Index i = y.column[k];
            if (theta_at[i] >= 0) row_.push_back(theta_at[i]);
            if (v_at[i] >= 0) row_.push_back(v_at[i]);
        }
        const auto end = static_cast<int>(row_.size());
        column_begin_.push_back(end);
        if (v_at[j] < 0) continue;
        for (int k = begin; k < end; ++k) row_.push_back(row_[static_cast<std::size_t>(k)]);
        column_begin_.push_back(static_cast<int>(row_.size()));
    }
    const auto nowhere = static_cast<int>(row_.size());
    values_.assign(row_.size() + 1, 0);
    a_.assign(y.entries(), 0);
    b_.assign(y.entries(), 0);
    places.assign(y.entries(), {nowhere, nowhere, nowhere, nowhere});
    std::vector<int> next(unknowns_);   // fills each column in the order of its rows, which ascend with i
    for (std::size_t c = 0; c < unknowns_; ++c) next[c] = column_begin_[c];
    for (std::size_t i = 0; i < n; ++i) {
        for (Index k = y.row_begin[i]; k < y.row_begin[i + 1]; ++k) {
            const Index j = y.column[k];
            for (int part = 0; part < 2; ++part) {
                const int column = part == 0 ? theta_at[j] : v_at[j];
                if (column < 0) continue;
                if (theta_at[i] >= 0) places[k][static_cast<std::size_t>(2 * part)] = next[static_cast<std::size_t>(column)]++;
                if (v_at[i] >= 0) places[k][static_cast<std::size_t>(2 * part + 1)] = next[static_cast<std::size_t>(column)]++;
            }
        }
    }
}

void Jacobian::injected(const NodeAdmittance& y, const NodeVoltages& voltages, std::vector<Complex>& power) {
    const double *re = voltages.re.data(), *im = voltages.im.data();
    const std::size_t n = y.nodes();
    for (std::size_t i = 0; i < n; ++i) {
        double p = 0, q = 0;
        const double re_i = re[i], im_i = im[i];
        for (Index k = y.row_begin[i]; k < y.row_begin[i + 1]; ++k) {
            const Index j = y.column[k];
            const double current_re = y.g[k] * re[j] - y.b[k] * im[j], current_im = y.g[k] * im[j] + y.b[k] * re[j];
            const double a = re_i * current_re + im_i * current_im, b = im_i * current_re - re_i * current_im;
            a_[k] = a;
            b_[k] = b;
            p += a;
            q += b;
        }
        power[i] = {p, q};
    }
}

const std::vector<double>& Jacobian::fill(const NodeAdmittance& y, const std::vector<Complex>& power) {
    double* values = values_.data();
    const std::size_t n = y.nodes();
    for (std::size_t i = 0; i < n; ++i) {
        if (theta_at[i] < 0) continue;
        for (Index k = y.row_begin[i]; k < y.row_begin[i + 1]; ++k) {
            const auto& at = places[k];
            values[at[0]] = b_[k];
            values[at[1]] = -a_[k];
            values[at[2]] = a_[k];
            values[at[3]] = b_[k];
        }
        const auto& at = places[y.diagonal[i]];
        values[at[0]] -= power[i].im;
        values[at[1]] += power[i].re;
        values[at[2]] += power[i].re;
        values[at[3]] += power[i].im;
    }
    return values_;
}

}  // namespace citytwin::energy
