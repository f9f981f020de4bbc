#include "modules/energy/city/carbon_mix.hpp"

#include <fmt/format.h>

#include "core/base/csv.hpp"

namespace citytwin::energy {
namespace {

constexpr double joules_per_kWh = 3.6e6;
// Assumption, mean 1.
constexpr std::array<double, 24> shape{1.03, 1.02, 1.01, 1.01, 1.02, 1.04, 1.06, 1.05, 1.00, 0.94, 0.89, 0.85, 0.83, 0.83, 0.85, 0.90, 0.97, 1.06,
    1.12, 1.14, 1.12, 1.10, 1.09, 1.07};

}  // namespace

CarbonMix::CarbonMix(const std::string& table, double mean_kg_per_kWh) {
    if (table.empty()) {
        for (std::size_t h = 0; h < shape.size(); ++h) kg_per_J_[h] = mean_kg_per_kWh * shape[h] / joules_per_kWh;
        return;
    }
    CsvReader csv(table);
    const std::size_t hour_column = csv.column("hour"), value_column = csv.column("kg_per_kWh");
    std::array<bool, 24> known{};
    while (csv.next()) {
        const std::int64_t at = csv.integer(hour_column);
        const double value = csv.number(value_column);
        if (at < 0 || at > 23 || known[static_cast<std::size_t>(at)]) fail("CT-ENERGY-040", csv.place(hour_column),
            fmt::format("hour {} isn't one of 0 to 23, or comes twice", at), "a row for each hour of the day");
        if (value < 0 || value > 3) fail("CT-ENERGY-040", csv.place(value_column), fmt::format("{} kg/kWh is outside of 0 to 3", value),
            "kg of CO2 equivalent per kWh");
        known[static_cast<std::size_t>(at)] = true;
        kg_per_J_[static_cast<std::size_t>(at)] = value / joules_per_kWh;
    }
    for (std::size_t h = 0; h < known.size(); ++h) {
        if (!known[h]) fail("CT-ENERGY-040", {table}, fmt::format("hour {} is missing", h), "a row for each hour of the day");
    }
}

}  // namespace citytwin::energy
