// Commands that interfaces.md names and a later version brings: refused by name.
#include <memory>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"

namespace citytwin::cli {

void add_not_built(Program& program) {
    for (const char* name : {"serve"}) {
        CLI::App& command = program.command(name, "Not built in this version");
        command.fallthrough(false)->allow_extras();  // its words are not looked at
        command.group("");  // not listed
        program.on(command, [&program, name] {
            const std::string message = std::string("`citytwin ") + name + "` isn't built in this version";
            program.console().fail(message);
            program.console().print_json(failure_json(2, message, {}));
            return ExitCode::wrong_usage;
        });
    }
}

}  // namespace citytwin::cli
