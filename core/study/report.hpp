#pragma once
// `report RUN -o report.html`: one offline HTML file, no request, usable by keyboard and without colour.
#include <string>

namespace citytwin {

struct ReportOptions {
    std::string run;                 ///< run folder
    std::string base;                ///< run folder to compare with, or empty
    std::string city;                ///< city file; empty: the one named in run.json
};

/// The page's text. Throws InputError CT-STUDY-00x if the run can't be read; a missing results.h5 or city leaves the map out and says so.
std::string report_html(const ReportOptions& options);
/// Writes it aside and renames; returns its size in bytes.
std::size_t write_report(const ReportOptions& options, const std::string& path);

}  // namespace citytwin
