#pragma once
// A small generated town with streets, buildings and (if wanted) people, and an engine over the emission module and others.
#include "geodata/generate/city_generator.hpp"
#include "support/toy_engine.hpp"

namespace citytwin::testing {

using Values = std::map<std::string, std::string, std::less<>>;

inline std::shared_ptr<City> streets(const Values& values = {}, const std::vector<std::string>& with = {}) {
    Arena arena(2);
    geodata::CityGeneratorOptions options;
    options.population = 1'500;
    auto city = std::make_shared<City>(geodata::generate_city(options, arena));
    MapParameters parameters(values);
    DiagnosticList diagnostics;
    CityBuilder builder{*city, parameters, arena, 5, diagnostics};
    for (const std::string& module : with) {
        if (const auto& build = Registry::process().module(module)->build; build) build(builder);
    }
    Registry::process().module("emissions")->build(builder);
    for (auto& set : city->sets()) set.build_id_index();
    return city;
}

struct EmissionRun : ToyRun {
    EmissionRun(std::shared_ptr<const City> of, ModuleFactory traffic, int with_threads = 1, std::size_t with_grain = 1024) {
        factories = {*Registry::process().module("emissions"), std::move(traffic)};
        city = std::move(of);
        settings.end = 3 * hour;
        settings.seed = 5;
        threads = with_threads;
        grain = with_grain;
        values["emissions"] = {{"air_interval", "30 min"}, {"activity", "links"}};
    }
};

}  // namespace citytwin::testing
