// The population in an engine, moving by its own plan: everybody is somewhere, balances close, digits don't depend on threads or on
// a stop in between.
#include <catch2/catch.hpp>

#include <numeric>

#include "geodata/generate/city_generator.hpp"
#include "support/toy_engine.hpp"

using namespace citytwin;

namespace {

using Values = std::map<std::string, std::string, std::less<>>;

std::shared_ptr<const City> town(const Values& values = {}) {
    static const ModuleFactory* factory = Registry::process().module("population");
    REQUIRE(factory != nullptr);
    Arena arena(2);
    geodata::CityGeneratorOptions options;
    options.population = 2'000;
    auto city = std::make_shared<City>(geodata::generate_city(options, arena));
    MapParameters parameters(values);
    DiagnosticList diagnostics;
    CityBuilder builder{*city, parameters, arena, 5, diagnostics};
    factory->build(builder);
    for (auto& set : city->sets()) set.build_id_index();
    return city;
}

struct TownRun : testing::ToyRun {
    explicit TownRun(std::shared_ptr<const City> of, int with_threads = 1, std::size_t with_grain = 1024) {
        factories = {*Registry::process().module("population")};
        city = std::move(of);
        settings.end = day;
        settings.seed = 5;
        threads = with_threads;
        grain = with_grain;
        values["population"] = {{"travel", "planned"}};
    }
};

Change demand_of(const City& city, double factor) {
    Change change;
    change.name = "demand";
    change.set = "person";
    change.rows.resize(city.at("person").size());
    std::iota(change.rows.begin(), change.rows.end(), Index{0});
    change.assignments.push_back({"demand", ChangeOperation::multiply, factor, {}});
    return change;
}

}  // namespace

TEST_CASE("a town's day: every trip begun has ended, every resident and job is in the balance") {
    TownRun run(town());
    run.run_to_end();
    const Ledger& trips = run.ledger("trips");
    CHECK(trips.in > 2 * 2'000);
    CHECK(trips.stored == 0);
    CHECK(trips.closing_error() < 1e-12);
    CHECK(run.ledger("residents").stored == 2'000);
    CHECK(run.ledger("residents").lost == 0);
    CHECK(run.ledger("jobs").stored == 900);
}

TEST_CASE("one state hash at 1, 2 and 7 threads") {
    std::string expected;
    for (const int threads : {1, 2, 7}) {
        TownRun run(town(), threads, threads == 1 ? 1024 : 16);
        run.run_to_end();
        const std::string found = run.engine->state_hash();
        if (expected.empty()) expected = found;
        CHECK(found == expected);
    }
}

TEST_CASE("stopped at noon and continued, the day ends as if it had not been stopped") {
    const auto city = town();
    TownRun straight(city);
    straight.run_to_end();
    TownRun first(city);
    first.make().start();
    while (first.engine->now() < 12 * hour) first.engine->advance();
    const StateBlobs noon = first.engine->save();
    TownRun second(city, 2, 16);
    second.make().load(noon);
    CHECK(second.engine->save() == noon);
    while (!second.engine->finished()) second.engine->advance();
    CHECK(second.engine->state_hash() == straight.engine->state_hash());
}

TEST_CASE("ten percent more demand makes about ten percent more trips") {
    const auto city = town();
    TownRun base(city), more(city);
    more.settings.changes = [&](const DeclaredNames&) { return std::vector<Change>{demand_of(*city, 1.1)}; };
    base.run_to_end();
    more.run_to_end();
    CHECK(more.ledger("trips").in / base.ledger("trips").in == Approx(1.1).margin(0.03));
    CHECK(more.ledger("trips").stored == 0);
}

TEST_CASE("no demand at all leaves everybody at home") {
    const auto city = town();
    TownRun none(city);
    none.settings.changes = [&](const DeclaredNames&) { return std::vector<Change>{demand_of(*city, 0.0)}; };
    none.run_to_end();
    CHECK(none.ledger("trips").in == 0);
}
