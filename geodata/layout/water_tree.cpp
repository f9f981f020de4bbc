#include "geodata/layout/water_tree.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace citytwin::geodata {

namespace {

/// Nominal diameters [mm]; above the design page's 600 the larger mains that a city's only source needs.
constexpr std::array<double, 18> diameters_mm{80, 100, 125, 150, 200, 250, 300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1400, 1800, 2400};

/// Grows zones from the roots outwards: a node joins its parent's zone while the zone's highest need and its lowest ground still fit
/// between the wanted and the highest pressure; else it begins a zone of its own.
void divide_into_zones(const StreetGraph& graph, const RootedTree& tree, const WaterLayoutOptions& options, WaterTree& out) {
    std::vector<double> need, ground;
    const double span = options.pressure_high_m - options.pressure_wanted_m - options.tank_depth_m / 2;
    for (const Index v : tree.order) {
        const Index p = tree.parent[v];
        if (p != no_index) {
            const double loss = out.loss_m[p] + head_loss_m(graph.length_m[tree.parent_edge[v]], out.mean_behind[v] * options.peak_factor, out.diameter_m[v], options.roughness);
            const Index zone = out.zone[p];
            const double highest = std::max(need[zone], graph.z[v] + loss), lowest = std::min(ground[zone], graph.z[v]);
            if (highest - lowest <= span) {
                out.zone[v] = zone;
                out.loss_m[v] = loss;
                need[zone] = highest;
                ground[zone] = lowest;
                continue;
            }
        }
        out.zone[v] = static_cast<Index>(out.entry.size());
        out.entry.push_back(v);
        need.push_back(graph.z[v]);
        ground.push_back(graph.z[v]);
    }
    for (const double n : need) out.head_m.push_back(n + options.pressure_wanted_m);
}

}  // namespace

double head_loss_m(double length_m, double flow_m3_per_s, double diameter_m, double roughness) {
    if (flow_m3_per_s <= 0) return 0;
    return 10.67 * length_m * std::pow(flow_m3_per_s / roughness, 1.852) / std::pow(diameter_m, 4.871);
}

double pipe_diameter_m(double flow_m3_per_s, const WaterLayoutOptions& options) {
    for (const double mm : diameters_mm) {
        const double d = mm / 1000, velocity = 4 * flow_m3_per_s / (std::numbers::pi * d * d);
        if (velocity <= options.velocity_mps && head_loss_m(1, flow_m3_per_s, d, options.roughness) <= options.gradient) return d;
    }
    return diameters_mm.back() / 1000;
}

WaterTree size_tree(const StreetGraph& graph, const RootedTree& tree, const std::vector<double>& mean_demand, const WaterLayoutOptions& options) {
    WaterTree out;
    out.mean_behind = mean_demand;
    out.diameter_m.assign(graph.nodes(), 0);
    out.loss_m.assign(graph.nodes(), 0);
    out.zone.assign(graph.nodes(), no_index);
    for (std::size_t i = tree.order.size(); i-- > 0;) {
        const Index v = tree.order[i];
        if (tree.parent[v] != no_index) out.mean_behind[tree.parent[v]] += out.mean_behind[v];
        out.diameter_m[v] = pipe_diameter_m(out.mean_behind[v] * options.peak_factor, options);
    }
    divide_into_zones(graph, tree, options, out);
    return out;
}

}  // namespace citytwin::geodata
