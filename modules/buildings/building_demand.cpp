#include "modules/buildings/building_demand.hpp"

#include <algorithm>

namespace citytwin::buildings {

namespace {
constexpr double hot_water_J_per_l = 4186 * 50.0;   // 10 to 60 degrees Celsius
}

BuildingDemand::BuildingDemand(BuildingStock stock, const DemandSettings& settings, double first_temperature_K) : stock_(std::move(stock)), settings_(settings) {
    const std::size_t n = stock_.size();
    for (std::size_t b = 0; b < n; ++b) {
        const UseRow& row = row_of(stock_.use[b]);
        rated_heat_W_.push_back(row.heat_W_per_m2 * stock_.shape[b].floor_area_m2);
        rated_cool_W_.push_back(row.cool_W_per_m2 * stock_.shape[b].floor_area_m2);
        zones_.add(zone_of(stock_.use[b], stock_.year[b], stock_.shape[b]), rated_heat_W_[b], rated_cool_W_[b], first_temperature_K);
    }
    heating_.assign(n, Heating::fuel);
    active_.assign(n, 1);
    cooled_.assign(n, 1);
    powered_.assign(n, 1);
    for (auto* column : {&appliances_W, &hot_water_W, &heating_W, &cooling_W, &fuel_W, &gain_W_, &heat_at_, &cool_at_, &hot_water_heat_W_, &mass_before_}) column->assign(n, 0.0);
}

void BuildingDemand::set_plant(std::size_t row, Heating heating, bool cooled, bool active) {
    heating_[row] = heating;
    cooled_[row] = cooled;
    active_[row] = active;
}

double BuildingDemand::hot_water_J_per_day(std::size_t row) const {
    return row_of(stock_.use[row]).hot_water_l_per_person_day * std::max(stock_.residents[row], row_of(stock_.use[row]).presence == Presence::home ? 0.0 : stock_.capacity[row]) * hot_water_J_per_l;
}

/// People, appliances, hot water, gains and setpoints of a row.
void BuildingDemand::want(std::size_t row, const StepClock& clock, double persons, double powered) {
    const UseRow& use = row_of(stock_.use[row]);
    const double standard = standard_presence(use, clock.hour, clock.weekday);
    const double presence = persons < 0 ? standard : std::min(1.2, persons / stock_.capacity[row]);
    const double inside = persons < 0 ? standard * stock_.capacity[row] : persons, active = active_[row] ? powered : 0.0;
    appliances_W[row] = active * stock_.shape[row].floor_area_m2 * (use.standby_W_per_m2 + use.active_W_per_m2 * presence * appliance_share(use, clock.hour));
    hot_water_heat_W_[row] = active * hot_water_J_per_day(row) * hot_water_share(use, clock.hour) / 3600;
    gain_W_[row] = appliances_W[row] + settings_.person_W * (active_[row] ? inside : 0.0);
    const double setback = presence > 0.02 ? 0.0 : use.setback_K;
    heat_at_[row] = use.heat_C + 273.15 - setback;
    cool_at_[row] = use.cool_C + 273.15 + setback;
    powered_[row] = active;
    zones_.heat_limit_W[row] = rated_heat_W_[row] * active;   // boilers need electricity too
    zones_.cool_limit_W[row] = cooled_[row] ? rated_cool_W_[row] * active : 0.0;
}

/// Heat and cold into electricity and fuel.
void BuildingDemand::convert(std::size_t row, const ZoneWeather& weather) {
    const double heat = std::max(0.0, zones_.heat_W[row]), cold = std::max(0.0, -zones_.heat_W[row]), water = hot_water_heat_W_[row];
    cooling_W[row] = cold / settings_.cooling_cop;
    fuel_W[row] = heating_[row] == Heating::fuel ? (heat + water) / settings_.boiler_efficiency : 0.0;
    heating_W[row] = heating_[row] == Heating::electric ? heat : heating_[row] == Heating::heat_pump ? heat / heat_pump_cop(weather.outdoor) : 0.0;
    hot_water_W[row] = heating_[row] == Heating::electric ? water : heating_[row] == Heating::heat_pump ? water / settings_.hot_water_cop : 0.0;
}

void BuildingDemand::step(std::size_t first, std::size_t last, const StepClock& clock, std::span<const CellWeather> cells, const std::vector<Index>& cell_of, const Read& occupants,
                          const Read& powered) {
    for (std::size_t b = first; b < last; ++b) want(b, clock, occupants[b], powered[b]);
    std::copy(zones_.mass_temperature.begin() + static_cast<std::ptrdiff_t>(first), zones_.mass_temperature.begin() + static_cast<std::ptrdiff_t>(last),
              mass_before_.begin() + static_cast<std::ptrdiff_t>(first));
    for (std::size_t begin = first; begin < last;) {   // runs of buildings under one cell
        std::size_t end = begin + 1;
        while (end < last && cell_of[end] == cell_of[begin]) ++end;
        zones_.advance(begin, end, cells[cell_of[begin]].zone, {gain_W_.data(), heat_at_.data(), cool_at_.data()});
        begin = end;
    }
    for (std::size_t b = first; b < last; ++b) convert(b, cells[cell_of[b]].zone);
}

}  // namespace citytwin::buildings
