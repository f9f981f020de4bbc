#include "core/study/gate.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/evaluation/difference.hpp"

namespace citytwin {
namespace {

bool is_difference(GateBound bound) { return bound != GateBound::maximum && bound != GateBound::minimum; }
bool is_upper(GateBound bound) { return bound == GateBound::maximum || bound == GateBound::largest_increase || bound == GateBound::largest_decrease; }
bool is_decrease(GateBound bound) { return bound == GateBound::largest_decrease || bound == GateBound::least_decrease; }

/// "at most": the threshold itself is kept; "above": it isn't.
bool keeps(GateBound bound, double end, double threshold) { return is_upper(bound) ? end <= threshold : end > threshold; }

}  // namespace

const char* name_of(GateAnswer answer) {
    switch (answer) {
        case GateAnswer::pass: return "pass";
        case GateAnswer::fail: return "fail";
        case GateAnswer::undecided: return "undecided";
        default: return "no data";
    }
}

double threshold_of(const Gate& gate, const std::string& unit, double base_mean) {
    const std::string& text = gate.threshold;
    if (is_difference(gate.bound) && text.ends_with('%')) {
        if (const auto share = parse_number(trimmed(std::string_view(text).substr(0, text.size() - 1)))) return *share / 100 * std::abs(base_mean);
    }
    if (const auto number = parse_number(text)) return *number;
    try {
        const double zero = is_difference(gate.bound) && is_unit(unit) ? parse_quantity("0 " + text.substr(text.find_first_not_of("0123456789.+-eE ")), unit) : 0;
        return parse_quantity(text, unit) - zero;
    } catch (const std::exception&) {
        fail("CT-ROLLOUT-003", gate.place, fmt::format("the threshold {} = \"{}\" doesn't fit '{}', which is in '{}'", name_of(gate.bound), text, gate.kpi, unit), "write a bare number in that unit, a quantity that can be converted, or for an increase or decrease a share in %");
    }
}

GateVerdict judge(const Gate& gate, const GateFigures& figures, double error_share) {
    GateVerdict verdict;
    verdict.kpi = gate.kpi;
    verdict.unit = figures.unit;
    verdict.bound = name_of(gate.bound);
    verdict.level = 1 - (1 - gate.level) * error_share;
    std::vector<double> base, plan;
    for (std::size_t s = 0; s < figures.seeds.size(); ++s) {
        if (std::isnan(figures.plan[s]) || (is_difference(gate.bound) && std::isnan(figures.base[s]))) continue;
        base.push_back(is_difference(gate.bound) ? figures.base[s] : 0);
        plan.push_back(figures.plan[s]);
    }
    verdict.pairs = plan.size();
    if (plan.size() < gate.least_seeds) {
        verdict.reason = fmt::format("{} of {} seeds have a figure, {} are needed", plan.size(), figures.seeds.size(), gate.least_seeds);
        return verdict;
    }
    const evaluation::Difference difference = is_decrease(gate.bound) ? evaluation::paired_difference(plan, base, verdict.level) : evaluation::paired_difference(base, plan, verdict.level);
    verdict.base_mean = is_decrease(gate.bound) ? difference.plan_mean : difference.base_mean;
    verdict.plan_mean = is_decrease(gate.bound) ? difference.base_mean : difference.plan_mean;
    verdict.value = difference.mean;
    verdict.low = difference.interval.low;
    verdict.high = difference.interval.high;
    verdict.threshold = threshold_of(gate, figures.unit, verdict.base_mean);
    const double asked = gate.side == GateSide::mean ? verdict.value : gate.side == GateSide::upper ? verdict.high : verdict.low;
    const double other = gate.side == GateSide::mean ? verdict.value : gate.side == GateSide::upper ? verdict.low : verdict.high;
    if (keeps(gate.bound, asked, verdict.threshold)) verdict.answer = GateAnswer::pass;
    else if (keeps(gate.bound, other, verdict.threshold)) verdict.answer = GateAnswer::undecided;
    else verdict.answer = GateAnswer::fail;
    verdict.reason = fmt::format("{} of {}: {:.6g} [{:.6g}, {:.6g}] {} over {} seeds, threshold {:.6g}", is_difference(gate.bound) ? (is_decrease(gate.bound) ? "decrease" : "increase") : "figure", gate.kpi,
                                 verdict.value, verdict.low, verdict.high, figures.unit, verdict.pairs, verdict.threshold);
    return verdict;
}

bool is_broken(const GateVerdict& verdict) { return verdict.answer == GateAnswer::fail; }

}  // namespace citytwin
