#pragma once
// What a solve says about itself: how well mass and head balance, what it rests on, why it isn't better.
#include <cstdint>

#include "core/base/ids.hpp"

namespace citytwin::water {

/// Why a step is DEGRADED; several may hold.
enum class Reason : std::uint8_t {
    file_accuracy = 1,       ///< the file's ACCURACY ended the trials before the residuals were small
    status_cycle = 2,        ///< statuses of links went round; they were held as they last were
    trial_limit = 4,         ///< the trials were used up
    demand_cut = 8,          ///< junctions with demand have no open way to a source
    valve_conflict = 16,     ///< valve settings contradict; a valve was held open
    pump_beyond_curve = 32   ///< a pump runs beyond the end of its curve or can't lift the water
};
inline constexpr int reason_count = 6;
const char* name_of(Reason reason);

/// What ended the step before this solve.
enum class EventCause : std::uint8_t { start, hydraulic_step, pattern, report, tank, control, rule, outside };
inline constexpr int cause_count = 8;
const char* name_of(EventCause cause);

struct Certificate {
    std::int64_t time_s = 0;
    EventCause cause = EventCause::start;
    std::uint8_t reasons = 0;                 ///< of Reason; 0: CONVERGED
    std::int32_t trials = 0;
    double relative_change = 0;               ///< last trial's flow change, the peer's measure
    double demand_m3ps = 0;                   ///< what leaves junctions, without sign
    double mass_residual_max_m3ps = 0, mass_residual_sum_m3ps = 0;
    Index mass_residual_node = no_index;
    double head_residual_max_m = 0;
    Index head_residual_link = no_index;
    std::uint32_t cut_nodes = 0;              ///< junctions without an open way to a source
    double unserved_m3ps = 0;                 ///< demand that pressure or cuts left unserved
    std::uint32_t zones = 1;                  ///< parts of the network between closed links

    [[nodiscard]] bool is_converged() const { return reasons == 0; }
    [[nodiscard]] bool has(Reason reason) const { return (reasons & static_cast<std::uint8_t>(reason)) != 0; }
    void add(Reason reason) { reasons |= static_cast<std::uint8_t>(reason); }
};

}  // namespace citytwin::water
