// citytwin compare BASE RUN…
#include <fmt/format.h>

#include <memory>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/study/compare.hpp"
#include "core/study/report.hpp"

namespace citytwin::cli {

void add_compare(Program& program) {
    CLI::App& command = program.command("compare", "KPIs of runs beside those of a base");
    auto folders = std::make_shared<std::vector<std::string>>();
    auto output = std::make_shared<std::string>();
    command.add_option("RUNS", *folders, "The base's run folder, then the others'")->required()->expected(2, 1000);
    command.add_option("-o,--output", *output, "An HTML report of the first run against the base");
    program.on(command, [&program, folders, output] {
        const Console& console = program.console();
        const Comparison comparison = compare_runs(*folders);
        console.print(comparison.table());
        for (const auto& remark : comparison.remarks) console.remark(remark);
        if (console.json()) console.print_json(Json::parse(comparison.json()));
        if (!output->empty()) {
            write_report({(*folders)[1], (*folders)[0], ""}, *output);
            console.print(fmt::format("report: {}", *output));
        }
        return ExitCode::done;
    });
}

}  // namespace citytwin::cli
