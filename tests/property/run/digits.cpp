// The same digits whatever runs them: threads, grain, module order, a neighbour in the same process.
#include <catch2/catch.hpp>

#include <thread>

#include "core/run/run.hpp"
#include "tests/support/town.hpp"

using namespace citytwin;
using citytwin::testing::bytes_of_run;
using citytwin::testing::town;

namespace {

RunOutcome run(const std::string& scenario, const std::string& output, int threads = 2, std::size_t grain = 1024, bool reversed = false) {
    RunOptions options;
    options.scenario = scenario;
    options.output = output;
    options.threads = threads;
    options.grain = grain;
    options.reverse_modules = reversed;
    options.progress = ProgressMode::none;
    RunOutcome outcome = run_scenario(options);
    REQUIRE(outcome.exit == ExitCode::done);
    return outcome;
}

}  // namespace

TEST_CASE("threads, grain and module order don't show in a run's bytes") {
    const auto folder = town("digits_threads");
    const auto first = run(folder + "/lanes.toml", folder + "/first", 1);
    const std::string wanted = bytes_of_run(folder + "/first");
    int number = 0;
    for (const int threads : {2, 7}) {
        for (const std::size_t grain : {16, 128}) {
            const std::string name = folder + "/" + std::to_string(number++);
            const auto other = run(folder + "/lanes.toml", name, threads, grain, grain == 16);
            CHECK(other.record.state_hash == first.record.state_hash);
            CHECK(bytes_of_run(name) == wanted);
        }
    }
}

TEST_CASE("two engines side by side in one process give what each gives alone") {
    const auto folder = town("digits_side_by_side");
    const auto base = run(folder + "/base.toml", folder + "/base_alone"), lanes = run(folder + "/lanes.toml", folder + "/lanes_alone");
    CHECK(base.record.state_hash != lanes.record.state_hash);
    RunOutcome base_beside, lanes_beside;
    std::thread neighbour([&] { lanes_beside = run(folder + "/lanes.toml", folder + "/lanes_beside", 3); });
    base_beside = run(folder + "/base.toml", folder + "/base_beside", 2);
    neighbour.join();
    CHECK(base_beside.record.state_hash == base.record.state_hash);
    CHECK(lanes_beside.record.state_hash == lanes.record.state_hash);
    CHECK(bytes_of_run(folder + "/base_beside") == bytes_of_run(folder + "/base_alone"));
    CHECK(bytes_of_run(folder + "/lanes_beside") == bytes_of_run(folder + "/lanes_alone"));
}
