#pragma once
// Newton's method on the polar equations, plain (the iterates of MATPOWER's runpf) or with the step control of Iwamoto & Tamura
// (IEEE Trans. PAS 100(4), 1981), which never lets the mismatch grow.
#include <vector>

#include "modules/energy/model/jacobian.hpp"

namespace citytwin::energy {

struct NewtonLimits {
    double tolerance = 1e-8;   ///< largest |dP|, |dQ| in per unit, checked before each update
    int iterations = 30;
    bool step_control = false;
};

struct NewtonOutcome {
    bool converged = false, singular = false;
    int iterations = 0;          ///< updates
    double mismatch = 0;         ///< the largest at the end
    Index worst_node = no_index; ///< where
};

class Newton {
public:
    Newton() = default;
    Newton(const NodeAdmittance& admittance, const Topology& topology);

    /// Pivots for all later solves, from the voltages of the network without load: a function of topology and taps alone.
    bool choose_pivots(const NodeAdmittance& admittance, const NodeVoltages& no_load);
    /// Improves `voltages` until the power into each node is `target`.
    NewtonOutcome solve(const NodeAdmittance& admittance, NodeVoltages& voltages, const std::vector<Complex>& target, const NewtonLimits& limits);

    [[nodiscard]] const std::vector<Complex>& power() const { return power_; }   ///< into each node, at the last voltages
    [[nodiscard]] const Jacobian& jacobian() const { return jacobian_; }
    [[nodiscard]] const SparseLu& lu() const { return lu_; }

private:
    void measure(const NodeAdmittance& admittance, const NodeVoltages& voltages, const std::vector<Complex>& target, NewtonOutcome& outcome);
    void step(NodeVoltages& voltages, double length) const;
    void controlled_step(const NodeAdmittance& admittance, NodeVoltages& voltages, const std::vector<Complex>& target);

    Jacobian jacobian_;
    SparseLu lu_;
    std::vector<Complex> power_;
    std::vector<double> mismatch_, step_;
};

}  // namespace citytwin::energy
