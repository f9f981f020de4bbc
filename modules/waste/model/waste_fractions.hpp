#pragma once
// The fractions a household separates, what each weighs and where it goes. Masses a head and day: about 1.38 kg of municipal waste,
// the EU-27's 505 kg a year (Eurostat env_wasmun, 2022), split as typical separate collection does; defaults a scenario may change.
#include <array>
#include <cstddef>
#include <string_view>

namespace citytwin::waste {

inline constexpr std::size_t fraction_count = 4;

struct Fraction {
    std::string_view name;
    double kg_per_person_day;      ///< at home
    double kg_per_job_day;         ///< at work, by persons present who don't live there
    double density_kg_per_m3;      ///< loose in the bin
    double recovered;              ///< share of what reaches the sorting or composting plant that leaves as product; the rest is residue
    bool is_sorted;                ///< goes to a sorting plant first; else to the incinerator, or the landfill where there is none
    double heat_MJ_per_kg;         ///< lower heating value as received
};

inline constexpr std::array<Fraction, fraction_count> fractions{{
    {"residual", 0.60, 0.15, 130, 0.0, false, 9.0},
    {"organic", 0.30, 0.05, 350, 0.60, true, 4.0},
    {"paper", 0.25, 0.15, 90, 0.90, true, 12.0},
    {"packaging", 0.23, 0.10, 45, 0.60, true, 16.0},
}};

}  // namespace citytwin::waste
