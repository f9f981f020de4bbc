#pragma once
// The city's greenhouse gases of a run: what the vehicles burnt, what they drew from the grid, what was burnt for heat, what the rest drew.
#include <vector>

#include "core/exchange/state_io.hpp"
#include "core/module/person_time.hpp"
#include "modules/emissions/model/carbon_ledger.hpp"
#include "modules/emissions/model/class_table.hpp"

namespace citytwin::emissions {

class GreenhouseGases {
public:
    explicit GreenhouseGases(const ClassTable& classes);

    /// Since the start: g and J by class. Electricity goes with the intensity at its step, so it is booked step by step.
    void set_vehicles(std::span<const Amounts> run_by_class);
    void add_traction(double cars_J, double others_J, double kg_per_J) {
        ledger_.book(cars_, cars_J, cars_J * kg_per_J);
        ledger_.book(other_traction_, others_J, others_J * kg_per_J);
    }
    void add_heat(double joules, double co2_kg) { ledger_.book(heat_, joules, co2_kg); }
    /// Electricity through meters. Cars charge behind them: as soon as there are meters, the cars' own row is a memo.
    void add_connections(double joules, double kg_per_J);

    [[nodiscard]] const CarbonLedger& ledger() const { return ledger_; }
    /// kg CO2e that the city's ledger closes against: every activity's own sum.
    [[nodiscard]] double activities_kg() const;
    void report(Kpi& kpi, const PersonTime& persons) const;

    void save(StateWriter& out) const { out.column("carbon", ledger_.figures()); }
    void load(StateReader& in);

private:
    CarbonLedger ledger_;
    const ClassTable& classes_;
    std::size_t fuel_by_kind_[3] = {}, cars_ = 0, other_traction_ = 0, heat_ = 0, connections_ = 0;   // cars and vans, trucks, buses
};

}  // namespace citytwin::emissions
