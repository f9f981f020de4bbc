#pragma once
// The travel demand of a city's day: persons with homes, workplaces and schools, and every trip they plan.
#include <array>
#include <cstdint>
#include <vector>

#include "modules/population/model/day_plan.hpp"
#include "modules/population/model/workplaces.hpp"

namespace citytwin::population {

/// Trips as columns, person by person in the order of the day. A trip starts where the one before ended, the first at home.
struct Trips {
    std::vector<std::uint32_t> first_of_person;  ///< size persons + 1
    std::vector<std::int32_t> depart_ms;         ///< since midnight
    std::vector<Index> destination_site;
    std::vector<float> way_m;
    std::vector<Mode> mode;
    std::vector<Purpose> purpose;

    [[nodiscard]] std::size_t size() const { return depart_ms.size(); }
};

struct Demand {
    People people;
    Trips trips;
    WorkplaceReport workplaces;
    double car_factor = 0;         ///< fitted so that the residents' car share is the parameter's
    double reachable_car_share = 0;///< share if everybody who has a car used it for every tour
};

/// Refuses more zones than its tables are made for.
inline constexpr std::size_t most_zones = 8'000;

/// Everything above. Throws InputError CT-POPULATION-001 … for zones or parameters that can't be used.
Demand make_demand(const Places& places, const Parameters& parameters, Arena& arena);

/// Figures of the residents' day (the reserve not counted).
struct DemandSummary {
    std::size_t residents = 0, workers = 0, trips = 0;
    std::int64_t jobs = 0, unfilled_jobs = 0;
    std::array<std::size_t, mode_count> trips_by_mode{};
    std::array<std::size_t, purpose_count> trips_by_purpose{};
    std::array<std::size_t, 24> car_trips_by_hour{};
    double trips_per_resident = 0, busiest_hour_share = 0;  ///< of car trips, best window of 60 minutes on a 5 minute grid
    double mean_commute_crow_m = 0, mean_commute_way_m = 0, mean_car_way_m = 0;
};
DemandSummary summarise(const Demand& demand, const Places& places, const Parameters& parameters);

/// Draw that decides who is active when demand is scaled: the same person in every run of a seedless rule.
double activation_draw(std::uint64_t person_key);
/// Active under demand `factor`: residents below 1 by their draw, the reserve above 1 by theirs. factor <= 1 + reserve.
bool is_active(bool of_reserve, std::uint64_t person_key, double factor, double reserve);

}  // namespace citytwin::population
