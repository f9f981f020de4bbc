// citytwin costs COSTS.toml BASE RUN
#include <fmt/format.h>

#include <memory>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/study/cost_study.hpp"

namespace citytwin::cli {

void add_costs(Program& program) {
    struct Words {
        std::string file, base, run, table;
    };
    CLI::App& command = program.command("costs", "Cost and benefit over years, from the key figures of a base and a plan");
    auto words = std::make_shared<Words>();
    command.add_option("COSTS", words->file, "Investments, running costs, unit values (TOML)")->required();
    command.add_option("BASE", words->base, "The base's folder: a run or an ensemble")->required();
    command.add_option("RUN", words->run, "The plan's folder")->required();
    command.add_option("--table", words->table, "The cash flow as CSV, a row a year");
    program.on(command, [&program, words] {
        const CostStudy study = cost_study(words->file, words->base, words->run);
        program.console().print(study.table());
        for (const auto& remark : study.remarks) program.console().remark(remark);
        if (!words->table.empty()) {
            study.write_csv(words->table);
            program.console().print(fmt::format("table: {}", words->table));
        }
        if (program.console().json()) program.console().print_json(Json::parse(study.json()));
        return ExitCode::done;
    });
}

}  // namespace citytwin::cli
