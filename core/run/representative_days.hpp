#pragma once
// A long period by a few of its days: each is a run of its own below the folder, their key figures are weighted into one table.
#include "core/run/run.hpp"

namespace citytwin {

/// Runs day-DATE/ for each of the scenario's days and writes run.json, kpis.json and kpis.csv of the whole: a key figure is the mean of
/// the days' by weight, so a total is per mean day. A figure that one day lacks is undefined on the whole. Resumes day by day.
RunOutcome run_representative_days(const RunOptions& options, const Scenario& scenario);

/// The mean by weight, with coverage, groups and details; `days` name the columns for what is said where one is missing.
std::vector<KpiRow> weighted_kpis(const std::vector<std::vector<KpiRow>>& by_day, const std::vector<RepresentativeDay>& days);

}  // namespace citytwin
