// A small generated town through the whole program: run, plan, compare, recover, ensembles, exit codes.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/json_file.hpp"
#include "tests/support/program.hpp"
#include "tests/support/town.hpp"

using citytwin::testing::contents;
using citytwin::testing::json_file;
using nlohmann::json;

namespace {

/// The real program with these words.
citytwin::testing::ProgramResult program(const std::vector<std::string>& words) { return citytwin::testing::citytwin(words); }

std::string town(const std::string& name) { return citytwin::testing::town("cli_" + name); }

}  // namespace

TEST_CASE("a run ends with 0, one JSON object on stdout and the files of a run folder", "[cli]") {
    const auto folder = town("run");
    const auto run = program({"run", folder + "/base.toml", "-o", folder + "/run", "--json", "--progress", "plain"});
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    const auto object = json::parse(run.out);
    CHECK(object["status"] == "finished");
    CHECK(object["simulated_s"] == 3600.0);
    CHECK_FALSE(object["kpis"].empty());
    CHECK(object["state_hash"] == json_file(folder + "/run/run.json")["state_hash"]);
    for (const char* file : {"run.json", "scenario.resolved.toml", "inputs.lock", "results.h5", "kpis.json", "kpis.csv", "ledgers.json", "warnings.ndjson",
                             "log.ndjson", "report.html", "ro-crate-metadata.json"}) {
        INFO(file);
        CHECK(std::filesystem::exists(folder + "/run/" + file));
    }
    CHECK(program({"run", folder + "/base.toml", "-o", folder + "/run"}).exit_code == 3);
}

TEST_CASE("the resolved scenario gives the same run", "[cli]") {
    const auto folder = town("resolved");
    REQUIRE(program({"run", folder + "/lanes.toml", "-o", folder + "/first", "-q"}).exit_code == 0);
    const auto again = program({"run", folder + "/first/scenario.resolved.toml", "-o", folder + "/again", "-q"});
    INFO(again.err);
    REQUIRE(again.exit_code == 0);
    CHECK(json_file(folder + "/first/run.json")["state_hash"] == json_file(folder + "/again/run.json")["state_hash"]);
    CHECK(contents(folder + "/first/results.h5") == contents(folder + "/again/results.h5"));
    CHECK(contents(folder + "/first/scenario.resolved.toml") == contents(folder + "/again/scenario.resolved.toml"));
}

TEST_CASE("overrides, seed and until go into the run", "[cli]") {
    const auto folder = town("overrides");
    const auto run = program({"run", folder + "/base.toml", "-o", folder + "/run", "--json", "--seed", "9", "--until", "30 min", "--set", "modules.traffic.period=2 s",
                               "--set", "record.interval=10 min", "--threads", "1", "--no-report"});
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    const auto object = json::parse(run.out);
    CHECK(object["seed"] == 9);
    CHECK(object["simulated_s"] == 1800.0);
    CHECK(object["threads"] == 1);
    CHECK(contents(folder + "/run/scenario.resolved.toml").find("period = \"2 s\"") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder + "/run/report.html"));
    CHECK(program({"run", folder + "/base.toml", "--set", "modules.traffic.perid=2 s"}).exit_code == 3);
    CHECK(program({"run", folder + "/base.toml", "--set", "modules.trafic.period=2 s"}).exit_code == 3);
}

TEST_CASE("a base and its what-if are compared, other seeds are refused with 5", "[cli]") {
    const auto folder = town("compare");
    REQUIRE(program({"run", folder + "/base.toml", "-o", folder + "/base", "-q"}).exit_code == 0);
    REQUIRE(program({"run", folder + "/lanes.toml", "-o", folder + "/lanes", "-q"}).exit_code == 0);
    const auto compared = program({"compare", folder + "/base", folder + "/lanes", "--json", "-o", folder + "/report.html"});
    INFO(compared.err);
    CHECK(compared.exit_code == 0);
    CHECK_FALSE(json::parse(compared.out)["kpis"].empty());
    CHECK(std::filesystem::exists(folder + "/report.html"));
    REQUIRE(program({"run", folder + "/base.toml", "-o", folder + "/other", "-q", "--seed", "5"}).exit_code == 0);
    CHECK(program({"compare", folder + "/base", folder + "/other"}).exit_code == 5);
    CHECK(program({"compare", folder + "/base", folder}).exit_code == 3);
    CHECK(program({"report", folder + "/base", "-o", folder + "/page.html"}).exit_code == 0);
    CHECK(program({"recover", folder + "/nowhere"}).exit_code == 3);
}

TEST_CASE("plan says what differs, what is in it and what it will take", "[cli]") {
    const auto folder = town("plan");
    const auto plan = program({"plan", folder + "/lanes.toml", "--json"});
    INFO(plan.err);
    REQUIRE(plan.exit_code == 0);
    const auto object = json::parse(plan.out);
    CHECK(object["differences"] == json({"change[widen]", "name"}));
    CHECK(object["entities"]["road_link"].get<int>() > 0);
    CHECK(object["steps"].get<int>() == 3600);
    CHECK(object["memory_bytes"].get<double>() > 1e6);
}

