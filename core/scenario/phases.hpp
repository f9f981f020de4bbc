#pragma once
// A phased rollout as a scenario says it: ordered groups of changes, each with gates that are judged over all seeds
// (evaluation.md section 5; interfaces.md section 3). `citytwin rollout` decides; a single run plays the phases as planned.
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/scenario/table_reader.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {

/// What a gate's threshold bounds: the plan's figure, or its difference from the base.
enum class GateBound { maximum, minimum, largest_increase, largest_decrease, least_increase, least_decrease };
/// The end of the interval that must keep the threshold; of what the bound names: the figure, the increase or the decrease.
enum class GateSide { upper, lower, mean };

struct Gate {
    std::string kpi;
    GateBound bound = GateBound::maximum;
    std::string threshold;              ///< as written: "2 MWh", "5 %", "0"
    GateSide side = GateSide::upper;
    double level = 0.95;                ///< of the interval
    Microseconds exposure = 0;          ///< counted time after the phase's start and lead-in
    Microseconds lead_in = 0;           ///< time for the effect to build up: not counted
    std::size_t least_seeds = 5;
    SourcePlace place;
};

struct Phase {
    std::string name, area;
    UtcMicroseconds start = 0;
    std::vector<std::string> changes;
    std::vector<Gate> gates, guardrails;
    bool rolls_back = true;             ///< on_fail: roll back, else hold
    Microseconds max_hold = 0;          ///< how long an undecided gate may wait; 0 = it isn't looked at again
    Microseconds look_every = 0;        ///< between looks at guardrails and at a gate that holds; 0 = its exposure
    SourcePlace place;

    /// When the phase's gate is judged first, from its start.
    [[nodiscard]] Microseconds until_gate() const;
    [[nodiscard]] Microseconds between_looks() const { return look_every > 0 ? look_every : until_gate(); }
};

/// "max", "min", "max_increase" …
const char* name_of(GateBound bound);

/// Errors go to the list: CT-SCENARIO-012 … -015, -022 (a phase that can't work as written).
Phase read_phase(const Value& value, const std::string& zone, const std::vector<Phase>& before, DiagnosticList& errors);

}  // namespace citytwin
