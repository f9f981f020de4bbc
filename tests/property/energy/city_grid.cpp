// The power grid of a city in an engine: who is dark and when, exact whatever the periods; balances; digits.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/module/shared_streams.hpp"
#include "tests/support/grid_town.hpp"

using namespace citytwin;
using namespace citytwin::testing;

namespace {

Index row_of_kind(const City& city, const std::string& kind, std::size_t number = 0) {
    const auto& kinds = city.at("power_branch").get<std::string>("kind");
    for (Index k = 0; k < kinds.size(); ++k) {
        if (kinds[k] == kind && number-- == 0) return k;
    }
    throw std::logic_error("no branch of kind " + kind);
}

/// A cable of a ring that some but not all hang on.
Index loaded_ring_cable(const City& city) {
    for (std::size_t n = 0;; ++n) {
        const Index k = row_of_kind(city, "medium_cable", n);
        const auto dark = dark_buses(city, {k});
        const auto count = std::count(dark.begin(), dark.end(), std::uint8_t{1});
        if (count > 10 && count < static_cast<std::ptrdiff_t>(dark.size()) / 2) return k;
    }
}

double customers_of(const City& city, const std::vector<std::uint8_t>& dark) {
    const EntitySet& set = city.at("power_connection");
    double sum = 0;
    for (std::size_t c = 0; c < set.size(); ++c) sum += dark[set.get<Index>("power_bus")[c]] != 0 ? set.get<double>("customers")[c] : 0;
    return sum;
}

const std::shared_ptr<const City>& the_town() {
    static const auto city = grid_town();
    return city;
}

}  // namespace

TEST_CASE("every consumer of a town hangs on the grid, and all that was laid says so") {
    const City& city = *the_town();
    const EntitySet &buses = city.at("power_bus"), &connections = city.at("power_connection");
    const auto& of_building = city.at("building").get<Index>("power_connection");
    for (const Index c : of_building) REQUIRE(c < connections.size());
    for (const Index c : city.at("signal").get<Index>("power_connection")) REQUIRE(c < connections.size());
    for (const Index b : connections.get<Index>("power_bus")) REQUIRE(b < buses.size());
    const auto& places = city.at("place");
    for (std::size_t p = 0; p < places.size(); ++p) {
        const std::string& kind = places.get<std::string>("kind")[p];
        INFO(kind);
        if (kind == "hospital" || kind == "school" || kind == "depot" || kind == "landfill") CHECK(places.get<Index>("power_connection")[p] != no_index);
        if (kind == "hospital") CHECK(connections.get<double>("fuel_s")[places.get<Index>("power_connection")[p]] == 24 * 3600);
    }
    for (const char* set : {"power_bus", "power_branch", "power_device", "power_connection"}) {
        INFO(set);
        for (const auto synthetic : city.at(set).get<std::uint8_t>("synthetic")) REQUIRE(synthetic == 1);
    }
    const auto dark = dark_buses(city, {});
    CHECK(std::count(dark.begin(), dark.end(), std::uint8_t{1}) == 0);
}

TEST_CASE("a pump of the water network gets a connection of its own") {
    Arena arena(1);
    geodata::CityGeneratorOptions options;
    options.population = 1'000;
    City city = geodata::generate_city(options, arena);
    EntitySet& links = city.add_set("water_link", 3);
    links.ids = {"pipe", "small pump", "large pump"};
    links.add("kind", "", std::vector<std::string>{"pipe", "pump", "pump"});
    links.add("x", "m", std::vector<double>{0, 100, 100});
    links.add("y", "m", std::vector<double>{0, 50, 50});
    links.add("rated_power", "W", std::vector<double>{0, 20e3, 900e3});
    MapParameters values;
    DiagnosticList diagnostics;
    CityBuilder builder{city, values, arena, 1, diagnostics};
    Registry::process().module("energy")->build(builder);
    const auto& connection = city.at("water_link").get<Index>("power_connection");
    CHECK(connection[0] == no_index);
    const auto& bus = city.at("power_connection").get<Index>("power_bus");
    const auto& volts = city.at("power_bus").get<double>("nominal_voltage");
    CHECK(volts[bus[connection[1]]] == 400);
    CHECK(volts[bus[connection[2]]] == 20e3);
    CHECK(city.at("power_connection").get<std::string>("consumer")[connection[1]] == "water_link:small pump");
}

