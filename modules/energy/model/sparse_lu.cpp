#include "modules/energy/model/sparse_lu.hpp"

#include <suitesparse/klu.h>

#include <algorithm>
#include <utility>

namespace citytwin::energy {

struct SparseLu::State {
    klu_common common{};
    klu_symbolic* symbolic = nullptr;
    klu_numeric* chosen = nullptr;      // pivots that stay
    klu_numeric* temporary = nullptr;   // fresh pivots for one factorisation
    std::vector<int> column_begin, row;
    std::size_t fresh_pivots = 0;

    ~State() { clear(); }
    void clear() {
        klu_free_numeric(&chosen, &common);
        klu_free_numeric(&temporary, &common);
        klu_free_symbolic(&symbolic, &common);
    }
    [[nodiscard]] int size() const { return static_cast<int>(column_begin.size()) - 1; }
    /// KLU's interface isn't const-correct; it doesn't write to the matrix.
    static double* numbers(std::span<const double> values) { return const_cast<double*>(values.data()); }
    bool well_conditioned(klu_numeric* numeric) {
        return common.status == KLU_OK && klu_rcond(symbolic, numeric, &common) == 1 && common.rcond > 1e-12;
    }
};

SparseLu::SparseLu() : state_(std::make_unique<State>()) {
    klu_defaults(&state_->common);
    state_->common.btf = 0;
    state_->common.ordering = 0;   // AMD
    state_->common.scale = -1;     // none: power-flow Jacobians are well scaled in per unit
}
SparseLu::~SparseLu() = default;
SparseLu::SparseLu(SparseLu&&) noexcept = default;
SparseLu& SparseLu::operator=(SparseLu&&) noexcept = default;

bool SparseLu::analyze(std::vector<int> column_begin, std::vector<int> row) {
    State& s = *state_;
    s.clear();
    s.column_begin = std::move(column_begin);
    s.row = std::move(row);
    if (s.size() == 0) return true;
    s.symbolic = klu_analyze(s.size(), s.column_begin.data(), s.row.data(), &s.common);
    return s.symbolic != nullptr;
}

bool SparseLu::choose_pivots(std::span<const double> values) {
    State& s = *state_;
    if (s.size() == 0) return true;
    klu_free_numeric(&s.temporary, &s.common);
    klu_free_numeric(&s.chosen, &s.common);
    s.chosen = klu_factor(s.column_begin.data(), s.row.data(), State::numbers(values), s.symbolic, &s.common);
    return s.chosen != nullptr && s.common.status == KLU_OK;
}

bool SparseLu::factor(std::span<const double> values) {
    State& s = *state_;
    if (s.size() == 0) return true;
    klu_free_numeric(&s.temporary, &s.common);
    if (s.chosen != nullptr && klu_refactor(s.column_begin.data(), s.row.data(), State::numbers(values), s.symbolic, s.chosen, &s.common) == 1 &&
        s.well_conditioned(s.chosen)) {
        return true;
    }
    ++s.fresh_pivots;
    s.temporary = klu_factor(s.column_begin.data(), s.row.data(), State::numbers(values), s.symbolic, &s.common);
    return s.temporary != nullptr && s.common.status == KLU_OK;
}

void SparseLu::solve(std::span<double> x) {
    State& s = *state_;
    if (s.size() == 0) return;
    klu_numeric* numeric = s.temporary != nullptr ? s.temporary : s.chosen;
    klu_solve(s.symbolic, numeric, s.size(), 1, x.data(), &s.common);
}

std::size_t SparseLu::size() const { return static_cast<std::size_t>(std::max(0, state_->size())); }
const std::vector<int>& SparseLu::column_begin() const { return state_->column_begin; }
const std::vector<int>& SparseLu::row() const { return state_->row; }
std::size_t SparseLu::fresh_pivots() const { return state_->fresh_pivots; }

LuFactors SparseLu::factors() const {
    State& s = *state_;
    LuFactors f;
    const auto n = static_cast<std::size_t>(s.size());
    if (s.chosen == nullptr) return f;
    klu_sort(s.symbolic, s.chosen, &s.common);
    f.l_begin.resize(n + 1);
    f.u_begin.resize(n + 1);
    f.l_row.resize(static_cast<std::size_t>(s.chosen->lnz));
    f.l.resize(f.l_row.size());
    f.u_row.resize(static_cast<std::size_t>(s.chosen->unz));
    f.u.resize(f.u_row.size());
    f.row_order.resize(n);
    f.column_order.resize(n);
    std::vector<int> blocks(2);
    klu_extract(s.chosen, s.symbolic, f.l_begin.data(), f.l_row.data(), f.l.data(), f.u_begin.data(), f.u_row.data(), f.u.data(), nullptr, nullptr, nullptr,
                f.row_order.data(), f.column_order.data(), nullptr, blocks.data(), &s.common);
    f.pivot.assign(static_cast<const double*>(s.chosen->Udiag), static_cast<const double*>(s.chosen->Udiag) + n);
    return f;
}

}  // namespace citytwin::energy
