// Comparisons over seeds: what is paired, what is left out and named, what is refused, who bears it.
#include "core/study/compare_ensembles.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/output/run_folder.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using nlohmann::json;

namespace {

struct Made {
    std::string name = "base";
    std::vector<std::uint64_t> seeds{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    std::vector<std::uint64_t> unfinished;
    std::function<std::vector<KpiRow>(std::uint64_t)> kpis;
    std::function<void(RunRecord&)> edit = [](RunRecord&) {};
};

KpiRow figure(double value, std::vector<KpiGroup> groups = {}) {
    return {.id = "travel_time_p50", .name = "travel time", .unit = "min", .more_is = "worse", .value = value, .groups = std::move(groups)};
}

/// The seed's own luck, the same in every scenario.
double luck(std::uint64_t seed) { return static_cast<double>(seed * 37 % 11); }

std::string made(const std::string& test, const Made& what) {
    const std::string folder = testing::scratch_folder("ensembles_" + test + "_" + what.name);
    json members = json::array();
    for (const std::uint64_t seed : what.seeds) {
        const std::string name = "seed-" + std::to_string(seed);
        const bool is_unfinished = std::find(what.unfinished.begin(), what.unfinished.end(), seed) != what.unfinished.end();
        members.push_back({{"seed", seed}, {"folder", name}, {"state", is_unfinished ? "interrupted" : "finished"}});
        const RunFolder run({.folder = folder + "/" + name});
        RunRecord record;
        record.status = is_unfinished ? RunStatus::interrupted : RunStatus::finished;
        record.name = what.name;
        record.city_key = "city-1";
        record.demand_key = "demand-1";
        record.start_utc = "2025-06-03T00:00:00Z";
        record.end_utc = "2025-06-04T00:00:00Z";
        record.seed = seed;
        what.edit(record);
        run.write_record(record);
        if (!is_unfinished) run.write_kpis(what.kpis ? what.kpis(seed) : std::vector<KpiRow>{figure(20 + luck(seed))});
    }
    write_file(folder + "/ensemble.json", json{{"members", members}}.dump());
    return folder;
}

std::string refusal(const std::vector<std::string>& folders) {
    try {
        (void)compare_ensembles(folders);
    } catch (const RunError& error) {
        CHECK(error.exit_code() == ExitCode::comparison_refused);
        return error.what();
    }
    return "compared";
}

const EnsembleKpi& first(const EnsembleComparison& comparison) { return comparison.runs.at(0).kpis.at(0); }

}  // namespace

TEST_CASE("ensembles are paired by seed: the seeds' luck goes out of the difference", "[study]") {
    const auto base = made("paired", {});
    Made plan{.name = "plan", .seeds = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, .kpis = [](std::uint64_t seed) { return std::vector{figure(19 + luck(seed) + 0.01 * static_cast<double>(seed % 3))}; }};
    const auto comparison = compare_ensembles({base, made("paired", plan)});
    const auto& kpi = first(comparison);
    CHECK(kpi.city.difference.pairs == 10);
    CHECK(kpi.city.difference.mean == Approx(-0.99).margin(0.01));
    CHECK(kpi.city.difference.interval.width() < kpi.city.difference.unpaired.width() / 100);
    CHECK(kpi.city.verdict == "better");
    CHECK(comparison.table().find("better") != std::string::npos);
    CHECK(json::parse(comparison.json())["runs"][0]["kpis"][0]["pairs"] == 10);
}

TEST_CASE("a table of all members, kpis.h5, gives the same comparison as their own files, and a stale one is passed over", "[study]") {
    Made plan{.name = "plan", .kpis = [](std::uint64_t seed) { return std::vector{figure(21 + luck(seed), {{"district", "north", 3 + luck(seed), 100}})}; }};
    const auto base = made("table", {}), run = made("table", plan);
    const std::string before = compare_ensembles({base, run}).json();
    write_kpi_table(base);
    write_kpi_table(run);
    std::filesystem::remove(run + "/seed-3/kpis.json");
    CHECK(compare_ensembles({base, run}).json() == before);
    json members = json::parse(read_file(run + "/ensemble.json"));
    members["members"][2]["state"] = "failed";
    write_file(run + "/ensemble.json", members.dump());
    CHECK(first(compare_ensembles({base, run})).city.difference.pairs == 9);
    // a member that was run again, to another end: its own file counts, not what the table has of it
    write_kpi_table(run);
    members["members"][0]["state_hash"] = "another";
    write_file(run + "/ensemble.json", members.dump());
    write_file(run + "/seed-1/kpis.json", R"({"kpis": [{"id": "travel_time_p50", "unit": "min", "more_is": "worse", "value": 99.0, "coverage": 1.0}]})");
    CHECK(first(compare_ensembles({base, run})).city.difference.plan_mean > 25);
}

TEST_CASE("one unfinished member in ten is dropped on both sides and named; more are refused", "[study]") {
    const auto base = made("unfinished", {});
    const auto comparison = compare_ensembles({base, made("unfinished", {.name = "plan", .unfinished = {4}})});
    CHECK(first(comparison).city.difference.pairs == 9);
    REQUIRE_FALSE(comparison.runs[0].dropped.empty());
    CHECK(comparison.runs[0].dropped[0].find("seed 4") != std::string::npos);
    const std::string reason = refusal({base, made("unfinished", {.name = "worse", .unfinished = {4, 9}})});
    CHECK(reason.find("2 of 10 members") != std::string::npos);
    CHECK(reason.find("4, 9") != std::string::npos);
}

TEST_CASE("other cities, periods and demands are refused with both values, and so are ensembles without a common seed", "[study]") {
    const auto base = made("refused", {});
    for (const auto& [what, edit] : std::vector<std::pair<std::string, std::function<void(RunRecord&)>>>{{"city", [](RunRecord& r) { r.city_key = "city-2"; }},
                                                                                                     {"start", [](RunRecord& r) { r.start_utc = "2025-06-02T00:00:00Z"; }},
                                                                                                     {"end", [](RunRecord& r) { r.end_utc = "2025-06-05T00:00:00Z"; }},
                                                                                                     {"demand", [](RunRecord& r) { r.demand_key = "demand-2"; }}}) {
        INFO(what);
        const std::string reason = refusal({base, made("refused", {.name = what, .edit = edit})});
        CHECK(reason.find(what) != std::string::npos);
        CHECK(reason.find("CT-STUDY-010") != std::string::npos);
    }
    CHECK(refusal({base, made("refused", {.name = "others", .seeds = {11, 12}})}).find("no seed in common") != std::string::npos);
}

TEST_CASE("seeds that only one side has are left out and listed", "[study]") {
    const auto comparison = compare_ensembles({made("common", {}), made("common", {.name = "plan", .seeds = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12}})});
    CHECK(comparison.runs[0].seeds == std::vector<std::uint64_t>{3, 4, 5, 6, 7, 8, 9, 10});
    REQUIRE(comparison.runs[0].dropped.size() == 2);
    CHECK(comparison.runs[0].dropped[0].find("1, 2") != std::string::npos);
    CHECK(comparison.runs[0].dropped[1].find("11, 12") != std::string::npos);
}

