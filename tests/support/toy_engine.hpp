#pragma once
// A small city and an easy way to run modules written inside a test.
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/module/registry.hpp"
#include "core/run/engine.hpp"

namespace citytwin::testing {

/// Sets "cell" (n rows, attribute height), "group" (3 rows) and the mapping cell.group.
inline std::shared_ptr<const City> toy_city(std::size_t cells = 4) {
    auto city = std::make_shared<City>();
    EntitySet& cell = city->add_set("cell", cells);
    EntitySet& group = city->add_set("group", 3);
    std::vector<double> height;
    std::vector<std::uint32_t> of_group;
    for (std::size_t i = 0; i < cells; ++i) {
        cell.ids.push_back("c" + std::to_string(i));
        height.push_back(static_cast<double>(i));
        of_group.push_back(i % 4 == 3 ? no_index : static_cast<std::uint32_t>(i % 3));
    }
    for (int g = 0; g < 3; ++g) group.ids.push_back("g" + std::to_string(g));
    cell.add("height", "m", height);
    cell.add("group", "1", of_group, "group");
    cell.build_id_index();
    group.build_id_index();
    return city;
}

template <class M>
ModuleFactory toy(std::string name) {
    return module_factory<M>(std::move(name), "0");
}

/// An engine over toy modules; parameters are defaults unless given.
struct ToyRun {
    std::vector<ModuleFactory> factories;
    std::shared_ptr<const City> city = toy_city();
    EngineSettings settings;
    int threads = 1;
    std::size_t grain = 1024;
    std::map<std::string, std::map<std::string, std::string, std::less<>>> values;

    ToyRun() { settings.end = minute; }
    Engine& make() {
        arena = std::make_unique<Arena>(threads, grain);
        parameters.clear();
        std::vector<EngineModule> modules;
        for (const auto& factory : factories) {
            parameters.push_back(std::make_unique<MapParameters>(values[factory.name]));
            modules.push_back({&factory, parameters.back().get()});
        }
        engine = std::make_unique<Engine>(city, settings, modules, *arena);
        return *engine;
    }
    Engine& run_to_end() {
        make().start();
        while (!engine->finished()) engine->advance();
        return *engine;
    }
    [[nodiscard]] const Ledger& ledger(const std::string& quantity) const {
        for (const Ledger* found : engine->books().ledgers()) {
            if (found->quantity == quantity) return *found;
        }
        throw std::logic_error("no ledger " + quantity);
    }
    [[nodiscard]] const Kpi& kpi(const std::string& id) const {
        for (const Kpi* found : engine->books().kpis()) {
            if (found->id == id) return *found;
        }
        throw std::logic_error("no KPI " + id);
    }

    std::vector<std::unique_ptr<MapParameters>> parameters;
    std::unique_ptr<Arena> arena;
    std::unique_ptr<Engine> engine;
};

}  // namespace citytwin::testing
