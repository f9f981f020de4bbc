// citytwin sweep run|status|merge
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/distributed/executor.hpp"
#include "core/distributed/sweep_summary.hpp"

namespace citytwin::cli {
namespace {

struct SweepWords {
    std::string file, output, executor = "auto";
    std::optional<std::size_t> workers, index;
    int threads = 0;
    bool force = false;
    std::vector<std::string> modules;
};

const char* name_of(RunEnd end) {
    switch (end) {
        case RunEnd::finished: return "finished";
        case RunEnd::finished_before: return "finished before";
        case RunEnd::held: return "in another executor's hands";
        case RunEnd::interrupted: return "interrupted";
        case RunEnd::failed: return "failed";
    }
    return "unknown";
}

std::string labels_text(const std::vector<std::pair<std::string, std::string>>& labels, std::uint64_t seed) {
    std::string text;
    for (const auto& [column, value] : labels) text += fmt::format("{} = {}, ", column, value);
    return text + fmt::format("seed {}", seed);
}

/// How many workers and of which kind; a rank of a launcher is one worker, as the launcher starts as many as are wanted.
ExecutorOptions options_of(const SweepWords& words, const std::optional<Rank>& rank) {
    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    ExecutorOptions options;
    options.workers = words.workers.value_or(rank ? 1 : words.threads > 0 ? std::max<std::size_t>(1, cores / static_cast<std::size_t>(words.threads)) : cores);
    options.threads = words.threads > 0 ? words.threads : static_cast<int>(std::max<std::size_t>(1, rank || words.index ? 1 : cores / options.workers));
    options.force = words.force;
    options.plugins = words.modules;
    if (rank) options.rank = rank->rank, options.ranks = rank->ranks;
    options.child_command = {"citytwin", "sweep", "run", words.file, "-o", words.output, "--threads", std::to_string(options.threads), "-q"};
    if (words.force) options.child_command.emplace_back("--force");
    for (const auto& module : words.modules) options.child_command.insert(options.child_command.end(), {"--module", module});
    return options;
}

Json report_json(const SweepFolder& folder, const RunReport& report) {
    Json row = {{"run", report.number}, {"folder", folder.folder_of(report.number)}, {"end", name_of(report.end)}, {"exit", static_cast<int>(report.exit)}, {"wall_s", report.wall_s}};
    if (!report.message.empty()) row["message"] = report.message;
    return row;
}

ExitCode one_index(const Console& console, const Sweep& sweep, const SweepFolder& folder, std::size_t index, const ExecutorOptions& options) {
    const RunReport report = do_run(sweep, folder, index, options);
    console.remark(fmt::format("run {} of {}: {} ({})", index, sweep.size(), name_of(report.end), labels_text(sweep.run(index).labels, sweep.run(index).seed)));
    if (report.end == RunEnd::failed || report.end == RunEnd::held) console.fail(report.message);
    console.print_json(report_json(folder, report));
    return report.end == RunEnd::held ? ExitCode::run_failed : report.exit;
}

ExitCode run_sweep(const Console& console, const SweepWords& words) {
    const Sweep sweep = Sweep::load(words.file);
    if (words.index && (*words.index < 1 || *words.index > sweep.size())) {
        citytwin::fail("CT-SWEEP-012", {words.file}, fmt::format("there is no run {}: the sweep has runs 1 to {}", *words.index, sweep.size()),
                       fmt::format("a Slurm array for it is --array=1-{}", sweep.size()));
    }
    const SweepFolder folder(words.output, sweep);
    const auto rank = words.index ? std::nullopt : rank_of_launcher();
    ExecutorOptions options = options_of(words, rank);
    if (words.index) return one_index(console, sweep, folder, *words.index, options);
    const bool in_threads = words.executor == "threads" || (words.executor == "auto" && (rank || options.workers == 1));
    console.remark(fmt::format("{}: {} points × {} seeds = {} runs; {} {} of {} threads{}", sweep.name, sweep.points(), sweep.replications, sweep.size(), options.workers,
                               in_threads ? "workers" : "processes", options.threads, rank ? fmt::format("; rank {} of {} ({})", rank->rank, rank->ranks, rank->launcher) : ""));
    std::size_t done = 0;
    options.on_end = [&](const RunReport& report) {
        ++done;
        if (report.end == RunEnd::finished_before) return;
        const SweepRun run = sweep.run(report.number);
        console.remark(fmt::format("[{}/{}] run {:04} {} in {:.1f} s ({})", done, sweep.size(), report.number, name_of(report.end), report.wall_s, labels_text(run.labels, run.seed)));
        if (report.end == RunEnd::failed) console.fail(fmt::format("run {:04}: {}", report.number, report.message));
    };
    const SweepOutcome outcome = in_threads ? run_in_threads(sweep, folder, options) : run_in_processes(folder, options);
    const std::size_t before = outcome.count(RunEnd::finished_before), finished = outcome.count(RunEnd::finished), held = outcome.count(RunEnd::held);
    console.print(fmt::format("{}: {} of {} runs finished ({} of them before), {} failed, {} interrupted, {} in other executors' hands", words.output, before + finished, sweep.size(),
                              before, outcome.count(RunEnd::failed), outcome.count(RunEnd::interrupted), held));
    if (before + finished == sweep.size()) console.print(fmt::format("next: citytwin sweep merge {} -o summary.csv", words.output));
    else console.print("the same command finishes the rest");
    Json list = Json::array();
    for (const auto& report : outcome.reports) list.push_back(report_json(folder, report));
    console.print_json({{"folder", words.output}, {"runs", sweep.size()}, {"finished", before + finished}, {"finished_before", before}, {"failed", outcome.count(RunEnd::failed)},
                        {"interrupted", outcome.count(RunEnd::interrupted)}, {"held", held}, {"stopped", outcome.stopped}, {"reports", list}});
    return outcome.exit();
}

ExitCode show_status(const Console& console, const std::string& path) {
    const SweepFolder folder(path);
    std::vector<std::vector<std::string>> rows{{"run", "state", "simulated s", "values", "why"}};
    std::map<std::string, std::size_t> counts;
    for (const SweepState state : {SweepState::finished, SweepState::running, SweepState::interrupted, SweepState::failed, SweepState::waiting}) counts[citytwin::name_of(state)] = 0;
    Json list = Json::array();
    for (const auto& entry : folder.entries()) {
        const SweepRunStatus status = folder.status_of(entry.number);
        const char* state = citytwin::name_of(status.state);
        ++counts[state];
        Json row = {{"run", entry.number}, {"state", state}, {"simulated_s", status.simulated_s}, {"wall_s", status.wall_s}, {"state_hash", status.state_hash}};
        if (!status.error.empty()) row["error"] = status.error;
        list.push_back(std::move(row));
        if (status.state == SweepState::finished || status.state == SweepState::waiting || rows.size() > 20) continue;
        rows.push_back({fmt::format("{:04}", entry.number), state, number_text(status.simulated_s), labels_text(entry.labels, entry.seed), status.error.substr(0, status.error.find('\n'))});
    }
    console.print(fmt::format("{}: {} runs: {} finished, {} running, {} interrupted, {} failed, {} waiting", folder.name(), folder.entries().size(), counts["finished"],
                              counts["running"], counts["interrupted"], counts["failed"], counts["waiting"]));
    if (rows.size() > 1) console.print(table(rows));
    Json object = {{"name", folder.name()}, {"folder", path}, {"runs", folder.entries().size()}};
    for (const auto& [state, count] : counts) object[state] = count;
    object["list"] = std::move(list);
    console.print_json(object);
    return ExitCode::done;
}

ExitCode merge(const Console& console, const std::string& path, const std::string& output) {
    const SweepFolder folder(path);
    const SweepSummary summary = merge_sweep(folder, output);
    const bool is_whole = summary.finished == summary.runs;
    console.print(fmt::format("{}: {} runs, {} of them finished\n{}: {} KPIs of each point with their quantiles over its seeds", output, summary.runs, summary.finished,
                              points_path(output), summary.kpis.size()));
    if (!is_whole) console.remark(fmt::format("warning: {} runs aren't finished; their rows have no figures", summary.runs - summary.finished));
    Json figures = Json::array();
    for (const PointFigure& f : summary.figures) {
        figures.push_back({{"point", f.point}, {"kpi", f.kpi}, {"unit", f.unit}, {"seeds", f.seeds}, {"mean", f.mean}, {"standard_deviation", f.deviation}, {"min", f.min},
                           {"q05", f.q05}, {"q25", f.q25}, {"median", f.median}, {"q75", f.q75}, {"q95", f.q95}, {"max", f.max}});
    }
    console.print_json({{"summary", output}, {"points", points_path(output)}, {"runs", summary.runs}, {"finished", summary.finished}, {"figures", figures}});
    return !is_whole && console.options.strict ? ExitCode::degraded : ExitCode::done;
}

}  // namespace

void add_sweep(Program& program) {
    CLI::App& command = program.command("sweep", "Many runs of one design: on this machine, by MPI or as a Slurm array");
    command.require_subcommand(1);
    CLI::App& run = program.command("run", "Does the runs that aren't done yet", &command);
    auto words = std::make_shared<SweepWords>();
    run.add_option("SWEEP", words->file, "Sweep file (TOML)")->required();
    run.add_option("-o,--output", words->output, "The sweep's folder")->required();
    run.add_option("--workers", words->workers, "Runs side by side; else as many as there are cores for")->check(CLI::Range(1, 4096));
    run.add_option("--index", words->index, "This run only, counted from 1: for the tasks of a Slurm array");
    run.add_option("--threads", words->threads, "Threads of each run; digits don't depend on it")->envname("CITYTWIN_THREADS")->check(CLI::Range(1, 1024));
    run.add_option("--executor", words->executor, "threads, processes, or auto: processes, and within a rank of MPI or srun that rank")->check(CLI::IsMember({"auto", "threads", "processes"}));
    run.add_flag("--force", words->force, "Take over runs whose lock is another host's");
    run.add_option("--module", words->modules, "Plug-in to load")->allow_extra_args(false)->take_all();
    program.on(run, [&program, words] { return run_sweep(program.console(), *words); });

    CLI::App& status = program.command("status", "How far a sweep is, by its files", &command);
    auto looked_at = std::make_shared<std::string>();
    status.add_option("DIR", *looked_at, "The sweep's folder")->required();
    program.on(status, [&program, looked_at] { return show_status(program.console(), *looked_at); });

    CLI::App& merged = program.command("merge", "The figures of all runs in one table, and their quantiles over the seeds of each point", &command);
    auto folder = std::make_shared<std::string>();
    auto output = std::make_shared<std::string>();
    merged.add_option("DIR", *folder, "The sweep's folder")->required();
    merged.add_option("-o,--output", *output, "CSV file; a second one, NAME_points.csv, is written beside it")->required();
    program.on(merged, [&program, folder, output] { return merge(program.console(), *folder, *output); });
}

}  // namespace citytwin::cli
