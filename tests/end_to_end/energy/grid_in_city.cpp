// The power grid in a city through the whole program: a substation's fault, exports for peers, a user's own grid, kill and resume.
#include <catch2/catch.hpp>

#include <signal.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/csv.hpp"
#include "core/base/hdf5.hpp"
#include "core/city/city_file.hpp"
#include "tests/support/energy_town.hpp"
#include "tests/support/grid_town.hpp"
#include "tests/support/program.hpp"
#include "tests/support/town.hpp"

using namespace citytwin;
using namespace citytwin::testing;
using nlohmann::json;

namespace {

void run(const std::string& scenario, const std::string& folder, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"run", scenario, "-o", folder, "--progress", "none", "--no-report", "-q"};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = testing::citytwin(words);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
}

json kpi(const std::string& folder, const std::string& id) {
    std::ifstream in(folder + "/kpis.json");
    const json all = json::parse(in);
    for (const auto& row : all["kpis"]) {
        if (row["id"] == id) return row;
    }
    return {};
}

/// Rows of a recorded field.
std::vector<std::vector<double>> rows_of(const std::string& folder, const std::string& field) {
    Hdf5File results = Hdf5File::open(folder + "/results.h5");
    std::vector<std::vector<double>> rows;
    for (std::uint64_t r = 0; r < results.info(field).rows(); ++r) rows.push_back(results.read_rows<double>(field, r, 1));
    return rows;
}

/// Largest difference between the recorded voltages and those of the exported case, solved alone; and how many buses it has.
std::pair<double, std::size_t> solved_again(const std::string& folder, const std::string& at, std::size_t row) {
    const std::string file = folder + "/export.m", solved = folder + "/solved";
    const auto exported = testing::citytwin({"city", "export", folder, "-o", file, "--at", at});
    INFO(exported.err);
    REQUIRE(exported.exit_code == 0);
    std::filesystem::create_directories(solved);
    REQUIRE(testing::citytwin({"solve", file, "-o", solved}).exit_code == 0);
    const auto recorded = rows_of(folder, "power_bus/voltage")[row];
    CsvReader csv(solved + "/buses.csv");
    const std::size_t id = csv.column("id"), v = csv.column("vm_pu");
    std::pair<double, std::size_t> found{0, 0};
    while (csv.next()) {
        found.first = std::max(found.first, std::abs(csv.number(v) - recorded[static_cast<std::size_t>(csv.integer(id)) - 1]));
        ++found.second;
    }
    return found;
}

}  // namespace

TEST_CASE("riverside's substation fails at 18:00: its customers are dark for two hours, then everything recovers", "[energy]") {
    const auto folder = scratch_folder("substation_fault");
    run(CITYTWIN_SOURCE_DIR "/scenarios/riverside/substation_fault_18h.toml", folder + "/run");
    const City city = read_city(folder + "/run/city.h5");
    std::vector<Index> transformers;
    for (Index k = 0; k < city.at("power_branch").size(); ++k) {
        if (city.at("power_branch").get<std::string>("kind")[k] == "substation_transformer") transformers.push_back(k);
    }
    const auto dark = dark_buses(city, transformers);
    const EntitySet& connections = city.at("power_connection");
    const auto& bus = connections.get<Index>("power_bus");
    double behind = 0, all = 0;
    for (std::size_t c = 0; c < bus.size(); ++c) {
        all += connections.get<double>("customers")[c];
        behind += dark[bus[c]] != 0 ? connections.get<double>("customers")[c] : 0;
    }
    CHECK(kpi(folder + "/run", "saifi")["value"] == Approx(behind / all));
    CHECK(kpi(folder + "/run", "saidi")["value"] == Approx(2 * behind / all));
    CHECK(kpi(folder + "/run", "unserved_energy")["details"]["fault_MWh"].get<double>() > 0);
    const auto energised = rows_of(folder + "/run", "power_bus/energised"), powered = rows_of(folder + "/run", "power_connection/powered");
    for (std::size_t row = 0; row < 96; ++row) {
        const bool during = row >= 72 && row < 80;   // quarters of an hour that end after 18:00 and by 20:00
        for (std::size_t b = 0; b < dark.size(); ++b) REQUIRE(energised[row][b] == (during && dark[b] != 0 ? 0 : 1));
        for (std::size_t c = 0; c < bus.size(); ++c) {
            const bool has_backup = connections.get<double>("fuel_s")[c] > 0;   // hospitals: battery, then the generator for a day
            REQUIRE(powered[row][c] == (during && dark[bus[c]] != 0 && !has_backup ? 0 : 1));
        }
    }
    // Signals go dark with it: traffic is the undisturbed day's until 18:00 and another one from then on.
    run(CITYTWIN_SOURCE_DIR "/scenarios/riverside/five_sectors.toml", folder + "/undisturbed");
    const auto flow = rows_of(folder + "/run", "road_link/travel_time"), undisturbed = rows_of(folder + "/undisturbed", "road_link/travel_time");
    for (std::size_t row = 0; row < 72; ++row) REQUIRE(flow[row] == undisturbed[row]);
    CHECK(flow[72] != undisturbed[72]);
    const auto voltage = rows_of(folder + "/run", "power_bus/voltage");
    for (const double v : voltage.back()) CHECK((v > 0.95 && v < 1.05));
}

