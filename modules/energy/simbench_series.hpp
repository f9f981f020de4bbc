#pragma once
// A SimBench grid over its profiles: voltages, loadings and totals of every step, in blocks, so that memory doesn't grow with
// the number of steps.
#include <memory>

#include "modules/energy/model/time_series.hpp"
#include "modules/energy/read/simbench_grid.hpp"

namespace citytwin::energy {

/// Results of `steps` steps; by step, then element. NaN for buses without voltage and for steps without a solution.
struct SeriesBlock {
    std::vector<std::size_t> step;                       ///< row of the profiles
    std::vector<std::uint8_t> converged, alone;
    std::vector<double> voltage, angle_rad;              ///< by bus, per unit
    std::vector<double> line_loading, transformer_loading;   ///< percent
    std::vector<double> grid_mw, grid_mvar;              ///< taken from the external grids
    std::vector<double> line_loss_mw, transformer_loss_mw, load_mw, generation_mw, unserved_mw;
    void resize(std::size_t steps, std::size_t buses, std::size_t lines, std::size_t transformers);
};

class SimbenchSeries {
public:
    explicit SimbenchSeries(const SimbenchGrid& grid, double tolerance = 1e-10);

    /// Profile rows first, first + stride, … (`steps` of them).
    void solve(std::size_t first, std::size_t stride, std::size_t steps, SeriesBlock& block, Arena& arena);
    [[nodiscard]] PowerFlow& flow() { return *flow_; }
    [[nodiscard]] bool is_radial() const { return series_->is_radial(); }

private:
    struct BranchPort {
        Index from, to;          // nodes; no_index where the branch carries nothing
        TwoPort port;
        double scale_from, scale_to;   // percent loading per unit current
    };
    void fill(std::size_t row, std::size_t stride, int used, StepLanes& lanes) const;
    void take(std::size_t at, int used, const StepLanes& lanes, SeriesBlock& block) const;
    void take_voltages(std::size_t at, int used, const StepLanes& lanes, SeriesBlock& block) const;
    void take_branches(const std::vector<BranchPort>& ports, std::size_t at, int used, const StepLanes& lanes, std::vector<double>& percent, std::vector<double>& loss) const;
    void take_totals(std::size_t at, int used, const StepLanes& lanes, SeriesBlock& block) const;
    [[nodiscard]] BranchPort port(Index branch, double rated_from, double rated_to) const;

    const SimbenchGrid& grid_;
    std::unique_ptr<PowerFlow> flow_;
    std::unique_ptr<TimeSeries> series_;
    std::vector<BranchPort> lines_, transformers_;
};

}  // namespace citytwin::energy
