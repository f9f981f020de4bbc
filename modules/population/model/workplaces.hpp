#pragma once
// Workplaces and schools: the gravity table dealt out to single workers and single jobs, pupils to schools near their home.
#include "modules/population/model/destinations.hpp"
#include "modules/population/model/people.hpp"

namespace citytwin::population {

struct WorkplaceReport {
    double decay_m = 0;               ///< deterrence used (fitted when a mean was asked for)
    double fitted_mean_m = 0;         ///< mean crow-fly distance between zones in the balanced table
    int sweeps = 0;
    double balance_error = 0;
    std::int64_t pupils_without_school = 0;  ///< the city has no school: they stay without a place
};

/// Fills persons.main_site. Workers of the reserve take a place by the same table without filling a job.
WorkplaceReport assign_workplaces(const Places& places, const Parameters& parameters, const ZoneDistances& distances, People& people, Arena& arena);

}  // namespace citytwin::population
