#pragma once
// `citytwin costs COSTS.toml BASE RUN`: what a plan costs and brings over years, its benefits taken from the runs' key figures seed by
// seed (evaluation.md section 6). Unit values, investments and running costs come from the user's file, each with its source.
#include <optional>
#include <string>
#include <vector>

#include "core/evaluation/cost_benefit.hpp"
#include "core/evaluation/difference.hpp"

namespace citytwin {

/// A benefit that follows from a key figure's change.
struct CostedBenefit {
    std::string name, kpi, trips_kpi;       ///< with trips: the rule of half, ½ (c0 - c1)(q0 + q1)
    double unit_value = 0;                  ///< currency a unit of the figure
    std::string source;
    double per_run = 0;                     ///< mean over seeds, currency a simulated run; more is better
    std::vector<double> by_seed;
};

struct CostItem {
    std::string name, source;
    double amount = 0;                      ///< of an investment: once; of a running cost and a transfer: a year
    std::size_t year = 0;                   ///< from the first, of an investment
    std::optional<double> life_years;
};

struct CostAtRate {
    double rate = 0;
    evaluation::PresentValue mean;          ///< of the mean flow
    evaluation::Interval npv_interval;      ///< 95 % over seeds; only with evaluation::fewest_seeds
    bool has_interval = false;
    double chance_positive = 0;             ///< share of the seeds with NPV > 0
};

/// A driver moved by a fifth either way, at the rate in the middle; break_even: where NPV would be 0, others as they are.
struct CostDriver {
    std::string name;
    double value = 0, npv_low = 0, npv_high = 0;
    std::optional<double> break_even;
};

struct CostStudy {
    std::string currency, prices;
    int first_year = 0;
    std::vector<std::uint64_t> seeds;
    std::vector<CostedBenefit> benefits;
    std::vector<CostItem> investments, running, transfers;
    evaluation::CashFlow flow;              ///< of the mean over seeds
    std::vector<CostAtRate> rates;
    double sensitivity_rate = 0;
    std::vector<CostDriver> drivers;        ///< largest effect first
    std::optional<double> internal_rate, payback_years;
    std::vector<std::string> remarks;

    [[nodiscard]] std::string table() const;
    [[nodiscard]] std::string json() const;
    void write_csv(const std::string& path) const;   ///< a row a year
};

/// Throws InputError CT-COST-001 (a key figure that isn't in both), -002 (a rate at or below -1, a year outside the years), -003 (two
/// currencies, real and nominal mixed), and what compare_ensembles refuses (RunError, exit 5).
CostStudy cost_study(const std::string& file, const std::string& base, const std::string& run);

}  // namespace citytwin
