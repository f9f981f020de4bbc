// Riverside's water through the command line: the exported network of a step is what EPANET solves too, what-ifs say what they should.
#include <catch2/catch.hpp>

#include <cmath>
#include <nlohmann/json.hpp>
#include <map>
#include <sstream>
#include <set>

#include "core/base/hdf5.hpp"
#include "core/base/union_find.hpp"
#include "core/time/clock.hpp"
#include "core/city/city_file.hpp"
#include "tests/support/peers.hpp"
#include "tests/support/program.hpp"
#include "tests/support/town.hpp"

using namespace citytwin;
using namespace citytwin::testing;

namespace {

const std::string scenarios = CITYTWIN_SOURCE_DIR "/scenarios/riverside/";

/// Each scenario once a test program.
std::string run_of(const std::string& scenario) {
    static std::map<std::string, std::string> done;
    if (!done.contains(scenario)) {
        const std::string folder = scratch_folder("water_" + scenario) + "/run";
        const auto result = citytwin::testing::citytwin({"run", scenarios + scenario + ".toml", "-o", folder, "--progress", "none"});
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        done[scenario] = folder;
    }
    return done[scenario];
}

nlohmann::json kpi_row(const std::string& run, const std::string& id) {
    const auto all = nlohmann::json::parse(contents(run + "/kpis.json"));
    for (const auto& row : all["kpis"])
        if (row["id"] == id) return row;
    throw std::runtime_error("no kpi " + id);
}

double kpi(const std::string& run, const std::string& id) { return kpi_row(run, id)["value"].get<double>(); }

/// Heads [in the file's unit] and the count of links ("links") that EPANET gives for a steady .inp.
std::map<std::string, double> epanet_heads(const std::string& python, const std::string& folder, const std::string& inp) {
    const std::string script = folder + "/heads.py";
    std::ofstream(script) << "import sys, warnings\nwarnings.simplefilter('ignore')\nimport epanet.toolkit as en\np = en.createproject(); en.open(p, sys.argv[1], '/dev/null', ''); en.openH(p); en.initH(p, 0); en.runH(p)\n"
                             "for i in range(1, en.getcount(p, en.NODECOUNT) + 1): print(en.getnodeid(p, i), repr(en.getnodevalue(p, i, en.HEAD)))\nprint('links', en.getcount(p, en.LINKCOUNT))\n";
    const auto solved = program({python, script, inp});
    INFO(solved.err);
    REQUIRE(solved.exit_code == 0);
    std::map<std::string, double> head;
    std::istringstream lines(solved.out);
    std::string id;
    for (double value = 0; lines >> id >> value;) head[id] = value;
    return head;
}

/// Greatest difference of heads [m] between results.h5 and EPANET on the exported step; every node and link must be in it.
double head_difference_m(const std::string& python, const std::string& run, const City& city, int clock, double head_unit_m) {
    const std::string inp = run + "/step.inp";
    const auto exported = citytwin::testing::citytwin({"city", "export", run, "-o", inp, "--at", "2025-06-03T" + std::string(clock < 10 ? "0" : "") + std::to_string(clock) + ":00:00"});
    INFO(exported.err);
    REQUIRE(exported.exit_code == 0);
    const auto head = epanet_heads(python, run, inp);
    CHECK(head.at("links") == static_cast<double>(city.at("water_link").size()));
    REQUIRE(head.size() == city.at("water_node").size() + 1);
    auto file = Hdf5File::open(run + "/results.h5");
    const auto ids = file.read_texts("water_node/id");
    const auto times = file.read<double>("water_node/time");
    const double start_s = times.front() - (times[1] - times.front()), step_s = times[1] - times.front();
    const auto ours = file.read_rows<double>("water_node/head", static_cast<std::uint64_t>((clock * 3600 - start_s) / step_s) - 1, 1);
    double worst = 0;
    for (std::size_t n = 0; n < ids.size(); ++n) {
        const double apart = std::abs(head.at(ids[n]) * head_unit_m - ours[n]);
        worst = std::isnan(apart) ? INFINITY : std::max(worst, apart);
    }
    return worst;
}

}  // namespace

