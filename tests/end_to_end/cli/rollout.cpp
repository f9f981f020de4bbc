// Phases decided by their gates through the whole program: go, roll back, hold; registered, resumed, the same as a straight run.
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

citytwin::testing::ProgramResult program(const std::vector<std::string>& words) { return citytwin::testing::citytwin(words); }

constexpr const char* changes = "[[change]]\nname = \"wider\"\nwhere = { road_link = \"lanes = 1\" }\nset = { lanes = \"+1\" }\n"
                                "[[change]]\nname = \"slow\"\nset = { speed_limit = \"*0.2\" }\n"
                                "[[change]]\nname = \"more\"\nwhere = { road_link = \"lanes = 2\" }\nset = { lanes = \"+1\" }\n";

/// Three phases between 07:00 and 08:00; the second makes everything slow.
std::string rollout_town(const std::string& name, const std::string& second_gate = "max_increase = \"2 %\"", const std::string& second_more = "") {
    const auto folder = citytwin::testing::town("rollout_" + name);
    std::ofstream(folder + "/phases.toml") << "name = \"three phases\"\nbase = \"base.toml\"\n" << changes
                                           << "[[phase]]\nname = \"first\"\nstart = 2025-06-03T07:05:00\nchanges = [\"wider\"]\ngate = [{ kpi = \"travel_time_p90\", max_increase = \"20 %\", side = \"upper95\", exposure = \"10 min\" }]\n"
                                           << "[[phase]]\nname = \"second\"\nstart = 2025-06-03T07:15:00\nchanges = [\"slow\"]\ngate = [{ kpi = \"travel_time_p50\", " << second_gate << ", exposure = \"25 min\" }]\n" << second_more
                                           << "[[phase]]\nname = \"third\"\nstart = 2025-06-03T07:45:00\nchanges = [\"more\"]\ngate = [{ kpi = \"travel_time_p90\", max_increase = \"20 %\", exposure = \"10 min\" }]\n";
    return folder;
}

}  // namespace

TEST_CASE("a gate that fails rolls its phase back, and the plan that was decided runs straight to the same bytes", "[cli][rollout]") {
    const auto folder = rollout_town("fails");
    const std::vector<std::string> words{"rollout", folder + "/phases.toml", "--seeds", "5", "-o", folder + "/out", "--workers", "2", "--json"};
    const auto run = program(words);
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    const auto found = json_file(folder + "/out/rollout.json");
    CHECK(found["phases"][0]["state"] == "passed");
    CHECK(found["phases"][1]["state"] == "rolled_back");
    CHECK(found["phases"][2]["state"] == "not_started");
    const auto& look = found["looks"].back();
    CHECK(look["decision"] == "roll_back");
    CHECK(look["gates"][0]["low"].get<double>() > look["gates"][0]["threshold"].get<double>());
    CHECK(look["gates"][0]["plan"].size() == 5);
    CHECK(look["reason"].get<std::string>().find("travel_time_p50") != std::string::npos);

    REQUIRE(program({"run", folder + "/out/plan.toml", "--seed", "2", "-o", folder + "/straight", "-q", "--no-report"}).exit_code == 0);
    for (const char* file : {"results.h5", "kpis.json", "ledgers.json"}) CHECK(contents(folder + "/straight/" + file) == contents(folder + "/out/plan/seed-0002/" + file));
    CHECK(program({"compare", folder + "/out/base", folder + "/out/plan", "-q", "-o", folder + "/compared.html"}).exit_code == 0);
    CHECK(contents(folder + "/compared.html").find("Over 5 paired seeds") != std::string::npos);
    const std::string page = contents(folder + "/out/report.html");
    CHECK(page.find("Phase “second”: rolled back – gate failed: ") != std::string::npos);
    CHECK(page.find("Registered before the first figure existed") != std::string::npos);
    CHECK(page.find("<script type=\"application/json\" id=\"map-data\">") != std::string::npos);

    const std::string before = contents(folder + "/out/rollout.json") + contents(folder + "/out/rollout.csv") + contents(folder + "/out/looks/02.json");
    REQUIRE(program(words).exit_code == 0);   // evaluated twice: the same bytes
    CHECK(contents(folder + "/out/rollout.json") + contents(folder + "/out/rollout.csv") + contents(folder + "/out/looks/02.json") == before);
    std::filesystem::remove_all(folder + "/out/plan/seed-0003");
    std::filesystem::remove(folder + "/out/looks/02.json");
    REQUIRE(program(words).exit_code == 0);   // half of it lost: done again, to the same decisions
    CHECK(json_file(folder + "/out/rollout.json")["phases"] == found["phases"]);
}

