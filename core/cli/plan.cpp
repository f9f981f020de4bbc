// citytwin plan SCENARIO.toml: what differs from the base, what is in it, and what a run will take.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>

#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/run/prepared_run.hpp"

namespace citytwin::cli {
namespace {

struct Estimate {
    std::uint64_t steps = 0;
    double memory_bytes = 0, wall_s = 0, probed_s = 0;
};

/// Runs the first steps for at most two seconds of wall time and extrapolates: the machine itself is the measure. The
/// first hours of a city are quieter than its day, so the time is a lower estimate.
Estimate estimate(PreparedRun& run) {
    using Clock = std::chrono::steady_clock;
    Engine& engine = *run.engine;
    Estimate estimate;
    engine.start();
    const auto begin = Clock::now();
    std::uint64_t steps = 0;
    double wall = 0;
    while (!engine.finished() && wall < 2.0) {
        engine.advance();
        ++steps;
        wall = std::chrono::duration<double>(Clock::now() - begin).count();
    }
    const double simulated = to_seconds(engine.now()), whole = to_seconds(run.scenario.duration());
    const double factor = simulated > 0 ? whole / simulated : 1;
    estimate.steps = static_cast<std::uint64_t>(static_cast<double>(steps) * factor + 0.5);
    estimate.wall_s = wall * factor;
    estimate.probed_s = simulated;
    estimate.memory_bytes = static_cast<double>(peak_memory_bytes());
    return estimate;
}

double results_bytes(const PreparedRun& run) {
    double bytes = 0;
    const double rows = to_seconds(run.scenario.duration()) / to_seconds(run.scenario.record.interval);
    for (const auto& field : run.engine->recorded_fields()) {
        if (const EntitySet* set = run.city->find(field.set)) bytes += 8.0 * rows * static_cast<double>(set->size());
    }
    return bytes;
}

std::string times_of(const Change& change, const Scenario& scenario) {
    const auto local = [&](Microseconds t) { return format_local(scenario.start + t, scenario.zone); };
    std::string text = change.when ? fmt::format("when {}.{} says so", change.when->set, change.when->field) : change.at == 0 ? std::string("from the start") : "from " + local(change.at);
    if (change.until) text += " to " + local(*change.until);
    return text;
}

/// What each change does to which entities, with the range of its attributes before and after.
Json changes_json(const PreparedRun& run) {
    Json list = Json::array();
    for (const Change& change : run.engine->overlay().changes()) {
        const EntitySet& set = run.city->at(change.set);
        Json one = {{"name", change.name}, {"when", times_of(change, run.scenario)}, {"entity_set", change.set}, {"entities", change.rows.size()}, {"of", set.size()}, {"first", Json::array()}, {"set", Json::array()}};
        for (std::size_t i = 0; i < std::min<std::size_t>(3, change.rows.size()); ++i) one["first"].push_back(set.id_of(change.rows[i]));
        for (const Assignment& assignment : change.assignments) {
            Json row = {{"attribute", assignment.attribute}};
            if (assignment.text) {
                row["after"] = *assignment.text;
            } else {
                const auto values = run.engine->overlay().values(change.set, assignment.attribute);
                double low = std::numeric_limits<double>::infinity(), high = -low, new_low = low, new_high = high;
                for (const Index entity : change.rows) {
                    low = std::min(low, values[entity]), high = std::max(high, values[entity]);
                    const double value = applied(values[entity], assignment);
                    new_low = std::min(new_low, value), new_high = std::max(new_high, value);
                }
                row["unit"] = run.engine->overlay().unit_of(change.set, assignment.attribute).value_or("");
                if (!change.rows.empty()) row["before"] = {low, high}, row["after"] = {new_low, new_high};
            }
            one["set"].push_back(std::move(row));
        }
        list.push_back(std::move(one));
    }
    return list;
}

std::string range_text(const Json& range) {
    if (range.is_string()) return range.get<std::string>();
    if (!range.is_array()) return "-";
    const double low = range[0], high = range[1];
    return low == high ? number_text(low) : number_text(low) + " to " + number_text(high);
}

std::string changes_table(const Json& changes) {
    std::vector<std::vector<std::string>> rows{{"change", "when", "entities", "attribute", "before", "after", "unit"}};
    for (const Json& change : changes) {
        const std::string entities = fmt::format("{} of {} {}", change["entities"].get<std::size_t>(), change["of"].get<std::size_t>(), change["entity_set"].get<std::string>());
        if (change["set"].empty()) rows.push_back({change["name"], change["when"], entities, "-", "-", "-", "-"});
        for (const Json& row : change["set"]) rows.push_back({change["name"], change["when"], entities, row["attribute"], range_text(row.value("before", Json())), range_text(row.value("after", Json())), row.value("unit", "")});
    }
    return table(rows);
}

ExitCode plan(const Console& console, const PreparationOptions& options) {
    PreparedRun run = prepare_scenario(options);
    prepare_engine(run, options);
    console.show_warnings(run.warnings);
    const Json changes = changes_json(run);
    const double results = results_bytes(run);
    const Estimate needs = estimate(run);
    const Scenario& scenario = run.scenario;
    console.print(fmt::format("{}: {} to {} ({}), seed {}", scenario.name, format_local(scenario.start, scenario.zone), format_local(scenario.end, scenario.zone),
                              scenario.zone, scenario.seed));
    std::string differences;
    for (const auto& difference : scenario.differences()) differences += "\n  " + difference;
    console.print(differences.empty() ? "differs from its base: it has none" : "differs from its base in:" + differences);
    if (!changes.empty()) console.print("\n" + changes_table(changes));
    std::vector<std::vector<std::string>> rows{{"entities", "count"}};
    Json entities = Json::object();
    for (const auto& set : run.city->sets()) {
        if (set.size() == 0) continue;
        rows.push_back({set.name(), std::to_string(set.size())});
        entities[set.name()] = set.size();
    }
    console.print("\n" + table(rows));
    console.print(fmt::format("steps: {} (base tick {} s); modules: {}", needs.steps, number_text(to_seconds(run.engine->tick())), fmt::join(run.engine->module_names(), ", ")));
    console.print(fmt::format("memory: about {}; results before compression: {}", memory_text(needs.memory_bytes), memory_text(results)));
    console.print(fmt::format("time: at least {:.0f} s on {} threads, from the first {} simulated seconds", needs.wall_s, run.arena->threads(), number_text(needs.probed_s)));
    console.print_json({{"name", scenario.name}, {"differences", scenario.differences()}, {"changes", changes}, {"entities", entities}, {"steps", needs.steps},
                        {"tick_s", to_seconds(run.engine->tick())}, {"modules", run.engine->module_names()}, {"memory_bytes", needs.memory_bytes},
                        {"results_bytes", results}, {"wall_s_at_least", needs.wall_s}, {"probed_s", needs.probed_s}, {"threads", run.arena->threads()},
                        {"warnings", to_json(run.warnings)}});
    return console.options.strict && !run.warnings.empty() ? ExitCode::degraded : ExitCode::done;
}

}  // namespace

void add_plan(Program& program) {
    CLI::App& command = program.command("plan", "What differs from the base, entities, steps, estimated memory and time");
    auto options = std::make_shared<PreparationOptions>();
    auto until = std::make_shared<std::string>();
    command.add_option("SCENARIO", options->scenario, "Scenario file (TOML)")->required();
    command.add_option("--threads", options->threads, "Threads; else all cores")->envname("CITYTWIN_THREADS")->check(CLI::Range(1, 1024));
    command.add_option("--until", *until, "End earlier, as for run");
    command.add_option("--set", options->overrides.set, "key=value, as for run")->allow_extra_args(false)->take_all();
    command.add_option("--module", options->plugins, "Plug-in to load")->allow_extra_args(false)->take_all();
    program.on(command, [&program, options, until] {
        if (!until->empty()) options->overrides.until = *until;
        return plan(program.console(), *options);
    });
}

}  // namespace citytwin::cli