TEST_CASE("a run's exported grid, solved alone, has the run's voltages", "[energy]") {
    const auto folder = energy_town("energy_export");
    run(folder + "/base.toml", folder + "/run");
    const std::size_t buses = read_city(folder + "/run/city.h5").at("power_bus").size();
    for (const auto& [at, row] : {std::pair{"2025-06-03T05:00:00", 3}, {"2025-06-03T07:30:00", 13}, {"2025-06-03T09:00:00", 19}}) {
        INFO(at);
        const auto [difference, count] = solved_again(folder + "/run", at, static_cast<std::size_t>(row));
        CHECK(difference < 1e-7);
        CHECK(count == buses);
    }
    const auto between = testing::citytwin({"city", "export", folder + "/run", "-o", folder + "/x.m", "--at", "2025-06-03T07:31:00"});
    CHECK(between.exit_code == 3);
    CHECK_THAT(between.err, Catch::Contains("CT-CLI-006") && Catch::Contains("07:30"));
}

TEST_CASE("dead parts are left out of an export and listed", "[energy]") {
    const auto folder = energy_town("energy_dead");
    run(folder + "/fault.toml", folder + "/run");
    const auto energised = rows_of(folder + "/run", "power_bus/energised")[11];   // 07:00
    const auto live = static_cast<std::size_t>(std::count(energised.begin(), energised.end(), 1.0));
    REQUIRE(live < energised.size());
    CHECK(kpi(folder + "/run", "saidi")["value"].get<double>() > 0);
    const std::string file = folder + "/dead.m";
    const auto exported = testing::citytwin({"city", "export", folder + "/run", "-o", file, "--at", "2025-06-03T07:00:00"});
    CHECK(exported.exit_code == 0);
    CHECK_THAT(exported.err, Catch::Contains("CT-ENERGY-047"));
    CHECK_THAT(contents(file), Catch::Contains("buses have no voltage and are left out"));
    const auto after = rows_of(folder + "/run", "power_bus/energised").back();
    CHECK(static_cast<std::size_t>(std::count(after.begin(), after.end(), 1.0)) == after.size());
}

TEST_CASE("a city without a grid and a run without the recorded fields can't be exported as a case", "[energy]") {
    const auto folder = town("energy_none");
    const auto none = testing::citytwin({"city", "export", folder + "/city.toml", "-o", folder + "/x.m"});
    CHECK(none.exit_code == 3);
    CHECK_THAT(none.err, Catch::Contains("CT-ENERGY-045"));
    const auto not_a_run = testing::citytwin({"city", "export", folder + "/city.toml", "-o", folder + "/x.m", "--at", "2025-06-03T07:00:00"});
    CHECK_THAT(not_a_run.err, Catch::Contains("CT-CLI-005"));
    const auto little = energy_town("energy_little");
    run(little + "/base.toml", little + "/run", {"--set", "record.fields=[\"power_bus.voltage\"]"});
    const auto lacking = testing::citytwin({"city", "export", little + "/run", "-o", little + "/x.m", "--at", "2025-06-03T07:00:00"});
    CHECK(lacking.exit_code == 3);
    CHECK_THAT(lacking.err, Catch::Contains("CT-ENERGY-046"));
}

TEST_CASE("with energy loaded, the number of threads leaves a run's bytes alone", "[energy]") {
    const auto folder = energy_town("energy_order");
    run(folder + "/fault.toml", folder + "/one", {"--threads", "1"});
    run(folder + "/fault.toml", folder + "/two", {"--threads", "2"});
    CHECK(bytes_of_run(folder + "/one") == bytes_of_run(folder + "/two"));
}

TEST_CASE("a run that is killed while a part is dark, resumed, ends with the straight run's bytes", "[energy]") {
    const auto folder = energy_town("energy_kill");
    run(folder + "/fault.toml", folder + "/straight", {"--threads", "1"});
    {
        RunningProgram killed({"run", folder + "/fault.toml", "-o", folder + "/killed", "--progress", "none", "--no-report", "--threads", "2"},
            {"CITYTWIN_TEST_SLEEP_PER_MINUTE_US=10000"});
        const auto newest = [&] {   // steps before 06:10 are 1560 (traffic each 5 s)
            long step = 0;
            if (!std::filesystem::exists(folder + "/killed/checkpoints")) return step;
            for (const auto& entry : std::filesystem::directory_iterator(folder + "/killed/checkpoints")) step = std::max(step,
                std::atol(entry.path().filename().c_str()));
            return step;
        };
        while (killed.runs() && newest() < 1600) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        killed.send(SIGKILL);
        killed.wait();
    }
    run(folder + "/fault.toml", folder + "/killed", {"--resume", "--threads", "2"});
    CHECK(bytes_of_run(folder + "/straight") == bytes_of_run(folder + "/killed"));
}

TEST_CASE("the user's own grid serves the city's buildings", "[energy]") {
    SHARED_OR_SKIP(case_file, "data/energy/matpower/case141.m");
    const auto folder = energy_town("energy_file", 1000, "network = \"file\"\nnetwork_file = \"" + case_file + "\"\n");
    run(folder + "/base.toml", folder + "/run");
    const City city = read_city(folder + "/run/city.h5");
    CHECK(city.at("power_bus").size() == 141);
    for (const Index c : city.at("building").get<Index>("power_connection")) CHECK(c != no_index);
    for (const auto synthetic : city.at("power_bus").get<std::uint8_t>("synthetic")) CHECK(synthetic == 0);
    CHECK_THAT(contents(folder + "/run/warnings.ndjson"), Catch::Contains("CT-ENERGY-048") && Catch::Contains("CT-ENERGY-043"));
    const auto [difference, count] = solved_again(folder + "/run", "2025-06-03T08:00:00", 15);
    CHECK(difference < 1e-7);
    CHECK(count == 141);
}