TEST_CASE("the exported .inp of a step, solved by EPANET, has the heads of results.h5 within 0.005 m", "[water]") {
    PEERS_OR_SKIP(python);
    const std::string run = run_of("five_sectors");
    const City city = read_city(run + "/city.h5");
    for (const int clock : {7, 13, 19}) CHECK(head_difference_m(python, run, city, clock, 1) < 0.005);
}

TEST_CASE("a city on the user's .inp: patterns where no building is near, and its steps are EPANET's too", "[water]") {
    PEERS_OR_SKIP(python);
    for (const auto& [name, unit_m] : std::map<std::string, double>{{"Net3", 0.3048}, {"L-TOWN", 1}, {"ky4", 0.3048}}) {
        SHARED_OR_SKIP(file, "data/water/epanet/" + name + ".inp");
        const std::string folder = town("water_file_" + name);
        std::ofstream(folder + "/file.toml") << "name = \"file\"\ncity = \"city.toml\"\nzone = \"Europe/Berlin\"\nstart = 2025-06-03T00:00:00\nend = 2025-06-03T12:00:00\n[modules.water]\nnetwork = \"file\"\nfile = \"" << file
                                             << "\"\n[record]\nfields = [\"water_node.head\", \"water_node.demand\", \"water_node.leakage\", \"water_link.status\", \"water_link.operated_setting\"]\ninterval = \"15 min\"\n";
        const auto result = citytwin::testing::citytwin({"run", folder + "/file.toml", "-o", folder + "/run", "--progress", "none"});
        INFO(name << ": " << result.err);
        REQUIRE(result.exit_code == 0);
        // Net3's and L-Town's coordinates happen to lie on the town; ky4's are far away.
        if (name == "ky4") CHECK((contents(folder + "/run/warnings.ndjson") + result.err).find("CT-WATER-053") != std::string::npos);
        const City city = read_city(folder + "/run/city.h5");
        for (const int clock : {3, 8, 12}) CHECK(head_difference_m(python, folder + "/run", city, clock, unit_m) < 0.005);
    }
}

TEST_CASE("a time that wasn't recorded, a run without the fields, and a time of no run are refused", "[water]") {
    const std::string run = run_of("five_sectors");
    const auto between = citytwin::testing::citytwin({"city", "export", run, "-o", run + "/x.inp", "--at", "2025-06-03T07:01:00"});
    CHECK(between.exit_code == 3);
    CHECK(between.err.find("CT-CLI-006") != std::string::npos);
    const auto no_run = citytwin::testing::citytwin({"city", "export", run + "/city.h5", "-o", run + "/x.inp", "--at", "2025-06-03T07:00:00"});
    CHECK(no_run.exit_code == 3);
    CHECK(no_run.err.find("CT-CLI-005") != std::string::npos);
    const auto whole = citytwin::testing::citytwin({"city", "export", run, "-o", run + "/whole.inp"});
    CHECK(whole.exit_code == 0);
    CHECK(citytwin::testing::citytwin({"solve", run + "/whole.inp", "-o", run + "/solved", "--option", "duration=2 h"}).exit_code == 0);
}

