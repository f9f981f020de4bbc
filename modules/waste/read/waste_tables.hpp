#pragma once
// The waste department's own tables: bins, depots, sites as CSV. Errors name file and line; all are collected.
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "modules/waste/model/facilities.hpp"

namespace citytwin::waste {

struct BinRow {
    std::string id;
    double x = 0, y = 0;
    double capacity_l = 0, fill_l = 0, overflow_l = 0;
    std::size_t fraction = 0;
};

struct SiteRow {
    std::string id, kind;          ///< depot, landfill, incinerator, sorting, transfer
    double x = 0, y = 0;
    double opens_s = 0, closes_s = 86400, unloading_s = 900, rate_kg_per_s = 5;   ///< rate: of plants; see has_rate
    bool has_rate = false;
};

/// id, x, y (or lon, lat), capacity_l, fraction[, fill_l]. A fill above the capacity becomes overflow, with a warning.
std::vector<BinRow> read_bins(const std::string& path, DiagnosticList& diagnostics);
/// id, kind, x, y (or lon, lat)[, opens, closes ("06:00"), unloading_s, rate_kg_per_s]. A site that is closed for all of the shift is refused.
std::vector<SiteRow> read_sites(const std::string& path, double shift_begin_s, double shift_end_s, DiagnosticList& diagnostics);

}  // namespace citytwin::waste
