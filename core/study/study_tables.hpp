#pragma once
// The report's tables over several seeds: an ensemble alone, two of them paired, a rollout's phases and looks, sensors.
#include <string>

#include "core/output/json_text.hpp"
#include "core/study/compare_ensembles.hpp"
#include "core/study/kpi_table.hpp"

namespace citytwin {

/// Mean, range and 95 % interval of the mean of each key figure over the seeds.
std::string ensemble_table(const KpiTable& table);
/// Base, run, difference, interval, adjusted p and verdict; each figure's groups below.
std::string paired_table(const EnsembleRun& run, const EnsembleComparison& comparison);
/// From rollout.json: phases, then every look with its figures.
std::string rollout_tables(const Json& rollout);
/// From sensor_fit.json and sensor_fit.csv of a run folder; empty where the run had no observations.
std::string sensor_tables(const std::string& run_folder);

}  // namespace citytwin
