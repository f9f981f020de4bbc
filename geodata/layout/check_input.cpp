#include "geodata/layout/check_input.hpp"

#include <cmath>
#include <string>

#include "core/base/diagnostic.hpp"

namespace citytwin::geodata {

void check_layout_input(const UtilityInput& input) {
    const auto& c = input.consumers;
    if (input.roads.links() == 0) fail("CT-LAYOUT-001", {}, "the city has no streets to lay a network along, expected at least one road_link", "give the city roads, or the network's own file");
    if (c.size() == 0) fail("CT-LAYOUT-001", {}, "no consumer to lay a network for, expected at least one row of building", "give the city buildings, or let them be laid from its zones");
    const std::size_t n = c.size();
    const bool links = c.road_link.empty() ? c.road_offset_m.empty() : c.road_link.size() == n && c.road_offset_m.size() == n;
    const bool fits = c.y.size() == n && links && c.dwellings.size() == n && c.other_peak_w.size() == n && c.water_mean_m3_per_s.size() == n &&
                      (c.residents.empty() || c.residents.size() == n) && (input.node_z.empty() || input.node_z.size() == input.roads.nodes());
    if (!fits) fail("CT-LAYOUT-002", {}, "the consumers' columns differ in length, expected " + std::to_string(n) + " values in each");
    for (std::size_t i = 0; i < n; ++i) {
        const bool good = std::isfinite(c.x[i]) && std::isfinite(c.y[i]) && c.dwellings[i] >= 0 && c.other_peak_w[i] >= 0 && c.water_mean_m3_per_s[i] >= 0;
        if (!good) fail("CT-LAYOUT-002", {}, "consumer " + std::to_string(i) + " has a place or a demand that is not a number of 0 or more");
    }
}

}  // namespace citytwin::geodata
