#pragma once
// Whole units by weight: the largest-remainder method (Hamilton). The sum is exact, ties go to the lower row.
#include <cstdint>
#include <span>
#include <vector>

namespace citytwin::geodata {

/// Shares `total` units among the weights (>= 0). All weights zero: nothing is given, so the sum is 0.
std::vector<std::int32_t> allot(std::uint64_t total, std::span<const double> weights);

}  // namespace citytwin::geodata
