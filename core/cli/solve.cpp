// citytwin solve FILE -o DIR: one domain file alone, as its own program would run it.
#include <fmt/format.h>

#include <filesystem>
#include <algorithm>
#include <memory>

#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/module/loader.hpp"
#include "core/module/registry.hpp"

namespace citytwin::cli {
namespace {

struct SolveWords {
    std::string file, output;
    int threads = 0;
    std::vector<std::string> options, modules;
};

const Solver& solver_of(const std::string& file) {
    if (!std::filesystem::exists(file)) citytwin::fail("CT-CLI-002", {file}, "no such file", "check the path");
    if (const Solver* solver = Registry::process().solver_for(file)) return *solver;
    std::string known;
    for (const auto& extension : Registry::process().solver_extensions()) known += (known.empty() ? "" : ", ") + extension;
    citytwin::fail("CT-CLI-003", {file}, "nothing solves a file of this kind", known.empty() ? "this program has no solvers" : "files that can be solved: " + known);
}

std::map<std::string, std::string> options_of(const SolveWords& words, const Solver& solver) {
    std::vector<std::string> known;
    for (const auto& option : solver.options) known.push_back(option.name);
    std::map<std::string, std::string> options;
    for (const auto& word : words.options) {
        const auto equals = word.find('=');
        const std::string key(trimmed(std::string_view(word).substr(0, equals)));
        if (equals == std::string::npos) citytwin::fail("CT-CLI-004", {}, fmt::format("--option {} has no '='", word), "write --option key=value");
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            citytwin::fail("CT-CLI-004", {}, fmt::format("{} has no option '{}'; {}", solver.name, key, suggestion(key, known)));
        }
        options[key] = std::string(trimmed(std::string_view(word).substr(equals + 1)));
    }
    return options;
}

ExitCode solve(const Console& console, const SolveWords& words) {
    for (const auto& plugin : words.modules) load_plugin(plugin);
    load_plugins_from_environment();
    const Solver& solver = solver_of(words.file);
    const auto options = options_of(words, solver);
    Arena arena(words.threads, 1024);
    DiagnosticList diagnostics;
    make_folder(words.output);
    solver.solve(words.file, words.output, options, arena, diagnostics);
    diagnostics.throw_if_errors();
    console.show_warnings(diagnostics.all());
    const std::string summary_file = words.output + "/summary.json";
    Json summary = std::filesystem::exists(summary_file) ? Json::parse(read_file(summary_file), nullptr, false) : Json::object();
    console.print(fmt::format("{}: {}", solver.name, words.output));
    for (const auto& [key, value] : summary.items()) {
        if (value.is_primitive()) console.print(fmt::format("  {}: {}", key, value.is_string() ? value.get<std::string>() : value.dump()));
    }
    summary["folder"] = words.output;
    console.print_json(summary);
    return console.options.strict && !diagnostics.all().empty() ? ExitCode::degraded : ExitCode::done;
}

}  // namespace

void add_solve(Program& program) {
    CLI::App& command = program.command("solve", "One domain file alone (.sumocfg, .m, a SimBench folder), as its own program would run it");
    auto words = std::make_shared<SolveWords>();
    command.add_option("FILE", words->file, "The file")->required();
    command.add_option("-o,--output", words->output, "Folder for the CSV files and summary.json")->required();
    command.add_option("--threads", words->threads, "Threads; else all cores")->envname("CITYTWIN_THREADS")->check(CLI::Range(1, 1024));
    command.add_option("--option", words->options, "key=value, e.g. model=queue")->allow_extra_args(false)->take_all();
    command.add_option("--module", words->modules, "Plug-in to load")->allow_extra_args(false)->take_all();
    program.on(command, [&program, words] { return solve(program.console(), *words); });
}

}  // namespace citytwin::cli
