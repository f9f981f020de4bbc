// A small sweep through the whole program: every executor, status, merge, what is refused.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"
#include "tests/support/town.hpp"

using citytwin::testing::bytes_of_run;
using citytwin::testing::contents;
using nlohmann::json;

namespace {

citytwin::testing::ProgramResult program(const std::vector<std::string>& words) { return citytwin::testing::citytwin(words); }

/// A town's folder with sweep.toml: two shares of cars, with and without a lane more, two seeds: eight runs.
std::string town(const std::string& name) {
    const auto folder = citytwin::testing::town("sweep_" + name);
    std::ofstream(folder + "/sweep.toml") << "name = \"lanes and cars\"\nscenario = \"base.toml\"\nreplications = 2\nuntil = \"10 min\"\n"
                                             "[[axis]]\nset = \"modules.population.car_share\"\nvalues = [0.2, 0.7]\n[[axis]]\nchange = [\"none\", \"widen\"]\n"
                                             "[[change]]\nname = \"widen\"\nwhere = { road_link = \"lanes = 1\" }\nset = { lanes = \"+1\" }\n";
    return folder;
}

std::string run_folder(const std::string& sweep, int number) { return sweep + "/runs/000" + std::to_string(number); }

std::string bytes_of_sweep(const std::string& sweep) {
    std::string all = contents(sweep + "/sweep.json");
    for (int number = 1; number <= 8; ++number) all += bytes_of_run(run_folder(sweep, number));
    return all;
}

}  // namespace

TEST_CASE("threads, processes, ranks and single indices of a sweep write the same bytes", "[sweep]") {
    const auto folder = town("executors");
    const auto by = [&](const std::string& name, const std::vector<std::string>& more) {
        std::vector<std::string> words{"sweep", "run", folder + "/sweep.toml", "-o", folder + "/" + name, "--json"};
        words.insert(words.end(), more.begin(), more.end());
        const auto result = program(words);
        INFO(result.err);
        CHECK(result.exit_code == 0);
        return folder + "/" + name;
    };
    const std::string threads = bytes_of_sweep(by("threads", {"--executor", "threads", "--workers", "3"}));
    CHECK(threads.size() > 8 * 1000);
    CHECK(bytes_of_sweep(by("processes", {"--executor", "processes", "--workers", "2", "--threads", "2"})) == threads);
    for (int number = 8; number >= 1; --number) by("indices", {"--index", std::to_string(number)});
    CHECK(bytes_of_sweep(folder + "/indices") == threads);
    for (const char* launcher : {"OMPI_COMM_WORLD", "PMI"}) {
        const std::string name = launcher, out = folder + "/ranks_" + name;
        const std::string rank = name + "_RANK=", ranks = name + "_SIZE=3";
        std::vector<std::string> words{"sweep", "run", folder + "/sweep.toml", "-o", out};
        citytwin::testing::RunningProgram a(words, {rank + "0", ranks}), b(words, {rank + "1", ranks}), c(words, {rank + "2", ranks});
        CHECK(a.wait() == 0);
        CHECK(b.wait() == 0);
        CHECK(c.wait() == 0);
        CHECK(bytes_of_sweep(out) == threads);
    }
    CHECK(bytes_of_run(run_folder(folder + "/threads", 1)) != bytes_of_run(run_folder(folder + "/threads", 2)));
    // The same command again does nothing.
    const auto again = json::parse(program({"sweep", "run", folder + "/sweep.toml", "-o", folder + "/threads", "--json"}).out);
    CHECK(again["finished_before"] == 8);
    CHECK(again["finished"] == 8);
}

