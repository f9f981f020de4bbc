#pragma once
// `compare BASE RUN…`: KPIs side by side with differences, direction and the plain reason where there is no number.
// One seed a run: differences of single runs, no intervals (evaluation.md section 3 asks for at least 5 seeds).
#include <optional>
#include <string>
#include <vector>

#include "core/output/run_record.hpp"

namespace citytwin {

/// A run as the study layer sees it: what stands in its folder.
struct StudyRun {
    std::string folder, label;
    RunRecord record;
    std::vector<KpiRow> kpis;
    std::vector<LedgerRow> ledgers;
    std::vector<WarningRow> warnings;
};
/// Throws InputError CT-STUDY-001 if the folder holds no run.
StudyRun read_run(const std::string& folder);

struct ComparedValue {
    std::string status = "ok";            ///< of the run's KPI: ok, undefined, no_data, not_simulated
    std::string reason;
    std::optional<double> value, difference, difference_percent;
    std::string verdict;                  ///< "better", "worse", "same", "changed" (no direction), "" if there is no difference
    double coverage = 0;
};

struct ComparedKpi {
    std::string id, name, unit, more_is;
    std::vector<ComparedValue> values;    ///< base first, then the runs in order
};

struct Comparison {
    std::vector<StudyRun> runs;           ///< base first
    std::vector<ComparedKpi> kpis;
    std::vector<std::string> remarks;     ///< e.g. different seeds or builds

    [[nodiscard]] std::string table() const;  ///< for a terminal; the remarks go beside it
    [[nodiscard]] std::string json() const;
};

/// Throws RunError with ExitCode::comparison_refused naming the reason: not finished, other city, period, demand base or unit.
Comparison compare_runs(const std::vector<std::string>& folders);

}  // namespace citytwin
