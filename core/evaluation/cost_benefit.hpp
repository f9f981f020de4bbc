#pragma once
// Cash flows over years (evaluation.md section 6). Real or nominal is the user's; mixing them isn't seen here.
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace citytwin::evaluation {

/// Benefits and costs by year in one currency; index 0 is the first year, which isn't discounted.
struct CashFlow {
    std::string currency;
    std::vector<double> benefit, cost;
};

struct PresentValue {
    double rate = 0, benefit = 0, cost = 0;
    [[nodiscard]] double net() const { return benefit - cost; }
    [[nodiscard]] double ratio() const { return benefit / cost; }
};

/// Throws std::invalid_argument: rate <= -1, a year missing on one side, no year.
[[nodiscard]] PresentValue present_value(const CashFlow& flow, double rate);
/// Benefits times the share that is reached in each year; after the last share given the full benefit holds.
[[nodiscard]] CashFlow ramped_up(CashFlow flow, std::span<const double> share_by_year);
/// A negative cost in the last year: what is left of an investment made in `year` (from 0) by life left, straight line.
void add_residual_value(CashFlow& flow, double investment, double life_years, std::size_t year = 0);
/// Change of travellers' benefit by the rule of half: 1/2 (c0 - c1)(q0 + q1).
[[nodiscard]] double rule_of_half(double cost_before, double cost_after, double trips_before, double trips_after);
/// The rate at which the net present value is 0; nothing where the flow's sign changes more than once or never.
[[nodiscard]] std::optional<double> internal_rate_of_return(const CashFlow& flow);
/// Years from the first flow, with a fraction, until the undiscounted sum is 0 (a later flow comes evenly over its year); nothing as above, or never.
[[nodiscard]] std::optional<double> payback_years(const CashFlow& flow);

}  // namespace citytwin::evaluation