TEST_CASE("status counts a sweep's runs, merge tables their figures and the quantiles over the seeds", "[sweep]") {
    const auto folder = town("merge"), sweep = folder + "/out";
    REQUIRE(program({"sweep", "run", folder + "/sweep.toml", "-o", sweep, "--index", "3"}).exit_code == 0);
    auto status = json::parse(program({"sweep", "status", sweep, "--json"}).out);
    CHECK(status["finished"] == 1);
    CHECK(status["waiting"] == 7);
    const auto early = program({"sweep", "merge", sweep, "-o", folder + "/summary.csv", "--strict"});
    CHECK(early.exit_code == 4);
    REQUIRE(program({"sweep", "run", folder + "/sweep.toml", "-o", sweep, "--workers", "2"}).exit_code == 0);
    status = json::parse(program({"sweep", "status", sweep, "--json"}).out);
    CHECK(status["finished"] == 8);
    const auto merged = program({"sweep", "merge", sweep, "-o", folder + "/summary.csv", "--strict", "--json"});
    INFO(merged.err);
    REQUIRE(merged.exit_code == 0);
    const std::string table = contents(folder + "/summary.csv");
    CHECK(std::count(table.begin(), table.end(), '\n') == 9);
    CHECK(table.rfind("run,point,replication,seed,modules.population.car_share,change,state,state_hash,", 0) == 0);
    CHECK(contents(folder + "/summary_points.csv").find("travel_time_p50,s,2,") != std::string::npos);
    for (const auto& figure : json::parse(merged.out)["figures"]) {
        CHECK(figure["q05"].get<double>() <= figure["median"].get<double>());
        CHECK(figure["median"].get<double>() <= figure["max"].get<double>());
    }
}

TEST_CASE("a run that fails is told and tried again, the others go on", "[sweep]") {
    const auto folder = town("failing"), sweep = folder + "/out";
    std::ofstream(folder + "/sweep.toml") << "scenario = \"base.toml\"\nuntil = \"10 min\"\n[[axis]]\nset = \"modules.population.car_share\"\nvalues = [0.2, 7.0, 0.4]\n";
    for (const char* executor : {"threads", "processes"}) {
        const auto result = program({"sweep", "run", folder + "/sweep.toml", "-o", sweep, "--executor", executor, "--workers", "2", "--json"});
        CHECK(result.exit_code == 3);
        CHECK(json::parse(result.out)["finished"] == 2);
        CHECK(result.err.find("CT-POPULATION-001") != std::string::npos);
        CHECK(contents(sweep + "/runs/0002.error").find("car_share") != std::string::npos);
        const auto status = json::parse(program({"sweep", "status", sweep, "--json"}).out);
        CHECK(status["failed"] == 1);
        CHECK(status["finished"] == 2);
    }
}

TEST_CASE("mixed sweeps, runs that there aren't and folders of something else are refused", "[sweep]") {
    const auto folder = town("refused"), sweep = folder + "/out";
    REQUIRE(program({"sweep", "run", folder + "/sweep.toml", "-o", sweep, "--index", "1"}).exit_code == 0);
    for (const char* index : {"0", "9"}) {
        const auto result = program({"sweep", "run", folder + "/sweep.toml", "-o", sweep, "--index", index});
        CHECK(result.exit_code == 3);
        CHECK(result.err.find("CT-SWEEP-012") != std::string::npos);
    }
    CHECK(program({"sweep", "status", folder}).err.find("CT-SWEEP-011") != std::string::npos);
    CHECK(program({"sweep", "merge", folder, "-o", folder + "/x.csv"}).exit_code == 3);
    std::ofstream(folder + "/base.toml", std::ios::app) << "digits = { \"road_link.flow\" = 0.1 }\n";   // in [record], where it ends
    const auto changed = program({"sweep", "run", folder + "/sweep.toml", "-o", sweep});
    CHECK(changed.exit_code == 3);
    CHECK(changed.err.find("CT-SWEEP-010") != std::string::npos);
    std::ofstream(folder + "/misspelt.toml") << "scenario = \"base.toml\"\n[[axis]]\nset = \"record.intervall\"\nvalues = [\"1 min\", \"2 min\"]\n";
    const auto misspelt = program({"sweep", "run", folder + "/misspelt.toml", "-o", folder + "/never"});
    CHECK(misspelt.exit_code == 3);
    CHECK_FALSE(std::filesystem::exists(folder + "/never"));
    CHECK(program({"sweep"}).exit_code == 2);
}
