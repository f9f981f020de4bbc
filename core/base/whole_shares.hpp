#pragma once
// Whole units by weight: the largest-remainder method. The sum is exact, ties go to the lower row.
#include <cstdint>
#include <span>
#include <vector>

namespace citytwin {

/// Shares `total` units among the weights (>= 0); nothing is given when all weights are zero.
std::vector<std::int32_t> whole_shares(std::uint64_t total, std::span<const double> weights);

}  // namespace citytwin
