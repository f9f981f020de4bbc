#pragma once
// One day's collection: which trucks take which bins, in which order, with unloading in between. Travel times are those of the hour in
// which the trucks leave; the plan of each fraction is bounded by iterations, so a run gives the same digits on any machine.
#include <vector>

#include "core/parallel/arena.hpp"
#include "modules/waste/model/genetic_search.hpp"
#include "modules/waste/truck_roads.hpp"

namespace citytwin::waste {

/// Bins and sites in the order a truck comes to them: bins by row, sites as row + site_offset.
inline constexpr Index site_offset = 1u << 30;
struct Tour {
    Index truck = 0;
    std::vector<Index> stops;
    std::vector<double> expected_s;   ///< since the departure: begin of service at each stop, then the arrival at the depot
};

struct DayInput {
    std::vector<Index> bins;               ///< due and reachable
    std::vector<double> bin_kg;            ///< believed, of each of `bins`
    std::vector<Index> trucks, sites;      ///< rows that serve this fraction
    double capacity_kg = 9000, shift_s = 8 * 3600, seconds_of_day = 6 * 3600, stop_s = 40, s_per_kg = 0.2;
    std::size_t iterations = 2;
    std::uint64_t seed = 1;
};

struct DayPlan {
    std::vector<Tour> tours;
    std::vector<Index> left_out;           ///< bins for which no truck had time, or that no truck reaches now
};

struct CityRows {                          ///< where bins, sites and depots are
    const std::vector<std::uint32_t>*bin_link, *site_link, *truck_depot;
    const std::vector<double>*bin_x, *bin_y, *site_x, *site_y, *opens_s, *closes_s, *unloading_s;
};

DayPlan plan_day(const CityRows& rows, const DayInput& input, const TruckRoads& roads, std::span<const double> travel_time_s, std::span<const double> closed, Arena& arena);

}  // namespace citytwin::waste
