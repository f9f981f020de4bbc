#pragma once
// Many time steps of one network whose switches stand still: radial parts by the sweep, meshed ones by Newton, eight steps as
// lanes. Every step starts from the voltages without load, so its digits depend neither on the steps beside it nor on threads.
#include <functional>
#include <memory>
#include <optional>

#include "core/parallel/arena.hpp"
#include "modules/energy/model/lane_newton.hpp"
#include "modules/energy/model/power_flow.hpp"
#include "modules/energy/model/radial_sweep.hpp"

namespace citytwin::energy {

/// A group of up to eight steps. `p`, `q`: power into each node, per unit, filled by the caller; voltages come back.
struct StepLanes {
    std::vector<Lanes> p, q;                      ///< by node
    std::vector<Lanes> re, im, magnitude, angle_rad;   ///< by node; 0 for dead nodes
    std::array<bool, lane_count> converged{};
    std::array<bool, lane_count> alone{};         ///< solved by itself, with fresh pivots and other starts
};

class TimeSeries {
public:
    /// `flow` gives network, switches and roles; it must outlive this.
    explicit TimeSeries(PowerFlow& flow, double tolerance = 1e-10);

    using Fill = std::function<void(std::size_t first, int used, StepLanes&)>;
    using Take = std::function<void(std::size_t first, int used, const StepLanes&)>;
    /// Groups of eight from step `first` to before `last`; fill and take are called for a group by one thread, for different groups by
    /// several at once.
    void run(std::size_t first, std::size_t last, const Fill& fill, const Take& take, Arena& arena);
    [[nodiscard]] bool is_radial() const { return tree_.has_value(); }

private:
    struct Worker;
    void solve(Worker& worker, int used);
    void solve_alone(Worker& worker, int lane) const;

    PowerFlow& flow_;
    double tolerance_;
    std::optional<RadialTree> tree_;
    std::unique_ptr<LaneNewton::Shared> shared_;
    NodeVoltages no_load_;
};

}  // namespace citytwin::energy
