// Cost and benefit from the figures of two ensembles, and stepped wedges from a table: worked out by hand beside.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "core/base/durable_file.hpp"
#include "core/output/json_text.hpp"
#include "core/output/run_folder.hpp"
#include "core/random/distributions.hpp"
#include "core/study/cost_study.hpp"
#include "core/study/wedge_study.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;

namespace {

std::string code_of(const std::function<void()>& act) {
    try {
        act();
    } catch (const InputError& error) {
        return error.diagnostics().front().code;
    }
    return "";
}

/// Seeds 1 to n with a travel time of `seconds` + seed and 1,000 trips.
std::string made_ensemble(const std::string& name, double seconds, int seeds, double trips = 1000) {
    const std::string folder = testing::scratch_folder("costs_" + name);
    Json members = Json::array();
    for (int seed = 1; seed <= seeds; ++seed) {
        const std::string member = fmt::format("seed-{:04}", seed);
        const RunFolder run({.folder = folder + "/" + member});
        RunRecord record;
        record.status = RunStatus::finished;
        record.name = name;
        record.start_utc = "2025-06-03T00:00:00Z";
        record.end_utc = "2025-06-04T00:00:00Z";
        record.seed = static_cast<std::uint64_t>(seed);
        record.state_hash = member + name;
        run.write_record(record);
        run.write_kpis({{.id = "travel_time", .name = "", .unit = "s", .more_is = "worse", .value = seconds + seed}, {.id = "trips", .name = "", .unit = "1", .more_is = "neutral", .value = trips},
                        {.id = "access", .name = "", .unit = "1", .more_is = "better", .value = 7.0 + (name == "plan")}});
        members.push_back({{"seed", seed}, {"folder", member}, {"state", "finished"}, {"state_hash", record.state_hash}});
    }
    write_file(folder + "/ensemble.json", Json{{"name", name}, {"members", members}}.dump());
    return folder;
}

std::string cost_file(const std::string& folder, const std::string& more, const std::string& rates = "[0, 0.1]") {
    const std::string path = folder + "/costs.toml";
    std::ofstream(path) << "currency = \"EUR\"\nprices = \"real 2025\"\nfirst_year = 2026\nyears = 3\nruns_per_year = 250\nrates = " << rates << "\n" << more;
    return path;
}

}  // namespace

TEST_CASE("benefits follow the key figures' changes by the rule of half, costs the file; NPV, BCR, break-even as by hand", "[costs]") {
    const auto base = made_ensemble("base", 600, 6), plan = made_ensemble("plan", 540, 6, 1100);
    const auto file = cost_file(base, "ramp_up = [0.5]\n[[investment]]\nname = \"lanes\"\namount = 1e5\nlife_years = 4\n[[running_cost]]\nname = \"upkeep\"\namount = 1000\n"
                                      "[[benefit]]\nname = \"time\"\nkpi = \"travel_time\"\ntrips = \"trips\"\nunit_value = 0.003\nsource = \"a survey, 2024\"\n[[transfer]]\nname = \"fares\"\namount = 5000\n");
    const CostStudy study = cost_study(file, base, plan);
    const double per_run = 0.5 * 60 * (1000 + 1100) * 0.003, year = 250 * per_run;
    CHECK(study.benefits[0].per_run == Approx(per_run));
    const double benefits = year / 2 + year + year, costs = 1e5 + 3000 - 1e5 / 4;
    CHECK(study.rates[0].mean.net() == Approx(benefits - costs));
    CHECK(study.rates[0].mean.ratio() == Approx(benefits / costs));
    CHECK(study.rates[1].mean.net() == Approx(year / 2 + year / 1.1 + year / 1.21 - (1e5 + 1000 + 1000 / 1.1 + (1000 - 25000) / 1.21)));
    CHECK(study.rates[0].has_interval);
    CHECK(study.rates[0].npv_interval.low == Approx(benefits - costs));   // all seeds gain alike
    CHECK(study.rates[0].chance_positive == 1);
    CHECK(study.sensitivity_rate == 0.1);
    REQUIRE(study.drivers.front().name == "unit value of time");
    CHECK(*study.drivers.front().break_even == Approx(0.003 / study.rates[1].mean.ratio()));   // benefits just cover the costs
    for (const auto& driver : study.drivers) {
        REQUIRE(driver.break_even);
        CHECK(std::fabs(driver.npv_high - driver.npv_low) > 0);
    }
    CHECK(study.table().find("transfer, not counted: fares") != std::string::npos);
    CHECK(study.remarks.empty());
}

