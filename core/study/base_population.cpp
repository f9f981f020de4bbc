#include "core/study/base_population.hpp"

#include <algorithm>

namespace citytwin {

bool is_over_base(const std::string& kpi) { return kpi.ends_with("_over_base"); }

std::vector<KpiRow> with_figures_over_base(const std::vector<KpiRow>& kpis) {
    const auto detail = [](const KpiRow& kpi, const char* name) {
        const auto found = std::find_if(kpi.details.begin(), kpi.details.end(), [&](const auto& one) { return one.first == name; });
        return found == kpi.details.end() ? nullptr : &found->second;
    };
    std::vector<KpiRow> all;
    for (const KpiRow& kpi : kpis) {
        all.push_back(kpi);
        if (!kpi.value || detail(kpi, "residents of the base") == nullptr) continue;
        KpiRow over = kpi;
        over.id = over_base_id(kpi.id);
        over.name = kpi.name.empty() ? "" : kpi.name + ", over the residents of the base";
        if (const double* value = detail(kpi, "over the residents of the base")) over.value = *value;
        over.details.clear();
        over.groups.clear();
        all.push_back(std::move(over));
    }
    return all;
}

}  // namespace citytwin
