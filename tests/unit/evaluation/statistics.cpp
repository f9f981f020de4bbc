#include <catch2/catch.hpp>

#include <cmath>

#include "core/evaluation/cost_benefit.hpp"
#include "core/evaluation/difference.hpp"
#include "core/evaluation/inequality.hpp"
#include "core/evaluation/samples.hpp"
#include "core/evaluation/sequential.hpp"
#include "core/evaluation/stepped_wedge.hpp"
#include "core/random/distributions.hpp"
#include "core/random/philox.hpp"

using namespace citytwin;
using namespace citytwin::evaluation;

TEST_CASE("evaluation: the paired 95 % interval of ten seeds covers the truth in 93.5 to 96.5 % of 2,000 sets") {
    const Random random(7, "coverage");
    int covered = 0;
    for (std::uint64_t set = 0; set < 2000; ++set) {
        std::vector<double> base, plan;
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const double common = 100 + 10 * normal(random, set, 3 * seed, 0, 1);
            base.push_back(common + normal(random, set, 3 * seed + 1, 0, 1));
            plan.push_back(common + 1.5 + normal(random, set, 3 * seed + 2, 0, 1));
        }
        const Difference d = paired_difference(base, plan);
        covered += d.interval.low <= 1.5 && 1.5 <= d.interval.high ? 1 : 0;
        if (set == 0) CHECK(d.interval.width() < d.unpaired.width() / 2);
    }
    CHECK(covered >= 1870);
    CHECK(covered <= 1930);
}

TEST_CASE("evaluation: equal differences give an interval of width 0, and few seeds none") {
    const std::vector<double> base{1, 2, 3, 4, 5}, plan{2, 3, 4, 5, 6};
    const Difference d = paired_difference(base, plan);
    CHECK(d.identical);
    CHECK(d.mean == 1);
    CHECK(d.interval.width() == 0);
    CHECK(verdict(d, Better::more, 0) == "better");
    CHECK(verdict(paired_difference(base, base), Better::more, 0) == "same");
    CHECK(verdict(paired_difference(std::span(base).first(4), std::span(plan).last(4)), Better::more, 0) == "too few seeds");
    CHECK_THROWS_AS(paired_difference(base, std::span(plan).first(4)), std::invalid_argument);
}

TEST_CASE("evaluation: a verdict is better, worse, equivalent or not decided, never just 'not significant'") {
    const std::vector<double> base{10, 11, 9, 10, 12, 10}, plan{10.4, 11.6, 9.5, 10.6, 12.4, 10.5};
    const Difference d = paired_difference(base, plan);   // 0.5 +- 0.1
    CHECK(verdict(d, Better::more, 0) == "better");
    CHECK(verdict(d, Better::less, 0) == "worse");
    CHECK(verdict(d, Better::neither, 0) == "changed");
    CHECK(verdict(d, Better::less, 1) == "equivalent");
    CHECK(verdict(d, Better::less, 0.55) == "not decided");
}

TEST_CASE("evaluation: Theil's index parts into within and between groups") {
    const std::vector<double> x{1, 2, 3, 10}, weight{2, 1, 1, 1};
    const std::vector<std::size_t> group{0, 0, 1, 1};
    const Theil t = theil(x, weight, group);
    CHECK(t.within + t.between == Approx(t.total).epsilon(1e-12));
    CHECK(t.between > 0);
    CHECK_THROWS_AS(theil(std::vector<double>{-1, 2}, std::vector<double>{1, 1}), std::invalid_argument);
    CHECK(theil(std::vector<double>{0, 2}, std::vector<double>{1, 1}).total == Approx(std::log(2)));
    CHECK_THROWS_AS(gini(std::vector<double>{}, std::vector<double>{}), std::invalid_argument);
}

TEST_CASE("evaluation: the worst tenth over the best one counts rows across an edge in parts") {
    const std::vector<double> x{1, 2, 4}, weight{0.5, 9, 0.5};
    CHECK(worst_to_best_decile(x, weight, true) == Approx((0.5 * 4 + 0.5 * 2) / (0.5 * 1 + 0.5 * 2)));
    CHECK(worst_to_best_decile(x, weight, false) == Approx((0.5 * 1 + 0.5 * 2) / (0.5 * 4 + 0.5 * 2)));
}

TEST_CASE("evaluation: a wedge estimate finds the effect under effects of periods and clusters, and refuses what can't be told") {
    const WedgePlan plan = WedgePlan::from_first_period(5, {1, 2, 3, 4});
    std::vector<double> outcome;
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 5; ++j) outcome.push_back(3.0 * static_cast<double>(i) + static_cast<double>(j * j) - 2 * plan.at(i, j));
    }
    const WedgeEstimate e = wedge_estimate(plan, outcome, 1, 1e9, 1);   // clusters' effects wholly free
    CHECK(e.theta == Approx(-2).epsilon(1e-6));
    CHECK(e.permutations == 24);
    CHECK(e.permutations_complete);
    CHECK_THROWS_AS(wedge_variance(WedgePlan::from_first_period(4, {2, 2, 2}), 1, 0.1), std::invalid_argument);
    CHECK_THROWS_AS(wedge_variance(WedgePlan::from_first_period(4, {9, 9, 9}), 1, 0.1), std::invalid_argument);
}

TEST_CASE("evaluation: payback and rate of return where the flow's sign changes once, none where it changes more often") {
    const CashFlow once{"EUR", {0, 60, 60}, {100, 0, 0}}, often{"EUR", {0, 200, 0}, {100, 0, 150}};
    CHECK(*payback_years(once) == Approx(1 + 40.0 / 60));
    CHECK(present_value(once, *internal_rate_of_return(once)).net() == Approx(0).margin(1e-9));
    CHECK_FALSE(payback_years(often));
    CHECK_FALSE(internal_rate_of_return(often));
    CHECK_THROWS_AS(present_value(once, -1), std::invalid_argument);
    CHECK_THROWS_AS(present_value({"EUR", {1, 2}, {1}}, 0), std::invalid_argument);
    CHECK(rule_of_half(10, 8, 100, 120) == 220);
    CashFlow residual = once;
    add_residual_value(residual, 100, 4);
    CHECK(residual.cost.back() == -25);
    const std::vector<double> ramp{0, 0.5};
    CHECK(ramped_up(once, ramp).benefit == std::vector<double>{0, 30, 60});
}

TEST_CASE("evaluation: looks at part of the information spend part of the error") {
    CHECK(error_spent(0.05, 1) == Approx(0.05));
    CHECK(error_spent(0.05, 0.5) == Approx(0.00557).epsilon(0.01));
}

TEST_CASE("evaluation: quantiles lie on the line between neighbours, in whatever order the values come") {
    CHECK(quantile({4, 2, 1, 3}, 0.25) == Approx(1.75));
    CHECK(quantile({1, 2, 3, 4}, 0.5) == Approx(2.5));
    CHECK(quantile({1, 2, 3, 4}, 0) == 1);
    CHECK(quantile({1, 2, 3, 4}, 1) == 4);
    CHECK(quantile({5}, 0.95) == 5);
}
