#pragma once
// Balance, figures and warnings of the grid.
#include <string>
#include <vector>

#include "core/module/setup.hpp"
#include "modules/energy/city/connection_supply.hpp"

namespace citytwin::energy {

struct VoltageBand {
    double low = 0.95, high = 1.05;   ///< EN 50160 allows 0.9 to 1.1; what the grid is planned for
};

class GridBooks {
public:
    GridBooks(Setup& setup, const VoltageBand& band);
    void prepare(const City& city);
    /// A solved (or dark) step.
    void step(Microseconds from, Microseconds to, const SuppliedEnergy& energy, const GridSolver& solver, double base_VA,
        std::span<const double> loading, double carbon_kg_per_J);
    void not_solved(Microseconds at, const SuppliedEnergy& energy);
    void close(Microseconds now, const InterruptionTotals& totals, double customers, std::uint64_t trips, std::uint64_t random_faults);

    /// Every member of the run's state, by name.
    template <class Self, class Archive>
    static void visit(Self& self, Archive& archive) {
        archive.value("figures", self.figures_);
        archive.column("breached_buses", self.breached_bus_);
        archive.column("breached_branches", self.breached_branch_);
    }

private:
    void check(Microseconds at, const GridSolver& solver, std::span<const double> loading);

    struct Figures {
        double energy_J = 0, losses_J = 0, backup_J = 0, carbon_kg = 0;
        double window_J = 0, window_s = 0, peak_W = 0;
        std::int64_t window = 0;
        double voltage_min = 2, voltage_max = 0, loading_max = 0;
        std::array<double, outage_causes> unserved_J{};
    };

    VoltageBand band_;
    Ledger& electricity_;
    Kpi &saidi_, &saifi_, &peak_, &load_factor_, &unserved_, &losses_;
    Warning &low_, &high_, &overloaded_, &unsolved_;
    bool annual_ = false;
    const City* city_ = nullptr;
    // --- state
    Figures figures_;
    std::vector<std::uint8_t> breached_bus_, breached_branch_;   ///< 1 = outside its limits at some time
};

}  // namespace citytwin::energy
