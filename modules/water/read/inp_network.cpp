#include "modules/water/read/inp_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "modules/water/model/units.hpp"
#include "modules/water/read/builder.hpp"

namespace citytwin::water {
namespace {

/// Gain = a - b q^c through (0, h0), (q1, h1), (q2, h2); false if there is no falling curve through them.
bool power_function(Pump& pump, double h0, double h1, double h2, double q1, double q2) {
    if (h0 < 1e-6 || h0 - h1 < 1e-6 || h1 - h2 < 1e-6 || q1 < 1e-6 || q2 - q1 < 1e-6) return false;
    pump.kind = PumpKind::power_function;
    pump.exponent = std::log((h0 - h2) / (h0 - h1)) / std::log(q2 / q1);
    if (!(pump.exponent > 0) || pump.exponent > 20) return false;
    pump.shutoff_head_m = pump.head_max_m = h0;
    pump.coefficient = (h0 - h1) / std::pow(q1, pump.exponent);
    pump.flow_initial_m3ps = q1;
    pump.flow_max_m3ps = std::pow(h0 / pump.coefficient, 1 / pump.exponent);
    return true;
}

bool from_curve(Network& network, Pump& pump, const Curve& curve) {
    if (curve.x.size() == 1) return power_function(pump, 1.33334 * curve.y[0], curve.y[0], 0, curve.x[0], 2 * curve.x[0]);
    if (curve.x.size() == 3 && curve.x[0] == 0) return power_function(pump, curve.y[0], curve.y[1], curve.y[2], curve.x[1], curve.x[2]);
    for (std::size_t i = 1; i < curve.y.size(); ++i)
        if (curve.y[i] >= curve.y[i - 1]) return false;
    if (curve.x.size() < 2) return false;
    pump.kind = PumpKind::piecewise;
    pump.flow_max_m3ps = curve.x.back();
    pump.flow_initial_m3ps = (curve.x.front() + curve.x.back()) / 2;
    pump.head_max_m = curve.y.front();
    pump.head_curve = static_cast<Index>(network.curves.size());
    network.curves.push_back(curve);
    return true;
}

/// Ways in which two valves that hold heads can't stand together (error 220 of EPANET).
bool conflict(LinkKind a, Index a1, Index a2, LinkKind b, Index b1, Index b2) {
    using enum LinkKind;
    if (a == pressure_reducing && b == pressure_reducing) return a2 == b2 || a2 == b1 || a1 == b2;
    if (a == pressure_sustaining && b == pressure_sustaining) return a1 == b1 || a1 == b2 || a2 == b1;
    if (a == pressure_sustaining && b == pressure_reducing) return a1 == b2;
    if (a == flow_control && b == pressure_sustaining) return a2 == b1;
    if (a == flow_control && b == pressure_reducing) return a1 == b2;
    return false;
}

void check_valves(NetworkBuilder& builder) {
    const Network& n = builder.network;
    const auto holds = [&](Index k) { return n.link_kind[k] == LinkKind::pressure_reducing || n.link_kind[k] == LinkKind::pressure_sustaining || n.link_kind[k] == LinkKind::flow_control; };
    for (std::size_t i = 0; i < n.valves.size(); ++i) {
        const Index k = n.valves[i].link;
        if (!holds(k)) continue;
        if (!n.is_junction(n.link_from[k]) || !n.is_junction(n.link_to[k]))
            builder.diagnostics.error("CT-WATER-028", builder.link_place(k), fmt::format("the valve '{}' ends at a reservoir or tank", n.link_id[k]), "put a short pipe between them");
        for (std::size_t j = 0; j < i; ++j) {
            const Index o = n.valves[j].link;
            if (!holds(o)) continue;
            if (conflict(n.link_kind[o], n.link_from[o], n.link_to[o], n.link_kind[k], n.link_from[k], n.link_to[k]) || conflict(n.link_kind[k], n.link_from[k], n.link_to[k], n.link_kind[o], n.link_from[o], n.link_to[o]))
                builder.diagnostics.error("CT-WATER-028", builder.link_place(k), fmt::format("the valves '{}' and '{}' act on the same node", n.link_id[o], n.link_id[k]), "put a short pipe between them");
        }
    }
}

}  // namespace

void NetworkBuilder::finish_pumps() {
    for (std::size_t i = 0; i < network.pumps.size(); ++i) {
        Pump& pump = network.pumps[i];
        const std::string& id = network.link_id[pump.link];
        if (pump.head_curve != no_index) {
            Curve curve = network.curves[pump.head_curve];
            for (double& x : curve.x) x *= network.units.flow_m3ps;
            for (double& y : curve.y) y *= network.units.head_m;
            if (!from_curve(network, pump, curve)) diagnostics.error("CT-WATER-029", link_place(pump.link), fmt::format("the curve '{}' of pump '{}' has no steadily falling head", curve.id, id), "give one point, three points from flow 0, or any number with falling heads");
        } else if (pump_power_kw[i] > 0) {
            // gain [ft] = 8.814 hp / q [cfs]; in US files the power is in hp, else in kW
            const double horsepower = network.units.us_customary ? pump_power_kw[i] : pump_power_kw[i] / kilowatt_per_horsepower;
            pump.kind = PumpKind::constant_power;
            pump.coefficient = 8.814 * horsepower * metre_per_foot * cubic_metre_per_cubic_foot;
            pump.exponent = -1;
            pump.head_max_m = pump.flow_max_m3ps = 1e10;
            pump.flow_initial_m3ps = cubic_metre_per_cubic_foot;
        } else {
            diagnostics.error("CT-WATER-029", link_place(pump.link), fmt::format("pump '{}' has neither a head curve nor a power", id), "write HEAD curve or POWER value");
        }
        if (pump.efficiency_curve != no_index) {
            Curve curve = network.curves[pump.efficiency_curve];
            for (double& x : curve.x) x *= network.units.flow_m3ps;
            if (curve.x.empty()) diagnostics.error("CT-WATER-018", link_place(pump.link), fmt::format("the efficiency curve of pump '{}' has no points", id));
            pump.efficiency_curve = static_cast<Index>(network.curves.size());
            network.curves.push_back(std::move(curve));
        }
    }
}

void NetworkBuilder::check_network() {
    if (network.nodes() < 2) diagnostics.error("CT-WATER-030", {document.name(), 0}, "the network has fewer than two nodes");
    if (network.tanks.empty()) diagnostics.error("CT-WATER-030", {document.name(), 0}, "the network has no reservoir or tank: nothing sets its heads");
    check_valves(*this);
    std::vector<std::uint8_t> touched(network.nodes(), 0);
    for (Index k = 0; k < network.links(); ++k) touched[network.link_from[k]] = touched[network.link_to[k]] = 1;
    for (Index j = 0; j < network.nodes(); ++j)
        if (!touched[j]) diagnostics.error("CT-WATER-031", node_place(j), fmt::format("node '{}' has no link", network.node_id[j]), "connect it or take it out");
}

Network read_network(const InpDocument& document, DiagnosticList& diagnostics) {
    NetworkBuilder builder(document, diagnostics);
    for (const auto& row : document.rows(Section::title)) builder.network.title += (builder.network.title.empty() ? "" : "\n") + std::string(document.word(row, 0));
    builder.read_options();
    builder.read_times();
    builder.read_patterns();
    builder.read_curves();
    builder.read_junctions();
    builder.read_reservoirs();
    builder.read_tanks();
    builder.read_demands();
    builder.read_emitters();
    builder.read_coordinates();
    builder.read_pipes();
    builder.read_pumps();
    builder.read_valves();
    builder.read_status();
    builder.read_leakage();
    builder.read_energy();
    builder.read_controls();
    builder.read_rules();
    builder.check_side_sections();
    builder.finish_units();
    builder.finish_tanks();
    builder.finish_links();
    builder.finish_pumps();
    builder.finish_leaks();
    builder.check_network();
    diagnostics.throw_if_errors();
    return std::move(builder.network);
}

}  // namespace citytwin::water
