// citytwin schema scenario|city|sweep
#include <cstdio>
#include <memory>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/distributed/sweep_file.hpp"
#include "core/module/loader.hpp"
#include "core/run/module_description.hpp"
#include "core/scenario/schema.hpp"

namespace citytwin::cli {
namespace {

std::vector<ModuleSchema> module_schemas() {
    load_plugins_from_environment();
    Arena arena(1, 1024);
    std::vector<ModuleSchema> schemas;
    for (const auto& module : describe_modules(all_modules(), arena)) {
        ModuleSchema schema{module.name, "Version " + module.version, {}};
        for (const auto& p : module.parameters) schema.parameters.push_back({p.name, p.kind, p.unit, p.default_text, p.sentence});
        schemas.push_back(std::move(schema));
    }
    return schemas;
}

}  // namespace

void add_schema(Program& program) {
    CLI::App& command = program.command("schema", "JSON Schema 2020-12 of a file, for editors");
    auto kind = std::make_shared<std::string>("scenario");
    command.add_option("KIND", *kind, "scenario, city or sweep")->check(CLI::IsMember({"scenario", "city", "sweep"}));
    program.on(command, [&program, kind] {
        const std::string schema = *kind == "city" ? city_schema() : *kind == "sweep" ? sweep_schema() : scenario_schema(module_schemas());
        std::fputs(schema.c_str(), stdout);  // JSON with and without --json
        return ExitCode::done;
    });
}

}  // namespace citytwin::cli
