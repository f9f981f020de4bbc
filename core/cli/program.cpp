#include "core/cli/program.hpp"

#include <fmt/format.h>

#include <new>

#include "core/base/text.hpp"
#include "core/run/build_info.hpp"

namespace citytwin::cli {

Program::Program() : app_("citytwin: one city, its traffic and its utilities, simulated together", "citytwin") {
    app_.fallthrough();
    app_.require_subcommand(0, 1);
    app_.set_help_all_flag("--help-all", "Help for all commands");
    app_.add_flag("-q,--quiet", console_.options.quiet, "Errors only");
    app_.add_flag("-v,--verbose", console_.options.verbose, "More detail");
    app_.add_flag("--json", console_.options.json, "One JSON object on stdout, everything else on stderr");
    app_.add_flag("--strict", console_.options.strict, "Warnings and degraded results end with exit code 4");
    app_.add_option("--progress", console_.options.progress, "auto, plain or none")->check(CLI::IsMember({"auto", "plain", "none"}));
    app_.add_option("--color", console_.options.color, "auto, always or never")->check(CLI::IsMember({"auto", "always", "never"}));
    app_.add_flag("--version", version_, "Version and build");
    app_.footer("Exit codes: 0 done, 1 the run failed, 2 wrong use, 3 input invalid, 4 warnings with --strict, 5 comparison refused,\n"
                "6 out of disk, memory or time, 130 interrupted. `citytwin explain CODE` tells more about an error.");
}

CLI::App& Program::command(const std::string& name, const std::string& description, CLI::App* parent) {
    return *(parent != nullptr ? parent : &app_)->add_subcommand(name, description);
}

void Program::on(CLI::App& command, std::function<ExitCode()> action) {
    command.callback([this, action = std::move(action)] { action_ = action; });
}

int Program::main(int argc, char** argv) {
    const int parsed = parse(argc, argv);
    return parsed >= 0 ? parsed : execute();
}

// -1 = go on
int Program::parse(int argc, char** argv) {
    try {
        app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app_.exit(error);  // --help
        std::string message = error.what();
        if (argc > 1 && argv[1][0] != '-' && app_.get_subcommands().empty()) {
            std::vector<std::string> names;
            for (const auto* command : app_.get_subcommands([](const CLI::App*) { return true; })) names.push_back(command->get_name());
            message = fmt::format("unknown command '{}'; {}", argv[1], suggestion(argv[1], names));
        }
        console_.fail(message);
        console_.remark("`citytwin --help` lists the commands, `citytwin COMMAND --help` their options");
        if (console_.json()) console_.print_json(failure_json(static_cast<int>(ExitCode::wrong_usage), message, {}));
        return static_cast<int>(ExitCode::wrong_usage);
    }
    if (version_) {
        show_version();
        return 0;
    }
    if (!action_) {
        console_.remark(app_.help());
        return static_cast<int>(ExitCode::wrong_usage);
    }
    return -1;
}

int Program::execute() {
    try {
        return static_cast<int>(action_());
    } catch (const InputError& error) {
        console_.show(error.diagnostics());
        return failed(ExitCode::input_invalid, "the input is invalid", error.diagnostics());
    } catch (const RunError& error) {
        console_.fail(error.what());
        return failed(error.exit_code(), error.what(), {});
    } catch (const std::bad_alloc&) {
        console_.fail("out of memory; `citytwin plan` says how much a scenario needs");
        return failed(ExitCode::out_of_resources, "out of memory", {});
    } catch (const std::exception& error) {
        console_.fail(error.what());
        return failed(ExitCode::run_failed, error.what(), {});
    }
}

int Program::failed(ExitCode exit, const std::string& message, const std::vector<Diagnostic>& diagnostics) const {
    console_.print_json(failure_json(static_cast<int>(exit), message, diagnostics));
    return static_cast<int>(exit);
}

void Program::show_version() const {
    const BuildInfo& build = build_info();
    console_.print(fmt::format("citytwin {} ({}, {}, {})", build.version, build.build_type, build.compiler, build.instruction_set));
    console_.print_json({{"version", build.version}, {"build_type", build.build_type}, {"compiler", build.compiler}, {"flags", build.flags},
                         {"interface", build.interface}, {"instruction_set", build.instruction_set}, {"build_hash", build.hash}});
}

}  // namespace citytwin::cli
