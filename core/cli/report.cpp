// citytwin report FOLDER -o report.html
#include <fmt/format.h>

#include <memory>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/study/report.hpp"

namespace citytwin::cli {

void add_report(Program& program) {
    CLI::App& command = program.command("report", "One offline HTML page of a run, an ensemble or a rollout");
    auto options = std::make_shared<ReportOptions>();
    auto output = std::make_shared<std::string>();
    command.add_option("RUN", options->run, "Folder of a run, an ensemble or a rollout")->required();
    command.add_option("-o,--output", *output, "HTML file; else report.html in the run folder");
    command.add_option("--base", options->base, "Folder to compare with: a run, or an ensemble (paired by seed)");
    command.add_option("--city", options->city, "City file; else the one the run names");
    program.on(command, [&program, options, output] {
        const std::string path = output->empty() ? options->run + "/report.html" : *output;
        const std::size_t bytes = write_report(*options, path);
        program.console().print(fmt::format("report: {} ({})", path, memory_text(static_cast<double>(bytes))));
        program.console().print_json({{"report", path}, {"bytes", bytes}});
        return ExitCode::done;
    });
}

}  // namespace citytwin::cli
