#pragma once
// `citytwin wedge PLAN.csv`: a rollout cluster by cluster as a stepped wedge: its power before it starts, its effect once outcomes
// are there (Hussey & Hughes 2007; evaluation.md section 5).
#include <optional>
#include <string>
#include <vector>

#include "core/evaluation/stepped_wedge.hpp"

namespace citytwin {

struct WedgeOptions {
    std::string file;                       ///< CSV: cluster, period, dose[, outcome]; a row for each cluster and period
    std::optional<double> effect;           ///< for power
    std::optional<double> within, between;  ///< variances: of a cluster's mean in a period, between clusters; estimated from outcomes if not given
    std::uint64_t seed = 1;
};

struct WedgeStudy {
    std::vector<std::string> clusters, periods;   ///< periods in the order of the file's first cluster
    double within = 0, between = 0;
    bool variances_estimated = false;
    double variance = 0;                          ///< of theta
    std::optional<double> power;
    std::optional<evaluation::WedgeEstimate> estimate;
    std::vector<std::string> remarks;

    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string json() const;
};

/// Variances of a stepped wedge by moments: the residuals of a fit with an effect of each cluster and period and theta.
struct WedgeVariances {
    double within = 0, between = 0;
};
WedgeVariances wedge_variances(const evaluation::WedgePlan& plan, const std::vector<double>& outcome);

/// Throws InputError CT-WEDGE-001 (cells missing or twice), -002 (dose outside 0 to 1, or taken back), -003 (theta can't be told), -004
/// (variances are needed).
WedgeStudy wedge_study(const WedgeOptions& options);

}  // namespace citytwin
