// citytwin run SCENARIO.toml
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "core/base/durable_file.hpp"
#include "core/cli/commands.hpp"
#include "core/study/ensemble.hpp"
#include "core/cli/program.hpp"
#include "core/run/run.hpp"
#include "core/run/test_slowdown.hpp"
#include "core/study/kpi_table.hpp"
#include "core/study/report.hpp"

namespace citytwin::cli {
namespace {

struct RunWords {
    std::string scenario, output, until;
    int threads = 0;
    std::size_t grain = 1024;
    std::optional<std::uint64_t> seed;
    std::uint64_t seeds = 0;
    std::vector<std::string> set, modules;
    bool resume = false, force = false, no_report = false;
    std::string module_order = "name";
    double step_timeout_s = 0;
};

std::string kpi_table(const RunOutcome& outcome) {
    std::vector<std::vector<std::string>> rows{{"KPI", "value", "unit", "more is", "coverage"}};
    for (const auto& kpi : outcome.kpis) {
        rows.push_back({kpi.name.empty() ? kpi.id : kpi.name, kpi.value ? number_text(*kpi.value) : kpi.status, kpi.unit, kpi.more_is,
                        kpi.value ? fmt::format("{:.0f} %", kpi.coverage * 100) : kpi.reason});
    }
    return table(rows);
}

std::string ledger_table(const RunOutcome& outcome) {
    std::vector<std::vector<std::string>> rows{{"balance", "unit", "in", "out", "stored", "lost", "closing error"}};
    for (const auto& ledger : outcome.ledgers) {
        rows.push_back({ledger.module + " " + ledger.quantity, ledger.unit, number_text(ledger.in), number_text(ledger.out), number_text(ledger.stored),
                        number_text(ledger.lost), number_text(ledger.closing_error)});
    }
    return table(rows);
}

std::string warning_table(const RunOutcome& outcome) {
    std::vector<std::vector<std::string>> rows{{"warning", "count", "what"}};
    for (const auto& warning : outcome.warnings) {
        rows.push_back({warning.code, fmt::format("{}", warning.count), warning.message.empty() ? warning.cause : warning.message});
    }
    return table(rows);
}

Json kpis_json(const RunOutcome& outcome) {
    Json list = Json::array();
    for (const auto& kpi : outcome.kpis) {
        Json row = {{"id", kpi.id}, {"name", kpi.name}, {"unit", kpi.unit}, {"value", kpi.value ? Json(*kpi.value) : Json()}, {"coverage", kpi.coverage}};
        if (!kpi.value) row["status"] = kpi.status, row["reason"] = kpi.reason;
        list.push_back(std::move(row));
    }
    return list;
}

Json outcome_json(const RunOutcome& outcome, const std::string& report) {
    std::uint64_t warnings = 0;
    for (const auto& warning : outcome.warnings) warnings += warning.count;
    Json json = {{"folder", outcome.folder}, {"status", name_of(outcome.record.status)}, {"exit", static_cast<int>(outcome.exit)},
                 {"scenario_hash", outcome.record.scenario_hash}, {"state_hash", outcome.record.state_hash}, {"seed", outcome.record.seed},
                 {"threads", outcome.record.threads}, {"steps", outcome.record.steps}, {"simulated_s", to_seconds(outcome.record.simulated_us)},
                 {"wall_s", outcome.record.wall_s}, {"peak_memory_bytes", outcome.record.peak_memory_bytes}, {"warnings", warnings}, {"kpis", kpis_json(outcome)}};
    if (!outcome.record.error.empty()) json["error"] = outcome.record.error;
    if (!report.empty()) json["report"] = report;
    return json;
}

RunOptions options_of(const RunWords& words, const Console& console) {
    RunOptions options;
    options.scenario = words.scenario;
    options.output = words.output;
    options.threads = words.threads;
    options.grain = words.grain;
    options.overrides.set = words.set;
    options.overrides.seed = words.seed;
    if (!words.until.empty()) options.overrides.until = words.until;
    options.step_timeout_s = words.step_timeout_s;
    options.resume = words.resume;
    options.force = words.force;
    options.plugins = words.modules;
    options.progress = console.progress();
    options.reverse_modules = words.module_order == "reversed";
    options.after_step = test_slowdown();
    return options;
}

/// report.html beside the results; a report that can't be written doesn't make the run fail.
std::string report_of(const RunOutcome& outcome, const Console& console) {
    const std::string path = outcome.folder + "/report.html";
    try {
        write_report({.run = outcome.folder}, path);
        return path;
    } catch (const std::exception& error) {
        console.remark(fmt::format("no report: {}", error.what()));
        return {};
    }
}

void show(const RunOutcome& outcome, const std::string& report, const Console& console) {
    for (const auto& notice : outcome.notices) console.remark(notice);
    if (!outcome.kpis.empty()) console.print(kpi_table(outcome));
    if (!outcome.ledgers.empty()) console.print(ledger_table(outcome));
    if (!outcome.warnings.empty()) console.print(warning_table(outcome));
    const double simulated = to_seconds(outcome.record.simulated_us);
    console.print(fmt::format("{}: {} steps, {:.1f} s ({:.0f} × real time), {} at its peak, {} threads", name_of(outcome.record.status), outcome.record.steps,
                              outcome.record.wall_s, outcome.record.wall_s > 0 ? simulated / outcome.record.wall_s : 0.0,
                              memory_text(static_cast<double>(outcome.record.peak_memory_bytes)), outcome.record.threads));
    console.print(fmt::format("results: {}", outcome.folder));
    if (!report.empty()) console.print(fmt::format("report:  {}", report));
    if (outcome.exit == ExitCode::run_failed) console.fail(outcome.record.error);
}

ExitCode one_run(const RunWords& words, const Console& console) {
    const RunOutcome outcome = run_scenario(options_of(words, console));
    const bool finished = outcome.record.status == RunStatus::finished;
    const std::string report = finished && !words.no_report ? report_of(outcome, console) : "";
    show(outcome, report, console);
    console.print_json(outcome_json(outcome, report));
    return finished && console.options.strict && !outcome.warnings.empty() ? ExitCode::degraded : outcome.exit;
}

/// Members S, S+1, … one after the other, each a run folder below the ensemble's.
ExitCode ensemble(const RunWords& words, const Console& console) {
    const Scenario scenario = Scenario::load(words.scenario, options_of(words, console).overrides);
    Ensemble ensemble(words.output, scenario, words.seeds);
    ExitCode worst = ExitCode::done;
    bool warned = false;
    for (auto& member : ensemble.members()) {
        if (words.resume && ensemble.is_finished(member)) continue;
        RunWords of_member = words;
        of_member.seed = member.seed;
        of_member.output = ensemble.folder_of(member);
        of_member.resume = words.resume && std::filesystem::exists(of_member.output);
        console.remark(fmt::format("seed {} ({} of {})", member.seed, member.seed - scenario.seed + 1, words.seeds));
        const RunOutcome outcome = run_scenario(options_of(of_member, console));
        const std::string report = outcome.record.status == RunStatus::finished && !words.no_report ? report_of(outcome, console) : "";
        show(outcome, report, console);
        ensemble.finished(member, outcome.record);
        warned = warned || !outcome.warnings.empty();
        if (outcome.exit != ExitCode::done) worst = outcome.exit;
        if (outcome.exit == ExitCode::interrupted) break;
    }
    write_kpi_table(ensemble.folder());
    console.print(fmt::format("ensemble: {}", ensemble.folder()));
    console.print_json(ensemble.json());
    return worst == ExitCode::done && warned && console.options.strict ? ExitCode::degraded : worst;
}

}  // namespace

void add_run(Program& program) {
    CLI::App& command = program.command("run", "Runs a scenario into a run folder");
    auto words = std::make_shared<RunWords>();
    command.add_option("SCENARIO", words->scenario, "Scenario file (TOML)")->required();
    command.add_option("-o,--output", words->output, "Run folder; else runs/NAME-UTC-HASH8");
    command.add_option("--threads", words->threads, "Threads; else all cores")->envname("CITYTWIN_THREADS")->check(CLI::Range(1, 1024));
    command.add_option("--grain", words->grain, "Rows a task in parallel loops; results don't depend on it")->check(CLI::Range(1, 1 << 24));
    command.add_option("--module-order", words->module_order, "Order in which modules are made; results don't depend on it")->check(CLI::IsMember({"name", "reversed"}))->group("");
    auto* seed = command.add_option("--seed", words->seed, "Seed instead of the scenario's");
    command.add_option("--seeds", words->seeds, "An ensemble of this many seeds, beginning with the scenario's")->check(CLI::Range(1, 100'000))->excludes(seed);
    command.add_option("--step-timeout", words->step_timeout_s, "Seconds of wall time for one module's step, after which the run is given up; else no limit")->check(CLI::NonNegativeNumber);
    command.add_option("--until", words->until, "End earlier: a time, or a duration such as \"6 h\"");
    command.add_option("--set", words->set, "key=value, e.g. modules.traffic.period=\"2 s\"")->allow_extra_args(false)->take_all();
    command.add_option("--module", words->modules, "Plug-in to load")->allow_extra_args(false)->take_all();
    command.add_flag("--resume", words->resume, "Go on from the newest checkpoint of the folder given with -o");
    command.add_flag("--force", words->force, "Resume a checkpoint of another scenario or build, take over another host's lock");
    command.add_flag("--no-report", words->no_report, "Don't write report.html");
    program.on(command, [&program, words] {
        if (words->resume && words->output.empty()) {
            program.console().fail("--resume needs the run's folder: -o DIR");
            program.console().print_json(failure_json(2, "--resume needs -o DIR", {}));
            return ExitCode::wrong_usage;
        }
        return words->seeds > 0 ? ensemble(*words, program.console()) : one_run(*words, program.console());
    });
}

}  // namespace citytwin::cli
