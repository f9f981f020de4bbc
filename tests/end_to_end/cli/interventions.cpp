// What a planner names in words through the whole program: areas drawn as polygons, entities that come with a change, representative days.
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>
#include <tuple>

#include "core/base/hdf5.hpp"
#include "core/city/city_file.hpp"
#include "tests/support/json_file.hpp"
#include "tests/support/program.hpp"
#include "tests/support/town.hpp"

using citytwin::testing::bytes_of_run;
using citytwin::testing::contents;
using citytwin::testing::json_file;
using nlohmann::json;

namespace {

citytwin::testing::ProgramResult program(const std::vector<std::string>& words) { return citytwin::testing::citytwin(words); }

/// A town with power and refuse trucks, and a polygon over its north-eastern quarter.
std::string full_town(const std::string& name) {
    const auto folder = citytwin::testing::town("interventions_" + name);
    std::ofstream(folder + "/full.toml") << "name = \"full\"\nbase = \"base.toml\"\n[modules.energy]\n[modules.waste]\n";
    std::ofstream(folder + "/quarter.geojson")
        << R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32632"}},"features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[500000,5320000],[502000,5320000],[502000,5322000],[500000,5322000],[500000,5320000]]]}}]})";
    return folder;
}

std::string plan_file(const std::string& folder, const std::string& name, const std::string& changes) {
    std::ofstream(folder + "/" + name + ".toml") << "name = \"" << name << "\"\nbase = \"full.toml\"\n" << changes;
    return folder + "/" + name + ".toml";
}

const json& change_of(const json& plan, const std::string& name) {
    for (const auto& change : plan["changes"]) {
        if (change["name"] == name) return change;
    }
    throw std::logic_error("no change " + name);
}

double kpi(const std::string& run, const std::string& id) {
    const json all = json_file(run + "/kpis.json");
    for (const auto& row : all["kpis"]) {
        if (row["id"] == id) return row["value"].is_number() ? row["value"].get<double>() : NAN;
    }
    throw std::logic_error("no KPI " + id);
}

}  // namespace

TEST_CASE("a polygon selects what lies inside it, in every set that has places", "[cli][interventions]") {
    const auto folder = full_town("within");
    const auto plan = plan_file(folder, "zone", "[[change]]\nname = \"slow streets\"\nwhere = { road_link = \"\", within = \"quarter.geojson\" }\nset = { speed_limit = \"20 km/h\" }\n"
                                               "[[change]]\nname = \"people\"\nwhere = { person = \"\", within = \"quarter.geojson\" }\nset = { demand = \"*1.1\" }\n"
                                               "[[change]]\nname = \"few\"\nwithin = \"quarter.geojson\"\nwhere = { road_link = \"lanes = 1\" }\nset = { lanes = \"+1\" }\n");
    const auto result = program({"plan", plan, "--json", "--threads", "1"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const json said = json::parse(result.out);
    REQUIRE(program({"run", folder + "/full.toml", "-o", folder + "/run", "-q", "--no-report", "--until", "1 min"}).exit_code == 0);
    const auto city = citytwin::read_city(folder + "/run/city.h5");
    const auto& links = city.at("road_link");
    std::size_t inside = 0;
    const auto& shape = links.ragged<double>("shape");
    for (std::size_t row = 0; row < links.size(); ++row) {   // straight streets here: their middle is the middle of their ends
        const auto line = shape[row];
        const double x = (line[0] + line[line.size() - 2]) / 2, y = (line[1] + line[line.size() - 1]) / 2;
        inside += x > 0 && y > 0;
    }
    CHECK(inside > 0);
    CHECK(inside < links.size());
    const double found = change_of(said, "slow streets")["entities"].get<double>();
    CHECK(std::fabs(found - static_cast<double>(inside)) <= 0.1 * static_cast<double>(inside));   // bent streets lie a little elsewhere
    CHECK(change_of(said, "people")["entities"].get<std::size_t>() > 100);
    CHECK(change_of(said, "people")["entities"].get<std::size_t>() < city.at("person").size());
    CHECK(change_of(said, "few")["entities"].get<double>() <= found);
    CHECK(change_of(said, "slow streets")["set"][0]["attribute"] == "speed_limit");
    CHECK(change_of(said, "slow streets")["set"][0]["after"][0].get<double>() == Approx(20 / 3.6));

    std::ofstream(folder + "/points.geojson") << R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[9,48]}}]})";
    const auto refused = program({"check", plan_file(folder, "points", "[[change]]\nname = \"x\"\nwhere = { road_link = \"\", within = \"points.geojson\" }\nset = { closed = true }\n")});
    CHECK(refused.exit_code == 3);
    CHECK(refused.err.find("CT-SCENARIO-025") != std::string::npos);
}

