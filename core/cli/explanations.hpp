#pragma once
// The long form of each error and warning code.
#include <span>
#include <vector>

#include "core/module/registry.hpp"

namespace citytwin::cli {

/// All of them, those that modules registered too, sorted by code.
std::vector<Explanation> explanations();

// By room, in the order of their files.
std::span<const Explanation> engine_explanations();
std::span<const Explanation> scenario_explanations();
std::span<const Explanation> city_explanations();
std::span<const Explanation> demand_explanations();
std::span<const Explanation> distributed_explanations();
std::span<const Explanation> replay_explanations();
std::span<const Explanation> rollout_explanations();

}  // namespace citytwin::cli
