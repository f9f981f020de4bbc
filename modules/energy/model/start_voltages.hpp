#pragma once
// Where Newton starts: voltages without load, their angles carried through the transformers' phase shifts (flat), or angles
// from the linear DC power flow.
#include "modules/energy/model/jacobian.hpp"

namespace citytwin::energy {

/// Magnitudes 1 (setpoints where controlled), angles of the slack nodes carried over closed branches by their shifts.
NodeVoltages flat_start(const PowerNetwork& network, const SwitchState& state, const Topology& topology);
/// Angles from  B theta = P - G - P_shift,  b = 1/(x tau) (lossless, magnitudes 1); magnitudes as in the flat start.
NodeVoltages dc_start(const PowerNetwork& network, const SwitchState& state, const Topology& topology, const std::vector<Complex>& target);
/// What the network's own columns say; setpoints where controlled.
NodeVoltages given_start(const PowerNetwork& network, const Topology& topology);

}  // namespace citytwin::energy
