#pragma once
// A run's city as it was at one recorded moment: what exporters for peer programs write.
#include <string>

#include "core/city/city.hpp"

namespace citytwin {

/// Adds each recorded field of the run as a column "at.FIELD" to its set, with the values of the row whose interval ends at `at` (a local
/// time of the scenario's zone, or with an offset). Throws InputError CT-CLI-006 when no row ends there (the nearest is named).
void add_results_at(City& city, const std::string& run_folder, const std::string& at);

}  // namespace citytwin
