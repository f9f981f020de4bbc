#pragma once
// What a solved power flow means for branches, units and customers.
#include <vector>

#include "modules/energy/model/power_flow.hpp"

namespace citytwin::energy {

/// Power into the branch at each end, per unit; 0 for open and dead branches.
struct BranchFlow {
    Complex from, to;
};
/// Branches without impedance get what their bus needs: along a tree of them, from the balance of each bus.
std::vector<BranchFlow> branch_flows(PowerFlow& flow);

/// What each unit feeds in. A slack unit takes the rest of P (the first on line at the bus), controlling units share Q in
/// proportion to their ranges, equally where those aren't finite (as MATPOWER's pfsoln does).
std::vector<Complex> unit_output(PowerFlow& flow, const std::vector<BranchFlow>& flows);

/// Apparent power over rating, the larger end; 0 without a rating.
double loading(const Branches& branches, std::size_t branch, const BranchFlow& flow);

/// Demand of the buses without voltage, by bus (isolated ones too).
std::vector<Complex> unserved_demand(PowerFlow& flow);

Complex total_losses(const std::vector<BranchFlow>& flows);

}  // namespace citytwin::energy
