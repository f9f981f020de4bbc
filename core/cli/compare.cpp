// citytwin compare BASE RUN…
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "core/base/text.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/study/compare.hpp"
#include "core/study/compare_ensembles.hpp"
#include "core/study/report.hpp"

namespace citytwin::cli {
namespace {

struct CompareWords {
    std::vector<std::string> folders, worthwhile;
    std::string output, table, headline;
    bool unpaired = false;
};

bool is_ensemble(const std::string& folder) { return std::filesystem::exists(folder + "/ensemble.json"); }

EnsembleOptions options_of(const CompareWords& words) {
    EnsembleOptions options;
    options.headline = words.headline;
    options.unpaired = words.unpaired;
    for (const std::string& word : words.worthwhile) {
        const std::size_t equals = word.find('=');
        const auto change = equals == std::string::npos ? std::nullopt : parse_number(word.substr(equals + 1));
        if (!change || *change < 0) fail("CT-STUDY-004", {}, fmt::format("--worthwhile is '{}'", word), "write KPI=NUMBER in the KPI's unit, e.g. travel_time_p90=0.5");
        options.worthwhile_change[word.substr(0, equals)] = *change;
    }
    return options;
}

/// The first run against the base.
void report_to(const CompareWords& words, const Console& console) {
    if (words.output.empty()) return;
    write_report({words.folders[1], words.folders[0], "", options_of(words)}, words.output);
    console.print(fmt::format("report: {}", words.output));
}

ExitCode ensembles(const CompareWords& words, const Console& console) {
    const EnsembleComparison comparison = compare_ensembles(words.folders, options_of(words));
    console.print(comparison.table());
    for (const auto& remark : comparison.remarks) console.remark(remark);
    if (!words.table.empty()) {
        comparison.write_csv(words.table);
        console.print(fmt::format("table: {}", words.table));
    }
    if (console.json()) console.print_json(Json::parse(comparison.json()));
    report_to(words, console);
    return ExitCode::done;
}

ExitCode single_runs(const CompareWords& words, const Console& console) {
    const Comparison comparison = compare_runs(words.folders);
    console.print(comparison.table());
    for (const auto& remark : comparison.remarks) console.remark(remark);
    if (!words.table.empty()) {
        compare_ensembles(words.folders, options_of(words)).write_csv(words.table);
        console.print(fmt::format("table: {}", words.table));
    }
    if (console.json()) console.print_json(Json::parse(comparison.json()));
    report_to(words, console);
    return ExitCode::done;
}

}  // namespace

void add_compare(Program& program) {
    CLI::App& command = program.command("compare", "KPIs of runs beside those of a base; ensembles are paired by seed");
    auto words = std::make_shared<CompareWords>();
    command.add_option("RUNS", words->folders, "The base's folder, then the others': runs, or ensembles of `run --seeds`")->required()->expected(2, 1000);
    command.add_option("-o,--output", words->output, "An HTML report of the first run against the base");
    command.add_option("--table", words->table, "The figures as CSV, a row a KPI and group");
    command.add_option("--headline", words->headline, "The KPI that was named before the runs: its p isn't adjusted for the many");
    command.add_option("--worthwhile", words->worthwhile, "KPI=NUMBER: the smallest change that matters, in the KPI's unit")->allow_extra_args(false)->take_all();
    command.add_flag("--unpaired", words->unpaired, "Ensembles without common seeds: every seed of both sides, intervals by Welch");
    program.on(command, [&program, words] {
        const bool any = std::any_of(words->folders.begin(), words->folders.end(), is_ensemble);
        return any ? ensembles(*words, program.console()) : single_runs(*words, program.console());
    });
}

}  // namespace citytwin::cli
