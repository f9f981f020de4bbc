#pragma once
// A whole run: scenario -> city -> engine -> run folder, with checkpoints, resume and signals.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/output/progress.hpp"
#include "core/output/run_record.hpp"
#include "core/scenario/scenario.hpp"

namespace citytwin {

struct RunOptions {
    std::string scenario;
    std::string output;                 ///< -o; empty = runs/NAME-UTC-HASH8
    int threads = 0;                    ///< 0 = all cores
    std::size_t grain = 1024;
    ScenarioOptions overrides;          ///< --set, --seed, --until
    bool resume = false, force = false;
    /// Stop at the first step at or after this time with a checkpoint and the figures so far (a gate of a rollout); status `interrupted`.
    std::optional<Microseconds> stop_at;
    bool other_scenario = false;        ///< go on from a checkpoint of another scenario with as many changes: decisions of a rollout
    double step_timeout_s = 0;          ///< wall time of one module's step after which the run is given up; 0 = no limit
    bool reverse_modules = false;       ///< tests: the order in which modules are made
    std::vector<std::string> plugins;   ///< --module FILE.so
    ProgressMode progress = ProgressMode::automatic;
    /// Called after each engine step (tests: to slow a run down, to kill it).
    std::function<void(Microseconds now)> after_step;
};

struct RunOutcome {
    ExitCode exit = ExitCode::done;
    std::string folder;
    RunRecord record;
    std::vector<KpiRow> kpis;
    std::vector<LedgerRow> ledgers;
    std::vector<WarningRow> warnings;
    std::vector<std::string> notices;   ///< sentences for the user: a lock taken over, a checkpoint passed over …
};

/// Throws InputError (exit 3) before anything runs; a failure later is in the outcome and in run.json, and keeps what was committed.
RunOutcome run_scenario(const RunOptions& options);

}  // namespace citytwin
