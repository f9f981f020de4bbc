#include <algorithm>
#include <cmath>
#include <numeric>

#include "geodata/generate/building_plan.hpp"

namespace citytwin::geodata {

namespace {

/// Residents per facility and its capacity: stated defaults of the generator.
struct Facility {
    const char* kind;
    double residents_each;    ///< one per so many residents
    std::uint64_t from_population;
    BuildingUse use;
    double capacity;          ///< pupils, beds, vehicles …
    std::int32_t floors;
    bool industrial_zone;
};

constexpr Facility facilities[] = {
    {"school", 2'500, 0, BuildingUse::school, 600, 2, false},
    {"university", 250'000, 15'000, BuildingUse::university, 8'000, 5, false},
    {"hospital", 60'000, 0, BuildingUse::hospital, 300, 6, false},
    {"fire_station", 25'000, 0, BuildingUse::public_service, 4, 2, false},
    {"ambulance_station", 20'000, 0, BuildingUse::public_service, 3, 1, false},
    {"police_station", 40'000, 0, BuildingUse::public_service, 8, 3, false},
    {"depot", 60'000, 0, BuildingUse::public_service, 60, 1, true},
    {"substation", 25'000, 0, BuildingUse::public_service, 40, 1, false},
};

struct Picker {
    std::vector<double> cumulated;
    std::vector<char> taken;

    /// The first free building at or after the share q of the cumulated weight; no_index when all are taken.
    Index pick(double q) {
        const double wanted = q * cumulated.back();
        const auto first = static_cast<std::size_t>(std::lower_bound(cumulated.begin(), cumulated.end(), wanted) - cumulated.begin());
        for (std::size_t k = 0; k < taken.size(); ++k) {
            const std::size_t b = (first + k) % taken.size();
            if (taken[b]) continue;
            taken[b] = 1;
            return static_cast<Index>(b);
        }
        return no_index;
    }
};

double home_weight(const BuildingPlan& buildings, std::size_t b) {
    return buildings.use[b] == BuildingUse::residential ? buildings.footprint_m2[b] * buildings.floors[b] : 0.0;
}

double industry_weight(const BuildingPlan& buildings, const ZonePlan& zones, std::size_t b) {
    return zones.character[buildings.zone[b]] == ZoneCharacter::industrial || buildings.use[b] == BuildingUse::industrial ? 1.0 : 0.001;
}

void push_place(PlacePlan& places, const char* kind, std::size_t number, double x, double y, double capacity) {
    places.id.push_back(std::string(kind) + "-" + std::to_string(number));
    places.kind.emplace_back(kind);
    places.x.push_back(x);
    places.y.push_back(y);
    places.capacity.push_back(capacity);
}

void place_in_buildings(const ZonePlan& zones, BuildingPlan& buildings, const CityGeneratorOptions& options, PlacePlan& places) {
    Picker homes{std::vector<double>(buildings.size()), std::vector<char>(buildings.size(), 0)};
    std::vector<double> industry(buildings.size());
    for (std::size_t b = 0; b < buildings.size(); ++b) {
        homes.cumulated[b] = home_weight(buildings, b) + (b == 0 ? 0 : homes.cumulated[b - 1]);
        industry[b] = industry_weight(buildings, zones, b) + (b == 0 ? 0 : industry[b - 1]);
    }
    for (const Facility& facility : facilities) {
        if (options.population < facility.from_population) continue;
        const auto count = std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(options.population) / facility.residents_each + 0.5));
        if (facility.industrial_zone) std::swap(homes.cumulated, industry);
        for (std::size_t n = 0; n < count; ++n) {
            const Index b = homes.pick((static_cast<double>(n) + 0.5) / static_cast<double>(count));
            if (b == no_index) break;
            buildings.use[b] = facility.use;
            buildings.floors[b] = facility.floors;
            buildings.height_m[b] = facility.floors * 3.5 + 1;
            push_place(places, facility.kind, n + 1, buildings.x[b], buildings.y[b], facility.capacity);
            places.zone.push_back(buildings.zone[b]);
            places.road_link.push_back(buildings.road_link[b]);
            places.road_offset_m.push_back(buildings.road_offset_m[b]);
            places.building.push_back(b);
        }
        if (facility.industrial_zone) std::swap(homes.cumulated, industry);
    }
}

/// A facility beyond the built-up area, reached over the first street at a border crossing.
void place_outside(const StreetPlan& streets, Index crossing, double away_x, double away_y, const char* kind, std::size_t number, double capacity,
                   PlacePlan& places) {
    const auto at_crossing = [&](const Street& s) { return s.from == crossing || s.to == crossing; };
    const auto found = std::find_if(streets.streets.begin(), streets.streets.end(), at_crossing);
    if (found == streets.streets.end()) return;
    const auto street = static_cast<Index>(found - streets.streets.begin());
    const bool forward = found->to == crossing;  // towards the border
    const double dx = streets.x[found->to] - streets.x[found->from], dy = streets.y[found->to] - streets.y[found->from];
    push_place(places, kind, number, streets.x[crossing] + away_x, streets.y[crossing] + away_y, capacity);
    places.zone.push_back(no_index);
    places.road_link.push_back(2 * street + (forward ? 0u : 1u));
    places.road_offset_m.push_back(std::sqrt(dx * dx + dy * dy) * 0.8);
    places.building.push_back(no_index);
}

}  // namespace

PlacePlan plan_places(const StreetPlan& streets, const ZonePlan& zones, BuildingPlan& buildings, const CityGeneratorOptions& options) {
    PlacePlan places;
    place_in_buildings(zones, buildings, options, places);
    const Index last_column = streets.columns - 1, last_row = streets.rows - 1;
    const auto population = static_cast<double>(options.population);
    const auto reservoirs = std::max<std::size_t>(1, static_cast<std::size_t>(population / 50'000 + 0.5));
    for (std::size_t n = 0; n < reservoirs; ++n) {  // on the hills to the north
        const auto column = static_cast<Index>((static_cast<double>(n) + 0.5) / static_cast<double>(reservoirs) * streets.columns);
        place_outside(streets, streets.crossing(std::min(column, last_column), last_row), 0, 250, "reservoir", n + 1, population / static_cast<double>(reservoirs) * 0.15, places);
    }
    place_outside(streets, streets.crossing(0, 0), -400, -400, "landfill", 1, population * 2.0, places);
    place_outside(streets, streets.crossing(last_column, streets.river_row), 200, 0, "wastewater_plant", 1, population * 1.2, places);
    place_outside(streets, streets.crossing(last_column, 0), 300, -100, "grid_supply_point", 1, population * 2e-3, places);
    return places;
}

}  // namespace citytwin::geodata
