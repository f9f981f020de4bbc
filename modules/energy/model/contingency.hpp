#pragma once
// N-1: every closed branch out of service, one at a time, from the base solution; eight outages side by side as lanes. An outage
// that parts the network is solved too: what lost its slack bus has no voltage, and its demand is reported as unserved.
#include <vector>

#include "core/parallel/arena.hpp"
#include "modules/energy/model/power_flow.hpp"

namespace citytwin::energy {

enum class ContingencyStatus : std::uint8_t { ok, islands, diverged };

struct Contingency {
    Index branch = no_index;
    ContingencyStatus status = ContingencyStatus::ok;
    bool solved = false, alone = false;   ///< alone: not in lanes, with fresh pivots
    int iterations = 0;
    double voltage_min = 0, voltage_max = 0;
    double loading_max = 0;               ///< of the branches with a rating
    Index worst_branch = no_index;
    Complex unserved;                     ///< per unit
};

/// `base` must have converged; it isn't changed. Outages in the order of the branches; the same digits for any number of threads.
std::vector<Contingency> n_minus_1(PowerFlow& base, const PowerFlowOptions& options, Arena& arena);

}  // namespace citytwin::energy
