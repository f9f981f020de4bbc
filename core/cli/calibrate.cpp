// citytwin calibrate SCENARIO.toml
#include <fmt/format.h>

#include <memory>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/study/calibrate.hpp"

namespace citytwin::cli {

void add_calibrate(Program& program) {
    CLI::App& command = program.command("calibrate", "Matches the demand of districts to the counts of [[observations]] with use = \"assimilate\"");
    auto options = std::make_shared<CalibrationOptions>();
    command.add_option("SCENARIO", options->scenario, "Scenario file")->required();
    command.add_option("-o,--output", options->output, "Folder; else runs/NAME-calibration");
    command.add_option("--iterations", options->iterations, "Runs at most, the first as planned")->check(CLI::Range(1, 100));
    auto* withhold = command.add_option("--withhold", options->withhold, "Share of the sensors that are scored only")->check(CLI::Range(0.0, 0.9));
    command.add_option("--threads", options->threads, "Threads; else all cores");
    command.add_option("--seed", options->overrides.seed, "Seed");
    command.add_option("--set", options->overrides.set, "key=value on top of the scenario");
    program.on(command, [&program, options, withhold] {
        options->withhold_given = withhold->count() != 0;
        options->told = [&program](std::size_t run, const CalibrationStep& step) {
            program.console().print(fmt::format("run {}: RMSE {:.4g} on {} sensors used, {:.4g} on {} withheld; GEH < 5 in {:.1f} % and {:.1f} % of the hours", run, step.used.rmse, step.used.sensors,
                                                step.withheld.rmse, step.withheld.sensors, 100 * step.used.share_geh_below_5, 100 * step.withheld.share_geh_below_5));
        };
        const Calibration found = calibrate(*options);
        Json runs = Json::array();
        for (const auto& step : found.steps) runs.push_back({{"folder", step.folder}, {"used_rmse", step.used.rmse}, {"withheld_rmse", step.withheld.rmse}, {"used_share_geh_below_5", step.used.share_geh_below_5}, {"withheld_share_geh_below_5", step.withheld.share_geh_below_5}});
        program.console().print(fmt::format("best: run {}; the scenario with its factors: {}/calibrated.toml", found.best, found.folder));
        program.console().print_json({{"folder", found.folder}, {"best", found.best}, {"runs", runs}});
        return ExitCode::done;
    });
}

}  // namespace citytwin::cli
