// Weather and buildings in an engine on a small generated city: balances close, digits don't depend on threads or a stop in between,
// and what-ifs do what they say.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "geodata/generate/city_generator.hpp"
#include "core/module/shared_streams.hpp"
#include "support/toy_engine.hpp"

using namespace citytwin;

namespace {

using Values = std::map<std::string, std::string, std::less<>>;

/// A generated town, through the builders of both modules; `connections` adds a power connection for each building.
std::shared_ptr<const City> town(const Values& buildings = {}, bool connections = false, std::uint64_t population = 2'000) {
    Arena arena(2);
    geodata::CityGeneratorOptions options;
    options.population = population;
    auto city = std::make_shared<City>(geodata::generate_city(options, arena));
    MapParameters weather_values, building_values(buildings);
    DiagnosticList diagnostics;
    CityBuilder for_buildings{*city, building_values, arena, 5, diagnostics}, for_weather{*city, weather_values, arena, 5, diagnostics};
    Registry::process().module("buildings")->build(for_buildings);
    Registry::process().module("weather")->build(for_weather);
    if (connections) {
        EntitySet& set = *city->find("building");
        std::vector<std::uint32_t> own(set.size());
        std::iota(own.begin(), own.end(), 0u);
        city->add_set("power_connection", set.size()).ids = set.ids;
        set.add("power_connection", "1", own, "power_connection");
    }
    for (auto& set : city->sets()) set.build_id_index();
    return city;
}

struct TownRun : testing::ToyRun {
    explicit TownRun(std::shared_ptr<const City> of, int with_threads = 1, std::size_t with_grain = 1024) {
        factories = {*Registry::process().module("buildings"), *Registry::process().module("weather")};
        city = std::move(of);
        settings.calendar = Calendar(parse_time("2025-01-14T00:00:00Z", "Etc/UTC"), "Europe/Berlin");
        settings.end = day;
        settings.seed = 5;
        threads = with_threads;
        grain = with_grain;
        values["weather"] = {{"air_temperature", "275 K"}, {"temperature_amplitude", "4 K"}, {"sky", "clear"}, {"clearness", "0.6"}, {"latitude", "48 degree"}, {"longitude", "10 degree"}};
    }
};

Change set_everywhere(const City& city, const std::string& set, const std::string& attribute, double value, Microseconds from = 0) {
    Change change;
    change.name = attribute;
    change.set = set;
    change.at = from;
    change.rows.resize(city.at(set).size());
    std::iota(change.rows.begin(), change.rows.end(), Index{0});
    change.assignments.push_back({attribute, ChangeOperation::set, value, {}});
    return change;
}

const Values solar{{"solar_share", "0.5"}, {"battery_share", "0.5"}, {"heat_pump_share", "0.6"}};

}  // namespace

TEST_CASE("a town's winter day: every ledger of its buildings closes") {
    TownRun run(town(solar));
    run.values["buildings"] = solar;
    run.run_to_end();
    run.engine->close();
    for (const char* quantity : {"electricity", "fuel", "heat", "charging", "flexible_energy"}) {
        INFO(quantity << " in " << run.ledger(quantity).in << " out " << run.ledger(quantity).out);
        CHECK(run.ledger(quantity).closing_error() < 1e-9);
    }
    CHECK(run.ledger("heat").lost > 0);
    CHECK(run.ledger("fuel").in > 0);
    CHECK(*run.kpi("energy_per_capita").value < 2);
    CHECK(*run.kpi("renewable_share").value > 0);
    CHECK(*run.kpi("peak_demand").value > 0);
    CHECK(run.kpi("public_building_energy").details.size() >= 1);
    CHECK(*run.kpi("load_factor").value <= 1);
}

TEST_CASE("energy per capita is what the ledgers say was used, by the residents") {
    TownRun run(town());   // no solar power: nothing is exported
    run.run_to_end();
    run.engine->close();
    double residents = 0;
    for (const auto of_building : run.city->at("building").get<std::int32_t>("residents")) residents += of_building;
    const double used_GJ = (run.ledger("electricity").out + run.ledger("fuel").out) * 1e-9;
    CHECK(*run.kpi("energy_per_capita").value == Approx(used_GJ / residents).epsilon(1e-9));
    // A winter day: 0.2 to 1.5 GJ a person.
    CHECK(*run.kpi("energy_per_capita").value > 0.1);
    CHECK(*run.kpi("energy_per_capita").value < 2);
}

