// citytwin recover RUN
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/output/results_writer.hpp"
#include "core/output/run_folder.hpp"

namespace citytwin::cli {
namespace {

ExitCode recover(const Console& console, const std::string& folder) {
    if (!std::filesystem::is_directory(folder)) {
        citytwin::fail("CT-CLI-001", {folder}, "no such run folder", "name the folder that `citytwin run` wrote");
    }
    const ResultsPosition position = ResultsWriter::recover(folder);
    Json rows = Json::object();
    std::string text = fmt::format("{}/results.h5 holds everything up to the last commit", folder);
    for (const auto& [set, count] : position.rows) {
        rows[set] = count;
        text += fmt::format("\n  {}: {} rows", set, count);
    }
    console.print(text);
    console.print_json({{"folder", folder}, {"results", folder + "/results.h5"}, {"rows", rows}});
    return ExitCode::done;
}

}  // namespace

void add_recover(Program& program) {
    CLI::App& command = program.command("recover", "Results of a killed run up to its last commit");
    auto folder = std::make_shared<std::string>();
    command.add_option("RUN", *folder, "Run folder")->required();
    program.on(command, [&program, folder] { return recover(program.console(), *folder); });
}

}  // namespace citytwin::cli
