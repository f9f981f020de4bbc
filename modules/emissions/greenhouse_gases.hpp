#pragma once
// The city's greenhouse gases of a run: what the vehicles burnt, what they drew from the grid, what was burnt for heat, what the rest drew.
// The ledger's rows are activities with their factors. Beside them the totals of the places where it happened are kept: streets, chimneys
// and meters one by one. The run's balance holds one against the other.
#include <vector>

#include "core/exchange/state_io.hpp"
#include "core/module/person_time.hpp"
#include "modules/emissions/model/carbon_ledger.hpp"
#include "modules/emissions/model/class_table.hpp"

namespace citytwin::emissions {

class GreenhouseGases {
public:
    /// `heat_kg_per_J`: of the fuel that buildings burn.
    GreenhouseGases(const ClassTable& classes, double heat_kg_per_J);

    // Rows.
    /// Since the start: g and J by class. Electricity goes with the intensity at its step, so it is booked step by step.
    void set_vehicles(std::span<const Amounts> run_by_class);
    void add_traction(double cars_J, double others_J, double kg_per_J) {
        ledger_.book(cars_, cars_J, cars_J * kg_per_J);
        ledger_.book(other_traction_, others_J, others_J * kg_per_J);
    }
    void add_heat(double joules) { ledger_.book(heat_, joules, joules * ledger_.rows()[heat_].factor); }
    /// Electricity through meters. Cars charge behind them: as soon as there are meters, the cars' own row is a memo.
    void add_connections(double joules, double kg_per_J);

    // Places.
    /// Of a step: power through each meter (W), traction by street (J) and what each building's chimney gave off (kg/s).
    void watch(std::span<const double> meters_W, std::span<const Amounts> streets, std::span<const double> chimneys_kgps, double seconds, double kg_per_J);
    /// kg CO2 of all places less what the ledger's memo lines hold; `exhausts_g`: of the vehicles, summed over streets.
    [[nodiscard]] double places_kg(double exhausts_g) const;

    [[nodiscard]] const CarbonLedger& ledger() const { return ledger_; }
    void report(Kpi& kpi, const PersonTime& persons) const;

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    static constexpr std::size_t kinds = 3;   ///< cars and vans, trucks, buses

    CarbonLedger ledger_;
    const ClassTable& classes_;
    std::size_t burnt_[kinds][fuel_kinds] = {}, cars_ = 0, other_traction_ = 0, heat_ = 0, connections_ = 0;
    std::vector<double> meter_kg_, street_kg_, chimney_kg_;   ///< since the start
};

}  // namespace citytwin::emissions
