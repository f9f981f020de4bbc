#include "modules/emissions/exposure_groups.hpp"

#include "core/city/person_groups.hpp"

namespace citytwin::emissions {

void tell_exposure_groups(const City& city, const AirQuality& air, AirSubstance substance, Kpi& kpi) {
    const EntitySet *persons = city.find("person"), *sites = city.find("site");
    if (persons == nullptr || sites == nullptr || !persons->has("home") || !persons->has("reserve")) return;
    const GridIndex grid(city.at("grid_cell"));
    const auto& home = persons->get<std::uint32_t>("home");
    const auto& reserve = persons->get<std::uint8_t>("reserve");
    const auto &x = sites->get<double>("x"), &y = sites->get<double>("y");
    std::vector<Index> cell_of_site;
    for (std::size_t site = 0; site < sites->size(); ++site) cell_of_site.push_back(grid.cell_at(x[site], y[site]));
    for (const PersonGrouping& grouping : person_groupings(city)) {
        std::vector<double> sum(grouping.names.size(), 0.0), count(sum);
        for (std::size_t i = 0; i < persons->size(); ++i) {
            const std::uint16_t group = grouping.of_person[i];
            const Index cell = reserve[i] == 0 && home[i] < cell_of_site.size() ? cell_of_site[home[i]] : no_index;
            if (group == PersonGrouping::none || cell == no_index) continue;
            sum[group] += air.mean_in_cell(substance, cell) * 1e9;
            count[group] += 1;
        }
        for (std::size_t group = 0; group < sum.size(); ++group) {
            if (count[group] >= fewest_persons) kpi.groups.push_back({grouping.by, grouping.names[group], sum[group] / count[group], count[group]});
        }
    }
}

}  // namespace citytwin::emissions
