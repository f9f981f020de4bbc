// What a module did to the city before the first step is there again after a resume: warnings, parameters, files.
#include <catch2/catch.hpp>

#include "core/module/registry.hpp"
#include "core/run/run.hpp"
#include "tests/support/town.hpp"

using namespace citytwin;
using citytwin::testing::bytes_of_run;
using citytwin::testing::contents;
using citytwin::testing::town;

namespace {

/// Asks for a parameter and a file, and warns, only while it builds the city.
struct Planner : Module {
    explicit Planner(Setup& setup) { setup.period("5 min"); }
    static void build(CityBuilder& builder) {
        const double height_m = builder.parameters.quantity("height", "m", "3 m");
        const std::string file = builder.parameters.path("plan");
        builder.diagnostics.warning("TEST-001", builder.parameters.place("height"), "the plan of " + std::to_string(height_m) + " m is " + std::to_string(contents(file).size()) + " bytes long");
    }
    void step(const Step&) override {}
};

RunOutcome run(const std::string& folder, const std::string& output, bool resume, std::function<void(Microseconds)> after_step = {}) {
    RunOptions options;
    options.scenario = folder + "/planned.toml";
    options.output = output;
    options.threads = 1;
    options.resume = resume;
    options.progress = ProgressMode::none;
    options.after_step = std::move(after_step);
    return run_scenario(options);
}

}  // namespace

TEST_CASE("a resumed run warns, and lists parameters and inputs, as the straight run does") {
    if (Registry::process().module("test_planner") == nullptr) {
        ModuleFactory factory = module_factory<Planner>("test_planner", "0");
        factory.build = Planner::build;
        Registry::process().add(std::move(factory));
    }
    const auto folder = town("resume_of_city");
    std::ofstream(folder + "/plan.txt") << "a house\n";
    std::ofstream(folder + "/planned.toml") << "base = \"base.toml\"\n[modules.test_planner]\nheight = \"12 m\"\nplan = \"plan.txt\"\n";
    REQUIRE(run(folder, folder + "/straight", false).exit == ExitCode::done);
    const auto failed = run(folder, folder + "/resumed", false, [](Microseconds now) {
        if (now > 25 * minute) throw RunError(ExitCode::run_failed, "stopped by the test");
    });
    REQUIRE(failed.exit == ExitCode::run_failed);
    const auto resumed = run(folder, folder + "/resumed", true);
    REQUIRE(resumed.exit == ExitCode::done);
    CHECK(resumed.record.resumed_from_step > 0);
    CHECK(contents(folder + "/straight/warnings.ndjson").find("TEST-001") != std::string::npos);
    CHECK(bytes_of_run(folder + "/resumed") == bytes_of_run(folder + "/straight"));
    CHECK(contents(folder + "/resumed/inputs.lock").find("plan.txt") != std::string::npos);
}
