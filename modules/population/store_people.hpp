#pragma once
// A population as entity sets of the city: site, household, person, car; and the trips as ragged columns of person.
#include "core/city/city.hpp"
#include "modules/population/model/demand.hpp"

namespace citytwin::population {

/// The set with so many rows and no columns: a cached city may bring people made with other parameters.
EntitySet& fresh_set(City& city, std::string_view name, std::size_t size);

/// Adds the sets; `demand` and `places` are used up.
void store_people(City& city, Places&& places, Demand&& demand, const Parameters& parameters);

}  // namespace citytwin::population
