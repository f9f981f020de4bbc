// Which runs a sweep file means, and what it refuses.
#include "core/distributed/sweep_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <set>

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"
#include "core/distributed/executor.hpp"
#include "core/distributed/sweep_summary.hpp"
#include "tests/support/town.hpp"

using namespace citytwin;

namespace {

/// A sweep file beside a small town's scenario.
Sweep sweep_of(const std::string& text) {
    static const std::string folder = testing::town("sweep_file");
    std::ofstream(folder + "/sweep.toml") << "scenario = \"base.toml\"\n" + text;
    return Sweep::load(folder + "/sweep.toml");
}

std::string code_of(const std::string& text) {
    try {
        (void)sweep_of(text);
    } catch (const InputError& error) {
        CHECK(error.diagnostics().front().place.line > 0);
        return error.diagnostics().front().code;
    }
    return "accepted";
}

std::string value_of(const SweepRun& run, const std::string& column) {
    for (const auto& [name, text] : run.labels) {
        if (name == column) return text;
    }
    return "";
}

const std::string car_share = "[[axis]]\nset = \"modules.population.car_share\"\n";
const std::string period = "[[axis]]\nset = \"modules.traffic.period\"\n";

}  // namespace

TEST_CASE("points are all combinations, each with the same seeds, the last axis running fastest", "[sweep]") {
    const Sweep sweep = sweep_of("replications = 2\nseed = 30\n" + car_share + "values = [0.2, 0.4, 0.6]\n" + period + "values = [\"1 s\", \"2 s\"]\n");
    REQUIRE(sweep.points() == 6);
    REQUIRE(sweep.size() == 12);
    CHECK(sweep.columns() == std::vector<std::string>{"modules.population.car_share", "modules.traffic.period"});
    CHECK(sweep.run(1).seed == 30);
    CHECK(sweep.run(2).seed == 31);
    CHECK(sweep.run(3).seed == 30);
    CHECK(value_of(sweep.run(1), "modules.traffic.period") == "1 s");
    CHECK(value_of(sweep.run(3), "modules.traffic.period") == "2 s");
    CHECK(value_of(sweep.run(5), "modules.population.car_share") == "0.4");
    const Scenario scenario = Scenario::load(sweep.run(12).scenario, sweep.options_of(sweep.run(12)));
    CHECK(scenario.seed == 31);
    CHECK(scenario.resolved_toml().find("car_share = 0.6") != std::string::npos);
    CHECK(scenario.resolved_toml().find("period = \"2 s\"") != std::string::npos);
}

TEST_CASE("ranges and steps hold both ends, quantities keep their unit, whole numbers stay whole", "[sweep]") {
    const Sweep range = sweep_of(car_share + "values = { range = 5, low = 0.0, high = 1.0 }\n" + period + "values = { step = \"2 s\", low = \"1 s\", high = \"5 s\" }\n");
    REQUIRE(range.points() == 15);
    CHECK(value_of(range.run(1), "modules.population.car_share") == "0.0");
    CHECK(value_of(range.run(15), "modules.population.car_share") == "1.0");
    CHECK(value_of(range.run(15), "modules.traffic.period") == "5 s");
    const Sweep whole = sweep_of("[[axis]]\nset = \"checkpoint.keep\"\nwhole = true\nvalues = { random = 50, low = 2, high = 4 }\n");
    std::set<std::string> seen;
    for (std::size_t n = 1; n <= 50; ++n) seen.insert(value_of(whole.run(n), "checkpoint.keep"));
    CHECK(seen == std::set<std::string>{"2", "3", "4"});
}

TEST_CASE("a Latin hypercube has one value in each part of each axis and walks its axes together", "[sweep]") {
    const std::string text = car_share + "values = { latin_hypercube = 16, low = 0.0, high = 1.6 }\n" + period + "values = { latin_hypercube = 16, low = \"0 s\", high = \"16 s\" }\n"
                             "[[axis]]\nset = \"checkpoint.every\"\nvalues = [\"10 min\", \"20 min\"]\n";
    const Sweep sweep = sweep_of(text);
    REQUIRE(sweep.points() == 32);
    std::set<int> shares, seconds;
    std::set<std::pair<int, int>> pairs;
    for (std::size_t n = 1; n <= 32; ++n) {
        const int share = static_cast<int>(*parse_number(value_of(sweep.run(n), "modules.population.car_share")) * 10);
        const std::string time = value_of(sweep.run(n), "modules.traffic.period");
        const int second_part = static_cast<int>(*parse_number(time.substr(0, time.find(' '))));
        shares.insert(share), seconds.insert(second_part), pairs.emplace(share, second_part);
    }
    CHECK(shares.size() == 16);
    CHECK(seconds.size() == 16);
    CHECK(pairs.size() == 16);   // each twice: once with each checkpoint
    const Sweep again = sweep_of(text), other = sweep_of("seed = 99\n" + text);
    CHECK(value_of(again.run(7), "modules.traffic.period") == value_of(sweep.run(7), "modules.traffic.period"));
    CHECK(value_of(other.run(7), "modules.traffic.period") != value_of(sweep.run(7), "modules.traffic.period"));
}