TEST_CASE("a cost file that can't be added up is refused by what is wrong with it", "[costs]") {
    const auto base = made_ensemble("base", 600, 2), plan = made_ensemble("plan", 540, 2);
    const auto code = [&](const std::string& more, const std::string& rates = "[0]") { return code_of([&] { (void)cost_study(cost_file(base, more, rates), base, plan); }); };
    CHECK(code("[[benefit]]\nname = \"x\"\nkpi = \"travel_tme\"\nunit_value = 1\n") == "CT-COST-001");
    CHECK(code("", "[-1]") == "CT-COST-002");
    CHECK(code("[[investment]]\nname = \"x\"\namount = 1\nyear = 2029\n") == "CT-COST-002");
    CHECK(code("[[investment]]\nname = \"x\"\namount = 1\ncurrency = \"USD\"\n") == "CT-COST-003");
    CHECK(code("[[investment]]\nname = \"x\"\namount = 1\nprices = \"nominal\"\n") == "CT-COST-003");
    const CostStudy few = cost_study(cost_file(base, "[[benefit]]\nname = \"x\"\nkpi = \"access\"\nunit_value = 2\n"), base, plan);
    CHECK(few.benefits[0].per_run == 2);   // more is better
    CHECK(few.remarks.size() == 2);        // no source, too few seeds
}

TEST_CASE("a wedge's power is the published one, its effect is found again, its variances too", "[wedge]") {
    const auto folder = testing::scratch_folder("wedge");
    const auto table = [&](const std::string& name, double theta, double within, double between, bool outcomes, std::uint64_t seed) {
        const Random random(seed, "wedge test");
        std::ofstream out(folder + "/" + name + ".csv");
        out << "cluster,period,dose" << (outcomes ? ",outcome" : "") << "\n";
        for (std::uint64_t i = 0; i < 8; ++i) {
            for (std::uint64_t j = 0; j < 5; ++j) {
                const double dose = j >= 1 + i / 2 ? 1 : 0;
                out << "area " << i << ",week " << j << "," << dose;
                const double drawn = std::sqrt(between) * normal(random, i, 1000, 0, 1) + 0.7 * static_cast<double>(j) + theta * dose + std::sqrt(within) * normal(random, i, j, 0, 1);
                if (outcomes) out << "," << drawn;
                out << "\n";
            }
        }
        return folder + "/" + name + ".csv";
    };
    const WedgeStudy before = wedge_study({.file = table("plan", 0, 1, 1, false, 1), .effect = 1.0, .within = 1.0, .between = 0.25});
    CHECK(before.variance == Approx(0.2571428571428571).epsilon(1e-9));   // evaluation_ref.json
    CHECK(*before.power == Approx(0.5048121683711466).epsilon(1e-6));
    CHECK_FALSE(before.estimate);
    double theta = 0, within = 0, between = 0;
    int covered = 0;
    constexpr int draws = 200;
    for (int draw = 0; draw < draws; ++draw) {
        const WedgeStudy study = wedge_study({.file = table("run", 2.0, 0.5, 1.5, true, static_cast<std::uint64_t>(draw + 1)), .effect = {}, .within = {}, .between = {}});
        theta += study.estimate->theta / draws;
        within += study.within / draws;
        between += study.between / draws;
        covered += study.estimate->low <= 2 && study.estimate->high >= 2;
    }
    CHECK(theta == Approx(2).margin(0.1));
    CHECK(within == Approx(0.5).epsilon(0.1));
    CHECK(between == Approx(1.5).epsilon(0.2));
    CHECK(covered >= 0.9 * draws);
    const auto code = [&](const std::string& rows, const WedgeOptions& more) {
        std::ofstream(folder + "/bad.csv") << "cluster,period,dose,outcome\n" << rows;
        WedgeOptions options = more;
        options.file = folder + "/bad.csv";
        return code_of([&] { (void)wedge_study(options); });
    };
    const std::string good = "a,1,0,1\na,2,1,2\nb,1,0,1.5\nb,2,1,2\n";
    CHECK(code("a,1,0,1\na,2,1,2\nb,1,0,1\n", {}) == "CT-WEDGE-001");
    CHECK(code(good + "a,1,0,1\n", {}) == "CT-WEDGE-001");
    CHECK(code("a,1,2,1\n", {}) == "CT-WEDGE-002");
    CHECK(code("a,1,1,1\na,2,0,2\n", {}) == "CT-WEDGE-002");
    CHECK(code(good + "c,1,0,3\nc,2,1,3.1\n", {}) == "CT-WEDGE-003");   // all start at once
    CHECK(code(good, {}) == "CT-WEDGE-003");                            // two clusters
    std::ofstream(folder + "/plan2.csv") << "cluster,period,dose\na,1,0\na,2,1\n";
    CHECK(code_of([&] { (void)wedge_study({.file = folder + "/plan2.csv", .effect = {}, .within = {}, .between = {}}); }) == "CT-WEDGE-004");
}
