#pragma once
// Newton's method for eight variants of one network at once (outages or time steps as lanes). All share the pattern, the pivot
// order and the schedule of factorisations, which depends on the iteration alone: a lane's digits don't depend on the others.
// Between two factorisations the factors are kept and only the mismatch is new (chord steps).
#include <array>
#include <vector>

#include "modules/energy/model/lane_lu.hpp"
#include "modules/energy/model/newton.hpp"

namespace citytwin::energy {

/// How a lane's network differs from the common one: entries of the admittance changed, nodes without voltage.
struct LanePatch {
    struct Entry {
        Index entry, row, column;
        Complex change;
    };
    std::vector<Entry> entries;
    std::vector<Index> dead_nodes;
};

struct LaneOutcome {
    std::array<bool, lane_count> converged{};
    std::array<int, lane_count> iterations{};
};

/// Voltages of eight lanes by node.
struct LaneVoltages {
    std::vector<Lanes> magnitude, angle_rad, re, im;
    void resize(std::size_t n);
};

class LaneNewton {
public:
    /// Shared and read-only afterwards; each thread has its own LaneNewton.
    struct Shared {
        Shared(const NodeAdmittance& admittance, const Newton& newton);
        const NodeAdmittance& admittance;
        const Jacobian& jacobian;
        LaneLuPattern pattern;
    };
    explicit LaneNewton(const Shared& shared);

    /// Lanes from `used` on are ignored. Voltages in: start; out: solution of the converged lanes.
    LaneOutcome solve(LaneVoltages& voltages, const std::vector<Lanes>& target_p, const std::vector<Lanes>& target_q, std::span<const LanePatch> patches, int used,
                      const NewtonLimits& limits);

private:
    void patch_powers(const LaneVoltages& voltages, std::span<const LanePatch> patches);
    void patch_values(std::span<const LanePatch> patches);

    const Shared* shared_;
    LaneLu lu_;
    std::vector<Lanes> a_, b_, p_, q_, values_, x_;
};

}  // namespace citytwin::energy
