// The water module in an engine on a generated town: the balance closes, digits don't depend on threads or a stop in between, limits of the laid
// network hold, pumps stand without power and the tank carries the town.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/base/durable_file.hpp"
#include "core/module/citytwin/module.hpp"
#include "geodata/generate/city_generator.hpp"
#include "modules/water/city/build_network.hpp"
#include "support/shared_data.hpp"
#include "support/toy_engine.hpp"

using namespace citytwin;

namespace {

using Values = std::map<std::string, std::string, std::less<>>;

std::shared_ptr<City> town(const Values& values = {}, std::uint64_t population = 2'000) {
    Arena arena(2);
    geodata::CityGeneratorOptions options;
    options.population = population;
    auto city = std::make_shared<City>(geodata::generate_city(options, arena));
    MapParameters parameters(values);
    DiagnosticList diagnostics;
    CityBuilder builder{*city, parameters, arena, 5, diagnostics};
    Registry::process().module("water")->build(builder);
    for (auto& set : city->sets()) set.build_id_index();
    return city;
}

struct TownRun : testing::ToyRun {
    explicit TownRun(std::shared_ptr<const City> of, int with_threads = 1, std::size_t with_grain = 1024) {
        factories = {*Registry::process().module("water")};
        city = std::move(of);
        settings.calendar = Calendar(parse_time("2025-06-02T22:00:00Z", "Etc/UTC"), "Europe/Berlin");
        settings.end = day;
        threads = with_threads;
        grain = with_grain;
    }
    [[nodiscard]] const Ledger& volume() const { return *engine->books().ledgers().front(); }
    [[nodiscard]] double kpi(const std::string& id) const {
        for (const Kpi* found : engine->books().kpis())
            if (found->id == id) return found->value.value();
        throw std::logic_error("no kpi " + id);
    }
};

/// Watches fields while the water module writes them: the last values of each.
struct Watched {
    double pressure_low_Pa = 1e9, pressure_high_Pa = 0, velocity_mps = 0, supply_ratio = 1;
    std::size_t nodes_out = 0, links_out = 0, nodes = 0, links = 0;
};
Watched watched;

class Watch final : public Module {
public:
    explicit Watch(Setup& setup) : city_(setup.city()), pressure_(setup.reads("water_node", "pressure", "Pa").last()), ratio_(setup.reads("water_node", "supply_ratio", "1").last()), flow_(setup.reads("water_link", "flow", "m3/s").last()) { setup.period("1 h"); }
    void step(const Step& now) override {
        if (now.from != 7 * hour) return;   // the peak of the day's profile
        const EntitySet &nodes = city_.at("water_node"), &links = city_.at("water_link");
        const auto& demand = nodes.get<double>("base_demand");
        for (std::size_t n = 0; n < nodes.size(); ++n) {
            if (demand[n] <= 0) continue;
            ++watched.nodes;
            watched.nodes_out += pressure_[n] < 15 * 9810.0 || pressure_[n] > 80 * 9810.0;
            watched.supply_ratio = std::min(watched.supply_ratio, ratio_[n]);
        }
        for (std::size_t l = 0; l < links.size(); ++l) {
            if (links.get<std::string>("kind")[l] != "pipe") continue;
            const double d = links.get<double>("diameter")[l];
            ++watched.links;
            watched.links_out += std::abs(flow_[l]) * 4 / (std::numbers::pi * d * d) > 1.0;
        }
    }

private:
    const City& city_;
    Read pressure_, ratio_, flow_;
};

/// A grid that is dark from 10:00 to 11:00.
std::vector<double> loads_W, levels_m;
class Grid final : public Module {
public:
    explicit Grid(Setup& setup) : powered_(setup.writes("power_connection", "powered", "1").initially(1)), load_(setup.reads("power_connection", "electric_load", "W")), level_(setup.reads("water_tank", "level", "m").last()) { setup.period("15 min"); }
    void step(const Step& now) override {
        powered_[0] = now.to >= 10 * hour && now.to < 11 * hour ? 0 : 1;
        loads_W.push_back(load_[0]);
        levels_m.push_back(level_[0]);
    }

private:
    Write powered_;
    Read load_, level_;
};

}  // namespace

TEST_CASE("a town's day of water: the balance closes and people get what the profile says", "[water]") {
    TownRun run(town());
    run.run_to_end();
    run.engine->close();
    INFO("in " << run.volume().in << " out " << run.volume().out << " lost " << run.volume().lost << " adjusted " << run.volume().adjusted);
    CHECK(run.volume().closing_error() < 1e-5);
    CHECK(std::abs(run.volume().adjusted) < 1e-3 * run.volume().in);
    CHECK(run.kpi("water_interruption_hours") == 0);
    CHECK(run.kpi("water_degraded_solves") == 0);
    // 130 l a resident by the standard presence and 30 l a job present for 9 of its hours.
    double residents = 0, jobs = 0;
    for (const auto n : water::numbers_of(run.city->at("building"), "residents")) residents += n;
    for (const auto n : water::numbers_of(run.city->at("building"), "jobs")) jobs += n;
    CHECK(run.kpi("water_use") == Approx(130 + 30 * jobs / residents).epsilon(1e-3));
    CHECK(run.kpi("non_revenue_water") == Approx(10).margin(3));   // the stated share, at the pressures of the day
}

