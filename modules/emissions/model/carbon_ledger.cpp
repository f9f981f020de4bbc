#include "modules/emissions/model/carbon_ledger.hpp"

#include <fmt/format.h>

#include "core/base/diagnostic.hpp"

namespace citytwin::emissions {

std::size_t CarbonLedger::add_row(CarbonRow row) {
    const auto [it, fresh] = by_activity_.try_emplace(row.activity, rows_.size());
    if (!fresh) {
        const CarbonRow& first = rows_[it->second];
        fail("CT-EMISSIONS-020", {}, fmt::format("the activity '{}' has two rows in the carbon ledger: {} scope {} and {} scope {}", row.activity, first.sector, static_cast<int>(first.scope),
                                                 row.sector, static_cast<int>(row.scope)),
             "an activity is counted once; name what differs if there are two");
    }
    rows_.push_back(std::move(row));
    return rows_.size() - 1;
}

double CarbonLedger::scope_kg(Scope scope) const {
    double sum = 0;
    for (const auto& row : rows_) {
        if (row.scope == scope && !row.memo) sum += row.co2e_kg;
    }
    return sum;
}

double CarbonLedger::total_kg() const { return scope_kg(Scope::direct) + scope_kg(Scope::grid); }

double CarbonLedger::recomputed_kg(bool memo) const {
    double sum = 0;
    for (const auto& row : rows_) {
        if (row.memo == memo) sum += row.factor > 0 ? row.amount * row.factor : row.co2e_kg;
    }
    return sum;
}

std::vector<double> CarbonLedger::figures() const {
    std::vector<double> list;
    for (const auto& row : rows_) {
        list.push_back(row.amount);
        list.push_back(row.co2e_kg);
    }
    return list;
}

void CarbonLedger::set_figures(const std::vector<double>& figures) {
    for (std::size_t i = 0; i < rows_.size() && 2 * i + 1 < figures.size(); ++i) {
        rows_[i].amount = figures[2 * i];
        rows_[i].co2e_kg = figures[2 * i + 1];
    }
}

}  // namespace citytwin::emissions
