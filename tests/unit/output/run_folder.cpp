#include "core/output/run_folder.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/output/run_log.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using nlohmann::json;

namespace {

RunRecord full_record() {
    RunRecord record;
    record.status = RunStatus::interrupted;
    record.name = "evening \"peak\"";
    record.scenario_hash = "0123456789abcdef";
    record.city_key = "c1";
    record.demand_key = "d1";
    record.start_utc = "2025-06-03T00:00:00Z";
    record.end_utc = "2025-06-04T00:00:00Z";
    record.zone = "Europe/Berlin";
    record.modules = {{"traffic", "0.1.0", ""}, {"hello", "1.0", "ff"}};
    record.seed = 18446744073709551615ULL;
    record.threads = 7;
    record.worker_share = 0.25;
    record.simulated_us = 90'061'500'000;
    record.steps = 90061;
    record.exit_code = 130;
    record.changes = {"close Main Street"};
    record.fields = {{"road_link", "flow", "1/s", "module", "traffic"}};
    record.checkpoints = {{900, "aa"}, {1800, "bb"}};
    record.timings_s = {{"load", 0.5}};
    record.notes = {{"kept", "yes"}};
    return record;
}

}  // namespace

TEST_CASE("run.json reads back as it was written") {
    const RunFolder folder({.folder = testing::scratch_folder("run_record")});
    const RunRecord record = full_record();
    folder.write_record(record);
    const RunRecord back = read_run_record(folder.path());
    CHECK(back.status == RunStatus::interrupted);
    CHECK(back.name == record.name);
    CHECK(back.seed == record.seed);
    CHECK(back.simulated_us == record.simulated_us);
    CHECK(back.fields.at(0).set == "road_link");
    CHECK(back.fields.at(0).field == "flow");
    CHECK(back.checkpoints == record.checkpoints);
    CHECK(back.modules.at(1).sha256 == "ff");
    CHECK(back.timings_s == record.timings_s);
    CHECK(back.notes == record.notes);
    folder.write_record(back);
    const std::string once = read_file(folder.file("run.json"));
    folder.write_record(read_run_record(folder.path()));
    CHECK(read_file(folder.file("run.json")) == once);
    CHECK(json::parse(once).at("state_hash") == "");
}

TEST_CASE("a folder that holds a run is refused, and resumed when asked for") {
    const std::string path = testing::scratch_folder("run_twice");
    {
        const RunFolder folder({.folder = path});
        CHECK_FALSE(folder.has_previous_run());
        folder.write_record(full_record());
        CHECK_THROWS_AS(RunFolder({.folder = path, .resume = true}), RunError);  // locked by a living one: this
    }
    CHECK_THROWS_AS(RunFolder({.folder = path}), InputError);
    const RunFolder resumed({.folder = path, .resume = true});
    CHECK(resumed.has_previous_run());
    CHECK(resumed.notice().empty());
}

TEST_CASE("resuming where nothing ran starts anew and says so") {
    const RunFolder folder({.folder = testing::scratch_folder("run_resume_nothing"), .resume = true});
    CHECK_FALSE(folder.has_previous_run());
    CHECK(folder.notice().find("starting anew") != std::string::npos);
}

TEST_CASE("a run folder is named by scenario, time and hash, and never shared") {
    const std::string root = testing::scratch_folder("run_names");
    const RunFolderOptions options{.root = root, .name = "../evening peak: São João", .hash = "0123456789abcdef", .utc = "20250603T101500Z"};
    const RunFolder first(options), second(options);
    CHECK(first.path() == root + "/evening-peak-São-João-20250603T101500Z-01234567");
    CHECK(second.path() == first.path() + "-2");
}

TEST_CASE("a path with spaces, UTF-8 and 255 bytes works") {
    const std::string root = testing::scratch_folder("run_long_names");
    std::string name = "a b ü ";
    name.resize(255, 'x');
    const RunFolder folder({.folder = root + "/" + name});
    folder.write_record(full_record());
    CHECK(read_run_record(root + "/" + name).threads == 7);
}

TEST_CASE("kpis without a value say why and never hold 0") {
    const RunFolder folder({.folder = testing::scratch_folder("run_kpis")});
    folder.write_kpis({{.id = "travel_time_p90", .name = "travel time, p90", .unit = "s", .more_is = "worse", .value = 812.4},
                       {.id = "ed_wait_p50", .name = "wait", .unit = "min", .more_is = "worse", .status = "undefined", .reason = "no arrival"}});
    const json rows = json::parse(read_file(folder.file("kpis.json"))).at("kpis");
    CHECK(rows[0].at("value") == 812.4);
    CHECK(rows[0].at("coverage") == 1.0);
    CHECK(rows[1].at("value").is_null());
    CHECK(rows[1].at("reason") == "no arrival");
    CHECK(read_file(folder.file("kpis.csv")).find("travel_time_p90,\"travel time, p90\",s,812.4,1,worse,ok,,") != std::string::npos);
    const auto back = read_kpis(folder.path());
    CHECK(back.at(0).value == 812.4);
    CHECK_FALSE(back.at(1).value.has_value());
    CHECK(back.at(1).status == "undefined");
}

