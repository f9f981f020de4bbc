#pragma once
// What is emitted, in one fixed order: every block of rates and sums in this module is an array in this order.
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace citytwin::emissions {

/// `fuel` is a mass burnt, `electricity` an energy drawn from the battery; the others leave the exhaust. One cache line of doubles.
enum class Pollutant : std::size_t { co2, co, hc, nox, pmx, fuel, electricity, unused };

inline constexpr std::size_t pollutant_count = 7;
inline constexpr std::size_t pollutant_lanes = 8;   ///< padded to whole SIMD vectors
inline constexpr std::array<std::string_view, pollutant_count> pollutant_names{"CO2", "CO", "HC", "NOx", "PMx", "fuel", "electricity"};

/// Amounts of one row: mg (electricity: Wh) where SUMO's units are meant, g (electricity: J) in the engine; each user says which.
using Amounts = std::array<double, pollutant_lanes>;

constexpr std::size_t at(Pollutant p) { return static_cast<std::size_t>(p); }

/// Also the guidebook's words: VOC and NMVOC count as HC, "PM Exhaust", "PM" and "PM2.5" as PMx, "FC" as fuel, "EC" has its own unit and is none.
inline std::optional<Pollutant> pollutant_named(std::string_view name) {
    for (std::size_t p = 0; p < pollutant_count; ++p) {
        if (pollutant_names[p] == name) return static_cast<Pollutant>(p);
    }
    if (name == "VOC" || name == "NMVOC") return Pollutant::hc;
    if (name == "PM Exhaust" || name == "PM" || name == "PM2.5" || name == "PM10") return Pollutant::pmx;
    if (name == "FC") return Pollutant::fuel;
    return std::nullopt;
}

}  // namespace citytwin::emissions
