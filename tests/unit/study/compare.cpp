#include "core/study/compare.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/base/diagnostic.hpp"
#include "core/output/run_folder.hpp"
#include "core/study/figures.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;

namespace {

RunRecord finished_record(const std::string& name) {
    RunRecord record;
    record.status = RunStatus::finished;
    record.name = name;
    record.city_key = "city-1";
    record.demand_key = "demand-1";
    record.start_utc = "2025-06-03T00:00:00Z";
    record.end_utc = "2025-06-04T00:00:00Z";
    record.seed = 7;
    record.state_hash = name;
    return record;
}

std::vector<KpiRow> base_kpis() {
    return {{.id = "travel_time_p90", .name = "travel time", .unit = "min", .more_is = "worse", .value = 40.0},
            {.id = "non_car_share", .name = "non-car share", .unit = "%", .more_is = "better", .value = 30.0},
            {.id = "unserved_energy", .name = "unserved energy", .unit = "MWh", .more_is = "worse", .value = 0.0},
            {.id = "trips", .name = "trips", .unit = "1", .more_is = "neutral", .value = 1000.0},
            {.id = "ed_wait_p50", .name = "wait", .unit = "min", .more_is = "worse", .coverage = 0, .status = "undefined", .reason = "no arrival"}};
}

std::string made(const std::string& name, const RunRecord& record, const std::vector<KpiRow>& kpis) {
    const RunFolder folder({.folder = testing::scratch_folder("study_" + name)});
    folder.write_record(record);
    folder.write_kpis(kpis);
    folder.write_ledgers({});
    return folder.path();
}

std::string refusal(const std::vector<std::string>& folders) {
    try {
        (void)compare_runs(folders);
    } catch (const RunError& error) {
        CHECK(error.exit_code() == ExitCode::comparison_refused);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a comparison gives difference, percent and direction, and a word where there is no number") {
    auto kpis = base_kpis();
    kpis[0].value = 36.0;
    kpis[1].value = 27.0;
    kpis[2].value = 1.5;
    kpis[3].value = 1000.0;
    kpis.erase(kpis.begin() + 4);
    kpis.push_back({.id = "saidi", .name = "SAIDI", .unit = "h/customer/yr", .more_is = "worse", .value = 2.0});
    const auto comparison = compare_runs({made("base", finished_record("baseline"), base_kpis()), made("plan", finished_record("plan"), kpis)});
    REQUIRE(comparison.kpis.size() == 6);
    const auto& time = comparison.kpis[0].values[1];
    CHECK(time.difference == -4.0);
    CHECK(time.difference_percent == -10.0);
    CHECK(time.verdict == "better");
    CHECK(comparison.kpis[1].values[1].verdict == "worse");
    CHECK_FALSE(comparison.kpis[2].values[1].difference_percent.has_value());  // percent of nothing
    CHECK(comparison.kpis[2].values[1].verdict == "worse");
    CHECK(comparison.kpis[3].values[1].verdict == "same");
    CHECK(comparison.kpis[4].values[0].status == "undefined");
    CHECK(comparison.kpis[4].values[1].status == "not_simulated");
    CHECK(comparison.kpis[5].values[0].status == "not_simulated");
    const std::string table = comparison.table();
    CHECK(table.find("plan against baseline") != std::string::npos);
    CHECK(table.find("not_simulated") != std::string::npos);
    CHECK(table.find("-10.00") != std::string::npos);
    const auto json = nlohmann::json::parse(comparison.json());
    CHECK(json.at("kpis")[0].at("values")[1].at("difference") == -4.0);
    CHECK(json.at("kpis")[5].at("values")[0].at("value").is_null());
}

TEST_CASE("a comparison that would mislead is refused with the reason") {
    const std::string base = made("refuse_base", finished_record("baseline"), base_kpis());
    const auto refused = [&](auto&& change) {
        RunRecord record = finished_record("plan");
        auto kpis = base_kpis();
        change(record, kpis);
        return refusal({base, made("refuse_plan", record, kpis)});
    };
    CHECK(refused([](auto& record, auto&) { record.status = RunStatus::interrupted; }).find("isn't finished") != std::string::npos);
    CHECK(refused([](auto& record, auto&) { record.city_key = "city-2"; }).find("the city differs") != std::string::npos);
    CHECK(refused([](auto& record, auto&) { record.end_utc = "2025-06-05T00:00:00Z"; }).find("period's end") != std::string::npos);
    CHECK(refused([](auto& record, auto&) { record.demand_key = "demand-2"; }).find("demand") != std::string::npos);
    CHECK(refused([](auto& record, auto&) { record.seed = 8; }).find("seed") != std::string::npos);
    CHECK(refused([](auto&, auto& kpis) { kpis[0].unit = "s"; }).find("unit of travel_time_p90") != std::string::npos);
    CHECK(refused([](auto& record, auto&) { record.changes = {"close Main Street"}; }).empty());
    CHECK_THROWS_AS(compare_runs({base, testing::scratch_folder("study_no_run")}), InputError);
}

TEST_CASE("runs of one name are told apart and equal ends are remarked on") {
    const auto comparison = compare_runs({made("same_a", finished_record("day"), base_kpis()), made("same_b", finished_record("day"), base_kpis())});
    CHECK(comparison.runs[0].label == "day (study_same_a)");
    CHECK(comparison.remarks[0].find("same state") != std::string::npos);
}

TEST_CASE("figures are short enough to read and long enough to tell apart") {
    CHECK(figure_text(0) == "0");
    CHECK(figure_text(1234567) == "1 234 567");
    CHECK(figure_text(9999) == "9999");
    CHECK(figure_text(-12345.678) == "-12 346");
    CHECK(figure_text(812.4) == "812.4");
    CHECK(figure_text(0.03125) == "0.03125");
    CHECK(figure_text(3.14159265) == "3.1416");
    CHECK(figure_text(1.5e-9) == "1.5e-09");
    CHECK(signed_figure_text(2.5) == "+2.5");
}
