// A run that is killed or stopped anywhere and resumed ends with the bytes of the straight run. The long set of kills is a row of
// `scripts/bars engine`.
#include <catch2/catch.hpp>

#include <signal.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "core/city/city_file.hpp"
#include "core/output/run_folder.hpp"
#include "tests/support/program.hpp"
#include "tests/support/town.hpp"

using namespace citytwin::testing;

namespace {

std::vector<std::string> command(const std::string& folder, const std::string& output, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"run", folder + "/base.toml", "-o", output, "--progress", "none", "--no-report"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

const std::vector<std::string> slowed = {"CITYTWIN_TEST_SLEEP_PER_MINUTE_US=50000"};   // an hour takes 3 s and more

bool has_checkpoint(const std::string& output) {
    const std::string folder = output + "/checkpoints";
    if (!std::filesystem::exists(folder)) return false;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (std::isdigit(static_cast<unsigned char>(entry.path().filename().string().front())) != 0) return true;
    }
    return false;
}

void wait_a_little() { std::this_thread::sleep_for(std::chrono::milliseconds(2)); }

}  // namespace

TEST_CASE("a killed run, resumed with other threads, ends with the straight run's bytes") {
    const auto folder = town("kill");
    REQUIRE(citytwin::testing::citytwin(command(folder, folder + "/straight", {"--threads", "1"})).exit_code == 0);
    const std::string wanted = bytes_of_run(folder + "/straight");
    for (const int more_ms : {0, 120, 700, 1500}) {
        const std::string output = folder + "/killed_" + std::to_string(more_ms);
        {
            RunningProgram killed(command(folder, output, {"--threads", "2"}), slowed);
            while (killed.runs() && !has_checkpoint(output)) wait_a_little();
            std::this_thread::sleep_for(std::chrono::milliseconds(more_ms));
            killed.send(SIGKILL);
            REQUIRE(killed.wait() == 128 + SIGKILL);
        }
        CHECK(citytwin::testing::citytwin({"compare", folder + "/straight", output}).exit_code == 5);   // not finished: can't be compared
        const auto resumed = citytwin::testing::citytwin(command(folder, output, {"--resume", "--threads", more_ms == 0 ? "7" : "3"}));
        INFO(resumed.err);
        REQUIRE(resumed.exit_code == 0);
        CHECK(citytwin::read_run_record(output).resumed_from_step > 0);
        CHECK(bytes_of_run(output) == wanted);
    }
}

TEST_CASE("a run that is asked to stop keeps a checkpoint, exits with 130 and goes on from there") {
    const auto folder = town("stop");
    REQUIRE(citytwin::testing::citytwin(command(folder, folder + "/straight")).exit_code == 0);
    const std::string output = folder + "/stopped";
    RunningProgram stopped(command(folder, output, {"--set", "checkpoint.every=12 h"}), slowed);
    while (stopped.runs() && !std::filesystem::exists(output + "/run.json")) wait_a_little();
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    stopped.send(SIGUSR1);   // writes a checkpoint and goes on
    while (stopped.runs() && !has_checkpoint(output)) wait_a_little();
    CHECK(stopped.runs());
    stopped.send(SIGTERM);
    REQUIRE(stopped.wait() == 130);
    CHECK(citytwin::read_run_record(output).status == citytwin::RunStatus::interrupted);
    const auto resumed = citytwin::testing::citytwin(command(folder, output, {"--resume", "--set", "checkpoint.every=12 h"}));
    INFO(resumed.err);
    REQUIRE(resumed.exit_code == 0);
    CHECK(contents(output + "/results.h5") == contents(folder + "/straight/results.h5"));
    CHECK(contents(output + "/kpis.json") == contents(folder + "/straight/kpis.json"));
}

TEST_CASE("a run whose demand is corrected by counts has the same digits for any threads and after a kill", "[replay]") {
    const auto folder = town("kill_nudged");
    REQUIRE(citytwin::testing::citytwin(command(folder, folder + "/plain")).exit_code == 0);
    const auto city = citytwin::read_city(folder + "/plain/city.h5");
    {
        std::ofstream map(folder + "/map.csv"), counts(folder + "/counts.csv");
        map << "sensor,set,id,field,unit\n";
        counts << "time,sensor,value\n";
        for (std::size_t link = 0; link < city.at("road_link").size(); link += 5) {
            map << "s" << link << ",road_link," << city.at("road_link").id_of(static_cast<citytwin::Index>(link)) << ",flow,veh\n";
            for (const char* time : {"07:00", "07:15", "07:30", "07:45"}) counts << "2025-06-03T" << time << ":00,s" << link << "," << 3 + link % 7 << "\n";
        }
    }
    std::ofstream(folder + "/base.toml", std::ios::app) << "[[observations]]\nname = \"counts\"\nfile = \"counts.csv\"\nmap = \"map.csv\"\nuse = \"assimilate\"\nwithhold = 0.3\nrelaxation = \"15 min\"\n";
    REQUIRE(citytwin::testing::citytwin(command(folder, folder + "/straight", {"--threads", "1"})).exit_code == 0);
    const auto files = [](const std::string& run) { return bytes_of_run(run) + contents(run + "/sensor_fit.json") + contents(run + "/sensor_cells.csv"); };
    const std::string wanted = files(folder + "/straight");
    CHECK(contents(folder + "/straight/results.h5") != contents(folder + "/plain/results.h5"));
    REQUIRE(citytwin::testing::citytwin(command(folder, folder + "/threads", {"--threads", "4"})).exit_code == 0);
    CHECK(files(folder + "/threads") == wanted);
    const std::string output = folder + "/killed";
    {
        RunningProgram killed(command(folder, output), slowed);
        while (killed.runs() && !has_checkpoint(output)) wait_a_little();
        std::this_thread::sleep_for(std::chrono::milliseconds(900));
        killed.send(SIGKILL);
        REQUIRE(killed.wait() == 128 + SIGKILL);
    }
    const auto resumed = citytwin::testing::citytwin(command(folder, output, {"--resume", "--threads", "3"}));
    INFO(resumed.err);
    REQUIRE(resumed.exit_code == 0);
    CHECK(files(output) == wanted);
    for (const auto& ledger : citytwin::read_ledgers(output)) {
        if (ledger.module != "traffic") continue;
        CHECK(ledger.adjusted != 0);
        CHECK(ledger.closing_error <= 1e-9);
    }
}
