#pragma once
// Long CSV (time, sensor, value[, received, sequence]) and wide CSV (time, then a column a sensor; or no time at all: a row a period
// from `origin` on).
#include <string>

#include "core/replay/observation_rows.hpp"

namespace citytwin {

void read_observation_csv(std::string text, const std::string& name, const ObservationSettings& settings, ObservationRows& rows);

}  // namespace citytwin