TEST_CASE("entities come with a change: a feeder from its hour on, a truck from the start, the same after a kill", "[cli][interventions]") {
    const auto folder = full_town("add");
    std::ofstream(folder + "/feeder.csv") << "id,to,resistance,reactance,rating,length\nnew-feeder,station-1-medium,0.001,0.001,5 MW,400\n";
    std::ofstream(folder + "/trucks.csv") << "id,depot\nextra-truck,\n";
    const std::string changes = "[[change]]\nname = \"new feeder\"\nat = 2025-06-03T07:30:00\nadd = { set = \"power_branch\", file = \"feeder.csv\", connect = \"substation-1\", like = \"ring-cable-0\" }\n"
                                "[[change]]\nname = \"truck\"\nadd = { set = \"truck\", file = \"trucks.csv\", like = \"refuse-truck-1\" }\n[record]\nfields = [\"power_branch.loading\", \"road_link.flow\"]\ninterval = \"15 min\"\n";
    const auto plan = plan_file(folder, "added", changes);
    REQUIRE(program({"run", folder + "/full.toml", "-o", folder + "/base", "-q", "--no-report"}).exit_code == 0);
    const auto run = program({"run", plan, "-o", folder + "/run", "-q", "--no-report"});
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    const auto city = citytwin::read_city(folder + "/run/city.h5");
    const auto& branches = city.at("power_branch");
    CHECK(branches.id_of(static_cast<citytwin::Index>(branches.size() - 1)) == "new-feeder");
    CHECK(branches.get<double>("active").back() == 0);
    CHECK(city.at("power_bus").id_of(branches.get<std::uint32_t>("from").back()) == "substation-1");
    CHECK(city.at("truck").id_of(static_cast<citytwin::Index>(city.at("truck").size() - 1)) == "extra-truck");
    auto results = citytwin::Hdf5File::open(folder + "/run/results.h5");
    const std::size_t columns = branches.size(), rows = results.info("power_branch/loading").rows();
    CHECK(results.read_rows<double>("power_branch/loading", 0, 1)[columns - 1] == 0);
    CHECK(results.read_rows<double>("power_branch/loading", rows - 1, 1)[columns - 1] > 0);
    CHECK(program({"compare", folder + "/base", folder + "/run", "-q"}).exit_code == 0);   // one city: what a change adds is its own
    CHECK(kpi(folder + "/run", "car_distance") == kpi(folder + "/base", "car_distance"));   // a truck more draws nobody else's numbers
    CHECK(kpi(folder + "/run", "travel_time_p90") == kpi(folder + "/base", "travel_time_p90"));
    CHECK(kpi(folder + "/run", "waste_per_capita") == kpi(folder + "/base", "waste_per_capita"));

    {
        citytwin::testing::RunningProgram stopped({"run", plan, "-o", folder + "/resumed", "-q", "--no-report"}, {"CITYTWIN_TEST_SLEEP_PER_MINUTE_US=40000"});
        while (!std::filesystem::exists(folder + "/resumed/checkpoints") || std::filesystem::is_empty(folder + "/resumed/checkpoints")) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        stopped.send(SIGTERM);
        CHECK(stopped.wait() == 130);
    }
    REQUIRE(program({"run", plan, "-o", folder + "/resumed", "-q", "--no-report", "--resume"}).exit_code == 0);
    CHECK(bytes_of_run(folder + "/resumed") == bytes_of_run(folder + "/run"));

    const auto refused = [&](const std::string& name, const std::string& table, const std::string& cells) {
        std::ofstream(folder + "/" + name + ".csv") << cells;
        const auto result = program({"check", plan_file(folder, name, "[[change]]\nname = \"x\"\nadd = { " + table + ", file = \"" + name + ".csv\" }\n")});
        INFO(result.err);
        CHECK(result.exit_code == 3);
        const auto at = result.err.find("CT-SCENARIO-0");
        return at == std::string::npos ? result.err : result.err.substr(at, 15);
    };
    CHECK(refused("street", "set = \"road_link\"", "id\na\n") == "CT-SCENARIO-024");
    CHECK(refused("nothing", "set = \"truck\", like = \"refuse-truck-1\"", "id\n") == "CT-SCENARIO-051");
    CHECK(refused("lacking", "set = \"truck\"", "id\na\n") == "CT-SCENARIO-050");
    CHECK(refused("stranger", "set = \"truck\", like = \"refuse-truck-1\"", "id,colour\na,red\n") == "CT-SCENARIO-051");
    CHECK(refused("nowhere", "set = \"truck\"", "id,depot\na,moon\n") == "CT-SCENARIO-051");
    CHECK(refused("twice", "set = \"truck\", like = \"refuse-truck-1\"", "id\na\na\n") == "CT-SCENARIO-052");
    CHECK(refused("known", "set = \"truck\", like = \"refuse-truck-1\"", "id\nrefuse-truck-1\n") == "CT-SCENARIO-052");
    CHECK(refused("unlike", "set = \"truck\", like = \"none\"", "id\na\n") == "CT-SCENARIO-024");
}

