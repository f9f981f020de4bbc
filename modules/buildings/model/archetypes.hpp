#pragma once
// What is assumed of a building whose use, age and shape are known but nothing else: one table by use, one by age (archetypes.cpp,
// with their sources), and how the zone of ISO 13790 follows from them.
#include <array>
#include <cstdint>
#include <string_view>

#include "modules/buildings/model/zone.hpp"

namespace citytwin::buildings {

enum class Use : std::uint8_t { residential, mixed, office, retail, industrial, school, hospital, university, public_service, unheated };
inline constexpr std::size_t use_count = 10;

/// When people are there, where the population doesn't say it.
enum class Presence : std::uint8_t { home, hours, always };

struct UseRow {
    const char* name;
    bool is_public;                                  ///< metered one by one
    double mass_area_ratio, heat_capacity_J_per_m2K; ///< ISO 13790 table 12
    double air_changes_per_h, window_share;          ///< share of the walls
    Presence presence;
    int from_h, to_h;                                ///< of Presence::hours, local time
    bool weekdays_only;
    double area_per_person_m2;
    double standby_W_per_m2, active_W_per_m2;        ///< appliances and lighting: always, and with everybody there
    double heat_C, cool_C, setback_K;
    double heat_W_per_m2, cool_W_per_m2;             ///< rated plant
    double hot_water_l_per_person_day;               ///< at 60 degrees Celsius
};

struct AgeRow {
    int from_year;
    double wall, roof, floor, window, g;             ///< U in W/m2K, g of the glazing
};

const UseRow& row_of(Use use);
const AgeRow& row_of_year(int year);
/// The use that a word of a map or a file means; `known` is false where it was guessed.
Use use_of(std::string_view word, bool& known);

/// Share of its people present, 0 to 1. `hour` 0 … 23 local, `weekday` 0 = Monday.
double standard_presence(const UseRow& row, int hour, int weekday);
/// How much of the active appliances run at an hour, for those present.
double appliance_share(const UseRow& row, int hour);
/// Share of a day's hot water drawn in an hour.
double hot_water_share(const UseRow& row, int hour);

struct BuildingShape {
    double floor_area_m2 = 0, footprint_m2 = 0, height_m = 3;
    std::array<double, 4> wall_m2{};                 ///< north, east, south, west
};
/// Walls of a footprint x0,y0,x1,y1 … (counter-clockwise or not) by the compass point their normals are nearest to.
std::array<double, 4> walls_of(const double* ring, std::size_t points, double height_m);
std::array<double, 4> square_walls(double footprint_m2, double height_m);

ZoneDescription zone_of(Use use, int year, const BuildingShape& shape);

// Heating and cooling plant.
/// Air-source heat pump into a radiator circuit at 35 degrees Celsius: Ruhnau, Hirth & Praktiknjo, Scientific Data 6:189, 2019:
/// COP = 6.08 - 0.09 dT + 0.0005 dT2, times 0.85 for real houses, at least 1.
double heat_pump_cop(double outdoor_K, double sink_K = 308.15);

}  // namespace citytwin::buildings
