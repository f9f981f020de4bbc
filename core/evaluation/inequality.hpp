#pragma once
// How unequally something is spread over persons or places (evaluation.md section 4). x by row, weight = persons behind the row.
#include <span>
#include <vector>

namespace citytwin::evaluation {

/// Weighted Gini coefficient from the Lorenz curve. Throws std::invalid_argument for no rows, no weight or a sum of 0.
[[nodiscard]] double gini(std::span<const double> x, std::span<const double> weight);

struct Theil {
    double total = 0, within = 0, between = 0;   ///< total = within + between groups
};
/// Theil's T, 0 ln 0 = 0. `group` by row (0 … groups - 1), empty = one group. Throws std::invalid_argument for a negative x, as gini.
[[nodiscard]] Theil theil(std::span<const double> x, std::span<const double> weight, std::span<const std::size_t> group = {});

/// Mean of x among the weight's worst tenth over that of its best tenth; rows across a tenth's edge count in parts. `more_is_worse`: the
/// worst are those with the largest x. Infinite where the best tenth's mean is 0.
[[nodiscard]] double worst_to_best_decile(std::span<const double> x, std::span<const double> weight, bool more_is_worse);

}  // namespace citytwin::evaluation
