#pragma once
// Who has power, from the grid or from its own backup, since when not, and what wasn't served: by connection, exact to the microsecond.
#include <array>
#include <span>
#include <vector>

#include "core/module/setup.hpp"
#include "modules/energy/city/switching.hpp"
#include "modules/energy/model/backup.hpp"

namespace citytwin::energy {

struct SupplySettings {
    Microseconds sustained = 5 * minute;   ///< interruptions that last longer count in SAIFI and SAIDI (IEEE 1366: momentary up to 5 minutes)
    double recharge = 0.25;                ///< seconds of battery that a second of grid gives back
    double power_factor = 0.97;
};

/// Energy of a step, J, by what became of it.
struct SuppliedEnergy {
    double served = 0, fed_in = 0, backup = 0;
    std::array<double, outage_causes> unserved{};
};

/// Sums over interruptions that have ended (and at the run's end over those that last).
struct InterruptionTotals {
    double sustained_customers = 0, momentary_customers = 0, customer_hours = 0;
    std::array<double, outage_causes> customer_hours_by_cause{};
};

class ConnectionSupply {
public:
    ConnectionSupply(Setup& setup, const SupplySettings& settings);
    void prepare(const City& city);

    /// Demand by bus, per unit, of the connections that the grid feeds.
    void demand(std::span<const double> load_W, double base_VA, const GridSolver& solver, std::vector<Complex>& by_bus) const;
    /// Books [from, to) and writes who had power.
    SuppliedEnergy step(Microseconds from, Microseconds to, std::span<const double> load_W, std::span<double> powered);
    /// The grid's switches have changed at `now`: connections go dark for this cause, or come back. Returns customers that went dark.
    double grid_changed(Microseconds now, const GridSolver& solver, OutageCause cause);
    /// Backup that changes have set.
    void attributes_changed();
    /// A connection whose reactive power is known; the others' follows from the power factor.
    void set_reactive(std::size_t connection, double W) { reactive_W_[connection] = W; }
    [[nodiscard]] Microseconds next_event(Microseconds now) const;
    [[nodiscard]] bool any_dark() const;
    [[nodiscard]] double customers() const { return customers_total_; }
    /// With the interruptions that last at `now`.
    [[nodiscard]] InterruptionTotals totals_at(Microseconds now) const;
    [[nodiscard]] bool has_grid(std::size_t connection) const { return dark_since_[connection] < 0; }
    /// What a connection without the grid would draw: at least what it drew last with it.
    [[nodiscard]] double wanted_W(std::size_t connection, double load_W) const { return has_grid(connection) ? load_W : std::max(load_W,
        load_before_W_[connection]); }

    /// Every member of the run's state, by name.
    template <class Self, class Archive>
    static void visit(Self& self, Archive& archive) {
        archive.column("dark_since", self.dark_since_);
        archive.column("light_since", self.light_since_);
        archive.column("cause", self.cause_);
        archive.column("backup", self.backup_);
        archive.column("full", self.full_);
        archive.column("load_before", self.load_before_W_);
        archive.value("totals", self.totals_);
    }

private:
    void end_interruption(std::size_t connection, Microseconds now, InterruptionTotals& totals) const;

    SupplySettings settings_;
    Attribute battery_s_, generator_start_s_, fuel_s_, active_;
    std::vector<Index> bus_;
    std::vector<double> customers_, reactive_W_;           ///< NaN = by the power factor
    double customers_total_ = 0, reactive_share_ = 0;
    // --- state
    std::vector<Microseconds> dark_since_, light_since_;   ///< dark_since: -1 while the grid feeds it
    std::vector<std::uint8_t> cause_;
    std::vector<Backup> backup_, full_;                    ///< left when it last went dark or came back; as the attributes say
    std::vector<double> load_before_W_;
    InterruptionTotals totals_;
};

}  // namespace citytwin::energy