TEST_CASE("a figure that no seed has says why, one that some lack says how many, and differing units are refused", "[study]") {
    const auto lacking = [](std::uint64_t seed) {
        KpiRow some = figure(5);
        if (seed < 3) some.value.reset(), some.status = "undefined", some.reason = "nobody travelled";
        return std::vector<KpiRow>{some, {.id = "ed_wait_p50", .name = "wait", .unit = "min", .more_is = "worse", .coverage = 0, .status = "undefined", .reason = "no arrival"}};
    };
    const auto base = made("lacking", {.kpis = lacking}), plan = made("lacking", {.name = "plan", .kpis = lacking});
    const auto comparison = compare_ensembles({base, plan});
    CHECK(first(comparison).city.difference.pairs == 8);
    CHECK(first(comparison).city.reason.find("2 of 10") != std::string::npos);
    CHECK(comparison.runs[0].kpis[1].city.status == "undefined");
    CHECK(comparison.runs[0].kpis[1].city.reason == "no arrival");
    const auto in_seconds = [](std::uint64_t) {
        KpiRow row = figure(1200);
        row.unit = "s";
        return std::vector{row};
    };
    CHECK(refusal({base, made("lacking", {.name = "seconds", .kpis = in_seconds})}).find("unit") != std::string::npos);
}

TEST_CASE("a gain on the whole with a loss somewhere is said first, with the share of people", "[study]") {
    const auto at = [](double north, double south) {
        return [=](std::uint64_t seed) { return std::vector{figure(0.25 * north + 0.75 * south + luck(seed), {{"district", "north", north + luck(seed), 1000}, {"district", "south", south + luck(seed), 3000}})}; };
    };
    const auto comparison = compare_ensembles({made("equity", {.kpis = at(20, 20)}), made("equity", {.name = "plan", .kpis = at(22, 18)})});
    REQUIRE(comparison.runs[0].losers.size() == 1);
    const Losers& losers = comparison.runs[0].losers[0];
    CHECK(losers.though_better);
    CHECK(losers.groups == 1);
    CHECK(losers.persons == 1000);
    CHECK(losers.of_persons == 4000);
    CHECK(losers.worst_group == "north");
    const std::string table = comparison.table();
    CHECK(table.find("better on the whole, but worse in 1 of 2 districts (25 % of the people)") < table.find("KPI"));
}

TEST_CASE("the headline's p stands as it is, the others' are adjusted; unknown names are refused", "[study]") {
    const auto two = [](double shift) {
        return [=](std::uint64_t seed) {
            KpiRow other = figure(10 + luck(seed) + shift * static_cast<double>(seed % 4));
            other.id = "other";
            KpiRow third = other;
            third.id = "third";
            return std::vector{figure(20 + luck(seed) + shift * static_cast<double>(seed % 4)), other, third};
        };
    };
    const auto base = made("headline", {.kpis = two(0)}), plan = made("headline", {.name = "plan", .kpis = two(0.1)});
    const auto comparison = compare_ensembles({base, plan}, {"travel_time_p50", {}});
    CHECK(first(comparison).city.p_adjusted == first(comparison).city.difference.p);
    CHECK(comparison.runs[0].kpis[1].city.p_adjusted >= comparison.runs[0].kpis[1].city.difference.p);
    CHECK_THROWS_AS(compare_ensembles({base, plan}, {"no_such", {}}), InputError);
    CHECK(first(compare_ensembles({base, plan}, {"", {{"travel_time_p50", 5.0}}})).city.verdict == "equivalent");
}