TEST_CASE("a day's balance closes, voltages and loadings keep their limits") {
    GridRun run(the_town());
    const auto seen = run.record();
    CHECK(run.ledger("electricity").closing_error() < 1e-9);
    const double served_J = 1500.0 * static_cast<double>(the_town()->at("power_connection").size()) * (86400 - 0);
    CHECK(run.ledger("electricity").out == Approx(served_J));
    CHECK(run.ledger("electricity").lost > 0);
    for (const double v : seen->last.at("power_bus.voltage")) CHECK((v > 0.95 && v < 1.05));
    for (const double loading : seen->last.at("power_branch.loading")) CHECK(loading <= 1);
    CHECK(run.kpi("saifi").value == 0.0);
    CHECK(run.kpi("unserved_energy").value == 0.0);
    for (const Warning* warning : run.engine->books().warnings()) CHECK(warning->code != "CT-ENERGY-053");
}

TEST_CASE("exactly the buses behind a fault are dark, for exactly its duration, whatever the periods") {
    const City& city = *the_town();
    const Index cable = loaded_ring_cable(city);
    const auto dark = dark_buses(city, {cable});
    const Microseconds at = 10 * hour + 7 * minute, until = 12 * hour + 41 * minute;
    const double customers = customers_of(city, dark), hours = to_seconds(until - at) / 3600;
    for (const char* period : {"1 min", "7 min", "15 min", "1 h"}) {
        INFO(period);
        GridRun run(the_town(), {{"period", period}});
        run.settings.tick = minute;
        run.settings.end = 21 * hour;   // a multiple of every period
        run.settings.record_interval = std::string(period) == "7 min" ? 7 * minute : std::string(period) == "1 h" ? hour : 15 * minute;   // a row holds whole intervals
        run.settings.changes = [&](const DeclaredNames&) { return std::vector{set_rows("power_branch", {cable}, "fault", 1, at, until)}; };
        const auto seen = run.record();
        const auto& energised_s = seen->integral.at("power_bus.energised");
        for (std::size_t b = 0; b < dark.size(); ++b) REQUIRE(energised_s[b] == Approx(75600 - (dark[b] != 0 ? hours * 3600 : 0)).epsilon(1e-12));
        const double share = customers / customers_of(city, std::vector<std::uint8_t>(dark.size(), 1)) * 24 / 21;   // per day
        CHECK(run.kpi("saifi").value == Approx(share));
        CHECK(run.kpi("saidi").value == Approx(share * hours));
        double unserved_J = 0;
        const auto& bus = city.at("power_connection").get<Index>("power_bus");
        for (const Index b : bus) unserved_J += dark[b] != 0 ? 1500 * hours * 3600 : 0;
        const auto& powered_s = seen->integral.at("power_connection.powered");
        double carried_J = 0;
        for (std::size_t c = 0; c < bus.size(); ++c) carried_J += dark[bus[c]] != 0 ? (powered_s[c] - (75600 - hours * 3600)) * 1500 : 0;
        CHECK(run.kpi("unserved_energy").value == Approx((unserved_J - carried_J) / 3.6e9));
        CHECK(run.ledger("electricity").closing_error() < 1e-9);
        for (const double back : seen->last.at("power_bus.energised")) CHECK(back == 1);
    }
}

TEST_CASE("a consumer with backup has power from the hand-computed second on") {
    const City& city = *the_town();
    const Index cable = loaded_ring_cable(city);
    const auto dark = dark_buses(city, {cable});
    const auto& bus = city.at("power_connection").get<Index>("power_bus");
    Index consumer = 0;
    while (dark[bus[consumer]] == 0 || city.at("power_connection").get<double>("fuel_s")[consumer] != 0) ++consumer;
    GridRun run(the_town());
    run.settings.tick = minute;
    run.settings.changes = [&](const DeclaredNames&) {
        return std::vector{set_rows("power_connection", {consumer}, "backup_s", 100), set_rows("power_connection", {consumer}, "generator_start_s",
            160.5), set_rows("power_connection", {consumer}, "fuel_s", 1800),
                           set_rows("power_branch", {cable}, "fault", 1, 10 * hour, 12 * hour)};
    };
    const auto seen = run.record();
    // 2 h dark: 100 s battery, 60.5 s nothing, 1800 s generator, nothing.
    CHECK(seen->integral.at("power_connection.powered")[consumer] == Approx(86400 - 7200 + 100 + 1800).epsilon(1e-12));
    const auto& rows = seen->history.at("power_connection.powered");
    CHECK(rows[40][consumer] == Approx((100 + 900 - 160.5) / 900).epsilon(1e-12));   // the quarter of an hour from 10:00
    CHECK(rows[41][consumer] == 1);
    CHECK(rows[42][consumer] == Approx((160.5 + 1800 - 1800) / 900).epsilon(1e-12));
    CHECK(rows[43][consumer] == 0);
}

