// citytwin rollout SCENARIO.toml --seeds N -o DIR
#include <fmt/format.h>

#include <memory>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/study/report.hpp"
#include "core/study/rollout.hpp"

namespace citytwin::cli {
namespace {

Json json_of(const Rollout& rollout) {
    Json phases = Json::array(), looks = Json::array();
    for (const auto& phase : rollout.phases) phases.push_back({{"phase", phase.phase}, {"state", name_of(phase.state)}});
    for (const auto& look : rollout.looks) looks.push_back({{"phase", look.phase}, {"at", format_utc(look.at)}, {"decision", name_of(look.decision)}, {"reason", look.reason}});
    return {{"folder", rollout.folder}, {"registration_sha256", rollout.registration_sha256}, {"finished", rollout.finished}, {"phases", phases}, {"looks", looks}};
}

}  // namespace

void add_rollout(Program& program) {
    CLI::App& command = program.command("rollout", "Phases decided by their gates over all seeds");
    auto options = std::make_shared<RolloutOptions>();
    auto until = std::make_shared<std::string>();
    command.add_option("SCENARIO", options->scenario, "Scenario file with [[phase]] tables")->required();
    command.add_option("--seeds", options->seeds, "Seeds, beginning with the scenario's")->check(CLI::Range(1, 100'000));
    command.add_option("-o,--output", options->output, "Folder; else runs/NAME-rollout. Started again in the same folder it goes on");
    command.add_option("--workers", options->workers, "Members that run side by side")->check(CLI::Range(1, 1024));
    command.add_option("--threads", options->threads, "Threads of each member")->check(CLI::Range(1, 1024));
    command.add_option("--set", options->overrides.set, "key=value on top of the scenario")->allow_extra_args(false)->take_all();
    command.add_option("--until", *until, "End earlier: a time, or a duration such as \"6 h\"");
    command.add_option("--module", options->plugins, "Plug-in to load")->allow_extra_args(false)->take_all();
    program.on(command, [&program, options, until] {
        if (!until->empty()) options->overrides.until = *until;
        options->told = [&program](const std::string& sentence) { program.console().remark(sentence); };
        const Rollout rollout = run_rollout(*options);
        std::vector<std::vector<std::string>> rows{{"phase", "state", "last decision"}};
        for (const auto& phase : rollout.phases) {
            std::string last;
            for (const auto& look : rollout.looks) {
                if (look.phase == phase.phase) last = std::string(name_of(look.decision)) + ": " + look.reason;
            }
            rows.push_back({phase.phase, name_of(phase.state), last});
        }
        program.console().print(table(rows));
        program.console().print(fmt::format("rollout: {}{}", rollout.folder, rollout.finished ? "" : " (stopped; start it again to go on)"));
        if (rollout.finished) {
            write_report({.run = rollout.folder}, rollout.folder + "/report.html");
            program.console().print(fmt::format("report:  {}/report.html", rollout.folder));
        }
        program.console().print_json(json_of(rollout));
        return rollout.finished ? ExitCode::done : ExitCode::interrupted;
    });
}

}  // namespace citytwin::cli
