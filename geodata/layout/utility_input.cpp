#include "geodata/layout/utility_input.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/city/numbers.hpp"

namespace citytwin::geodata {

namespace {

constexpr double litres_per_m3 = 1000, seconds_per_day = 86'400;

std::vector<double> node_heights(const EntitySet& nodes) {
    for (const char* name : {"z", "elevation", "height"}) {
        if (nodes.has(name)) return numbers_of(nodes, name, 0);
    }
    return {};
}

UtilityConsumers consumers_of(const EntitySet& set, const DemandAssumptions& assumptions) {
    UtilityConsumers out;
    out.x = numbers_of(set, "x", 0);
    out.y = numbers_of(set, "y", 0);
    if (set.has("road_link") && set.has("road_offset")) {
        out.road_link = set.get<Index>("road_link");
        out.road_offset_m = numbers_of(set, "road_offset", 0);
    }
    out.dwellings = numbers_of(set, "dwellings", 0);
    out.residents = numbers_of(set, "residents", 0);
    const auto jobs = numbers_of(set, "jobs", 0), floor_area = numbers_of(set, "floor_area", 0);
    const bool has_use = set.has("use");
    for (std::size_t b = 0; b < set.size(); ++b) {
        const double by_floor = has_use ? floor_area[b] * floor_peak_w_per_m2(set.get<std::string>("use")[b]) : 0;
        out.other_peak_w.push_back(by_floor > 0 ? by_floor : jobs[b] * assumptions.job_peak_w);
        const double litres = out.residents[b] * assumptions.water_l_per_resident_day + jobs[b] * assumptions.water_l_per_job_day;
        out.water_mean_m3_per_s.push_back(litres / litres_per_m3 / seconds_per_day);
    }
    return out;
}

UtilityPlaces places_of(const City& city, const std::string& kind) {
    UtilityPlaces out;
    const EntitySet* set = city.find("place");
    if (set == nullptr || !set->has("kind")) return out;
    const auto x = numbers_of(*set, "x", 0), y = numbers_of(*set, "y", 0), capacity = numbers_of(*set, "capacity", 0);
    for (std::size_t p = 0; p < set->size(); ++p) {
        if (set->get<std::string>("kind")[p] != kind) continue;
        out.place.push_back(static_cast<Index>(p));
        out.x.push_back(x[p]);
        out.y.push_back(y[p]);
        out.capacity.push_back(capacity[p]);
    }
    return out;
}

}  // namespace

double floor_peak_w_per_m2(const std::string& use) {
    constexpr std::array<std::pair<const char*, double>, 7> table{{{"office", 30}, {"retail", 35}, {"industrial", 35}, {"school", 15},
                                                                  {"hospital", 45}, {"university", 25}, {"public_service", 20}}};
    for (const auto& [name, value] : table) {
        if (use == name) return value;
    }
    return 0;
}

UtilityInput utility_input(const City& city, const DemandAssumptions& assumptions) {
    UtilityInput input;
    input.roads = load_road_network(city);
    input.node_z = node_heights(city.at("road_node"));
    if (const EntitySet* buildings = city.find("building")) input.consumers = consumers_of(*buildings, assumptions);
    input.substations = places_of(city, "substation");
    input.reservoirs = places_of(city, "reservoir");
    return input;
}

}  // namespace citytwin::geodata
