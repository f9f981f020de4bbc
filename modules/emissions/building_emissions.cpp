#include "modules/emissions/building_emissions.hpp"

#include <fmt/format.h>

namespace citytwin::emissions {

std::array<Write, rate_names.size()> write_rates(Setup& setup, const char* set, const char* where_from) {
    std::array<Write, rate_names.size()> rates;
    for (std::size_t p = 0; p < rates.size(); ++p) {
        rates[p] = setup.writes(set, rate_names[p], "kg/s").described(fmt::format("{} that leaves {}", pollutant_names[p], where_from)).recorded_as(Aggregation::mean);
    }
    return rates;
}

BuildingEmissions::BuildingEmissions(Setup& setup, const HeatingFactors& factors)
    : factors_(factors), fuel_(setup.reads("building", "fuel_power", "W").mean().otherwise(0.0)) {
    if (setup.city().find("building") != nullptr) rates_ = write_rates(setup, "building", "chimneys");
}

double BuildingEmissions::step(double seconds, AirQuality* air) {
    if (!rates_) return 0;
    double joules = 0;
    for (Index b = 0; b < fuel_.size(); ++b) {
        const double watts = fuel_[b];
        for (std::size_t p = 0; p < rates_->size(); ++p) (*rates_)[p][b] = watts * 1e-9 * factors_.g_per_MJ[p];
        joules += watts * seconds;
        if (air == nullptr || watts <= 0) continue;
        air->emit_from_building(AirSubstance::nox, b, watts * seconds * 1e-6 * factors_.g_per_MJ[at(Pollutant::nox)]);
        air->emit_from_building(AirSubstance::pmx, b, watts * seconds * 1e-6 * factors_.g_per_MJ[at(Pollutant::pmx)]);
    }
    return joules;
}

}  // namespace citytwin::emissions