TEST_CASE("the laid network serves everybody at the peak hour between 15 and 80 m and below 1 m/s, but for one percent", "[water]") {
    watched = {};
    TownRun run(town({}, 20'000));
    run.factories.push_back(testing::toy<Watch>("watch"));
    run.settings.end = 8 * hour;
    run.run_to_end();
    INFO(watched.nodes_out << " of " << watched.nodes << " nodes, " << watched.links_out << " of " << watched.links << " links");
    CHECK(watched.nodes > 100);
    CHECK(static_cast<double>(watched.nodes_out) <= 0.01 * static_cast<double>(watched.nodes));
    CHECK(static_cast<double>(watched.links_out) <= 0.01 * static_cast<double>(watched.links));
    CHECK(watched.supply_ratio == 1);
}

TEST_CASE("water in a city: one state hash at 1, 2 and 4 threads and whatever the grain", "[water]") {
    const auto city = town();
    std::string expected;
    for (const int threads : {1, 2, 4}) {
        TownRun run(city, threads, threads == 1 ? 1024 : 16);
        run.run_to_end();
        const std::string hash = Engine::hash_of(run.engine->save());
        if (expected.empty()) expected = hash;
        CHECK(hash == expected);
    }
}

TEST_CASE("water stopped at noon with a main shut goes on with the straight run's digits", "[water]") {
    const auto city = town();
    Change change;
    change.name = "shut";
    change.set = "water_link";
    change.at = 11 * hour + 7 * minute;
    change.until = 14 * hour;
    change.rows = {3};
    change.assignments.push_back({"closed", ChangeOperation::set, 1, {}});
    Change leaks = change;
    leaks.name = "leaks";
    leaks.set = "water_node";
    leaks.rows.resize(city->at("water_node").size());
    std::iota(leaks.rows.begin(), leaks.rows.end(), Index{0});
    leaks.assignments = {{"leakage_factor", ChangeOperation::set, 0.5, {}}};
    TownRun straight(city), first(city), second(city);
    for (TownRun* run : {&straight, &first, &second}) run->settings.changes = [change, leaks](const DeclaredNames&) { return std::vector<Change>{change, leaks}; };
    straight.run_to_end();
    first.make().start();
    while (first.engine->now() < 12 * hour) first.engine->advance();
    second.make().load(first.engine->save());
    CHECK(Engine::hash_of(second.engine->save()) == Engine::hash_of(first.engine->save()));
    while (!second.engine->finished()) second.engine->advance();
    CHECK(Engine::hash_of(second.engine->save()) == Engine::hash_of(straight.engine->save()));
}

TEST_CASE("a pump without power stands still, the tank carries the town, and the pump loads its connection again afterwards", "[water]") {
    loads_W.clear();
    levels_m.clear();
    const auto city = town();
    city->add_set("power_connection", 1).ids = {"c1"};
    EntitySet& links = *city->find("water_link");
    std::vector<std::uint32_t> connection(links.size(), no_index);
    for (std::size_t l = 0; l < links.size(); ++l)
        if (links.get<std::string>("kind")[l] == "pump") connection[l] = 0;
    links.add("power_connection", "1", connection, "power_connection");
    TownRun run(city);
    run.factories.push_back(testing::toy<Grid>("grid"));
    run.settings.end = 13 * hour;
    run.run_to_end();
    run.engine->close();
    // The word of the grid is one step old: it is dark for pumps in the intervals after 10:00 until 11:00.
    const std::size_t dark = 10 * 4;
    for (std::size_t i = dark; i < dark + 4; ++i) {
        CHECK(loads_W[i] == 0);
        CHECK(levels_m[i] < levels_m[i - 1]);
    }
    CHECK(*std::max_element(loads_W.begin(), loads_W.end()) > 0);
    CHECK(run.kpi("water_interruption_hours") == 0);
    // What the town drew and lost in that hour came out of the tank: 1.10 x the mean demand at 10 h, and leaks.
    const double area_m2 = city->at("water_tank").get<double>("volume")[0] / city->at("water_tank").get<double>("depth")[0];
    const double fallen_m3 = (levels_m[dark - 1] - levels_m[dark + 3]) * area_m2;
    double residents = 0, jobs = 0;
    for (const auto n : water::numbers_of(city->at("building"), "residents")) residents += n;
    for (const auto n : water::numbers_of(city->at("building"), "jobs")) jobs += n;
    const double drawn_m3 = residents * 0.130 * 1.10 / 24 + jobs * 0.030 / 9;
    CHECK(fallen_m3 == Approx(drawn_m3 + 0.13 / 24 * 0.11 * residents).epsilon(0.05));
}

TEST_CASE("a city without buildings has no water network and says so; its run goes on", "[water]") {
    Arena arena(1);
    City city;
    MapParameters parameters;
    DiagnosticList diagnostics;
    CityBuilder builder{city, parameters, arena, 5, diagnostics};
    Registry::process().module("water")->build(builder);
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all().front().code == "CT-WATER-051");
    TownRun run(std::make_shared<City>(city));
    run.run_to_end();
    run.engine->close();
}

TEST_CASE("a network laid along streets, given back as the user's file, feeds the same buildings with the same heads", "[water]") {
    const auto laid = town();
    const std::string path = testing::scratch_folder("water_as_file") + "/laid.inp";
    write_file(path, water::inp_text_of(*laid));
    const auto again = town({{"network", "file"}, {"file", path}});
    CHECK(again->at("water_node").get<std::uint8_t>("synthetic").front() == 0);
    TownRun first(laid), second(again);
    second.values["water"] = {{"network", "file"}, {"file", path}};
    for (TownRun* run : {&first, &second}) run->run_to_end(), run->engine->close();
    CHECK(second.kpi("water_use") == Approx(first.kpi("water_use")).epsilon(1e-6));
    CHECK(second.kpi("water_leakage") == Approx(first.kpi("water_leakage")).epsilon(1e-3));
}
