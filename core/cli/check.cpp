// citytwin check FILE…: every error and warning of the inputs, without running.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "core/base/text.hpp"
#include "core/city/city_file.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/module/loader.hpp"
#include "core/run/city_source.hpp"
#include "core/run/prepared_run.hpp"

namespace citytwin::cli {
namespace {

bool has_ending(const std::string& path, std::string_view ending) {
    return path.size() >= ending.size() && path.compare(path.size() - ending.size(), ending.size(), ending) == 0;
}

bool is_city_description(const std::string& path) {
    const Document document = load_document(path);
    const Table& root = *document.root.table();
    const auto has = [&](const char* key) { return root.find(key) != nullptr; };
    const bool as_scenario = has("city") || has("start") || has("end") || has("modules") || has("change") || has("record");
    return !as_scenario && (has("roads") || has("generate") || has("zones") || has("buildings") || has("places") || has("crs") || has("terrain") ||
                            has("transit") || has("power") || has("water"));
}

/// What the import defaulted, repaired or dropped, as far as it is graded as more than a note.
void add_issues(const City& city, const std::string& path, std::vector<Diagnostic>& found) {
    for (const auto& issue : city.issues) {
        if (issue.grade == "note") continue;
        Diagnostic& diagnostic = found.emplace_back();
        diagnostic.severity = issue.grade == "error" ? Severity::error : Severity::warning;
        diagnostic.code = issue.code;
        diagnostic.place.file = path;
        diagnostic.message = fmt::format("{}: {} {}", issue.cause, issue.count, issue.action);
        if (!issue.examples.empty()) diagnostic.message += ", first " + issue.examples.front();
        diagnostic.hint = issue.hint;
    }
}

std::vector<Diagnostic> check_city(const CityDescription& description) {
    Arena arena(0, 1024);
    DiagnosticList diagnostics;
    const City city = read_described_city(description, arena, diagnostics);
    diagnostics.throw_if_errors();
    auto found = diagnostics.all();
    add_issues(city, description.path, found);
    return found;
}

std::vector<Diagnostic> check_scenario(const std::string& file, const ScenarioOptions& overrides, const std::vector<std::string>& plugins) {
    PreparationOptions options;
    options.scenario = file;
    options.overrides = overrides;
    options.plugins = plugins;
    PreparedRun run = prepare_scenario(options);
    prepare_engine(run, options);
    add_issues(*run.city, run.scenario.city, run.warnings);
    return run.warnings;
}

std::vector<Diagnostic> check_one(const std::string& file, const ScenarioOptions& overrides, const std::vector<std::string>& plugins) {
    if (!std::filesystem::exists(file)) citytwin::fail("CT-CLI-002", {file}, "no such file", "check the path");
    if (has_ending(file, ".toml") && !is_city_description(file)) return check_scenario(file, overrides, plugins);
    return check_city(CityDescription::load(file));
}

ExitCode check(const Console& console, const std::vector<std::string>& files, const ScenarioOptions& overrides, const std::vector<std::string>& plugins) {
    std::vector<Diagnostic> all;
    Json list = Json::array();
    for (const auto& file : files) {
        std::vector<Diagnostic> found;
        try {
            found = check_one(file, overrides, plugins);
        } catch (const InputError& error) {
            found = error.diagnostics();
        }
        console.show_warnings(found);
        list.push_back({{"file", file}, {"diagnostics", to_json(found)}});
        all.insert(all.end(), found.begin(), found.end());
    }
    const auto errors = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Diagnostic& d) { return d.severity == Severity::error; }));
    console.print(fmt::format("{} errors, {} warnings in {} files", errors, all.size() - errors, files.size()));
    console.print_json({{"errors", errors}, {"warnings", all.size() - errors}, {"files", list}});
    if (errors != 0) return ExitCode::input_invalid;
    return console.options.strict && !all.empty() ? ExitCode::degraded : ExitCode::done;
}

}  // namespace

void add_check(Program& program) {
    CLI::App& command = program.command("check", "Every error and warning of scenarios and input files, without running");
    auto files = std::make_shared<std::vector<std::string>>();
    auto plugins = std::make_shared<std::vector<std::string>>();
    auto overrides = std::make_shared<ScenarioOptions>();
    command.add_option("FILES", *files, "Scenario (.toml), city description (.toml) or a city's file")->required();
    command.add_option("--set", overrides->set, "key=value, as for run")->allow_extra_args(false)->take_all();
    command.add_option("--module", *plugins, "Plug-in to load")->allow_extra_args(false)->take_all();
    program.on(command, [&program, files, overrides, plugins] { return check(program.console(), *files, *overrides, *plugins); });
}

}  // namespace citytwin::cli
