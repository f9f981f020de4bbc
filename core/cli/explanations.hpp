#pragma once
// The long form of each error and warning code.
#include <span>

namespace citytwin::cli {

struct Explanation {
    const char* code;
    const char* title;  ///< one line
    const char* text;   ///< what it means, why it matters, what to do
};

/// All of them, sorted by code.
std::span<const Explanation> explanations();

// By room, in the order of their files.
std::span<const Explanation> engine_explanations();
std::span<const Explanation> scenario_explanations();
std::span<const Explanation> city_explanations();
std::span<const Explanation> cityjson_explanations();
std::span<const Explanation> demand_explanations();

}  // namespace citytwin::cli
