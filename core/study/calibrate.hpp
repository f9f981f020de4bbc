#pragma once
// Demand of districts matched to counts: runs the scenario, lets the traffic module say by how much each district sends out too
// much or too little, runs again with that, until nothing is gained. What was withheld says how far to trust it.
#include <functional>
#include <string>
#include <vector>

#include "core/scenario/scenario.hpp"

namespace citytwin {

/// How near one run is to the counts.
struct CalibrationFit {
    std::size_t sensors = 0;
    double rmse = 0, bias = 0;              ///< in the sensors' unit; of several units the first
    double share_geh_below_5 = 0;           ///< of sensors' whole hours; 0 where no hour was whole
    double mean_geh = 0;                    ///< of the same hours: what the search makes small
    std::size_t hours = 0;
};

struct CalibrationStep {
    std::string folder;                     ///< of the run
    CalibrationFit used, withheld;
    double smallest_factor = 1, largest_factor = 1;   ///< that the run was made with
};

struct CalibrationOptions {
    std::string scenario, output;
    ScenarioOptions overrides;
    int threads = 0;
    int iterations = 8;                     ///< runs at most, the first one as planned
    double withhold = 0.2;                  ///< share of the sensors that are scored only
    bool withhold_given = false;            ///< else the scenario's own figure counts where it has one
    std::function<void(std::size_t run, const CalibrationStep&)> told;
};

struct Calibration {
    std::string folder;
    std::vector<CalibrationStep> steps;     ///< the first: as planned
    std::size_t best = 0;
};

/// Writes into the folder: run-0, run-1 …, demand_factors.csv (of the best), calibrated.toml (the scenario with them),
/// calibration.json, calibration.csv. Throws InputError CT-STUDY-020 (nothing to calibrate to), RunError when a run fails.
Calibration calibrate(const CalibrationOptions& options);

}  // namespace citytwin
