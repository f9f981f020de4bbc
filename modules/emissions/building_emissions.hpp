#pragma once
// What buildings burn for heat: rates by building and pollutant, and the step's energy. Every building burns the one fuel of the parameter.
#include <array>
#include <optional>

#include "core/module/setup.hpp"
#include "modules/emissions/air_quality.hpp"
#include "modules/emissions/emission_data.hpp"

namespace citytwin::emissions {

/// The pollutants that leave as rates, in the order of Pollutant, and the fields' names for them.
inline constexpr std::array<const char*, 5> rate_names{"emission_rate_co2", "emission_rate_co", "emission_rate_hc", "emission_rate_nox", "emission_rate_pm25"};
std::array<Write, rate_names.size()> write_rates(Setup& setup, const char* set, const char* where_from);

class BuildingEmissions {
public:
    BuildingEmissions(Setup& setup, const HeatingFactors& factors);

    /// Writes the rates, hands masses to the air (if any) and returns the joules burnt.
    double step(double seconds, AirQuality* air);
    /// kg/s by building in the last step, as written; empty where the city has none.
    [[nodiscard]] std::span<const double> co2_kgps() const { return rates_ ? std::span<const double>((*rates_)[at(Pollutant::co2)].values()) : std::span<const double>(); }

private:
    const HeatingFactors& factors_;
    Read fuel_;
    std::optional<std::array<Write, rate_names.size()>> rates_;
};

}  // namespace citytwin::emissions
