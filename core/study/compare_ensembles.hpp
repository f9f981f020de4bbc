#pragma once
// `compare BASE RUN…` over seeds: the same seeds in both, the difference by seed, its interval, adjusted p and a verdict in words; then who
// bears it (evaluation.md sections 3 and 4).
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/evaluation/difference.hpp"
#include "core/study/kpi_table.hpp"

namespace citytwin {

struct EnsembleOptions {
    std::string headline;                             ///< the KPI named before the run: its p isn't adjusted
    std::map<std::string, double> worthwhile_change;  ///< smallest one that matters, by KPI, in its unit
    bool unpaired = false;                            ///< asked for: every seed of both sides, whatever they have in common
};

/// One KPI of one group (or of the whole city) in a run against the base.
struct PairedKpi {
    std::string status = "ok", reason;                ///< why there is no difference
    evaluation::Difference difference;
    std::optional<double> difference_percent;
    double p_adjusted = 1;
    std::string verdict;
    double coverage = 0;
};

struct GroupDifference {
    std::string by, group;
    double persons = 0;
    PairedKpi figure;
};

struct EnsembleKpi {
    std::string id, name, unit, more_is;
    PairedKpi city;
    std::vector<GroupDifference> groups;
};

/// Whose figure got worse where the city's as a whole is known: groups whose verdict is "worse".
struct Losers {
    std::string kpi, by;
    std::size_t groups = 0, of = 0;
    double persons = 0, of_persons = 0;
    std::string worst_group;
    double worst_percent = 0;
    bool though_better = false;                       ///< the city as a whole is better: printed first
};

struct EnsembleRun {
    std::string folder, label;
    std::vector<std::uint64_t> seeds;                 ///< common with the base, ascending
    std::vector<std::string> dropped;                 ///< sentences: which seeds, and why
    std::vector<std::string> changes;
    std::vector<EnsembleKpi> kpis;
    std::vector<Losers> losers;
};

struct EnsembleComparison {
    std::string base_folder, base_label;
    std::string headline;
    bool unpaired = false;
    std::vector<EnsembleRun> runs;
    std::vector<std::string> remarks;

    [[nodiscard]] std::string table() const;          ///< for a terminal
    [[nodiscard]] std::string json() const;
    void write_csv(const std::string& path) const;    ///< a row a KPI, run and group
};

/// Throws RunError with ExitCode::comparison_refused: other city, period or demand, no common seed, more than a tenth of the members unfinished,
/// other units; InputError CT-STUDY-004 for a headline or worthwhile change of a KPI that isn't there.
EnsembleComparison compare_ensembles(const std::vector<std::string>& folders, const EnsembleOptions& options = {});

}  // namespace citytwin
