#pragma once
// LU of a sparse matrix in compressed columns by KLU (Davis & Natarajan, ACM Trans. Math. Software 37(3), Algorithm 907):
// ordering (AMD, no block triangular form) once per pattern, pivots once per topology, then refactored with these pivots.
// The pivots come from `choose_pivots` alone, so that results are a function of the state and not of what was solved before.
#include <memory>
#include <span>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin::energy {

/// L and U with unit-diagonal L, permutations P A Q = L U, entries of each column by ascending row.
struct LuFactors {
    std::vector<int> l_begin, l_row, u_begin, u_row, row_order, column_order;
    std::vector<double> l, u, pivot;
};

class SparseLu {
public:
    SparseLu();
    ~SparseLu();
    SparseLu(SparseLu&&) noexcept;
    SparseLu& operator=(SparseLu&&) noexcept;

    /// Orders the pattern (square, columns compressed, rows ascending). False if it is structurally singular.
    bool analyze(std::vector<int> column_begin, std::vector<int> row);
    /// Factors with fresh partial pivoting, whose pivots `factor` uses from now on.
    bool choose_pivots(std::span<const double> values);
    /// Factors with the chosen pivots; where those are too bad for the numbers (reciprocal condition below 1e-12), with
    /// fresh ones for this time only. False if singular.
    bool factor(std::span<const double> values);
    /// Solves in place with the last factors.
    void solve(std::span<double> x);

    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] const std::vector<int>& column_begin() const;
    [[nodiscard]] const std::vector<int>& row() const;
    /// How often `factor` had to choose fresh pivots.
    [[nodiscard]] std::size_t fresh_pivots() const;
    /// The factors with the chosen pivots (those of the values of `choose_pivots` or the last `factor`).
    [[nodiscard]] LuFactors factors() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace citytwin::energy