TEST_CASE("main_break_07h: exactly the customers behind the shut main are without water, for exactly its time", "[water]") {
    const std::string run = run_of("main_break_07h");
    const City city = read_city(run + "/city.h5");
    const EntitySet &links = city.at("water_link"), &nodes = city.at("water_node"), &buildings = city.at("building");
    // An independent search: what no open link joins to a reservoir or tank once the main is shut.
    UnionFind parts(nodes.size());
    const auto &from = links.get<std::uint32_t>("from"), &to = links.get<std::uint32_t>("to");
    auto file = Hdf5File::open(run + "/results.h5");
    const std::uint64_t at_eight = 8 * 4 - 1;
    for (std::size_t l = 0; l < links.size(); ++l)
        if (links.id_of(static_cast<Index>(l)) != "P572") parts.join(from[l], to[l]);
    std::set<std::size_t> fed;
    for (std::size_t n = 0; n < nodes.size(); ++n)
        if (nodes.get<std::string>("kind")[n] != "junction") fed.insert(parts.find(static_cast<Index>(n)));
    const auto supply = file.read_rows<double>("building/water_supply", at_eight, 1);
    const auto& node = buildings.get<std::uint32_t>("water_node");
    const auto &residents = buildings.get<std::int32_t>("residents"), &jobs = buildings.get<std::int32_t>("jobs");
    double customers = 0;
    std::size_t wrong = 0;
    std::set<std::string> names;
    for (std::size_t b = 0; b < buildings.size(); ++b) {
        if (node[b] == no_index) continue;
        const bool cut = !fed.contains(parts.find(node[b]));
        customers += cut && residents[b] + jobs[b] > 0;
        if (cut && residents[b] + jobs[b] > 0) names.insert("without_water " + buildings.id_of(static_cast<Index>(b)));
        wrong += (supply[b] < 0.5) != cut;
    }
    CHECK(wrong == 0);
    CHECK(customers > 20);
    CHECK(kpi(run, "water_interruption_hours") == Approx(customers * 6).epsilon(1e-9));
    CHECK(kpi(run, "water_degraded_solves") == 0);   // a part cut off doesn't degrade the rest
    for (const auto& row : nlohmann::json::parse(contents(run + "/kpis.json"))["kpis"]) {
        if (row["id"] == "water_degraded_solves") CHECK(row["details"]["with parts cut off from any source"].get<double>() >= 6 * 4);
    }
    // They are named, each with its six hours.
    std::size_t named = 0;
    const auto interruption = kpi_row(run, "water_interruption_hours");
    for (const auto& [what, hours] : interruption["details"].items()) {
        if (!what.starts_with("without_water ")) continue;
        ++named;
        CHECK(names.contains(what));
        CHECK(hours.get<double>() == Approx(6).epsilon(1e-9));
    }
    CHECK(named == names.size());
    const auto before = file.read_rows<double>("building/water_supply", 7 * 4 - 1, 1), after = file.read_rows<double>("building/water_supply", 13 * 4, 1);
    for (std::size_t b = 0; b < buildings.size(); ++b) wrong += node[b] != no_index && (before[b] < 1 || after[b] < 1);
    CHECK(wrong == 0);
    const auto begins = file.read<std::int64_t>("streams/outage/begins"), when = file.read<std::int64_t>("streams/outage/from");
    CHECK(begins == std::vector<std::int64_t>{1, 0});
    CHECK(when == std::vector<std::int64_t>{7 * citytwin::hour, 13 * citytwin::hour});
}

TEST_CASE("leakage_minus_15: the leaked volume falls by 15 percent, give or take one", "[water]") {
    const double before = kpi(run_of("five_sectors"), "water_leakage"), after = kpi(run_of("leakage_minus_15"), "water_leakage");
    CHECK(100 * (after / before - 1) == Approx(-15).margin(1));
}

TEST_CASE("substation_fault_18h: the pump stands for exactly two hours, and the tank carries the town by what is drawn and leaks", "[water]") {
    const std::string run = run_of("substation_fault_18h");
    const City city = read_city(run + "/city.h5");
    auto file = Hdf5File::open(run + "/results.h5");
    const auto row_sum = [&](const std::string& field, std::uint64_t row) {
        const auto values = file.read_rows<double>(field, row, 1);
        double sum = 0;
        for (const double value : values) sum += value;
        return sum;
    };
    double lost_m3 = 0;
    for (std::uint64_t row = 68; row < 84; ++row) {   // rows end at 17:15 … 21:00; dark are those that end at 18:15 … 20:00
        const bool dark = row >= 72 && row < 80;
        CHECK((row_sum("water_link/pump_power", row) == 0) == dark);
        if (dark) lost_m3 += 900 * (row_sum("water_node/demand", row) + row_sum("water_node/leakage", row));
    }
    const EntitySet& tanks = city.at("water_tank");
    const double area_m2 = tanks.get<double>("volume")[0] / tanks.get<double>("depth")[0];
    const double fallen_m = file.read_rows<double>("water_tank/level", 71, 1)[0] - file.read_rows<double>("water_tank/level", 79, 1)[0];
    // A row tells the last solve of its quarter; where an event split the quarter, leaks before it were a little larger.
    CHECK(fallen_m == Approx(lost_m3 / area_m2).epsilon(1e-3));
    CHECK(file.read_rows<double>("water_tank/level", 83, 1)[0] > file.read_rows<double>("water_tank/level", 79, 1)[0]);
    for (std::uint64_t row = 72; row < 84; ++row) CHECK(row_sum("water_node/supply_ratio", row) == static_cast<double>(city.at("water_node").size()));
}
