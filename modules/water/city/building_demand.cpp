#include "modules/water/city/building_demand.hpp"

#include <algorithm>

#include "core/city/numbers.hpp"
#include "modules/water/city/build_network.hpp"
#include "modules/water/city/daily_profile.hpp"

namespace citytwin::water {

BuildingDemand::BuildingDemand(const EntitySet& buildings, std::size_t nodes)
    : residents_(numbers_of(buildings, "residents")), jobs_(numbers_of(buildings, "jobs")), draw_m3ps_(buildings.size(), 0.0), customers_(nodes, 0.0), supplied_(nodes, 0) {
    if (buildings.has("water_node")) node_ = buildings.get<std::uint32_t>("water_node");
    else node_.assign(buildings.size(), no_index);
    for (std::size_t b = 0; b < node_.size(); ++b) {
        everybody_ += residents_[b];
        if (node_[b] == no_index) continue;
        supplied_[node_[b]] = 1;
        residents_sum_ += residents_[b];
        if (residents_[b] + jobs_[b] <= 0) continue;
        customers_[node_[b]] += 1;
        customers_sum_ += 1;
    }
}

void BuildingDemand::measure(Arena& arena, std::size_t hour, bool is_workday, const Read& occupants, const Read& at_home, std::span<double> node_m3ps) {
    const double home = home_draw_m3ps(hour, resident_l_day), work = work_draw_m3ps(job_l_day);
    const double standard_home = home_presence[hour], standard_work = is_workday && is_working_hour(hour) ? work_presence : 0;
    arena.each(node_.size(), [&](std::size_t b) {
        const double there = at_home[b] >= 0 ? at_home[b] : residents_[b] * standard_home;
        const double others = occupants[b] >= 0 ? std::max(0.0, occupants[b] - there) : jobs_[b] * standard_work;
        draw_m3ps_[b] = there * home + others * work;
    });
    for (std::size_t b = 0; b < node_.size(); ++b)
        if (node_[b] != no_index) node_m3ps[node_[b]] += draw_m3ps_[b];
}

std::vector<std::pair<Index, double>> BuildingDemand::customers_without(const std::vector<double>& without_s_of_node) const {
    std::vector<std::pair<Index, double>> without;
    for (Index b = 0; b < node_.size(); ++b) {
        if (node_[b] == no_index || residents_[b] + jobs_[b] <= 0 || node_[b] >= without_s_of_node.size() || without_s_of_node[node_[b]] <= 0) continue;
        without.emplace_back(b, without_s_of_node[node_[b]] / 3600);
    }
    std::stable_sort(without.begin(), without.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    return without;
}

}  // namespace citytwin::water
