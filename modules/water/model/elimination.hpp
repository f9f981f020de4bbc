#pragma once
// The linear system of junction heads, A = L D L^T, worked out once for a topology: elimination order, pattern of L and the place of
// every multiply-subtract. A factorisation is then one linear walk over that list. The pattern holds every link, open or not, so that a
// change of status only changes numbers. Scenarios lie side by side: value [position * lanes + lane].
#include <cstdint>
#include <span>
#include <vector>

#include "modules/water/model/network.hpp"

namespace citytwin::water {

/// Minimum degree order with the pattern it makes (Rose 1972; ties by node): order[i] eliminated i-th, its later neighbours sorted by place.
struct EliminationOrder {
    std::vector<Index> order;
    std::vector<Index> first_below;   ///< rows + 1, into below
    std::vector<Index> below;         ///< rows of each column of L, ascending
};
EliminationOrder minimum_degree_order(std::size_t rows, std::span<const Index> from, std::span<const Index> to);

class Elimination {
public:
    Elimination() = default;
    explicit Elimination(const Network& network);

    [[nodiscard]] std::size_t rows() const { return first_below_.size() - 1; }
    [[nodiscard]] std::size_t entries() const { return below_.size(); }
    /// Junctions: their row; fixed heads: rows() + their position among tanks.
    [[nodiscard]] Index row_of_node(Index node) const { return row_of_node_[node]; }
    /// Where a link's off-diagonal term goes; entries() for a link that ends at a fixed head.
    [[nodiscard]] Index place_of_link(Index link) const { return place_of_link_[link]; }

    /// Factors and solves in place: on entry `diagonal` (rows), `lower` (entries) and `x` (right side), on exit x holds the heads.
    /// Returns the first row without a positive pivot, or no_index. The same digits for a lane in any company.
    template <int lanes>
    Index solve(double* diagonal, double* lower, double* x) const;

private:
    void place_targets();
    std::vector<Index> row_of_node_, place_of_link_;
    std::vector<Index> first_below_, below_;
    std::vector<Index> target_;       ///< place in `lower` for each pair of a column, column after column
};

}  // namespace citytwin::water
