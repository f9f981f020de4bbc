// citytwin modules [NAME]
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "core/base/text.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/module/loader.hpp"
#include "core/run/module_description.hpp"

namespace citytwin::cli {
namespace {

const char* word_of(AccessKind kind) {
    switch (kind) {
        case AccessKind::reads: return "reads";
        case AccessKind::reads_previous: return "reads previous";
        case AccessKind::writes: return "writes";
        default: return "accumulates";
    }
}

Json json_of(const ModuleDescription& module) {
    Json fields = Json::array(), parameters = Json::array(), attributes = Json::array();
    for (const auto& access : module.accesses) {
        Json field = {{"access", word_of(access.kind)}, {"set", access.set}, {"field", access.field}, {"unit", access.unit}};
        if (!access.mapping.empty()) field["through"] = access.mapping;
        if (access.otherwise) field["otherwise"] = *access.otherwise;
        if (!access.long_name.empty()) field["description"] = access.long_name;
        fields.push_back(std::move(field));
    }
    for (const auto& parameter : module.parameters) {
        Json row = {{"name", parameter.name}, {"kind", parameter.kind}, {"unit", parameter.unit}, {"default", parameter.default_text}, {"description", parameter.sentence}};
        if (std::isfinite(parameter.lowest)) row["minimum"] = parameter.lowest;
        if (std::isfinite(parameter.highest)) row["maximum"] = parameter.highest;
        parameters.push_back(std::move(row));
    }
    for (const auto& [set, attribute] : module.attributes) attributes.push_back({{"set", set}, {"name", attribute.first}, {"unit", attribute.second}});
    Json json = {{"name", module.name}, {"version", module.version}, {"period_s", to_seconds(module.period)}, {"fields", fields}, {"parameters", parameters},
                 {"attributes", attributes}, {"sends", module.sends}, {"receives", module.receives}, {"takes_observations", module.nudged}};
    if (!module.incomplete.empty()) json["incomplete"] = module.incomplete;
    return json;
}

std::string range_of(const ParameterInfo& parameter) {
    const bool low = std::isfinite(parameter.lowest), high = std::isfinite(parameter.highest);
    if (low && high) return fmt::format("{} … {}", number_text(parameter.lowest), number_text(parameter.highest));
    if (low) return fmt::format("≥ {}", number_text(parameter.lowest));
    return high ? fmt::format("≤ {}", number_text(parameter.highest)) : "";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

void show_one(const Console& console, const ModuleDescription& module) {
    console.print(fmt::format("{} {}, steps each {} s\n", module.name, module.version, number_text(to_seconds(module.period))));
    std::vector<std::vector<std::string>> rows{{"parameter", "default", "unit", "range", "what it is"}};
    for (const auto& parameter : module.parameters) rows.push_back({parameter.name, parameter.default_text, parameter.unit, range_of(parameter), parameter.sentence});
    if (rows.size() > 1) console.print(table(rows));
    rows = {{"access", "field", "unit", "what it is"}};
    for (const auto& access : module.accesses) {
        rows.push_back({word_of(access.kind), access.name() + (access.mapping.empty() ? "" : " through " + access.mapping), access.unit, access.long_name});
    }
    if (rows.size() > 1) console.print(table(rows));
    rows = {{"attribute that changes may set", "unit"}};
    for (const auto& [set, attribute] : module.attributes) rows.push_back({set + "." + attribute.first, attribute.second.empty() ? "text" : attribute.second});
    if (rows.size() > 1) console.print(table(rows));
    if (!module.sends.empty()) console.print("sends: " + joined(module.sends));
    if (!module.nudged.empty()) console.print("takes corrections by measurements of: " + joined(module.nudged));
    if (!module.receives.empty()) console.print("receives: " + joined(module.receives));
    if (!module.incomplete.empty()) console.remark("not everything could be shown without its inputs: " + module.incomplete);
}

ExitCode show_all(const Console& console, Arena& arena) {
    std::vector<std::vector<std::string>> rows{{"module", "version", "period [s]", "writes", "parameters"}};
    Json list = Json::array();
    for (const auto& module : describe_modules(all_modules(), arena)) {
        std::vector<std::string> written;
        for (const auto& access : module.accesses) {
            if (access.kind == AccessKind::writes || access.kind == AccessKind::accumulates) written.push_back(access.name());
        }
        rows.push_back({module.name, module.version, number_text(to_seconds(module.period)), joined(written), std::to_string(module.parameters.size())});
        list.push_back(json_of(module));
    }
    console.print(table(rows));
    console.print_json({{"modules", list}});
    return ExitCode::done;
}

ExitCode modules(const Console& console, const std::string& name, const std::vector<std::string>& plugins) {
    for (const auto& plugin : plugins) load_plugin(plugin);
    load_plugins_from_environment();
    Arena arena(1, 1024);
    if (name.empty()) return show_all(console, arena);
    const ModuleFactory* factory = Registry::process().module(name);
    if (factory == nullptr) {
        const std::string message = fmt::format("no module '{}'; {}", name, suggestion(name, Registry::process().module_names()));
        console.fail(message);
        console.print_json(failure_json(2, message, {}));
        return ExitCode::wrong_usage;
    }
    const auto descriptions = describe_modules({factory}, arena);
    show_one(console, descriptions.front());
    console.print_json(json_of(descriptions.front()));
    return ExitCode::done;
}

}  // namespace

void add_modules(Program& program) {
    CLI::App& command = program.command("modules", "Fields, units and parameters of the modules");
    auto name = std::make_shared<std::string>();
    auto plugins = std::make_shared<std::vector<std::string>>();
    command.add_option("NAME", *name, "One module; none lists all");
    command.add_option("--module", *plugins, "Plug-in to load")->allow_extra_args(false)->take_all();
    program.on(command, [&program, name, plugins] { return modules(program.console(), *name, *plugins); });
}

}  // namespace citytwin::cli