TEST_CASE("changes are chosen by name, and those that no axis names are part of every run", "[sweep]") {
    const std::string changes = "[[change]]\nname = \"wide\"\nwhere = { road_link = \"\" }\nset = { lanes = \"+1\" }\n"
                                "[[change]]\nname = \"slow\"\nwhere = { road_link = \"\" }\nset = { speed_limit = \"30 km/h\" }\n"
                                "[[change]]\nname = \"always\"\nwhere = { road_link = \"\" }\nset = { speed_limit = \"*0.9\" }\n";
    const Sweep sweep = sweep_of("[[axis]]\nchange = [\"none\", \"wide\", [\"wide\", \"slow\"]]\n" + changes);
    REQUIRE(sweep.points() == 3);
    const std::vector<std::vector<std::string>> wanted{{"always"}, {"wide", "always"}, {"wide", "slow", "always"}};
    for (std::size_t n = 1; n <= 3; ++n) {
        std::vector<std::string> names;
        for (const auto& change : Scenario::load(sweep.run(n).scenario, sweep.options_of(sweep.run(n))).changes) names.push_back(change.name);
        CHECK(names == wanted[n - 1]);
    }
    CHECK(value_of(sweep.run(3), "change") == "wide + slow");
}

TEST_CASE("points are written out, scenarios are an axis", "[sweep]") {
    const Sweep points = sweep_of("[[point]]\nname = \"a\"\nset = { modules.population.car_share = 0.3, checkpoint.keep = 3 }\n[[point]]\nname = \"b\"\nscenario = \"lanes.toml\"\n");
    REQUIRE(points.points() == 2);
    CHECK(value_of(points.run(1), "checkpoint.keep") == "3");
    CHECK(points.run(2).scenario.find("lanes.toml") != std::string::npos);
    const Sweep scenarios = sweep_of("[[axis]]\nscenario = [\"base.toml\", \"lanes.toml\"]\n");
    CHECK(value_of(scenarios.run(2), "scenario") == "lanes");
    CHECK(scenarios.hash() != points.hash());
}

TEST_CASE("what isn't a design is refused with its code and line", "[sweep]") {
    CHECK(code_of("") == "CT-SWEEP-001");
    CHECK(code_of("[[axis]]\nset = \"modules.traffic.period\"\n") == "CT-SWEEP-003");
    CHECK(code_of("[[axis]]\nset = \"modules.traffic.period\"\nchange = [\"none\"]\nvalues = [1]\n") == "CT-SWEEP-001");
    CHECK(code_of("replications = 0\n") == "CT-SWEEP-002");
    CHECK(code_of("replications = 2\nseed = -1\n") == "CT-SWEEP-002");
    CHECK(code_of("replications = 1000\n" + car_share + "values = { range = 2000, low = 0.0, high = 1.0 }\n") == "CT-SWEEP-002");
    CHECK(code_of(car_share + "values = []\n") == "CT-SWEEP-003");
    CHECK(code_of(car_share + "values = { range = 3, random = 3, low = 0.0, high = 1.0 }\n") == "CT-SWEEP-003");
    CHECK(code_of(car_share + "values = { range = 3, low = 1.0, high = 0.0 }\n") == "CT-SWEEP-004");
    CHECK(code_of(period + "values = { range = 3, low = \"1 s\", high = \"1 min\" }\n") == "CT-SWEEP-004");
    CHECK(code_of("[[axis]]\nset = \"checkpoint.keep\"\nwhole = true\nvalues = { range = 9, low = 2, high = 4 }\n") == "CT-SWEEP-004");
    CHECK(code_of("[[axis]]\nscenario = [\"nowhere.toml\"]\n") == "CT-SWEEP-005");
    CHECK(code_of("[[axis]]\nset = \"seed\"\nvalues = [1, 2]\n") == "CT-SWEEP-006");
    CHECK(code_of(car_share + "values = [0.1]\n" + car_share + "values = [0.2]\n") == "CT-SWEEP-006");
    CHECK(code_of("[[axis]]\nchange = [\"none\", \"no such thing\"]\n") == "CT-SWEEP-007");
    CHECK(code_of(car_share + "values = { random = 3, low = 0.0, high = 1.0 }\n" + period + "values = { latin_hypercube = 4, low = \"1 s\", high = \"2 s\" }\n") == "CT-SWEEP-008");
    CHECK(code_of("replicatons = 3\n") == "CT-SCENARIO-011");
}

TEST_CASE("every rank begins with its own runs and comes to all of them once", "[sweep]") {
    for (std::size_t ranks = 1; ranks <= 4; ++ranks) {
        std::set<std::size_t> firsts;
        for (std::size_t rank = 0; rank < ranks; ++rank) {
            auto order = order_of_runs(10, rank, ranks);
            firsts.insert(order.front());
            std::sort(order.begin(), order.end());
            CHECK(std::unique(order.begin(), order.end()) == order.end());
            CHECK(order.size() == 10);
        }
        CHECK(firsts.size() == ranks);
    }
}
