#pragma once
// Backward/forward sweep (Shirmohammadi et al., IEEE Trans. Power Systems 3(2), 1988) on a radial network, eight time steps or
// scenarios as lanes. Written for two-ports, so taps, phase shifts, charging and no-load losses are exact: with J the current
// that a node sends into its feeding branch (c child, p parent),
//   V_c = a V_p + z J   with z = 1/Ycc, a = -Ycp/Ycc;   current into the branch at p = (Ypp + Ypc a) V_p + Ypc z J.
// The first part of the latter is a shunt at p, the second (factor b = Ypc z, -1 for a plain line) passes J on.
// Every lane starts from the voltages without load and stops by itself: its digits depend on its own demand alone.
#include <optional>
#include <vector>

#include "modules/energy/model/lanes.hpp"
#include "modules/energy/model/topology.hpp"

namespace citytwin::energy {

/// The live part as trees, parents before children; the first `roots` positions are the slack nodes.
struct RadialTree {
    /// Nothing if an island has a loop, a second source or a voltage-controlled node. Parallel branches count as one.
    static std::optional<RadialTree> of(const PowerNetwork& network, const SwitchState& state, const Topology& topology);

    std::size_t roots = 0;
    std::vector<Index> node, parent;               ///< by position
    std::vector<Index> position_of_node;           ///< no_index for dead nodes
    std::vector<Complex> gain, impedance, passed;  ///< a, z, b
    std::vector<Complex> shunt;                    ///< own and from the branches below
    std::vector<Complex> no_load;                  ///< voltages without load
    bool plain = false;                            ///< a = 1, b = -1 and no shunts everywhere
    [[nodiscard]] std::size_t size() const { return node.size(); }
};

/// One group of lanes. Fill p and q (power into each position, per unit), solve, read v_re, v_im.
struct SweepLanes {
    explicit SweepLanes(const RadialTree& tree);
    std::vector<Lanes> v_re, v_im, j_re, j_im, p, q;   ///< by position
    Mask converged{};
    int sweeps = 0;                                    ///< of the slowest lane
    /// Power that a root feeds in, per lane.
    void root_power(const RadialTree& tree, std::size_t root, Pack& re, Pack& im) const;
};

struct SweepLimits {
    double tolerance = 1e-10;   ///< largest change of a voltage in a sweep, per unit
    int sweeps = 200;
};
void sweep(const RadialTree& tree, SweepLanes& lanes, int used, const SweepLimits& limits);

}  // namespace citytwin::energy