TEST_CASE("an ensemble is a folder of runs with seeds from the scenario's on", "[cli]") {
    const auto folder = town("ensemble");
    const auto ensemble = program({"run", folder + "/base.toml", "--seeds", "2", "-o", folder + "/runs", "--until", "10 min", "-q", "--json", "--no-report"});
    INFO(ensemble.err);
    REQUIRE(ensemble.exit_code == 0);
    const auto index = json_file(folder + "/runs/ensemble.json");
    CHECK(index == json::parse(ensemble.out));
    CHECK(index["seeds"] == json({1, 2}));
    CHECK(index["members"][1]["state"] == "finished");
    CHECK(json_file(folder + "/runs/seed-0002/run.json")["seed"] == 2);
    CHECK(program({"run", folder + "/base.toml", "--seeds", "2", "--seed", "3"}).exit_code == 2);
}

TEST_CASE("ensembles of a base and its what-if are compared seed by seed, with intervals and a table", "[cli]") {
    const auto folder = town("ensembles");
    for (const char* name : {"base", "lanes"}) {
        const auto run = program({"run", folder + "/" + name + ".toml", "--seeds", "5", "-o", folder + "/" + name, "--until", "30 min", "-q", "--no-report"});
        INFO(run.err);
        REQUIRE(run.exit_code == 0);
        CHECK(std::filesystem::exists(folder + "/" + name + "/kpis.h5"));
    }
    const auto compared = program({"compare", folder + "/base", folder + "/lanes", "--headline", "car_travel_time_mean", "--table", folder + "/table.csv", "--json"});
    INFO(compared.err);
    REQUIRE(compared.exit_code == 0);
    const auto object = json::parse(compared.out);
    CHECK(object["runs"][0]["seeds"].size() == 5);
    bool found = false;
    for (const auto& kpi : object["runs"][0]["kpis"]) {
        if (kpi["id"] != "car_travel_time_mean") continue;
        found = true;
        CHECK(kpi["interval_95"].size() == 2);
        CHECK(kpi["p"] == kpi["p_adjusted"]);
    }
    CHECK(found);
    CHECK(contents(folder + "/table.csv").find("car_travel_time_mean") != std::string::npos);
    // a member alone against another ensemble: one common seed, no interval, and it says so
    const auto one = program({"compare", folder + "/base/seed-0002", folder + "/lanes", "--json"});
    REQUIRE(one.exit_code == 0);
    CHECK(json::parse(one.out)["runs"][0]["kpis"][0]["pairs"] == 1);
    CHECK(one.err.find("too few") != std::string::npos);
    const auto refused = program({"compare", folder + "/base", folder + "/lanes", "--headline", "no_such"});
    CHECK(refused.exit_code == 3);
    CHECK(refused.err.find("CT-STUDY-004") != std::string::npos);
}

TEST_CASE("warnings end a check with 4 when it is strict and with 0 when it isn't", "[cli]") {
    const auto folder = town("strict");
    std::ofstream(folder + "/late.toml") << "name = \"late\"\nbase = \"base.toml\"\n[[change]]\nname = \"x\"\nat = 2025-06-04T07:00:00\nwhere = { road_link = \"\" }\nset = { lanes = \"+1\" }\n";
    CHECK(program({"check", folder + "/late.toml"}).exit_code == 0);
    CHECK(program({"check", folder + "/late.toml", "--strict"}).exit_code == 4);
    CHECK(program({"check", folder + "/base.toml", folder + "/city.toml", "--strict"}).exit_code == 0);
}

TEST_CASE("a generated city is described and imported as itself", "[cli]") {
    const auto folder = town("city");
    REQUIRE(program({"city", "generate", "--population", "1000", "-o", folder + "/a.h5"}).exit_code == 0);
    REQUIRE(program({"city", "generate", "--population", "1000", "-o", folder + "/b.h5", "--threads", "1"}).exit_code == 0);
    CHECK(contents(folder + "/a.h5") == contents(folder + "/b.h5"));
    const auto info = json::parse(program({"city", "info", folder + "/a.h5", "--json"}).out);
    for (const char* key : {"network", "buildings", "transit", "population", "import"}) CHECK(info.contains(key));
    for (const char* key : {"defaulted", "repaired", "dropped"}) CHECK(info["import"].contains(key));
    CHECK(program({"city", "import", folder + "/city.toml", "-o", folder + "/c.h5"}).exit_code == 0);
    CHECK(program({"city", "info", folder + "/nowhere.h5"}).exit_code == 3);
    CHECK(program({"city", "export", folder + "/a.h5", "-o", folder + "/a.docx"}).exit_code == 3);
}
