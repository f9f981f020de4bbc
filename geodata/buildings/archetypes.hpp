#pragma once
// What is built on a lot of a city that says only how many people live and work in a zone: a table of house types. Stated defaults
// [P] (no survey): dwellings of 2.3 persons (ding0 config_calc.cfg@08e64651, city.md section 10), gross floor areas of about
// 90 m2 a dwelling, 25 m2 an office job, 45 m2 a shop job and 60 m2 an industrial job (the city generator's figures).
#include <cstdint>
#include <span>

namespace citytwin::geodata::buildings {

inline constexpr double residents_per_dwelling = 2.3;
inline constexpr double dwelling_m2 = 90;
inline constexpr double floor_height_m = 3.0;   // city.md section 10

struct Archetype {
    const char* name;
    const char* use;          ///< fields' words: residential, office, retail, industrial
    double front_m, depth_m;
    std::int32_t floors;
    std::int32_t units;       ///< dwellings, or jobs
};

/// By rising number of dwellings; the last grows by floors where even it is too small.
std::span<const Archetype> homes();
/// By use, each by rising number of jobs.
std::span<const Archetype> offices();
std::span<const Archetype> shops();
std::span<const Archetype> works();

/// The smallest that holds `units`; the last where none does.
const Archetype& smallest_for(std::span<const Archetype> types, double units);

}  // namespace citytwin::geodata::buildings