TEST_CASE("a cable that carries too much trips after the time of its curve and is reclosed") {
    const City& city = *the_town();
    const Index cable = row_of_kind(city, "low_cable");
    const Index bus = city.at("power_branch").get<Index>("to")[cable];
    const auto& of = city.at("power_connection").get<Index>("power_bus");
    const auto found = std::find(of.begin(), of.end(), bus);
    REQUIRE(found != of.end());
    const double rating_W = city.at("power_branch").get<double>("rating")[cable];
    GridRun run(the_town(), {{"reclose_after", "3 h"}}, {{"each", "1 W"}, {"special", std::to_string(found - of.begin())}, {"special_load",
        std::to_string(rating_W * 1.2 * 0.97) + " W"}});
    run.settings.recorded_streams = {"outage"};
    run.make();
    Integrals seen(*run.engine);
    run.engine->set_sink(&seen);
    run.engine->start();
    while (run.engine->now() < 2 * hour) run.engine->advance();
    const double loading = seen.history.at("power_branch.loading")[0][cable];
    const double curve_s = 80 / (loading * loading / 1.44 - 1);
    INFO(loading << " " << curve_s);
    REQUIRE(curve_s > 900);   // the first load is known after a quarter of an hour
    while (!run.engine->finished()) run.engine->advance();
    REQUIRE(seen.events.size() > 0);
    const Outage first = outage_at(seen.events, 0);
    CHECK(first.power_branch == cable);
    CHECK(first.cause == 5);
    CHECK(to_seconds(first.from) == Approx(curve_s).epsilon(1e-6));
    CHECK(to_seconds(first.until - first.from) == Approx(3 * 3600));
}

TEST_CASE("restoration closes the ring's tie after the switching time and opens it again when the fault is over") {
    const City& city = *the_town();
    const Index cable = loaded_ring_cable(city);
    const auto dark = dark_buses(city, {cable});
    const Microseconds at = 10 * hour, until = 14 * hour;
    GridRun run(the_town(), {{"restore", "true"}, {"switching_time", "20 min"}});
    run.settings.tick = minute;
    run.settings.changes = [&](const DeclaredNames&) { return std::vector{set_rows("power_branch", {cable}, "fault", 1, at, until)}; };
    const auto seen = run.record();
    const auto& energised_s = seen->integral.at("power_bus.energised");
    for (std::size_t b = 0; b < dark.size(); ++b) REQUIRE(energised_s[b] == Approx(86400 - (dark[b] != 0 ? 1200 : 0)).epsilon(1e-12));
    const auto& closed = city.at("power_branch").get<std::uint8_t>("closed");
    double ties = 0;
    for (std::size_t k = 0; k < closed.size(); ++k) {
        if (closed[k] == 0) ties += seen->history.at("power_branch.in_service")[50][k];   // 12:45
        CHECK(seen->last.at("power_branch.in_service")[k] == closed[k]);
    }
    CHECK(ties == 1);
    CHECK(run.ledger("electricity").closing_error() < 1e-9);
}