TEST_CASE("representative days are runs of their own, their figures weighted and compared", "[cli][interventions]") {
    const auto folder = citytwin::testing::town("interventions_days");
    const auto days_file = [&](const std::string& name, const std::string& days, const std::string& more = "") {
        std::ofstream(folder + "/" + name + ".toml") << "name = \"" << name << "\"\nbase = \"base.toml\"\nstart = 2025-06-02T00:00:00\nend = 2025-06-09T00:00:00\ndays = " << days << "\n" << more;
        return folder + "/" + name + ".toml";
    };
    const auto file = days_file("days", "[{ date = 2025-06-03, weight = 5 }, { date = 2025-06-07, weight = 2 }]");
    const auto run = program({"run", file, "-o", folder + "/run", "-q"});
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    for (const char* id : {"car_distance", "travel_time_p50", "non_car_share"}) {
        CHECK(kpi(folder + "/run", id) == Approx((5 * kpi(folder + "/run/day-2025-06-03", id) + 2 * kpi(folder + "/run/day-2025-06-07", id)) / 7).epsilon(1e-12));
    }
    CHECK(json_file(folder + "/run/run.json")["days"] == "2025-06-03 x 5, 2025-06-07 x 2");
    CHECK(contents(folder + "/run/report.html").find("Representative days by weight: 2025-06-03 x 5") != std::string::npos);
    REQUIRE(program({"run", folder + "/base.toml", "-o", folder + "/alone", "-q", "--no-report", "--set", "start=2025-06-07T00:00:00", "--set", "end=2025-06-08T00:00:00"}).exit_code == 0);
    CHECK(contents(folder + "/alone/results.h5") == contents(folder + "/run/day-2025-06-07/results.h5"));

    const auto wider = days_file("wider", "[{ date = 2025-06-03, weight = 5 }, { date = 2025-06-07, weight = 2 }]", "[[change]]\nname = \"widen\"\nset = { lanes = \"+1\" }\nwhere = { road_link = \"lanes = 1\" }\n");
    REQUIRE(program({"run", wider, "-o", folder + "/wider", "-q", "--no-report"}).exit_code == 0);
    CHECK(program({"compare", folder + "/run", folder + "/wider", "-q"}).exit_code == 0);
    const auto other = days_file("other", "[{ date = 2025-06-03, weight = 6 }, { date = 2025-06-07, weight = 1 }]");
    REQUIRE(program({"run", other, "-o", folder + "/other", "-q", "--no-report"}).exit_code == 0);
    const auto refused = program({"compare", folder + "/run", folder + "/other"});
    CHECK(refused.exit_code == 5);
    CHECK(refused.err.find("representative days") != std::string::npos);

    std::filesystem::remove(folder + "/run/run.json");   // lost on the way: only what isn't finished is done again
    std::filesystem::remove_all(folder + "/run/day-2025-06-07");
    const std::string before = contents(folder + "/run/day-2025-06-03/run.json"), kpis = contents(folder + "/run/kpis.json");
    REQUIRE(program({"run", file, "-o", folder + "/run", "--resume", "-q", "--no-report"}).exit_code == 0);
    CHECK(contents(folder + "/run/day-2025-06-03/run.json") == before);
    CHECK(contents(folder + "/run/kpis.json") == kpis);

    std::filesystem::remove(folder + "/run/run.json");   // and never one of another scenario
    const auto mixed = program({"run", file, "-o", folder + "/run", "--resume", "-q", "--no-report", "--set", "modules.traffic.replan_share=0.2"});
    CHECK(mixed.exit_code == 3);
    CHECK(mixed.err.find("CT-RUN-021") != std::string::npos);
    CHECK(contents(folder + "/run/kpis.json") == kpis);

    for (const char* wrong : {"[{ date = 2025-06-10, weight = 1 }]", "[{ date = 2025-06-03, weight = 0 }]", "[{ date = 2025-06-03, weight = 1 }, { date = 2025-06-03, weight = 1 }]", "[{ date = 2025-06-03T07:00:00, weight = 1 }]"}) {
        const auto result = program({"check", days_file("wrong", wrong)});
        INFO(wrong);
        CHECK(result.exit_code == 3);
        CHECK(result.err.find("CT-SCENARIO-020") != std::string::npos);
    }
}

