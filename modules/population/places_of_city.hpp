#pragma once
// From a city's sets to the model's places: buildings where the city knows who lives and works in them, else stretches of the
// road links near each zone. What lies off the network is counted and kept.
#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"
#include "modules/population/model/places.hpp"

namespace citytwin::population {

struct PlacesReport {
    bool from_buildings = false;
    std::int64_t residents = 0, jobs = 0;                    ///< placed
    std::int64_t zones_off_network = 0, residents_off_network = 0, jobs_off_network = 0;  ///< more than 1 km off every usable link; kept on the nearest
    std::int64_t blank_population = 0, blank_jobs = 0;       ///< zones whose figure is missing
    std::int64_t links_left_out = 0;                         ///< not for cars, or cut off from the largest connected part
    std::vector<std::string> examples;                       ///< ids of zones off the network, up to 5
};

/// Throws InputError CT-POPULATION-01x when the city has neither buildings with residents nor zones with a population
/// (`needs_population` false: zones without figures are places too).
Places places_of(const City& city, PlacesReport& report, Arena& arena, bool needs_population = true);

}  // namespace citytwin::population