TEST_CASE("random faults come at the same moments whatever the period, and are repaired") {
    std::vector<Microseconds> moments;
    for (const char* period : {"15 min", "1 h"}) {
        GridRun run(the_town(), {{"period", period}, {"cable_fault_rate", "100"}, {"transformer_fault_rate", "20"}, {"repair_time", "30 min"}});
        run.settings.recorded_streams = {"outage"};
        const auto seen = run.record();
        std::vector<Microseconds> found;
        std::map<Index, int> out;
        std::size_t repaired = 0;
        for (std::size_t r = 0; r < seen->events.size(); ++r) {
            const Outage outage = outage_at(seen->events, r);
            found.push_back(outage.from);
            out[outage.power_branch] += outage.begins ? 1 : -1;
            repaired += !outage.begins;
            if (outage.begins) CHECK(outage.until > outage.from);
        }
        CHECK(repaired > 0);
        for (const auto& [branch, open] : out) CHECK((open == 0 || open == 1));
        REQUIRE(found.size() > 1);
        CHECK(run.kpi("saidi").value.value() > 0);
        if (moments.empty()) moments = found;
        CHECK(found == moments);
    }
}

TEST_CASE("the grid's digits don't depend on threads, nor on a stop while some are dark on their batteries") {
    const City& city = *the_town();
    const Index cable = loaded_ring_cable(city);
    const auto make = [&](int threads, std::size_t grain) {
        auto run = std::make_unique<GridRun>(the_town(), Values{{"restore", "true"}, {"cable_fault_rate", "5"}, {"switching_time", "45 min"}});
        run->threads = threads;
        run->grain = grain;
        run->settings.tick = minute;
        run->settings.changes = [cable, &city](const DeclaredNames&) {
            std::vector<Index> all(city.at("power_connection").size());
            std::iota(all.begin(), all.end(), Index{0});
            return std::vector{set_rows("power_connection", all, "backup_s", 1700), set_rows("power_branch", {cable}, "fault", 1, 10 * hour, 14 * hour)};
        };
        run->make();
        return run;
    };
    const auto straight = make(1, 1024);
    straight->engine->start();
    StateBlobs saved;
    while (!straight->engine->finished()) {
        straight->engine->advance();
        if (saved.empty() && straight->engine->now() > 10 * hour + 10 * minute) saved = straight->engine->save();
    }
    const auto threaded = make(4, 16);
    threaded->engine->start();
    while (!threaded->engine->finished()) threaded->engine->advance();
    CHECK(threaded->engine->state_hash() == straight->engine->state_hash());
    const auto resumed = make(2, 64);
    resumed->engine->load(saved);
    CHECK(resumed->engine->save() == saved);
    while (!resumed->engine->finished()) resumed->engine->advance();
    CHECK(resumed->engine->state_hash() == straight->engine->state_hash());
}

TEST_CASE("a feeder limit lowers the highest loading, and every ledger closes") {
    geodata::CityGeneratorOptions options;
    options.population = 2'000;
    Arena arena(2);
    auto city = std::make_shared<City>(geodata::generate_city(options, arena));
    city->add_set("city", 1);
    MapParameters values({{"heat_pump_share", "0.2"}, {"electric_heating_share", "0.6"}});
    DiagnosticList diagnostics;
    CityBuilder builder{*city, values, arena, 5, diagnostics};
    for (const char* module : {"weather", "buildings", "energy"}) Registry::process().module(module)->build(builder);
    for (auto& set : city->sets()) set.build_id_index();
    const auto run_with = [&](const char* share) {
        ToyRun run;
        run.factories = {*Registry::process().module("buildings"), *Registry::process().module("energy"), *Registry::process().module("weather")};
        run.city = city;
        run.settings.end = day;
        run.values["buildings"] = {{"heat_pump_share", "0.2"}, {"electric_heating_share", "0.6"}, {"feeder_limit_share", share}, {"heating_buffer", "2 h"}};
        run.values["weather"] = {{"air_temperature", "275 K"}, {"temperature_amplitude", "6 K"}, {"latitude", "48 degree"}, {"longitude", "10 degree"}};
        Engine& engine = run.run_to_end();
        engine.close();
        std::pair<double, double> peak_and_error{0, 0};
        for (const Kpi* kpi : engine.books().kpis()) {
            for (const auto& [name, value] : kpi->details) peak_and_error.first = name == "loading_max" ? value : peak_and_error.first;
        }
        for (const Ledger* ledger : engine.books().ledgers()) peak_and_error.second = std::max(peak_and_error.second, ledger->closing_error());
        return peak_and_error;
    };
    const auto free = run_with("0"), limited = run_with("0.6");
    INFO(free.first << " " << limited.first);
    CHECK(free.second < 1e-9);
    CHECK(limited.second < 1e-9);
    CHECK(limited.first < free.first);
}
