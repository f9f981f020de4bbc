// Waste in an engine with people and traffic: bins fill, trucks drive, masses close, digits don't depend on threads or on a stop.
#include <catch2/catch.hpp>

#include "core/module/shared_streams.hpp"
#include "geodata/generate/city_generator.hpp"
#include "support/toy_engine.hpp"

using namespace citytwin;

namespace {

const std::vector<std::string> all{"population", "traffic", "waste"};

std::shared_ptr<const City> town() {
    Arena arena(2);
    geodata::CityGeneratorOptions options;
    options.population = 1'500;
    auto city = std::make_shared<City>(geodata::generate_city(options, arena));
    for (const auto& name : all) {
        MapParameters parameters;
        DiagnosticList diagnostics;
        CityBuilder builder{*city, parameters, arena, 5, diagnostics};
        const ModuleFactory* factory = Registry::process().module(name);
        REQUIRE(factory != nullptr);
        if (factory->build) factory->build(builder);
    }
    for (auto& set : city->sets()) set.build_id_index();
    return city;
}

struct TownRun : testing::ToyRun {
    TownRun(std::shared_ptr<const City> of, const std::vector<std::string>& modules, int with_threads = 1, std::size_t with_grain = 1024) {
        for (const auto& name : modules) factories.push_back(*Registry::process().module(name));
        city = std::move(of);
        settings.calendar = Calendar(parse_time("2025-06-03T05:00:00", "Europe/Berlin"), "Europe/Berlin");   // a Tuesday
        settings.end = 6 * hour;
        settings.seed = 5;
        threads = with_threads;
        grain = with_grain;
        values["population"] = {{"travel", "planned"}};
    }
    [[nodiscard]] std::vector<const Ledger*> waste_ledgers() const {
        std::vector<const Ledger*> found;
        for (const Ledger* ledger : engine->books().ledgers()) {
            if (ledger->module == "waste") found.push_back(ledger);
        }
        return found;
    }
};

}  // namespace

TEST_CASE("a town's waste is made, collected over the streets and worked off, and every kilogram is somewhere") {
    TownRun run(town(), all);
    run.settings.end = 14 * hour;
    Engine& engine = run.make();
    engine.start();
    std::size_t steps = 0;
    while (!engine.finished()) {
        engine.advance();
        if (++steps % 600 != 0) continue;
        for (const Ledger* ledger : run.waste_ledgers()) CHECK(ledger->closing_error() < 1e-9);
    }
    engine.close();
    double made = 0, left = 0;
    for (const Ledger* ledger : run.waste_ledgers()) {
        CHECK(ledger->closing_error() < 1e-9);
        made += ledger->in;
        left += ledger->out;
    }
    CHECK(made > 300);
    CHECK(left > 0);   // something reached a plant
    CHECK(run.kpi("waste_truck_distance").value.value_or(0) > 1);
    CHECK(run.kpi("waste_per_capita").value.value_or(0) > 100);
    CHECK(run.kpi("waste_diverted_share").value.value_or(-1) > 0);
    // Trucks' emissions are booked from the traffic module's vehicles: waste itself books none.
    for (const Ledger* ledger : run.waste_ledgers()) CHECK(ledger->quantity.find("co2") == std::string::npos);
}

TEST_CASE("waste alone runs by its plan, without people, traffic or energy") {
    TownRun run(town(), {"waste"});
    run.values["waste"] = {{"travel", "planned"}};
    run.settings.end = 14 * hour;
    run.run_to_end();
    for (const Ledger* ledger : run.waste_ledgers()) CHECK(ledger->closing_error() < 1e-9);
    CHECK(run.waste_ledgers().size() == 4);
}

TEST_CASE("waste with people and traffic has one state hash at 1 and 4 threads") {
    const auto city = town();
    std::string expected;
    for (const int threads : {1, 4}) {
        TownRun run(city, all, threads, threads == 1 ? 1024 : 16);
        Engine& engine = run.run_to_end();
        if (expected.empty()) expected = engine.state_hash();
        CHECK(engine.state_hash() == expected);
    }
}

TEST_CASE("waste stopped with its trucks under way goes on as if it hadn't") {
    const auto city = town();
    TownRun straight(city, all), first(city, all), second(city, all);
    straight.run_to_end();
    Engine& before = first.make();
    before.start();
    while (before.now() < 2 * hour) before.advance();
    Engine& after = second.make();
    after.load(before.save());
    CHECK(after.state_hash() == before.state_hash());
    while (!after.finished()) after.advance();
    CHECK(after.state_hash() == straight.engine->state_hash());
}
