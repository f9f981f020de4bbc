#pragma once
// What a run recorded at one time, put into its city as columns: so that exporters, which know cities only, write what that step's solve used.
#include <string>
#include <string_view>

#include "core/city/city.hpp"

namespace citytwin {

/// Adds each recorded field of the row at `time` (RFC 3339, or local in the scenario's zone; one of the recorded times) to its set.
/// Throws InputError CT-OUT-022 where the run has no such time, CT-OUT-023 where it has no results.
void add_recorded_values(City& city, const std::string& run_folder, std::string_view time);

}  // namespace citytwin
