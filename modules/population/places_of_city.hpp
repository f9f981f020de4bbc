#pragma once
// From a city's sets to the model's places: buildings where the city knows who lives and works in them, else stretches of the
// road links near each zone. What can't be placed is counted by cause, never dropped in silence.
#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"
#include "modules/population/model/places.hpp"

namespace citytwin::population {

struct PlacesReport {
    bool from_buildings = false;
    std::int64_t residents = 0, jobs = 0;                    ///< placed
    std::int64_t zones_without_road = 0, residents_without_road = 0, jobs_without_road = 0;  ///< zone more than 1 km off the network
    std::int64_t blank_population = 0, blank_jobs = 0;       ///< zones whose figure is missing
    std::int64_t links_left_out = 0;                         ///< not for cars, or cut off from the largest connected part
    std::vector<std::string> examples;                       ///< ids of zones without a road, up to 5
};

/// Throws InputError CT-POPULATION-01x when the city has neither buildings with residents nor zones with a population
/// (`needs_population` false: zones without figures are places too).
Places places_of(const City& city, PlacesReport& report, Arena& arena, bool needs_population = true);

}  // namespace citytwin::population
