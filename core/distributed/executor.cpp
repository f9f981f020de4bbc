// What all executors share: one run, its order, its end.
#include "core/distributed/executor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "core/base/durable_file.hpp"
#include "core/base/folder_lock.hpp"
#include "core/base/text.hpp"
#include "core/output/results_writer.hpp"
#include "core/run/run.hpp"
#include "core/run/test_slowdown.hpp"

namespace citytwin {
namespace {

std::optional<std::size_t> number_in(const char* variable) {
    const char* text = std::getenv(variable);
    const auto number = text != nullptr ? parse_integer(text) : std::nullopt;
    if (!number || *number < 0) return std::nullopt;
    return static_cast<std::size_t>(*number);
}

/// Says beside the run's folder why it failed; a disk that is full can't take that either.
void note_error(const SweepFolder& folder, const RunReport& report) {
    try {
        write_file(folder.error_file_of(report.number), report.message + "\n");
    } catch (const std::exception&) {
    }
}

RunReport attempt(const Sweep& sweep, const SweepFolder& folder, std::size_t number, const ExecutorOptions& options) {
    RunReport report{number, RunEnd::finished_before, ExitCode::done, 0, ""};
    if (folder.is_finished(number)) {
        // Killed between its last word and its tidying: the segments are joined already.
        if (std::filesystem::exists(folder.folder_of(number) + "/results-0000.h5") && !FolderLock::is_held(folder.folder_of(number))) {
            ResultsWriter::remove_segments(folder.folder_of(number));
        }
        return report;
    }
    const SweepRun run = sweep.run(number);
    RunOptions words;
    words.scenario = run.scenario;
    words.output = folder.folder_of(number);
    words.threads = options.threads;
    words.overrides = sweep.options_of(run);
    words.resume = std::filesystem::exists(words.output + "/run.json");
    words.force = options.force;
    words.plugins = options.plugins;
    words.progress = ProgressMode::none;
    words.after_step = test_slowdown();
    const RunOutcome outcome = run_scenario(words);
    report.exit = outcome.exit;
    report.message = outcome.record.error;
    report.end = outcome.record.status == RunStatus::finished      ? RunEnd::finished
                 : outcome.record.status == RunStatus::interrupted ? RunEnd::interrupted
                                                                   : RunEnd::failed;
    return report;
}

}  // namespace

RunReport do_run(const Sweep& sweep, const SweepFolder& folder, std::size_t number, const ExecutorOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    RunReport report{number, RunEnd::failed, ExitCode::run_failed, 0, ""};
    try {
        report = attempt(sweep, folder, number, options);
    } catch (const FolderHeld& error) {
        report.end = RunEnd::held;
        report.exit = ExitCode::done;
        report.message = error.what();
    } catch (const InputError& error) {
        report.exit = ExitCode::input_invalid;
        for (const auto& diagnostic : error.diagnostics()) report.message += (report.message.empty() ? "" : "\n") + diagnostic.text();
    } catch (const RunError& error) {
        report.exit = error.exit_code();
        report.message = error.what();
    } catch (const std::bad_alloc&) {
        report.exit = ExitCode::out_of_resources;
        report.message = "out of memory; `citytwin plan` says how much a scenario needs";
    } catch (const std::exception& error) {
        report.message = error.what();
    }
    try {
        // Another executor may have finished it between our look and our start.
        if (report.end == RunEnd::failed && folder.is_finished(number)) report = {number, RunEnd::finished_before, ExitCode::done, 0, ""};
        if (report.end == RunEnd::finished && std::filesystem::exists(folder.error_file_of(number))) remove_durably(folder.error_file_of(number));
    } catch (const std::exception& error) {
        report.message += fmt::format("{}{}", report.message.empty() ? "" : "\n", error.what());
    }
    if (report.end == RunEnd::failed) note_error(folder, report);
    report.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

std::size_t SweepOutcome::count(RunEnd end) const {
    return static_cast<std::size_t>(std::count_if(reports.begin(), reports.end(), [end](const RunReport& report) { return report.end == end; }));
}

ExitCode SweepOutcome::exit() const {
    if (stopped || count(RunEnd::interrupted) != 0) return ExitCode::interrupted;
    ExitCode worst = ExitCode::done;
    for (const auto& report : reports) {
        if (report.end == RunEnd::failed) worst = std::max(worst, std::max(report.exit, ExitCode::run_failed));
    }
    return worst;
}

std::optional<Rank> rank_of_launcher() {
    struct Launcher {
        const char *rank, *ranks, *name;
    };
    for (const auto& [rank, ranks, name] : {Launcher{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "Open MPI"}, Launcher{"PMI_RANK", "PMI_SIZE", "MPI (PMI)"},
                                            Launcher{"PMIX_RANK", "PMIX_SIZE", "MPI (PMIx)"}, Launcher{"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "srun"}}) {
        const auto own = number_in(rank), all = number_in(ranks);
        if (own && all && *own < *all) return Rank{*own, *all, name};
    }
    return std::nullopt;
}

std::vector<std::size_t> order_of_runs(std::size_t runs, std::size_t rank, std::size_t ranks) {
    std::vector<std::size_t> order;
    for (std::size_t number = 1; number <= runs; ++number) {
        if ((number - 1) % ranks == rank) order.push_back(number);
    }
    // Then the others', from the end: whoever has them is more likely to be at their beginning.
    for (std::size_t number = runs; number >= 1; --number) {
        if ((number - 1) % ranks != rank) order.push_back(number);
    }
    return order;
}

}  // namespace citytwin
