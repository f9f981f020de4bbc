#pragma once
// The long form of each error and warning code.
#include <span>

namespace citytwin::cli {

struct Explanation {
    const char* code;
    const char* title;  ///< one line
    const char* text;   ///< what it means, why it matters, what to do
};

/// Sorted by code.
std::span<const Explanation> explanations();

}  // namespace citytwin::cli
