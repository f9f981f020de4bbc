// From file units to SI where it takes more than one section, and the checks of the whole network.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "modules/water/model/units.hpp"
#include "modules/water/read/builder.hpp"

namespace citytwin::water {

void NetworkBuilder::finish_units() {
    const FileUnits& units = network.units;
    const Index constant = patterns.find(default_pattern);   // used by demands that name none
    std::stable_sort(further_demands.begin(), further_demands.end(), [](const Demand& a, const Demand& b) { return a.node < b.node; });
    const auto add = [&](double base, Index pattern) {
        network.demand_m3ps.push_back(base * units.flow_m3ps * network.options.demand_multiplier);
        network.demand_pattern.push_back(pattern == no_index ? constant : pattern);
    };
    network.first_demand.assign(1, 0);
    auto further = further_demands.begin();
    for (Index j = 0; j < network.junctions; ++j) {
        add(first_demand[j].first, first_demand[j].second);
        for (; further != further_demands.end() && further->node == j; ++further) add(further->base, further->pattern);
        network.first_demand.push_back(static_cast<Index>(network.demand_m3ps.size()));
    }
    const double n = network.options.emitter_exponent;
    // The coefficient is a flow at unit pressure: psi in US files, metres in all others, whatever PRESSURE says.
    const double pressure_m = units.us_customary ? metre_per_foot / (psi_per_foot * network.options.specific_gravity) : 1.0;
    for (Index j = 0; j < network.junctions; ++j)
        if (emitter_coefficient[j] > 0) network.emitters.push_back({j, pressure_m / std::pow(emitter_coefficient[j] * units.flow_m3ps, n)});
    for (Index p = 0; p < network.patterns.size(); ++p)
        if (network.patterns[p].empty()) network.patterns[p].push_back(1);
}

void NetworkBuilder::finish_tanks() {
    std::vector<Index> converted(network.curves.size(), no_index);
    for (Tank& tank : network.tanks) {
        if (tank.is_reservoir()) continue;
        const std::string& id = network.node_id[tank.node];
        const double elevation = network.elevation_m[tank.node];
        if (tank.head_initial_m > tank.head_max_m || tank.head_min_m > tank.head_max_m || tank.head_initial_m < tank.head_min_m)
            diagnostics.error("CT-WATER-026", node_place(tank.node), fmt::format("the levels of tank '{}' contradict: initial {}, minimum {}, maximum {} m", id, tank.head_initial_m - elevation, tank.head_min_m - elevation, tank.head_max_m - elevation));
        if (const Index c = tank.volume_curve; c != no_index) {
            if (network.curves[c].x.size() < 2) {
                diagnostics.error("CT-WATER-018", node_place(tank.node), fmt::format("the volume curve of tank '{}' has fewer than two points", id));
                tank.volume_curve = no_index;
            } else {
                if (converted[c] == no_index) {
                    Curve curve = network.curves[c];
                    for (double& x : curve.x) x *= network.units.length_m;
                    for (double& y : curve.y) y *= network.units.volume_m3;
                    converted[c] = static_cast<Index>(network.curves.size());
                    network.curves.push_back(std::move(curve));
                }
                tank.volume_curve = converted[c];
                const Curve& curve = network.curves[tank.volume_curve];
                if (tank.head_min_m - elevation < curve.x.front() - 1e-6 || tank.head_max_m - elevation > curve.x.back() + 1e-6)
                    diagnostics.error("CT-WATER-026", node_place(tank.node), fmt::format("the levels of tank '{}' leave its volume curve", id));
                tank.area_m2 = (curve.y.back() - curve.y.front()) / (curve.x.back() - curve.x.front());
                tank.volume_min_m3 = curve.value(tank.head_min_m - elevation);
            }
        }
        tank.volume_initial_m3 = tank_volume_m3(network, tank, tank.head_initial_m);
        tank.volume_max_m3 = tank_volume_m3(network, tank, tank.head_max_m);
    }
}

void NetworkBuilder::finish_links() {
    const HeadLoss formula = network.options.head_loss;
    std::size_t odd = 0;
    for (Index k = 0; k < network.links(); ++k) {
        const double foot = network.diameter_m[k] / metre_per_foot;
        if (foot > 0) network.minor_resistance[k] *= 0.02517 / (foot * foot * foot * foot) * metre_per_foot / (cubic_metre_per_cubic_foot * cubic_metre_per_cubic_foot);
        if (k >= network.pipes) continue;
        if (formula == HeadLoss::darcy_weisbach) network.roughness[k] *= network.units.us_customary ? 1e-3 * metre_per_foot : 1e-3;
        network.resistance[k] = pipe_resistance(formula, network.length_m[k], network.diameter_m[k], network.roughness[k]);
        odd += formula == HeadLoss::darcy_weisbach && network.roughness[k] / network.diameter_m[k] > 0.05;
    }
    if (odd != 0)
        diagnostics.warning("CT-WATER-027", {document.name(), 0}, fmt::format("{} pipes have a roughness above 5 % of their diameter, outside the Darcy-Weisbach formula's range", odd), "are the values Hazen-Williams coefficients?");
    for (const Valve& valve : network.valves) {
        const Index k = valve.link;
        if (network.link_kind[k] == LinkKind::general_purpose) {
            if (valve.curve == no_index || network.curves[valve.curve].x.size() < 2) {
                diagnostics.error("CT-WATER-018", link_place(k), fmt::format("the general-purpose valve '{}' has no head loss curve of two or more points", network.link_id[k]));
                continue;
            }
            Curve curve = network.curves[valve.curve];
            for (double& x : curve.x) x *= network.units.flow_m3ps;
            for (double& y : curve.y) y *= network.units.head_m;
            network.valves[k - network.pipes - network.pumps.size()].curve = static_cast<Index>(network.curves.size());
            network.curves.push_back(std::move(curve));
        } else if (valve.curve != no_index && network.curves[valve.curve].x.empty()) {
            diagnostics.error("CT-WATER-018", link_place(k), fmt::format("the curve of valve '{}' has no points", network.link_id[k]));
        }
        if (network.initial_setting[k] != no_setting) network.initial_setting[k] = setting_in_si(network, k, network.initial_setting[k]);
    }
}

void NetworkBuilder::finish_leaks() {
    // 0.6 sqrt(2 g) in ft, of areas in mm2 a 100 length units of pipe; half a pipe's leaks at each junction end.
    constexpr double orifice = 4.8149766e-6;
    std::vector<double> fixed(network.junctions, 0), growing(network.junctions, 0);
    for (Index k = 0; k < network.pipes; ++k) {
        if (leak_area_mm2[k] == 0 && leak_growth_mm2pm[k] == 0) continue;
        const double per_foot = network.units.us_customary ? 1.0 : metre_per_foot;   // areas are per 100 units of the file's length
        const Index ends[2] = {network.link_from[k], network.link_to[k]};
        const bool both = network.is_junction(ends[0]) && network.is_junction(ends[1]);
        const double length = network.length_m[k] / metre_per_foot / 100 * (both ? 0.5 : 1.0);
        for (const Index node : ends) {
            if (!network.is_junction(node)) continue;
            fixed[node] += orifice * leak_area_mm2[k] * per_foot / (metre_per_foot * metre_per_foot) * length;
            growing[node] += orifice * leak_growth_mm2pm[k] * per_foot / metre_per_foot * length;
        }
    }
    for (Index j = 0; j < network.junctions; ++j) {
        if (fixed[j] == 0 && growing[j] == 0) continue;
        const double a = fixed[j] * cubic_metre_per_cubic_foot / std::sqrt(metre_per_foot);
        const double b = growing[j] * cubic_metre_per_cubic_foot / (metre_per_foot * std::sqrt(metre_per_foot));
        network.leaks.push_back({j, a > 0 ? 1 / (a * a) : 0, b > 0 ? 1 / std::pow(b, 2.0 / 3) : 0});
    }
}

}  // namespace citytwin::water