TEST_CASE("weather and buildings: one state hash at 1, 2 and 4 threads") {
    std::string expected;
    const auto city = town(solar, false, 40'000);   // large enough that workers find something left to do
    for (const int threads : {1, 2, 4}) {
        double share = threads == 1 ? 1 : 0;
        // On a busy machine the workers may come late: the same day again, until they took part.
        for (int repeat = 0; repeat == 0 || (share == 0 && repeat < 200); ++repeat) {
            TownRun run(city, threads, threads == 1 ? 1024 : 16);
            run.values["buildings"] = solar;
            run.run_to_end();
            const std::string found = run.engine->state_hash();
            if (expected.empty()) expected = found;
            CHECK(found == expected);
            share = std::max(share, run.arena->worker_share());
        }
        CHECK(share > 0.0);
    }
}

TEST_CASE("weather and buildings, stopped at noon and continued, end as if they had not been stopped") {
    auto with = solar;
    with["feeder_limit"] = "300 kW";
    const auto city = town(with);
    TownRun straight(city), first(city), second(city, 2, 16);
    for (auto* run : {&straight, &first, &second}) run->values["buildings"] = with;
    straight.run_to_end();
    first.make().start();
    while (first.engine->now() < 12 * hour) first.engine->advance();
    const StateBlobs noon = first.engine->save();
    second.make().load(noon);
    CHECK(second.engine->save() == noon);
    while (!second.engine->finished()) second.engine->advance();
    CHECK(second.engine->state_hash() == straight.engine->state_hash());
}

TEST_CASE("buildings run without weather, people and grid, on named defaults") {
    TownRun run(town());
    run.factories = {*Registry::process().module("buildings")};
    run.run_to_end();
    CHECK(run.ledger("electricity").out > 0);
    bool named = false;
    for (const auto& source : run.engine->field_sources()) named = named || (source.field == "air_temperature" && source.source == "default");
    CHECK(named);
}

TEST_CASE("a load on each connection, and darkness without power") {
    const auto city = town({}, true);
    TownRun lit(city), dark(city);
    lit.run_to_end();
    CHECK(lit.ledger("electricity").in > 0);
    auto without = std::make_shared<City>(*city);
    without->find("power_connection")->add("powered", "1", std::vector<double>(without->at("power_connection").size(), 0.0));
    dark.city = without;
    dark.run_to_end();
    CHECK(dark.ledger("electricity").in == 0);
    CHECK(dark.ledger("fuel").in == 0);   // boilers need electricity
    CHECK(dark.ledger("heat").closing_error() < 1e-9);
}

TEST_CASE("a warmer day burns less fuel, by a change of the weather cell") {
    const auto city = town();
    TownRun base(city), warm(city);
    warm.settings.changes = [&](const DeclaredNames&) { return std::vector<Change>{set_everywhere(*city, "weather_cell", "temperature_offset", 5)}; };
    base.run_to_end();
    warm.run_to_end();
    CHECK(warm.ledger("fuel").in < 0.9 * base.ledger("fuel").in);
    CHECK(warm.ledger("electricity").out < base.ledger("electricity").out);
}

TEST_CASE("solar panels lower the import by their power less what is fed in") {
    const auto city = town();
    TownRun base(city), sunny(city);
    sunny.settings.changes = [&](const DeclaredNames&) { return std::vector<Change>{set_everywhere(*city, "building", "pv_peak_power", 3000)}; };
    base.run_to_end();
    sunny.run_to_end();
    sunny.engine->close();
    CHECK(*sunny.kpi("renewable_share").value > 0);
    CHECK(sunny.ledger("electricity").in - sunny.ledger("electricity").out == Approx(0).margin(1e-6 * sunny.ledger("electricity").in));
    CHECK(sunny.ledger("electricity").in > base.ledger("electricity").in);   // the same use, and something fed in
}

TEST_CASE("balancing holds a feeder below its limit while flexible energy suffices") {
    Values electric{{"heat_pump_share", "0.8"}, {"electric_heating_share", "0"}};
    const auto city = town(electric);
    TownRun free(city), held(city);
    free.values["buildings"] = electric;
    free.run_to_end();
    free.engine->close();
    const double peak_W = *free.kpi("peak_demand").value * 1e6;
    electric["feeder_limit"] = std::to_string(0.97 * peak_W) + " W";
    held.values["buildings"] = electric;
    held.run_to_end();
    held.engine->close();
    INFO("peak " << peak_W << " W, held at " << *held.kpi("peak_demand").value * 1e6 << " W");
    CHECK(held.ledger("flexible_energy").in > 0);
    CHECK(held.ledger("flexible_energy").closing_error() < 1e-9);
    CHECK(*held.kpi("peak_demand").value * 1e6 <= 0.97 * peak_W * (1 + 1e-9));
    CHECK(held.ledger("heat").in == Approx(free.ledger("heat").in).epsilon(1e-12));   // rooms are as warm: tanks and buffers gave
}

namespace {

/// Persons' cars come home at noon and want ten kilowatt hours each.
struct NoonSessions : Module {
    explicit NoonSessions(Setup& setup) : sessions_(setup.sends(charging_session_schema())), cars_(static_cast<Index>(setup.city().at("car").size())) { setup.period("15 min"); }
    void step(const Step& now) override {
        if (now.from != 12 * hour) return;
        for (Index car = 0; car < cars_; ++car) send(sessions_, now.to, car, ChargingSession{car, no_index, now.from, 30 * hour, 3.6e7});
    }
    StreamSender sessions_;
    Index cars_;
};

/// A car in each of the first buildings.
std::shared_ptr<City> with_cars(const City& town, Index count) {
    auto city = std::make_shared<City>(town);
    std::vector<std::uint32_t> rows(count);
    std::iota(rows.begin(), rows.end(), 0u);
    city->add_set("site", count).add("building", "1", rows, "building");
    city->add_set("person", count).add("home", "1", rows, "site");
    city->add_set("car", count).add("driver", "1", rows, "person");
    for (auto& set : city->sets()) set.build_id_index();
    return city;
}

}  // namespace

TEST_CASE("where there is no power cars aren't charged: they wait") {
    const auto dark_city = with_cars(*town({}, true), 20);
    const std::size_t connections = dark_city->at("power_connection").size();
    std::vector<double> powered(connections, 1.0);
    for (std::size_t c = 0; c < 5; ++c) powered[c] = 0;   // a connection of its own for each building
    dark_city->find("power_connection")->add("powered", "1", powered);
    TownRun run(dark_city);
    run.factories.push_back(testing::toy<NoonSessions>("noon_sessions"));
    run.run_to_end();
    const auto& charging = run.ledger("charging");
    CHECK(charging.in == Approx(20 * 3.6e7));
    CHECK(charging.out == Approx(15 * 3.6e7));
    CHECK(charging.stored == Approx(5 * 3.6e7));
    CHECK(charging.closing_error() < 1e-9);
}
