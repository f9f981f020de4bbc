#pragma once
// The figures of a sweep in two tables: a row a run, and a row a point and KPI with its spread over the seeds.
#include <string>
#include <vector>

#include "core/distributed/sweep_folder.hpp"

namespace citytwin {

/// One KPI of one point over its seeds.
struct PointFigure {
    std::size_t point = 0;
    std::string kpi, unit;
    std::size_t seeds = 0;                 ///< runs with a value
    double mean = 0, deviation = 0;        ///< of the sample; deviation 0 for one seed
    double min = 0, q05 = 0, q25 = 0, median = 0, q75 = 0, q95 = 0, max = 0;
};

struct SweepSummary {
    std::size_t runs = 0, finished = 0;
    std::vector<std::string> kpis;         ///< ids in the order of the first run that has them
    std::vector<PointFigure> figures;
};


/// Reads every finished run's kpis.json and writes `path` (a row a run) and, beside it, NAME_points.csv (a row a point and KPI).
/// Runs that aren't finished have their row with their state and no figures.
SweepSummary merge_sweep(const SweepFolder& folder, const std::string& path);
/// "summary.csv" -> "summary_points.csv"
std::string points_path(const std::string& path);

}  // namespace citytwin
