#pragma once
// What a rollout will be judged by, written down before its first figure: thresholds, sides, key figures, exposures, seeds, all
// hashed. A later change of any of it is refused.
#include <string>

#include "core/output/json_text.hpp"
#include "core/study/rollout.hpp"

namespace citytwin {

Json registration_of(const Scenario& scenario, const std::vector<std::uint64_t>& seeds);
/// Writes registration.json, or compares with the one that is there. Returns its SHA-256.
/// Throws RunError with exit 5 (CT-ROLLOUT-010) naming the first thing that differs, with both values.
std::string register_rollout(const Json& registration, const std::string& folder);

}  // namespace citytwin
