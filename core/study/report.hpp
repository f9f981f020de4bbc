#pragma once
// `report FOLDER -o report.html`: one offline HTML file of a run, an ensemble or a rollout, alone or against a base; no request, usable
// by keyboard and without colour.
#include <string>

#include "core/study/compare_ensembles.hpp"

namespace citytwin {

struct ReportOptions {
    std::string run;                 ///< folder of a run, an ensemble or a rollout
    std::string base;                ///< folder of a run or an ensemble to compare with, or empty; a rollout has its own
    std::string city;                ///< city file; empty: the one named in run.json
    EnsembleOptions ensembles = {};  ///< headline and smallest changes that matter, where seeds are paired
};

/// The page's text. Throws InputError CT-STUDY-00x if the folder can't be read, RunError (exit 5) if the two can't be compared; a missing results.h5 or city leaves the map out and says so.
std::string report_html(const ReportOptions& options);
/// Writes it aside and renames; returns its size in bytes.
std::size_t write_report(const ReportOptions& options, const std::string& path);

}  // namespace citytwin
