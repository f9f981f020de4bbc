#pragma once
// LU of eight matrices with one pattern and one pivot order, as lanes: left-looking elimination along the stored pattern of
// SparseLu's factors (Gilbert & Peierls, SIAM J. Sci. Stat. Comput. 9(5), 1988, with the symbolic part done once).
#include <span>
#include <vector>

#include "modules/energy/model/lanes.hpp"
#include "modules/energy/model/sparse_lu.hpp"

namespace citytwin::energy {

/// What all lanes and threads share.
struct LaneLuPattern {
    LaneLuPattern(const SparseLu& lu, const LuFactors& factors);
    std::size_t n;
    std::vector<int> a_begin, a_row, a_place;   ///< column k of P A Q: permuted rows and places in the matrix' values
    std::vector<int> u_begin, u_row;            ///< above the diagonal, ascending
    std::vector<int> l_begin, l_row;            ///< below the diagonal
    std::vector<int> row_order, column_order;
};

class LaneLu {
public:
    explicit LaneLu(const LaneLuPattern& pattern);
    /// values: by place in the matrix' pattern. Lanes whose pivot gets too small against its column come out flagged in `bad`.
    void factor(std::span<const Lanes> values, Mask& bad);
    /// In place; the right-hand sides are by equation, the solution by unknown.
    void solve(std::span<Lanes> x);

private:
    const LaneLuPattern* pattern_;
    std::vector<Lanes> l_, u_, inverse_pivot_, work_;
};

}  // namespace citytwin::energy
