#pragma once
// What a run folder says about its sensors (docs/run_folder.md): sensor_fit.json and .csv, sensor_fit_hours.csv, sensor_geh.csv,
// sensor_cells.csv.
#include <string>

#include "core/replay/replay.hpp"

namespace citytwin {

void write_fit_files(const Replay& replay, const std::string& folder);

}  // namespace citytwin
