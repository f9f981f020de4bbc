#pragma once
// One [[observations]] table of a scenario.
#include <string>
#include <vector>

#include "core/replay/observation_settings.hpp"
#include "core/scenario/table_reader.hpp"

namespace citytwin {

/// Errors go to the list: CT-SCENARIO-012 … -016 as everywhere, -019 (a rule that can't work as written), -021 (named twice).
ObservationSettings read_observation_settings(const Value& value, const std::string& zone, const std::vector<ObservationSettings>& before, DiagnosticList& errors);

}  // namespace citytwin
