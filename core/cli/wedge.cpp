// citytwin wedge PLAN.csv
#include <fmt/format.h>

#include <memory>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/study/wedge_study.hpp"

namespace citytwin::cli {

void add_wedge(Program& program) {
    CLI::App& command = program.command("wedge", "A rollout as a stepped wedge: power before it starts, its effect from outcomes");
    auto options = std::make_shared<WedgeOptions>();
    command.add_option("PLAN", options->file, "CSV: cluster, period, dose[, outcome]")->required();
    command.add_option("--effect", options->effect, "Effect for which the power is asked");
    command.add_option("--within", options->within, "Variance of a cluster's mean in one period")->check(CLI::PositiveNumber);
    command.add_option("--between", options->between, "Variance between clusters")->check(CLI::NonNegativeNumber);
    command.add_option("--seed", options->seed, "Of the permutations, where not all orders are tried");
    program.on(command, [&program, options] {
        const WedgeStudy study = wedge_study(*options);
        program.console().print(study.text());
        for (const auto& remark : study.remarks) program.console().remark(remark);
        if (program.console().json()) program.console().print_json(Json::parse(study.json()));
        return ExitCode::done;
    });
}

}  // namespace citytwin::cli
