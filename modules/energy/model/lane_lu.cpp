#include "modules/energy/model/lane_lu.hpp"

#include <algorithm>

namespace citytwin::energy {
namespace {

CITYTWIN_WIDE void eliminate(const LaneLuPattern& p, const Lanes* values, Lanes* x, Lanes* l, Lanes* u, Lanes* inverse_pivot, Mask& bad) {
    for (std::size_t k = 0; k < p.n; ++k) {
        for (int e = p.a_begin[k]; e < p.a_begin[k + 1]; ++e) x[p.a_row[e]].v = values[p.a_place[e]].v;
        for (int e = p.u_begin[k]; e < p.u_begin[k + 1]; ++e) {
            const int j = p.u_row[e];
            const Pack factor = x[j].v;
            u[e].v = factor;
            x[j].v = Pack{};
            for (int i = p.l_begin[j]; i < p.l_begin[j + 1]; ++i) x[p.l_row[i]].v -= l[i].v * factor;
        }
        const Pack pivot = x[k].v;
        x[k].v = Pack{};
        const Pack inverse = 1 / pivot;
        inverse_pivot[k].v = inverse;
        Pack largest{};
        for (int i = p.l_begin[k]; i < p.l_begin[k + 1]; ++i) {
            const Pack ratio = x[p.l_row[i]].v * inverse;
            l[i].v = ratio;
            x[p.l_row[i]].v = Pack{};
            const Pack size = ratio < 0 ? -ratio : ratio;
            largest = size > largest ? size : largest;
        }
        bad |= (largest > 1e6) | (pivot == 0) | (pivot != pivot);
    }
}

CITYTWIN_WIDE void substitute(const LaneLuPattern& p, const Lanes* l, const Lanes* u, const Lanes* inverse_pivot, Lanes* x, Lanes* work) {
    for (std::size_t k = 0; k < p.n; ++k) work[k].v = x[p.row_order[k]].v;
    for (std::size_t k = 0; k < p.n; ++k) {
        const Pack value = work[k].v;
        for (int i = p.l_begin[k]; i < p.l_begin[k + 1]; ++i) work[p.l_row[i]].v -= l[i].v * value;
    }
    for (std::size_t k = p.n; k-- > 0;) {
        const Pack value = work[k].v * inverse_pivot[k].v;
        for (int e = p.u_begin[k]; e < p.u_begin[k + 1]; ++e) work[p.u_row[e]].v -= u[e].v * value;
        x[p.column_order[k]].v = value;
    }
}

}  // namespace

LaneLuPattern::LaneLuPattern(const SparseLu& lu, const LuFactors& factors) : n(lu.size()), row_order(factors.row_order), column_order(factors.column_order) {
    std::vector<int> permuted(n);   // row of A -> row of P A Q
    for (std::size_t k = 0; k < n; ++k) permuted[static_cast<std::size_t>(row_order[k])] = static_cast<int>(k);
    a_begin.assign(1, 0);
    u_begin.assign(1, 0);
    l_begin.assign(1, 0);
    for (std::size_t k = 0; k < n; ++k) {
        const auto column = static_cast<std::size_t>(column_order[k]);
        for (int e = lu.column_begin()[column]; e < lu.column_begin()[column + 1]; ++e) {
            a_row.push_back(permuted[static_cast<std::size_t>(lu.row()[static_cast<std::size_t>(e)])]);
            a_place.push_back(e);
        }
        for (int e = factors.u_begin[k]; e < factors.u_begin[k + 1]; ++e) {
            if (factors.u_row[static_cast<std::size_t>(e)] != static_cast<int>(k)) u_row.push_back(factors.u_row[static_cast<std::size_t>(e)]);
        }
        for (int e = factors.l_begin[k]; e < factors.l_begin[k + 1]; ++e) {
            if (factors.l_row[static_cast<std::size_t>(e)] != static_cast<int>(k)) l_row.push_back(factors.l_row[static_cast<std::size_t>(e)]);
        }
        std::sort(u_row.begin() + u_begin.back(), u_row.end());
        a_begin.push_back(static_cast<int>(a_row.size()));
        u_begin.push_back(static_cast<int>(u_row.size()));
        l_begin.push_back(static_cast<int>(l_row.size()));
    }
}

LaneLu::LaneLu(const LaneLuPattern& pattern)
    : pattern_(&pattern), l_(pattern.l_row.size()), u_(pattern.u_row.size()), inverse_pivot_(pattern.n), work_(pattern.n) {}

void LaneLu::factor(std::span<const Lanes> values, Mask& bad) {
    std::fill(work_.begin(), work_.end(), Lanes{});
    eliminate(*pattern_, values.data(), work_.data(), l_.data(), u_.data(), inverse_pivot_.data(), bad);
}

void LaneLu::solve(std::span<Lanes> x) { substitute(*pattern_, l_.data(), u_.data(), inverse_pivot_.data(), x.data(), work_.data()); }

}  // namespace citytwin::energy
