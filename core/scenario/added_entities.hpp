#pragma once
// Entities that changes bring with them (`add = {…}`): appended to their sets before anything is set up, since sets never change
// size during a run. Where the change begins later, or ends, they wait with active = 0.
#include <set>
#include <string>

#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"
#include "core/scenario/scenario.hpp"

namespace citytwin {

/// Appends the rows (unless the city was read from the run's own file and has `grown_already`) and lets each change select its own. Attributes the file
/// doesn't give come from the entity named by `like`. `open_sets`: those whose modules take new rows (ModuleFactory::grows).
/// Throws InputError CT-SCENARIO-024 (no such set, or not an open one), -050 (a column is missing), -051 (a cell), -052 (an id twice).
void add_entities(Scenario& scenario, City& city, const std::set<std::string>& open_sets, bool grown_already, Arena& arena);

}  // namespace citytwin
