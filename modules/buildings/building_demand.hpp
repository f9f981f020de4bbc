#pragma once
// What each building wants in a step, before balancing: people, appliances and lighting, hot water, heating and cooling by its zone.
#include <span>
#include <vector>

#include "core/exchange/field.hpp"
#include "core/module/setup.hpp"
#include "modules/buildings/building_stock.hpp"

namespace citytwin::buildings {

/// The weather of each cell in a step; where the weather module isn't loaded, one cell of stated constants.
struct CellWeather {
    ZoneWeather zone;
    double wind_mps = 0, panel_W_per_m2 = 0;
};

struct DemandSettings {
    double cooling_cop = 3.0, hot_water_cop = 2.5, boiler_efficiency = 0.92;
    double person_W = 70;            ///< sensible heat of a person
};

/// Clock of a step, for schedules.
struct StepClock {
    int hour = 0, weekday = 0;       ///< local
    double seconds = 3600;
};

class BuildingDemand {
public:
    BuildingDemand(BuildingStock stock, const DemandSettings& settings, double first_temperature_K);
    void set_plant(std::size_t row, Heating heating, bool cooled, bool active);

    /// All rows of [first, last). `occupants` < 0 = not known: the standard presence of the use.
    void step(std::size_t first, std::size_t last, const StepClock& clock, std::span<const CellWeather> cells, const std::vector<Index>& cell_of, const Read& occupants, const Read& powered);

    [[nodiscard]] std::size_t size() const { return stock_.size(); }
    [[nodiscard]] const BuildingStock& stock() const { return stock_; }
    [[nodiscard]] const ZoneColumns& zones() const { return zones_; }
    [[nodiscard]] ZoneColumns& zones() { return zones_; }
    [[nodiscard]] double rated_heat_W(std::size_t row) const { return rated_heat_W_[row]; }
    /// 0 where the building had no power in the last step (or isn't there), else 1.
    [[nodiscard]] double powered(std::size_t row) const { return powered_[row]; }
    [[nodiscard]] Heating heating(std::size_t row) const { return heating_[row]; }
    /// Electric watts of a full tank day, for comfort bounds.
    [[nodiscard]] double hot_water_J_per_day(std::size_t row) const;
    /// Heat balance of a row in the last step, W.
    [[nodiscard]] ZoneColumns::Balance balance(std::size_t row, const CellWeather& cell) const { return zones_.balance(row, cell.zone, gain_W_[row], mass_before_[row]); }

    // Results of the last step, W.
    std::vector<double> appliances_W, hot_water_W, heating_W, cooling_W, fuel_W;

private:
    void want(std::size_t row, const StepClock& clock, double persons, double powered);
    void convert(std::size_t row, const ZoneWeather& weather);

    BuildingStock stock_;
    DemandSettings settings_;
    ZoneColumns zones_;
    std::vector<Heating> heating_;
    std::vector<std::uint8_t> active_, cooled_;
    std::vector<double> rated_heat_W_, rated_cool_W_, gain_W_, heat_at_, cool_at_, hot_water_heat_W_, mass_before_, powered_;
};

}  // namespace citytwin::buildings
