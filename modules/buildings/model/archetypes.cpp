#include "modules/buildings/model/archetypes.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace citytwin::buildings {

namespace {

// Mass: ISO 13790 table 12. Presence, appliances, setpoints: typical rounded values in the manner of SIA 2024 and EN 16798-1, from
// memory: change them where a city knows better. Hot water: EN 12831-3 in the manner of its table B, rounded, from memory.
// name, public, A_m/A_f, C_m/A_f, ach, windows, presence, hours, weekdays, m2/person, standby, active, heat, cool, setback, heat and cool plant, litres
constexpr UseRow uses[use_count] = {
    {"residential", false, 3.0, 260e3, 0.5, 0.18, Presence::home, 0, 24, false, 40, 1.0, 3.2, 20, 26, 0, 100, 40, 40},
    {"mixed", false, 2.5, 165e3, 0.6, 0.25, Presence::home, 0, 24, false, 35, 1.5, 6.0, 20, 26, 1, 100, 60, 25},
    {"office", false, 2.5, 165e3, 0.8, 0.40, Presence::hours, 8, 18, true, 20, 2.0, 12.0, 21, 25, 4, 80, 100, 3},
    {"retail", false, 2.5, 165e3, 0.9, 0.30, Presence::hours, 9, 20, false, 30, 3.0, 20.0, 20, 25, 4, 80, 100, 3},
    {"industrial", false, 2.5, 110e3, 0.7, 0.10, Presence::hours, 6, 18, true, 60, 4.0, 16.0, 17, 28, 3, 80, 40, 5},
    {"school", true, 2.5, 165e3, 1.2, 0.30, Presence::hours, 8, 16, true, 8, 1.0, 10.0, 20, 26, 4, 120, 60, 3},
    {"hospital", true, 2.5, 165e3, 1.5, 0.30, Presence::always, 0, 24, false, 25, 6.0, 12.0, 22, 25, 0, 150, 110, 60},
    {"university", true, 2.5, 165e3, 1.0, 0.35, Presence::hours, 8, 20, true, 12, 3.0, 12.0, 20, 26, 3, 100, 80, 3},
    {"public_service", true, 2.5, 165e3, 0.8, 0.30, Presence::hours, 8, 18, true, 20, 2.0, 10.0, 20, 26, 3, 90, 70, 3},
    {"unheated", false, 2.5, 110e3, 0.5, 0.05, Presence::hours, 8, 18, false, 1000, 0.2, 1.0, -60, 90, 0, 0, 0, 0},
};

// U-values by year of construction: central European stock in the manner of the TABULA typologies (IEE project TABULA/EPISCOPE,
// episcope.eu), rounded, from memory.
constexpr AgeRow ages[] = {{0, 1.4, 1.2, 1.0, 2.8, 0.75}, {1950, 1.1, 0.8, 0.8, 2.8, 0.75}, {1980, 0.5, 0.35, 0.4, 2.0, 0.65}, {2000, 0.25, 0.2, 0.3, 1.2, 0.55}};

// Words of OpenStreetMap (building=…) and of common files.
constexpr std::pair<std::string_view, Use> words[] = {
    {"apartments", Use::residential}, {"house", Use::residential}, {"detached", Use::residential}, {"semidetached_house", Use::residential}, {"terrace", Use::residential},
    {"dormitory", Use::residential}, {"bungalow", Use::residential}, {"cabin", Use::residential}, {"farm", Use::residential}, {"dwelling", Use::residential},
    {"hotel", Use::mixed}, {"commercial", Use::office}, {"supermarket", Use::retail}, {"kiosk", Use::retail}, {"shop", Use::retail}, {"warehouse", Use::industrial},
    {"manufacture", Use::industrial}, {"factory", Use::industrial}, {"kindergarten", Use::school}, {"college", Use::university}, {"clinic", Use::hospital},
    {"public", Use::public_service}, {"civic", Use::public_service}, {"government", Use::public_service}, {"fire_station", Use::public_service}, {"townhall", Use::public_service},
    {"church", Use::public_service}, {"library", Use::public_service}, {"garage", Use::unheated}, {"garages", Use::unheated}, {"carport", Use::unheated}, {"shed", Use::unheated},
    {"roof", Use::unheated}, {"barn", Use::unheated}, {"greenhouse", Use::unheated}, {"parking", Use::unheated}, {"hut", Use::unheated}, {"ruins", Use::unheated}};

// Shape of a household's day, in the manner of the German standard profile H0 (winter weekday, rounded, from memory).
constexpr double home_appliances[24] = {0.35, 0.25, 0.22, 0.20, 0.20, 0.25, 0.50, 0.80, 0.85, 0.85, 0.90, 1.00, 1.15, 1.05, 0.90, 0.85, 0.90, 1.10, 1.50, 1.80, 1.75, 1.50, 1.10, 0.65};
constexpr double home_presence[24] = {1, 1, 1, 1, 1, 1, 0.95, 0.8, 0.5, 0.4, 0.4, 0.4, 0.45, 0.4, 0.4, 0.45, 0.55, 0.7, 0.8, 0.85, 0.9, 0.95, 1, 1};
// Morning and evening peaks of draw-offs; sums to 1.
constexpr double home_hot_water[24] = {0.01, 0.005, 0.005, 0.005, 0.01, 0.03, 0.09, 0.11, 0.08, 0.05, 0.045, 0.04, 0.045, 0.04, 0.03, 0.03, 0.035, 0.05, 0.07, 0.075, 0.06, 0.045, 0.025, 0.015};

}  // namespace

