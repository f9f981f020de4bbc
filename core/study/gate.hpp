#pragma once
// One gate of a rollout judged over seeds: a pure function of its figures, so that the same figures give the same decision
// (evaluation.md section 5). Several looks at one gate share one error: Lan & DeMets 1983.
#include <string>
#include <vector>

#include "core/scenario/phases.hpp"

namespace citytwin {

enum class GateAnswer { pass, fail, undecided, no_data };
const char* name_of(GateAnswer answer);

/// A gate's figures, one a seed; NaN = the seed has none.
struct GateFigures {
    std::string unit;                      ///< of the key figure
    std::vector<std::uint64_t> seeds;
    std::vector<double> base, plan;
};

struct GateVerdict {
    std::string kpi, unit, bound;
    double threshold = 0;                  ///< in the unit; a share of the base's mean already multiplied
    std::size_t pairs = 0;
    double base_mean = 0, plan_mean = 0;
    double value = 0, low = 0, high = 0;   ///< of what the bound names; low and high of `level`
    double level = 0.95;
    GateAnswer answer = GateAnswer::no_data;
    std::string reason;                    ///< a sentence with the figures
};

/// `error_share`: of the gate's error (1 - level), what this look may spend; 1 = all of it.
/// Passes if the gate's side keeps the threshold, fails if the other side breaks it too, is undecided between.
/// Throws InputError CT-ROLLOUT-003 if the threshold's unit doesn't fit the figure's.
GateVerdict judge(const Gate& gate, const GateFigures& figures, double error_share = 1);
/// The threshold in the figure's unit. Throws as above.
double threshold_of(const Gate& gate, const std::string& unit, double base_mean);
/// A guardrail is broken once even the optimistic end is beyond its threshold.
bool is_broken(const GateVerdict& verdict);

}  // namespace citytwin
