// Bar B2: every figure of evaluation_ref.json (made with numpy and scipy) to a relative 1e-9, p-values to 1e-6.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/evaluation/cost_benefit.hpp"
#include "core/evaluation/cumulative_sum.hpp"
#include "core/evaluation/difference.hpp"
#include "core/evaluation/inequality.hpp"
#include "core/evaluation/multiplicity.hpp"
#include "core/evaluation/samples.hpp"
#include "core/evaluation/stepped_wedge.hpp"
#include "support/shared_data.hpp"

using namespace citytwin::evaluation;
using Json = nlohmann::json;

namespace {

Approx as(const Json& expected, double relative = 1e-9) { return Approx(expected.get<double>()).epsilon(relative).margin(0); }
std::vector<double> numbers(const Json& list) { return list.get<std::vector<double>>(); }

Json reference(const std::string& path) {
    std::ifstream file(path);
    return Json::parse(file);
}

}  // namespace

TEST_CASE("evaluation: paired and unpaired intervals, p, correlation and seeds needed are scipy's") {
    SHARED_OR_SKIP(path, "ref/services/evaluation_ref.json");
    const Json r = reference(path)["paired"];
    const Difference d = paired_difference(numbers(r["base"]), numbers(r["plan"]));
    CHECK(d.mean == as(r["mean_difference"]));
    CHECK(d.standard_error == as(r["se"]));
    CHECK(d.t == as(r["t"]));
    CHECK(d.p == as(r["p"], 1e-6));
    CHECK(d.interval.low == as(r["ci95"][0]));
    CHECK(d.interval.high == as(r["ci95"][1]));
    CHECK(d.correlation == as(r["correlation"]));
    CHECK(d.unpaired.low == as(r["unpaired_welch_ci95"][0]));
    CHECK(d.unpaired.high == as(r["unpaired_welch_ci95"][1]));
    const Difference apart = unpaired_difference(numbers(r["base"]), numbers(r["plan"]));
    CHECK(apart.mean == as(r["mean_difference"]));
    CHECK(apart.interval.low == as(r["unpaired_welch_ci95"][0]));
    CHECK(apart.interval.high == as(r["unpaired_welch_ci95"][1]));
    CHECK(seeds_for_half_width(d.deviation, r["seeds_for_half_width"]["half_width"]) == r["seeds_for_half_width"]["n_normal"].get<std::size_t>());
    CHECK(d.pairs - 1 == r["df"].get<std::size_t>());
}

TEST_CASE("evaluation: p-values adjusted by Holm and by Benjamini and Hochberg are the reference's") {
    SHARED_OR_SKIP(path, "ref/services/evaluation_ref.json");
    const Json all = reference(path);
    for (const auto& [name, adjust] : {std::pair{"holm", &holm}, std::pair{"benjamini_hochberg", &benjamini_hochberg}}) {
        const auto adjusted = adjust(numbers(all[name]["p"]));
        REQUIRE(adjusted.size() == all[name]["adjusted"].size());
        for (std::size_t i = 0; i < adjusted.size(); ++i) CHECK(adjusted[i] == as(all[name]["adjusted"][i], 1e-6));
    }
}

TEST_CASE("evaluation: quantiles of type 7 and Wilson's interval are numpy's and scipy's") {
    SHARED_OR_SKIP(path, "ref/services/evaluation_ref.json");
    const Json all = reference(path);
    for (const auto& [p, value] : all["quantile_type7"]["q"].items()) CHECK(quantile(numbers(all["quantile_type7"]["sample"]), std::stod(p)) == as(value));
    const auto wilson = wilson_interval(all["wilson"]["successes"], all["wilson"]["n"]);
    CHECK(wilson.low == as(all["wilson"]["ci95"][0]));
    CHECK(wilson.high == as(all["wilson"]["ci95"][1]));
}

TEST_CASE("evaluation: Gini and Theil of weighted rows are the reference's") {
    SHARED_OR_SKIP(path, "ref/services/evaluation_ref.json");
    const Json r = reference(path)["inequality"];
    const auto x = numbers(r["x"]), weight = numbers(r["weight"]);
    CHECK(gini(x, weight) == as(r["gini"]));
    CHECK(theil(x, weight).total == as(r["theil_t"]));
}

TEST_CASE("evaluation: net present values and benefit-cost ratios are the reference's") {
    SHARED_OR_SKIP(path, "ref/services/evaluation_ref.json");
    const Json r = reference(path)["cost_benefit"];
    for (const Json& expected : r["results"]) {
        const PresentValue value = present_value({"EUR", numbers(r["benefit"]), numbers(r["cost"])}, expected["rate"]);
        CHECK(value.net() == as(expected["npv"]));
        CHECK(value.ratio() == as(expected["bcr"]));
    }
}

TEST_CASE("evaluation: variance and power of stepped wedges are the reference's") {
    SHARED_OR_SKIP(path, "ref/services/evaluation_ref.json");
    for (const Json& r : reference(path)["stepped_wedge"]) {
        const WedgePlan plan = WedgePlan::from_first_period(r["periods"], r["first_treated_period"].get<std::vector<std::size_t>>());
        const double variance = wedge_variance(plan, r["sigma2"], r["tau2"]);
        CHECK(variance == as(r["variance"]));
        CHECK(wedge_power(r["theta"], variance) == as(r["power_two_sided_5pct"]));
    }
}

TEST_CASE("evaluation: the CUSUM chart's first alarm and run length are the reference's") {
    SHARED_OR_SKIP(path, "ref/services/evaluation_ref.json");
    const Json r = reference(path)["cusum"];
    CHECK(run_length_in_control(r["k"], r["h"]) == as(r["arl0_one_sided_siegmund"]));
    CHECK(first_alarm_up(numbers(r["series"]), r["k"], r["h"]) == r["first_alarm_index_upper"].get<std::size_t>());
}
