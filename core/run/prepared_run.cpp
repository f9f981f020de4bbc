#include "core/run/prepared_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include "core/base/text.hpp"
#include "core/city/city_file.hpp"
#include "core/module/loader.hpp"
#include "core/output/run_folder.hpp"
#include "core/run/city_source.hpp"
#include "core/scenario/added_entities.hpp"
#include "core/scenario/bind_changes.hpp"

namespace citytwin {
namespace {

class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

private:
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

void find_modules(PreparedRun& run) {
    DiagnosticList errors;
    for (const auto& table : run.scenario.modules) {
        const ModuleFactory* factory = Registry::process().module(table.name);
        if (factory == nullptr) {
            errors.error("CT-RUN-010", table.place, "unknown module '" + table.name + "'",
                         suggestion(table.name, Registry::process().module_names()) + "; a plug-in is loaded with --module FILE.so");
            continue;
        }
        run.factories.push_back(factory);
        run.parameters.push_back(std::make_unique<ModuleParameters>(run.scenario.parameters(table.name)));
        run.modules.push_back({factory->name, factory->version, ""});
    }
    if (run.scenario.modules.empty()) {
        errors.error("CT-RUN-011", {run.scenario.file}, "the scenario names no module: nothing would be simulated",
                     "add a table such as [modules.traffic]; " + suggestion("", Registry::process().module_names()));
    }
    errors.throw_if_errors();
}

void add_entities_to(PreparedRun& run, City& city, bool grown_already) {
    const bool any = std::any_of(run.scenario.changes.begin(), run.scenario.changes.end(), [](const ChangeDescription& change) { return change.add.has_value(); });
    if (!any) return;
    if (!grown_already) run.city_before_additions = std::make_shared<City>(city);
    std::set<std::string> open;
    for (const ModuleFactory* factory : run.factories) open.insert(factory->grows.begin(), factory->grows.end());
    add_entities(run.scenario, city, open, grown_already, *run.arena);
}

void read_city_of(PreparedRun& run, const PreparationOptions& options, DiagnosticList& diagnostics) {
    if (!options.cached_city.empty()) {
        auto city = std::make_shared<City>(read_city(options.cached_city));
        for (auto& set : city->sets()) set.build_id_index();
        add_entities_to(run, *city, true);
        run.city = std::move(city);
        return;
    }
    Stopwatch reading;
    auto city = std::make_shared<City>(read_described_city(run.description, *run.arena, diagnostics));
    run.timings_s.emplace_back("read city", reading.seconds());
    Stopwatch building;
    city->add_set("city", 1);   // one row: whole-city values
    for (const std::size_t m : build_order(run.factories)) {
        if (!run.factories[m]->build) continue;
        CityBuilder builder{*city, *run.parameters[m], *run.arena, run.scenario.seed, diagnostics};
        run.factories[m]->build(builder);
    }
    for (auto& set : city->sets()) set.build_id_index();
    add_entities_to(run, *city, false);
    for (const auto& diagnostic : diagnostics.all()) {
        if (diagnostic.severity != Severity::error) city->warnings.push_back(diagnostic);
    }
    run.timings_s.emplace_back("build city", building.seconds());
    run.city = std::move(city);
}

void list_inputs(PreparedRun& run) {
    std::set<std::string> seen;
    auto add = [&](const std::string& file, const std::string& role) {
        if (file.empty() || !std::filesystem::is_regular_file(file) || !seen.insert(file).second) return;
        run.inputs.push_back(RunFolder::describe(file, role));
    };
    for (const auto& file : run.scenario.files) add(file, "scenario");
    for (const auto& file : files_of(run.description)) add(file, "city");
    for (const auto& parameters : run.parameters) {
        for (const auto& file : parameters->files()) add(file, "module " + parameters->module());
    }
    for (const auto& change : run.scenario.changes) {
        if (change.add) add(change.add->file, "change " + change.name);
        for (const auto& selection : change.where) add(selection.within, "change " + change.name);
    }
    if (run.replay == nullptr) return;
    for (const auto& file : run.replay->files()) add(file, "observations");
}

}  // namespace

std::string PreparedRun::resolved_toml() const {
    std::vector<const ModuleParameters*> used;
    for (const auto& one : parameters) used.push_back(one.get());
    return scenario.resolved_toml(used);
}

PreparedRun prepare_scenario(const PreparationOptions& options) {
    PreparedRun run;
    for (const auto& plugin : options.plugins) load_plugin(plugin);
    load_plugins_from_environment();
    run.scenario = Scenario::load(options.scenario, options.overrides);
    run.warnings = run.scenario.warnings;
    find_modules(run);
    run.description = CityDescription::load(run.scenario.city);
    run.arena = std::make_unique<Arena>(options.threads, options.grain);
    return run;
}

void prepare_engine(PreparedRun& run, const PreparationOptions& options) {
    DiagnosticList diagnostics;
    read_city_of(run, options, diagnostics);
    diagnostics.throw_if_errors();
    Stopwatch binding;
    EngineSettings settings;
    settings.calendar = run.scenario.calendar();
    settings.end = run.scenario.duration();
    settings.tick = run.scenario.tick.value_or(0);
    settings.seed = run.scenario.seed;
    settings.recorded_fields = run.scenario.record.fields;
    settings.recorded_streams = run.scenario.record.streams;
    settings.record_interval = run.scenario.record.interval;
    const RecordDescription& record = run.scenario.record;
    for (std::size_t i = 0; i < record.field_places.size(); ++i) settings.record_places[record.fields[i]] = record.field_places[i];
    for (std::size_t i = 0; i < record.stream_places.size(); ++i) settings.record_places[record.streams[i]] = record.stream_places[i];
    settings.changes = [&run](const DeclaredNames& names) {
        ChangeServices services;
        services.attributes = names.attributes;
        services.field_unit = names.field_unit;
        if (const AreaSelector* selector = Registry::process().area_selector()) {
            services.within = [&run, selector](const City& city, const EntitySet& set, const std::string& file) { return selector->rows_within(city, set, file, *run.arena); };
        }
        return bind_changes(run.scenario, *run.city, services, run.warnings);
    };
    if (!run.scenario.observations.empty()) {
        run.replay = std::make_unique<Replay>(run.scenario.observations, settings.calendar, settings.end);
        settings.replay = run.replay.get();
    }
    std::vector<EngineModule> modules;
    for (std::size_t m = 0; m < run.factories.size(); ++m) modules.push_back({run.factories[m], run.parameters[m].get()});
    if (options.reverse_modules) std::reverse(modules.begin(), modules.end());
    run.engine = std::make_unique<Engine>(run.city, std::move(settings), modules, *run.arena);
    if (options.cached_city.empty()) {   // else build() didn't ask for its parameters, and the first start has refused unknown ones
        DiagnosticList unknown;
        for (const auto& parameters : run.parameters) parameters->report_unknown(unknown);
        unknown.throw_if_errors();
    }
    run.timings_s.emplace_back("set up engine", binding.seconds());
    run.warnings.insert(run.warnings.end(), run.city->warnings.begin(), run.city->warnings.end());
    if (run.replay != nullptr) {
        const auto warnings = run.replay->warnings();
        run.warnings.insert(run.warnings.end(), warnings.begin(), warnings.end());
    }
    list_inputs(run);
}

}  // namespace citytwin
