#pragma once
// Everything up to step 0: scenario, city with its modules' sets, parameters, engine. Used by `run`, `check` and `plan`.
#include <memory>
#include <string>
#include <vector>

#include "core/output/run_record.hpp"
#include "core/run/engine.hpp"
#include "core/scenario/city_description.hpp"
#include "core/scenario/scenario.hpp"

namespace citytwin {

struct PreparedRun {
    Scenario scenario;
    CityDescription description;
    std::unique_ptr<Arena> arena;
    std::vector<std::unique_ptr<ModuleParameters>> parameters;   ///< in the order of scenario.modules
    std::vector<const ModuleFactory*> factories;
    std::shared_ptr<const City> city;
    std::shared_ptr<const City> city_before_additions;   ///< null where no change adds entities, and after a resume
    std::unique_ptr<Replay> replay;                              ///< null without [[observations]]
    std::unique_ptr<Engine> engine;
    std::vector<InputFile> inputs;
    std::vector<ModuleVersion> modules;
    std::vector<Diagnostic> warnings;
    std::vector<std::pair<std::string, double>> timings_s;

    [[nodiscard]] std::string resolved_toml() const;
};

struct PreparationOptions {
    std::string scenario;
    ScenarioOptions overrides;
    int threads = 0;
    std::size_t grain = 1024;
    std::vector<std::string> plugins;
    bool reverse_modules = false;
    std::string cached_city;   ///< a resumed run's own city file; empty = read the sources
};

/// Scenario and module tables only; fast. Throws InputError.
PreparedRun prepare_scenario(const PreparationOptions& options);
/// Reads the city, lets the modules build, makes the engine. Throws InputError.
void prepare_engine(PreparedRun& run, const PreparationOptions& options);

}  // namespace citytwin