TEST_CASE("a KPI that isn't a finite number is undefined, not NaN") {
    const RunFolder folder({.folder = testing::scratch_folder("run_kpi_nan")});
    folder.write_kpis({{.id = "load_factor", .value = std::numeric_limits<double>::quiet_NaN()}});
    const auto back = read_kpis(folder.path());
    CHECK_FALSE(back.at(0).value.has_value());
    CHECK(back.at(0).status == "undefined");
}

TEST_CASE("files of a run folder that were edited are refused by name") {
    const std::string path = testing::scratch_folder("run_edited");
    for (const char* text : {"", "[", "[]", "{}", "{\"kpis\": [{\"id\": 5}]}", "{\"kpis\": 7}"}) {
        CAPTURE(text);
        write_file(path + "/kpis.json", text);
        CHECK_THROWS_AS(read_kpis(path), InputError);
    }
    for (const char* text : {"{", "[]", "{\"status\": 3}", "{\"status\": \"gone\"}", "{\"status\": \"finished\", \"seed\": \"x\"}"}) {
        CAPTURE(text);
        write_file(path + "/run.json", text);
        CHECK_THROWS_AS(read_run_record(path), InputError);
    }
    write_file(path + "/warnings.ndjson", "{\"code\": \"a\"}\nnonsense\n");
    CHECK_THROWS_AS(read_warnings(path), InputError);
}

TEST_CASE("warnings come sorted by module, code and cause whatever their order was") {
    const RunFolder folder({.folder = testing::scratch_folder("run_warnings")});
    const WarningRow teleport{"CT-TRAFFIC-010", "traffic", "teleport", "vehicles were moved", 12, 3600 * second, "road_link", "way#1", ""};
    const WarningRow full{"CT-TRAFFIC-010", "traffic", "forced", "vehicles were forced", 2, 7200 * second, "road_link", "way#2", "add lanes"};
    const WarningRow jobs{"CT-POP-003", "population", "jobs", "jobs stay empty", 1, 0, "zone", "8a", ""};
    folder.write_warnings({teleport, full, jobs});
    const std::string once = read_file(folder.file("warnings.ndjson"));
    folder.write_warnings({jobs, full, teleport});
    CHECK(read_file(folder.file("warnings.ndjson")) == once);
    const auto back = read_warnings(folder.path());
    REQUIRE(back.size() == 3);
    CHECK(back[0].module == "population");
    CHECK(back[1].cause == "forced");
    CHECK(back[2].first_time_us == 3600 * second);
}

TEST_CASE("ledgers read back with what was lost by cause") {
    const RunFolder folder({.folder = testing::scratch_folder("run_ledgers")});
    folder.write_ledgers({{"traffic", "vehicles", "1", 100, 90, 7, 3, 0, 50, 0.0, {{"no_path", 2}, {"closed", 1}}}});
    const auto back = read_ledgers(folder.path());
    REQUIRE(back.size() == 1);
    CHECK(back[0].lost == 3);
    CHECK(back[0].stored == 7);
    CHECK(back[0].stored_at_start == 50);
    CHECK(back[0].causes.at(0).first == "no_path");
}

TEST_CASE("an input that changed after the run started is named") {
    const std::string path = testing::scratch_folder("run_inputs");
    write_file(path + "/zones.csv", "id,population\n");
    const RunFolder folder({.folder = path + "/run"});
    folder.write_inputs({RunFolder::describe(path + "/zones.csv", "zones")});
    CHECK(folder.changed_inputs().empty());
    CHECK(read_inputs(folder.path()).at(0).size == 14);
    write_file(path + "/zones.csv", "id,populatioN\n");
    REQUIRE(folder.changed_inputs().size() == 1);
    CHECK(folder.changed_inputs()[0].find("zones.csv changed") != std::string::npos);
}

TEST_CASE("the archive's metadata lists the files that are there and the inputs") {
    const RunFolder folder({.folder = testing::scratch_folder("run_crate")});
    folder.write_kpis({});
    folder.write_ro_crate(full_record(), {{"/data/city.osm.pbf", 10, "ab", "osm"}});
    const json crate = json::parse(read_file(folder.file("ro-crate-metadata.json")));
    CHECK(crate.at("@context") == "https://w3id.org/ro/crate/1.1/context");
    std::vector<std::string> ids;
    for (const json& entity : crate.at("@graph")) ids.push_back(entity.at("@id"));
    CHECK(std::find(ids.begin(), ids.end(), "kpis.json") != ids.end());
    CHECK(std::find(ids.begin(), ids.end(), "file:///data/city.osm.pbf") != ids.end());
    CHECK(std::find(ids.begin(), ids.end(), "results.h5") == ids.end());
}

TEST_CASE("the log holds one JSON object a line") {
    const std::string path = testing::scratch_folder("run_log");
    RunLog log(path);
    log.add("info", "run started", {{"threads", "2"}, {"name", "a \"b\"\n\xff"}});
    log.add("warning", "checkpoint passed over");
    const std::string text = read_file(path + "/log.ndjson");
    const json first = json::parse(text.substr(0, text.find('\n')));
    CHECK(first.at("event") == "run started");
    CHECK(first.at("threads") == "2");
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}
