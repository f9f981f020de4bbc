#include "core/evaluation/cost_benefit.hpp"

#include <cmath>
#include <stdexcept>

namespace citytwin::evaluation {
namespace {

void require_whole(const CashFlow& flow) {
    if (flow.benefit.empty() || flow.benefit.size() != flow.cost.size()) throw std::invalid_argument("a cash flow needs a benefit and a cost for each year");
}

std::vector<double> net_by_year(const CashFlow& flow) {
    require_whole(flow);
    std::vector<double> net(flow.benefit.size());
    for (std::size_t k = 0; k < net.size(); ++k) net[k] = flow.benefit[k] - flow.cost[k];
    return net;
}

int sign_changes(std::span<const double> net) {
    int changes = 0;
    double last = 0;
    for (double value : net) {
        if (value == 0) continue;
        if (last != 0 && (value > 0) != (last > 0)) ++changes;
        last = value;
    }
    return changes;
}

}  // namespace

PresentValue present_value(const CashFlow& flow, double rate) {
    require_whole(flow);
    if (!(rate > -1)) throw std::invalid_argument("a discount rate must be above -1");
    PresentValue value;
    value.rate = rate;
    for (std::size_t k = 0; k < flow.benefit.size(); ++k) {
        const double discount = std::pow(1 + rate, static_cast<double>(k));
        value.benefit += flow.benefit[k] / discount;
        value.cost += flow.cost[k] / discount;
    }
    return value;
}

CashFlow ramped_up(CashFlow flow, std::span<const double> share_by_year) {
    for (std::size_t k = 0; k < flow.benefit.size() && k < share_by_year.size(); ++k) flow.benefit[k] *= share_by_year[k];
    return flow;
}

void add_residual_value(CashFlow& flow, double investment, double life_years, std::size_t year) {
    require_whole(flow);
    const double left = life_years - static_cast<double>(flow.cost.size() - year);
    if (left > 0) flow.cost.back() -= investment * left / life_years;
}

double rule_of_half(double cost_before, double cost_after, double trips_before, double trips_after) {
    return 0.5 * (cost_before - cost_after) * (trips_before + trips_after);
}

std::optional<double> internal_rate_of_return(const CashFlow& flow) {
    const auto net = net_by_year(flow);
    if (sign_changes(net) != 1) return std::nullopt;
    double low = -0.99, high = 10;
    const auto at = [&](double rate) { return present_value(flow, rate).net(); };
    const bool falling = at(low) > at(high);
    if ((at(low) > 0) == (at(high) > 0)) return std::nullopt;
    for (int k = 0; k < 200; ++k) {
        const double middle = (low + high) / 2;
        ((at(middle) > 0) == falling ? low : high) = middle;
    }
    return (low + high) / 2;
}

std::optional<double> payback_years(const CashFlow& flow) {
    const auto net = net_by_year(flow);
    if (sign_changes(net) > 1) return std::nullopt;
    double sum = 0;
    for (std::size_t k = 0; k < net.size(); ++k) {
        if (sum < 0 && sum + net[k] >= 0) return static_cast<double>(k) - 1 - sum / net[k];
        sum += net[k];
    }
    return std::nullopt;
}

}  // namespace citytwin::evaluation
