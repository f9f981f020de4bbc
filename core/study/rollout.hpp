#pragma once
// A phased rollout decided: base and plan members of each seed run to a gate, the gate is judged over all seeds, everybody goes on
// from there. What will be judged is registered before the first figure exists and can't be changed afterwards.
#include <functional>
#include <string>
#include <vector>

#include "core/scenario/scenario.hpp"
#include "core/study/gate.hpp"

namespace citytwin {

enum class RolloutDecision { go, hold, roll_back };
const char* name_of(RolloutDecision decision);

/// One look at a phase: what was judged and what follows.
struct RolloutLook {
    std::string phase;
    std::size_t number = 1;                 ///< of this phase, from 1
    UtcMicroseconds at = 0;
    bool is_gate = true;                    ///< else only guardrails were looked at
    std::vector<GateVerdict> gates, guardrails;
    std::vector<GateFigures> gate_figures, guardrail_figures;
    RolloutDecision decision = RolloutDecision::hold;
    std::string reason;
};

enum class PhaseState { waiting, running, passed, held, rolled_back };
const char* name_of(PhaseState state);

struct PhaseOutcome {
    std::string phase, area;
    PhaseState state = PhaseState::waiting;
    UtcMicroseconds started = 0, ended = 0;   ///< ended: of its last look; 0 where there was none
};

struct RolloutOptions {
    std::string scenario, output;
    ScenarioOptions overrides;
    std::uint64_t seeds = 10;
    int threads = 1;                        ///< of each member
    std::size_t workers = 1;                ///< members side by side
    std::vector<std::string> plugins;
    std::function<void(const std::string& sentence)> told;
};

struct Rollout {
    std::string folder, registration_sha256;
    std::vector<std::uint64_t> seeds;
    std::vector<PhaseOutcome> phases;
    std::vector<RolloutLook> looks;
    bool finished = false;                  ///< else stopped by a signal
};

/// Writes into the folder: registration.json, looks/NN.json (one a look, with every seed's figures), rollout.json, rollout.csv, base/ and plan/
/// (ensemble folders), plan.toml (the scenario as it was decided). Started again in the same folder it goes on.
/// Throws InputError CT-ROLLOUT-001 (no phase), -002 (a key figure that the run doesn't make), -003 (unit), -004 (a gate after the run's
/// end); RunError with exit 5, CT-ROLLOUT-010: what is asked now isn't what was registered.
Rollout run_rollout(const RolloutOptions& options);

}  // namespace citytwin
