#pragma once
// Figures per person where a change moves people in or out: printed also over the residents of the base (evaluation.md section 2).
#include <string>
#include <vector>

#include "core/output/run_record.hpp"

namespace citytwin {

/// Id of that second figure: "ghg_per_capita_over_base".
inline std::string over_base_id(const std::string& kpi) { return kpi + "_over_base"; }
bool is_over_base(const std::string& kpi);

/// Behind each figure that told its residents, the same over the residents of the base; equal where nobody moved.
std::vector<KpiRow> with_figures_over_base(const std::vector<KpiRow>& kpis);

/// Removes those second figures that say the same as the first ones. `same(first, second)` compares two positions of `kpis`, whose `id` names them.
template <class Kpis, class Same>
void drop_equal_over_base(Kpis& kpis, Same&& same) {
    Kpis kept;
    for (std::size_t k = 0; k < kpis.size(); ++k) {
        bool drops = false;
        if (is_over_base(kpis[k].id)) {
            for (std::size_t first = 0; first < kpis.size(); ++first) drops = drops || (over_base_id(kpis[first].id) == kpis[k].id && same(kpis[first], kpis[k]));
        }
        if (!drops) kept.push_back(kpis[k]);
    }
    kpis = std::move(kept);
}

}  // namespace citytwin