TEST_CASE("figures are told by district, age and income, and the groups add up to the whole", "[cli][interventions]") {
    const auto folder = citytwin::testing::town("interventions_groups", 3000);
    const auto run = [&](const std::string& name) {
        REQUIRE(program({"run", folder + "/base.toml", "-o", folder + "/" + name, "-q", "--no-report"}).exit_code == 0);
        return json_file(folder + "/" + name + "/kpis.json");
    };
    const json kpis = run("whole");
    for (const char* id : {"trips_per_resident", "non_car_share", "travel_time_p50", "travel_time_p90"}) {
        const auto row = std::find_if(kpis["kpis"].begin(), kpis["kpis"].end(), [&](const json& kpi) { return kpi["id"] == id; });
        REQUIRE(row != kpis["kpis"].end());
        INFO(id);
        for (const char* by : {"district", "age", "income"}) {
            double persons = 0, sum = 0;
            for (const json& group : (*row)["groups"]) {
                if (group["by"] != by) continue;
                persons += group["persons"].get<double>();
                sum += group["persons"].get<double>() * group["value"].get<double>();
            }
            CHECK(persons > 0.9 * 3000);
            if (std::string(id) == "trips_per_resident") CHECK(sum / persons == Approx((*row)["value"].get<double>()).epsilon(0.02));   // groups under ten persons aren't told
        }
    }
    {
        citytwin::testing::RunningProgram stopped({"run", folder + "/base.toml", "-o", folder + "/resumed", "-q", "--no-report"}, {"CITYTWIN_TEST_SLEEP_PER_MINUTE_US=40000"});
        while (!std::filesystem::exists(folder + "/resumed/checkpoints") || std::filesystem::is_empty(folder + "/resumed/checkpoints")) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        stopped.send(SIGTERM);
        CHECK(stopped.wait() == 130);
    }
    REQUIRE(program({"run", folder + "/base.toml", "-o", folder + "/resumed", "-q", "--no-report", "--resume"}).exit_code == 0);
    CHECK(json_file(folder + "/resumed/kpis.json") == kpis);
}

