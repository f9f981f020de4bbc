// All sectors of a small town: one state hash for any threads and order of modules, and subsets that run with stated defaults.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <set>

#include "core/run/run.hpp"
#include "tests/support/town.hpp"

using namespace citytwin;
using citytwin::testing::bytes_of_run;
using citytwin::testing::contents;
using citytwin::testing::town;

namespace {

/// An hour of the town's morning with these modules.
std::string scenario(const std::string& folder, const std::string& name, const std::vector<std::string>& modules) {
    std::ofstream out(folder + "/" + name + ".toml");
    out << "name = \"" << name << "\"\ncity = \"city.toml\"\nzone = \"Europe/Berlin\"\nstart = 2025-06-03T06:00:00\nend = 2025-06-03T07:30:00\n";
    for (const auto& module : modules) out << "[modules." << module << "]\n";
    return folder + "/" + name + ".toml";
}

RunOutcome run(const std::string& file, const std::string& output, int threads = 1, bool reversed = false) {
    RunOptions options;
    options.scenario = file;
    options.output = output;
    options.threads = threads;
    options.grain = threads == 1 ? 1024 : 16;
    options.reverse_modules = reversed;
    options.progress = ProgressMode::none;
    RunOutcome outcome = run_scenario(options);
    REQUIRE(outcome.exit == ExitCode::done);
    return outcome;
}

/// Fields that a run read as a default, as run.json names them.
std::set<std::string> defaults_of(const std::string& folder) {
    std::set<std::string> names;
    const auto record = nlohmann::json::parse(contents(folder + "/run.json"));
    for (const auto& field : record["fields"])
        if (field["source"] == "default") names.insert(field["field"]);
    return names;
}

}  // namespace

TEST_CASE("all sectors coupled: one state hash for 1 and 2 threads and any order of modules") {
    const auto folder = town("sector_digits");
    const auto file = scenario(folder, "all", {"population", "traffic", "weather", "buildings", "energy", "water", "emissions", "waste"});
    const auto first = run(file, folder + "/first");
    const std::string wanted = bytes_of_run(folder + "/first");
    int number = 0;
    for (const int threads : {1, 2}) {
        for (const bool reversed : {false, true}) {
            if (threads == 1 && !reversed) continue;
            const std::string output = folder + "/run" + std::to_string(number++);
            INFO(threads << " threads" << (reversed ? ", modules reversed" : ""));
            CHECK(run(file, output, threads, reversed).record.state_hash == first.record.state_hash);
            CHECK(bytes_of_run(output) == wanted);
        }
    }
    for (const LedgerRow& ledger : first.ledgers) {
        INFO(ledger.module << " " << ledger.quantity);
        CHECK(ledger.closing_error < (ledger.module == "water" ? 1e-6 : 1e-9));
    }
}

TEST_CASE("subsets of the sectors run to their end; run.json names the defaults of what nobody tells") {
    const auto folder = town("sector_subsets");
    const std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> cases{
        {{"population", "traffic"}, {"power_connection.powered", "car.electric_energy"}},
        {{"population", "traffic", "water"}, {"power_connection.powered"}},
        {{"water"}, {"building.occupants", "building.at_home", "water_node.water_demand"}},
        {{"population", "traffic", "emissions"}, {"weather_cell.wind_speed", "building.fuel_power", "city.carbon_intensity"}},
        {{"buildings"}, {"building.occupants", "weather_cell.air_temperature", "power_connection.powered"}},
        {{"energy"}, {"power_connection.electric_load"}},
        {{"weather", "buildings", "energy"}, {"building.occupants"}},
        {{"population", "traffic", "waste"}, {"power_connection.powered"}},
        {{"population", "weather", "buildings", "energy", "water", "waste"}, {"road_link.travel_time"}}};
    int number = 0;
    for (const auto& [modules, defaults] : cases) {
        std::string title;
        for (const auto& module : modules) title += module + " ";
        INFO(title);
        const std::string name = "subset" + std::to_string(number++);
        const auto outcome = run(scenario(folder, name, modules), folder + "/" + name);
        CHECK(outcome.record.status == RunStatus::finished);
        const auto named = defaults_of(folder + "/" + name);
        for (const auto& field : defaults) {
            INFO(field);
            CHECK(named.contains(field));
        }
    }
}
