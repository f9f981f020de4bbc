#include "core/run/module_description.hpp"

#include <deque>

#include "core/exchange/field_table.hpp"
#include "core/module/setup.hpp"

namespace citytwin {
namespace {

/// Large enough to have every set that the generator makes.
City tiny_city(Arena& arena) {
    City city;
    DiagnosticList diagnostics;
    if (const CityGenerator* generator = Registry::process().generator("procedural")) {
        city = generator->generate({{"population", "1000"}, {"seed", "1"}}, arena, diagnostics);
    }
    if (city.find("city") == nullptr) city.add_set("city", 1);
    return city;
}

class Describer {
public:
    Describer(City& city, Arena& arena) : city_(city), arena_(arena) {}

    ModuleDescription describe(const ModuleFactory& factory) {
        ModuleDescription description{factory.name, factory.version};
        MapParameters parameters;
        FieldTable fields(city_);
        StreamHub streams;
        Overlay overlay(city_);
        Books books;
        std::map<std::string, DynamicSet*, std::less<>> dynamic_sets;
        std::deque<DynamicSet> dynamic_storage;
        const Calendar calendar(0, "Etc/UTC");
        SetupContext context{city_, fields, streams, overlay, books, dynamic_sets, dynamic_storage, calendar, day, 1, arena_};
        Setup setup(context, factory.name, parameters);
        try {
            (void)factory.create(setup);
        } catch (const std::exception& error) {
            description.incomplete = error.what();
        }
        description.period = setup.access().period;
        description.accesses = setup.access().accesses;
        description.parameters = setup.parameters();
        description.sends = setup.sent();
        description.receives = setup.received();
        description.nudged = setup.nudged();
        for (const auto& set : city_.sets()) {
            for (auto& attribute : overlay.declared(set.name())) description.attributes.emplace_back(set.name(), std::move(attribute));
        }
        return description;
    }

private:
    City& city_;
    Arena& arena_;
};

}  // namespace

std::vector<const ModuleFactory*> all_modules() {
    std::vector<const ModuleFactory*> factories;
    for (const auto& name : Registry::process().module_names()) factories.push_back(Registry::process().module(name));
    return factories;
}

std::vector<ModuleDescription> describe_modules(const std::vector<const ModuleFactory*>& factories, Arena& arena) {
    City city = tiny_city(arena);
    const std::vector<const ModuleFactory*> all = all_modules();
    for (const std::size_t m : build_order(all)) {
        const ModuleFactory* factory = all[m];
        if (!factory->build) continue;
        MapParameters parameters;
        DiagnosticList diagnostics;
        CityBuilder builder{city, parameters, arena, 1, diagnostics};
        try {
            factory->build(builder);
        } catch (const std::exception&) {
            // a module that needs files can't build here; what it declares is shown as far as it gets
        }
    }
    for (auto& set : city.sets()) set.build_id_index();
    std::vector<ModuleDescription> descriptions;
    for (const auto* factory : factories) descriptions.push_back(Describer(city, arena).describe(*factory));
    return descriptions;
}

}  // namespace citytwin
