// [JUNCTIONS] [RESERVOIRS] [TANKS] [DEMANDS] [EMITTERS] [COORDINATES].
#include <fmt/format.h>

#include <limits>

#include "modules/water/model/units.hpp"
#include "modules/water/read/builder.hpp"

namespace citytwin::water {

bool NetworkBuilder::add_node(RowReader& row, double elevation_m) {
    if (row[0].size() > 31) row.warning("CT-WATER-019", fmt::format("the id '{}' has more than 31 characters; EPANET would not read it", row[0]));
    if (!nodes.add(row[0], static_cast<Index>(network.node_id.size()), row.line())) {
        row.error("CT-WATER-020", fmt::format("node '{}' is defined twice; first in line {}", row[0], nodes.line_of(row[0])), "junctions, reservoirs and tanks share their ids");
        return false;
    }
    network.node_id.emplace_back(row[0]);
    network.elevation_m.push_back(elevation_m);
    node_line.push_back(row.line());
    return true;
}

void NetworkBuilder::read_junctions() {
    const std::size_t expected = document.rows_of(Section::junctions);
    nodes.reserve(expected + document.rows_of(Section::tanks) + document.rows_of(Section::reservoirs));
    first_demand.reserve(expected);
    each_row(Section::junctions, [&](RowReader& row) {
        const double elevation = row.size() > 1 ? row.number(1, "elevation").value_or(0) : 0;
        const double demand = row.size() > 2 ? row.number(2, "demand").value_or(0) : 0;
        const Index pattern = pattern_of(row, 3);
        if (!add_node(row, elevation * network.units.length_m)) return;
        first_demand.push_back({demand, pattern});
    });
    network.junctions = static_cast<Index>(network.node_id.size());
    demand_replaced.assign(network.junctions, 0);
    emitter_coefficient.assign(network.junctions, 0);
}

void NetworkBuilder::add_reservoir(RowReader& row) {
    if (!row.at_least(2, "expected: id, head[, pattern]")) return;
    const double head = row.number(1, "head").value_or(0) * network.units.length_m;
    const Index pattern = pattern_of(row, 2);
    if (!add_node(row, head)) return;
    Tank tank;
    tank.node = static_cast<Index>(network.node_id.size() - 1);
    tank.head_initial_m = tank.head_min_m = tank.head_max_m = head;
    tank.head_pattern = pattern;
    network.tanks.push_back(tank);
}

void NetworkBuilder::read_reservoirs() {
    each_row(Section::reservoirs, [&](RowReader& row) { add_reservoir(row); });
}

void NetworkBuilder::read_tanks() {
    each_row(Section::tanks, [&](RowReader& row) {
        if (row.size() <= 3) return add_reservoir(row);   // older files list reservoirs among tanks
        if (!row.at_least(6, "expected: id, elevation, initial, minimum and maximum level, diameter[, minimum volume, volume curve, overflow]")) return;
        const FileUnits& units = network.units;
        const double elevation = row.number(1, "elevation").value_or(0) * units.length_m;
        double value[5] = {0, 0, 0, 1, 0};
        static constexpr const char* what[] = {"initial level", "minimum level", "maximum level", "diameter", "minimum volume"};
        for (std::size_t i = 0; i < 5 && i + 2 < row.size(); ++i) value[i] = (i == 3 ? row.positive(i + 2, what[i]) : row.not_negative(i + 2, what[i])).value_or(value[i]);
        Tank tank;
        if (row.size() > 7 && !row[7].empty() && row[7] != "*") tank.volume_curve = row.id(7, curves, "curve");
        if (row.size() > 8) {
            tank.can_overflow = row.is(8, "YES");
            if (!row.is(8, "YES") && !row.is(8, "NO")) row.error("CT-WATER-014", fmt::format("overflow of tank '{}' is '{}'", row[0], row[8]), "use YES or NO");
        }
        if (!add_node(row, elevation)) return;
        tank.node = static_cast<Index>(network.node_id.size() - 1);
        tank.head_initial_m = elevation + value[0] * units.length_m;
        tank.head_min_m = elevation + value[1] * units.length_m;
        tank.head_max_m = elevation + value[2] * units.length_m;
        // The peer's cubic foot is 0.028317 m3, not 0.3048^3 m3; its tanks are that much larger than their drawings.
        const double diameter = value[3] * units.length_m;
        tank.area_m2 = pi * diameter * diameter / 4 * (cubic_metre_per_cubic_foot / (metre_per_foot * metre_per_foot * metre_per_foot));
        tank.volume_min_m3 = value[4] > 0 ? value[4] * units.volume_m3 : tank.area_m2 * (tank.head_min_m - elevation);
        network.tanks.push_back(tank);
    });
}

void NetworkBuilder::read_demands() {
    each_row(Section::demands, [&](RowReader& row) {
        if (!row.at_least(2, "expected: junction, demand[, pattern]")) return;
        const auto demand = row.number(1, "demand");
        const Index node = row.id(0, nodes, "node");
        const Index pattern = pattern_of(row, 2);
        if (!demand || node == no_index || !network.is_junction(node)) return;
        // The first line replaces what [JUNCTIONS] says, later ones add categories.
        if (!demand_replaced[node]) first_demand[node] = {*demand, pattern};
        else further_demands.push_back({node, *demand, pattern});
        demand_replaced[node] = 1;
    });
}

void NetworkBuilder::read_emitters() {
    each_row(Section::emitters, [&](RowReader& row) {
        if (!row.at_least(2, "expected: junction, coefficient")) return;
        const Index node = row.id(0, nodes, "node");
        const auto coefficient = row.not_negative(1, "emitter coefficient");
        if (node == no_index || !coefficient) return;
        if (network.is_junction(node)) emitter_coefficient[node] = *coefficient;
        else row.warning("CT-WATER-021", fmt::format("an emitter at '{}', which is no junction, has no effect", row[0]));
    });
}

void NetworkBuilder::read_coordinates() {
    network.x.assign(network.node_id.size(), std::numeric_limits<double>::quiet_NaN());
    network.y = network.x;
    each_row(Section::coordinates, [&](RowReader& row) {
        const Index node = nodes.find(row[0]);
        if (node == no_index) return row.warning("CT-WATER-022", fmt::format("[COORDINATES] names the unknown node '{}'; the line is not used", row[0]));
        if (row.size() < 3) return;
        const auto x = row.number(1, "x"), y = row.number(2, "y");
        if (x && y) network.x[node] = *x, network.y[node] = *y;
    });
}

}  // namespace citytwin::water
