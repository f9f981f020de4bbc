#pragma once
// Rows are 32-bit dense indices; what survives re-ordering is a 64-bit stable id.
#include <cstdint>
#include <limits>

namespace citytwin {

using Index = std::uint32_t;
using StableId = std::uint64_t;
inline constexpr Index no_index = std::numeric_limits<Index>::max();

}  // namespace citytwin
