#pragma once
// Mismatch and Jacobian of the polar power-flow equations (Tinney & Hart, IEEE Trans. PAS 86(11), 1967).
// With S_ij = V_i conj(Y_ij V_j) = a + jb:   dP_i/dtheta_j = b, dP_i/dln v_j = a, dQ_i/dtheta_j = -a, dQ_i/dln v_j = b,
// on the diagonal   -Q_i + b, P_i + a, P_i - a, Q_i + b.   Unknowns: theta_i (voltage_controlled, load) and ln v_i (load), one
// node after the other. The step in ln v times v is the step in v: the same iterates as with v, and two numbers an entry.
#include <array>
#include <vector>

#include "modules/energy/model/node_admittance.hpp"
#include "modules/energy/model/sparse_lu.hpp"

namespace citytwin::energy {

/// Voltages of all nodes, polar and rectangular side by side.
struct NodeVoltages {
    std::vector<double> magnitude, angle_rad, re, im;
    void resize(std::size_t n);
    void to_rectangular();
};

class Jacobian {
public:
    Jacobian() = default;
    Jacobian(const NodeAdmittance& admittance, const std::vector<NodeRole>& role);

    /// Power into the network at every node, and the parts a, b of each entry for `fill`.
    void injected(const NodeAdmittance& admittance, const NodeVoltages& voltages, std::vector<Complex>& power);
    /// The numbers in the pattern's order, from the last `injected`.
    const std::vector<double>& fill(const NodeAdmittance& admittance, const std::vector<Complex>& power);

    [[nodiscard]] std::size_t unknowns() const { return unknowns_; }
    [[nodiscard]] const std::vector<int>& column_begin() const { return column_begin_; }
    [[nodiscard]] const std::vector<int>& row() const { return row_; }
    /// Position of a node's unknowns (and equations): theta (P) and ln v (Q); -1 where it has none.
    std::vector<int> theta_at, v_at;
    /// Places of an entry's four numbers in the pattern (dP/dtheta, dQ/dtheta, dP/dlnv, dQ/dlnv); the last place takes what no equation has.
    std::vector<std::array<int, 4>> places;

private:
    void build_pattern(const NodeAdmittance& admittance);

    std::size_t unknowns_ = 0;
    std::vector<int> column_begin_, row_;
    std::vector<double> values_, a_, b_;
};

}  // namespace citytwin::energy