const UseRow& row_of(Use use) { return uses[static_cast<std::size_t>(use)]; }

const AgeRow& row_of_year(int year) {
    const AgeRow* found = &ages[1];   // unknown: 1950 to 1979
    if (year > 0) {
        for (const AgeRow& row : ages) {
            if (year >= row.from_year) found = &row;
        }
    }
    return *found;
}

Use use_of(std::string_view word, bool& known) {
    known = true;
    for (std::size_t u = 0; u < use_count; ++u) {
        if (word == uses[u].name) return static_cast<Use>(u);
    }
    for (const auto& [name, use] : words) {
        if (word == name) return use;
    }
    known = false;
    return Use::residential;
}

double standard_presence(const UseRow& row, int hour, int weekday) {
    switch (row.presence) {
        case Presence::home: return weekday < 5 ? home_presence[hour] : std::max(home_presence[hour], 0.7);
        case Presence::always: return hour >= 7 && hour < 19 ? 1.0 : 0.7;
        default: return hour >= row.from_h && hour < row.to_h && (!row.weekdays_only || weekday < 5) ? 1.0 : 0.0;
    }
}

double appliance_share(const UseRow& row, int hour) { return row.presence == Presence::home ? home_appliances[hour] : 1.0; }

double hot_water_share(const UseRow& row, int hour) {
    switch (row.presence) {
        case Presence::home: return home_hot_water[hour];
        case Presence::always: return 1.0 / 24;
        default: return hour >= row.from_h && hour < row.to_h ? 1.0 / (row.to_h - row.from_h) : 0.0;
    }
}

std::array<double, 4> walls_of(const double* ring, std::size_t points, double height_m) {
    std::array<double, 4> walls{};
    double twice_area = 0;
    for (std::size_t i = 0, j = points - 1; i < points; j = i++) twice_area += ring[2 * j] * ring[2 * i + 1] - ring[2 * i] * ring[2 * j + 1];
    const double outward = twice_area >= 0 ? 1 : -1;
    for (std::size_t i = 0, j = points - 1; i < points; j = i++) {
        const double dx = ring[2 * i] - ring[2 * j], dy = ring[2 * i + 1] - ring[2 * j + 1];
        const double east = outward * dy, north = -outward * dx;   // the normal, as long as the wall
        const std::size_t face = std::abs(north) >= std::abs(east) ? (north >= 0 ? 0 : 2) : (east >= 0 ? 1 : 3);
        walls[face] += std::sqrt(dx * dx + dy * dy) * height_m;
    }
    return walls;
}

std::array<double, 4> square_walls(double footprint_m2, double height_m) {
    const double wall = std::sqrt(footprint_m2) * height_m;
    return {wall, wall, wall, wall};
}

ZoneDescription zone_of(Use use, int year, const BuildingShape& shape) {
    const UseRow& row = row_of(use);
    const AgeRow& age = row_of_year(year);
    ZoneDescription zone;
    zone.floor_area_m2 = shape.floor_area_m2;
    zone.volume_m3 = shape.floor_area_m2 * 2.7;
    zone.mass_area_ratio = row.mass_area_ratio;
    zone.heat_capacity_J_per_m2K = row.heat_capacity_J_per_m2K;
    zone.air_changes_per_h = row.air_changes_per_h;
    for (int face = 0; face < 4; ++face) {
        const double wall = shape.wall_m2[static_cast<std::size_t>(face)];
        zone.add_window(face, wall * row.window_share, age.window, age.g);
        zone.add_opaque(face, wall * (1 - row.window_share), age.wall);
    }
    zone.add_opaque(4, shape.footprint_m2, age.roof);
    zone.add_opaque(-1, shape.footprint_m2, 0.5 * age.floor);   // half: the ground is warmer than the air
    return zone;
}

double heat_pump_cop(double outdoor_K, double sink_K) {
    const double lift = std::max(15.0, sink_K - outdoor_K);   // below that the fit isn't measured
    return std::max(1.0, 0.85 * (6.08 - 0.09 * lift + 0.0005 * lift * lift));
}

}  // namespace citytwin::buildings
