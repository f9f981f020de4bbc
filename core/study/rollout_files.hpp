#pragma once
// Looks and outcome of a rollout as files. A look read back and judged again must give the same bytes.
#include "core/output/json_text.hpp"
#include "core/study/rollout.hpp"

namespace citytwin {

Json json_of(const RolloutLook& look, const std::vector<std::uint64_t>& seeds);
/// Phase, number, time and every seed's figures; verdicts and decision are left to whoever judges again.
RolloutLook look_of(const Json& json);
/// rollout.json and rollout.csv.
void write_rollout(const Rollout& rollout);

}  // namespace citytwin