TEST_CASE("what is judged can't be changed after it was registered", "[cli][rollout]") {
    const auto folder = rollout_town("registered");
    const auto words = [&](const std::vector<std::string>& more) {
        std::vector<std::string> all{"rollout", folder + "/phases.toml", "--seeds", "5", "-o", folder + "/out"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    REQUIRE(program(words({"-q"})).exit_code == 0);
    for (const char* set : {"phase.0.gate.0.kpi=travel_time_p50", "phase.0.gate.0.max_increase=\"30 %\"", "phase.0.gate.0.side=lower95", "phase.0.gate.0.exposure=9 min", "phase.0.gate.0.lead_in=1 min",
                            "phase.0.gate.0.min_seeds=6", "phase.0.start=2025-06-03T07:04:00", "phase.1.on_fail=hold", "phase.1.max_hold=5 min", "phase.0.name=other", "modules.traffic.replan_share=0.2", "seed=2"}) {
        const auto refused = program(words({"--set", set}));
        INFO(set);
        CHECK(refused.exit_code == 5);
        CHECK(refused.err.find("CT-ROLLOUT-010") != std::string::npos);
    }
    CHECK(program({"rollout", folder + "/phases.toml", "--seeds", "6", "-o", folder + "/out"}).exit_code == 5);
    auto registration = contents(folder + "/out/registration.json");
    registration.replace(registration.find("20 %"), 4, "90 %");
    std::ofstream(folder + "/out/registration.json") << registration;
    const auto edited = program(words({}));
    CHECK(edited.exit_code == 5);
    CHECK(edited.err.find("CT-ROLLOUT-011") != std::string::npos);
}

TEST_CASE("a gate without data holds, and gates that can't be judged are refused before the run", "[cli][rollout]") {
    const auto too_few = rollout_town("no_data", "max_increase = \"5 %\", min_seeds = 9");
    const auto held = program({"rollout", too_few + "/phases.toml", "--seeds", "5", "-o", too_few + "/out", "-q"});
    INFO(held.err);
    REQUIRE(held.exit_code == 0);
    CHECK(json_file(too_few + "/out/rollout.json")["phases"][1]["state"] == "held");
    CHECK(json_file(too_few + "/out/rollout.json")["phases"][2]["state"] == "not_started");
    const auto code = [](const std::string& folder) {
        const auto refused = program({"rollout", folder + "/phases.toml", "--seeds", "5", "-o", folder + "/out"});
        CHECK(refused.exit_code == 3);
        return refused.err;
    };
    CHECK(code(rollout_town("unit", "max_increase = \"5 kWh\"")).find("CT-ROLLOUT-003") != std::string::npos);
    CHECK(code(rollout_town("late", "max_increase = \"5 %\", lead_in = \"1 h\"")).find("CT-ROLLOUT-004") != std::string::npos);
    CHECK(program({"rollout", too_few + "/base.toml", "--seeds", "5"}).err.find("CT-ROLLOUT-001") != std::string::npos);
    const auto unknown = rollout_town("kpi");
    CHECK(program({"rollout", unknown + "/phases.toml", "--seeds", "5", "-o", unknown + "/out", "--set", "phase.0.gate.0.kpi=travel_time_p9"}).err.find("CT-ROLLOUT-002") != std::string::npos);
}

TEST_CASE("a broken guardrail rolls back before the gate is due", "[cli][rollout]") {
    const auto folder = rollout_town("guardrail", "max_increase = \"900 %\"", "guardrail = [{ kpi = \"travel_time_p50\", max_increase = \"5 %\" }]\nlook_every = \"12 min\"\n");
    REQUIRE(program({"rollout", folder + "/phases.toml", "--seeds", "5", "-o", folder + "/out", "-q", "--workers", "2"}).exit_code == 0);
    const auto found = json_file(folder + "/out/rollout.json");
    CHECK(found["phases"][1]["state"] == "rolled_back");
    CHECK(found["looks"].back()["is_gate"] == false);
    CHECK(found["looks"].back()["reason"].get<std::string>().find("guardrail broken") == 0);
}
