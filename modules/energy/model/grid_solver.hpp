#pragma once
// The grid of a running city: switches change now and then, demand every step. A radial part runs on the sweep, anything else on
// Newton; both start from the voltages without load or the network's own, so that results are a function of switches and demand alone.
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "modules/energy/model/power_flow.hpp"
#include "modules/energy/model/radial_sweep.hpp"
#include "modules/energy/model/solution.hpp"

namespace citytwin::energy {

class GridSolver {
public:
    /// The network must outlive this.
    explicit GridSolver(const PowerNetwork& network);

    SwitchState switches;   ///< change it, then call `switched`
    void switched();
    [[nodiscard]] const Topology& topology() const { return topology_; }
    [[nodiscard]] bool is_live(Index bus) const { return topology_.is_live(bus); }
    [[nodiscard]] bool is_radial() const { return tree_.has_value(); }

    /// `demand` by bus, per unit; what stands at dead buses is left out. False if no voltages were found.
    bool solve(std::span<const Complex> demand);
    // --- results of the last solve; 0 at dead buses and branches
    std::vector<double> voltage, angle_rad;   ///< by bus
    std::vector<BranchFlow> flows;            ///< by branch
    Complex supply;                           ///< of the slack units
    Complex generation;                       ///< of the other units on line
    Complex served;                           ///< demand at live buses
    Complex losses;                           ///< in branches and shunts
    int iterations = 0;

private:
    bool solve_radial(std::span<const Complex> demand);
    bool solve_meshed(std::span<const Complex> demand);
    void radial_flows();
    void sum_up(std::span<const Complex> demand);

    const PowerNetwork* network_;
    Topology topology_;
    std::optional<RadialTree> tree_;
    std::optional<SweepLanes> lanes_;
    std::unique_ptr<PowerFlow> flow_;
    std::vector<TwoPort> ports_;                ///< by branch
    std::vector<std::uint8_t> conducts_;        ///< by branch: both ends live and closed
    std::vector<Complex> node_voltage_;
};

}  // namespace citytwin::energy