TEST_CASE("what two scenarios set differently beside their changes is said with their comparison", "[cli][interventions]") {
    const auto folder = citytwin::testing::town("interventions_settings");
    REQUIRE(program({"run", folder + "/base.toml", "-o", folder + "/base", "-q", "--no-report", "--until", "10 min"}).exit_code == 0);
    REQUIRE(program({"run", folder + "/lanes.toml", "-o", folder + "/lanes", "-q", "--no-report", "--until", "10 min"}).exit_code == 0);
    CHECK(program({"compare", folder + "/base", folder + "/lanes"}).err.find("beside its changes") == std::string::npos);
    REQUIRE(program({"run", folder + "/lanes.toml", "-o", folder + "/other", "-q", "--no-report", "--until", "10 min", "--set", "modules.traffic.replan_share=0.2"}).exit_code == 0);
    const auto compared = program({"compare", folder + "/base", folder + "/other"});
    CHECK(compared.exit_code == 0);
    CHECK(compared.err.find("differs beside its changes: modules.traffic.replan_share is 0.2 (base: ") != std::string::npos);
}

TEST_CASE("where a change brings people, figures per person are compared over the base's residents too", "[cli][interventions]") {
    const auto folder = full_town("more_people");
    const auto plan = plan_file(folder, "more", "[[change]]\nname = \"a tenth more\"\nwhere = { person = \"\" }\nset = { demand = \"*1.1\" }\n");
    const auto same = plan_file(folder, "lanes_only", "[[change]]\nname = \"widen\"\nwhere = { road_link = \"lanes = 1\" }\nset = { lanes = \"+1\" }\n");
    for (const auto& [file, name] : {std::pair<std::string, std::string>{folder + "/full.toml", "base"}, {plan, "plan"}, {same, "same"}}) REQUIRE(program({"run", file, "-o", folder + "/" + name, "-q", "--no-report", "--seeds", "2"}).exit_code == 0);
    const auto ids = [&](const std::string& a, const std::string& b) {
        std::vector<std::string> all;
        const auto compared = program({"compare", a, b, "--json"});
        const json said = json::parse(compared.out);
        for (const json& kpi : said.contains("kpis") ? said["kpis"] : said["runs"][0]["kpis"]) all.push_back(kpi["id"]);
        return all;
    };
    const auto has = [](const std::vector<std::string>& all, const char* id) { return std::find(all.begin(), all.end(), id) != all.end(); };
    for (const auto& [a, b] : {std::pair<std::string, std::string>{"", ""}, {"/seed-0001", "/seed-0001"}}) {   // ensembles, and single runs
        CHECK(has(ids(folder + "/base" + a, folder + "/plan" + b), "waste_per_capita_over_base"));
        CHECK_FALSE(has(ids(folder + "/base" + a, folder + "/same" + b), "waste_per_capita_over_base"));
    }
}

TEST_CASE("ensembles without common seeds are compared only where that is asked for, and how many seeds an interval needs is said", "[cli][interventions]") {
    const auto folder = citytwin::testing::town("interventions_unpaired");
    for (const auto& [file, seed, name] : {std::tuple<const char*, const char*, const char*>{"base.toml", "1", "base"}, {"lanes.toml", "101", "lanes"}}) {
        REQUIRE(program({"run", folder + "/" + file, "-o", folder + "/" + name, "-q", "--no-report", "--until", "20 min", "--seeds", "6", "--set", std::string("seed=") + seed}).exit_code == 0);
    }
    const auto refused = program({"compare", folder + "/base", folder + "/lanes"});
    CHECK(refused.exit_code == 5);
    CHECK(refused.err.find("--unpaired") != std::string::npos);
    const auto compared = program({"compare", folder + "/base", folder + "/lanes", "--unpaired", "--json", "-o", folder + "/page.html"});
    INFO(compared.err);
    REQUIRE(compared.exit_code == 0);
    const json kpis = json::parse(compared.out)["runs"][0]["kpis"];
    const auto p50 = std::find_if(kpis.begin(), kpis.end(), [](const json& kpi) { return kpi["id"] == "travel_time_p50"; });
    CHECK((*p50)["interval_95"] == (*p50)["unpaired_interval_95"]);
    CHECK(contents(folder + "/page.html").find("6 unpaired seeds") != std::string::npos);
    CHECK(program({"compare", folder + "/base", folder + "/lanes", "--unpaired", "--worthwhile", "travel_time_p50=0.5"}).err.find("travel_time_p50 needs about") != std::string::npos);
}
