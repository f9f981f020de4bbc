#include "modules/energy/city/grid_sets.hpp"

#include <algorithm>
#include <utility>

namespace citytwin::energy {
namespace {

std::vector<double> part(const std::vector<Complex>& values, double Complex::*which) {
    std::vector<double> out;
    out.reserve(values.size());
    for (const Complex& value : values) out.push_back(value.*which);
    return out;
}

std::vector<Complex> joined(const EntitySet& set, std::string_view re, std::string_view im) {
    const auto &a = set.get<double>(re), &b = set.get<double>(im);
    std::vector<Complex> out;
    for (std::size_t i = 0; i < a.size(); ++i) out.push_back({a[i], b[i]});
    return out;
}

void scale(std::vector<double>& values, double factor) {
    for (double& value : values) value *= factor;
}

void store_buses(City& city, CityGrid& grid) {
    Buses& b = grid.network.buses;
    EntitySet& set = city.add_set("power_bus", b.size());
    set.ids = std::move(grid.bus_id);
    std::vector<std::int32_t> control;
    for (const BusKind kind : b.kind) control.push_back(static_cast<std::int32_t>(kind));
    set.add("x", "m", std::move(grid.bus_x), {}, "Local frame");
    set.add("y", "m", std::move(grid.bus_y), {}, "Local frame");
    set.add("kind", "", std::move(grid.bus_kind), {}, "grid, substation, station_medium, station_low, joint; bus of a file's grid");
    set.add("nominal_voltage", "V", b.nominal_V, {}, "Nominal voltage between phases");
    set.add("control", "1", std::move(control), {}, "1 load, 2 voltage-controlled, 3 slack, 4 isolated");
    set.add("base_power", "W", std::vector<double>(b.size(), grid.network.base_VA), {}, "Base of the per-unit values, the same in all rows");
    set.add("shunt_conductance", "1", part(b.shunt, &Complex::re), {}, "Admittance to ground, per unit");
    set.add("shunt_susceptance", "1", part(b.shunt, &Complex::im), {}, "Admittance to ground, per unit");
    set.add("start_voltage", "1", b.voltage, {}, "Where an iterative solver starts");
    set.add("start_angle", "rad", b.angle_rad, {}, "The same; held at slack buses");
    set.add("synthetic", "1", std::move(grid.bus_synthetic), {}, "1 = laid along streets, not surveyed");
}

void add_middles(EntitySet& set, const CityGrid& grid, const std::vector<double>& bus_x, const std::vector<double>& bus_y) {
    const Branches& b = grid.network.branches;
    std::vector<double> x, y;
    for (std::size_t k = 0; k < b.size(); ++k) {
        x.push_back((bus_x[b.from[k]] + bus_x[b.to[k]]) / 2);
        y.push_back((bus_y[b.from[k]] + bus_y[b.to[k]]) / 2);
    }
    set.add("x", "m", std::move(x), {}, "Middle between its ends");
    set.add("y", "m", std::move(y), {}, "Middle between its ends");
}

void store_branches(City& city, CityGrid& grid) {
    const Branches& b = grid.network.branches;
    EntitySet& set = city.add_set("power_branch", b.size());
    add_middles(set, grid, city.at("power_bus").get<double>("x"), city.at("power_bus").get<double>("y"));
    set.ids = std::move(grid.branch_id);
    set.add("kind", "", std::move(grid.branch_kind), {}, "substation_transformer, medium_cable, transformer, low_cable; line of a file's grid");
    set.add("from", "1", b.from, "power_bus", "First end; the ideal transformer is here");
    set.add("to", "1", b.to, "power_bus", "Second end");
    set.add("length", "m", std::move(grid.branch_length_m), {}, "Length along the street; 0 for transformers");
    set.add("parallel", "1", std::move(grid.branch_parallel), {}, "Equal cables or transformers side by side, all in the values of the row");
    set.add("resistance", "1", part(b.impedance, &Complex::re), {}, "Series resistance, per unit");
    set.add("reactance", "1", part(b.impedance, &Complex::im), {}, "Series reactance, per unit");
    set.add("from_conductance", "1", part(b.shunt_from, &Complex::re), {}, "Own shunt behind the ideal transformer, per unit");
    set.add("from_susceptance", "1", part(b.shunt_from, &Complex::im), {}, "The same");
    set.add("to_conductance", "1", part(b.shunt_to, &Complex::re), {}, "Own shunt at the second end, per unit");
    set.add("to_susceptance", "1", part(b.shunt_to, &Complex::im), {}, "The same");
    set.add("tap", "1", b.ratio, {}, "Ratio of the ideal transformer");
    set.add("shift", "rad", b.shift_rad, {}, "Its phase shift");
    auto rating = b.rating;
    scale(rating, grid.network.base_VA);
    set.add("rating", "W", std::move(rating), {}, "Apparent power it may carry; 0 = not known");
    std::vector<std::uint8_t> open;
    for (const auto closed : b.closed) open.push_back(closed != 0 ? 1 : 0);
    set.add("closed", "1", std::move(open), {}, "0 = switched off, as a normally open tie");
    set.add("tie", "1", std::move(grid.branch_tie), {}, "1 = normally open tie of a ring");
    set.add("regulated", "1", std::move(grid.branch_regulated), {}, "1 = its tap changer holds the voltage at its second end");
    set.add("shape", "m", std::move(grid.branch_shape), {}, "x0,y0,x1,y1,… along the street");
    set.add("synthetic", "1", std::move(grid.branch_synthetic), {}, "1 = laid along streets, not surveyed");
}

void store_units(City& city, CityGrid& grid) {
    const Units& u = grid.network.units;
    EntitySet& set = city.add_set("power_device", u.size());
    set.ids = std::move(grid.unit_id);
    const auto &bus_x = city.at("power_bus").get<double>("x"), &bus_y = city.at("power_bus").get<double>("y");
    std::vector<double> x, y;
    for (const Index bus : u.bus) {
        x.push_back(bus_x[bus]);
        y.push_back(bus_y[bus]);
    }
    set.add("x", "m", std::move(x), {}, "Its bus");
    set.add("y", "m", std::move(y), {}, "Its bus");
    set.add("kind", "", std::move(grid.unit_kind), {}, "grid_supply, generator");
    set.add("power_bus", "1", u.bus, "power_bus", "Where it feeds in");
    auto active = part(u.power, &Complex::re), reactive = part(u.power, &Complex::im), lowest = u.q_min, highest = u.q_max;
    for (auto* column : {&active, &reactive, &lowest, &highest}) scale(*column, grid.network.base_VA);
    set.add("active_power", "W", std::move(active), {}, "Fed in; a slack unit takes what is left");
    set.add("reactive_power", "W", std::move(reactive), {}, "The same for units that control no voltage");
    set.add("least_reactive_power", "W", std::move(lowest), {}, "Range that shares reactive power between units of a bus");
    set.add("most_reactive_power", "W", std::move(highest), {}, "The same");
    set.add("setpoint", "1", u.setpoint, {}, "Voltage it holds");
    set.add("on", "1", u.on, {}, "1 = on line");
    set.add("synthetic", "1", std::move(grid.unit_synthetic), {}, "1 = laid along streets, not surveyed");
}

}  // namespace

void store_grid(City& city, CityGrid grid) {
    store_buses(city, grid);
    store_branches(city, grid);
    store_units(city, grid);
}

PowerNetwork network_of(const City& city) {
    const EntitySet &buses = city.at("power_bus"), &branches = city.at("power_branch"), &units = city.at("power_device");
    PowerNetwork network;
    if (buses.size() > 0) network.base_VA = buses.get<double>("base_power")[0];
    Buses& b = network.buses;
    b.resize(buses.size());
    const auto& control = buses.get<std::int32_t>("control");
    for (std::size_t i = 0; i < control.size(); ++i) b.kind[i] = static_cast<BusKind>(control[i]);
    b.shunt = joined(buses, "shunt_conductance", "shunt_susceptance");
    b.voltage = buses.get<double>("start_voltage");
    b.angle_rad = buses.get<double>("start_angle");
    b.nominal_V = buses.get<double>("nominal_voltage");
    Branches& k = network.branches;
    k.resize(branches.size());
    k.from = branches.get<Index>("from");
    k.to = branches.get<Index>("to");
    k.impedance = joined(branches, "resistance", "reactance");
    k.shunt_from = joined(branches, "from_conductance", "from_susceptance");
    k.shunt_to = joined(branches, "to_conductance", "to_susceptance");
    k.ratio = branches.get<double>("tap");
    k.shift_rad = branches.get<double>("shift");
    k.rating = branches.get<double>("rating");
    scale(k.rating, 1 / network.base_VA);
    k.closed = branches.get<std::uint8_t>("closed");
    Units& u = network.units;
    u.resize(units.size());
    u.bus = units.get<Index>("power_bus");
    u.power = joined(units, "active_power", "reactive_power");
    for (Complex& power : u.power) power = (1 / network.base_VA) * power;
    u.q_min = units.get<double>("least_reactive_power");
    u.q_max = units.get<double>("most_reactive_power");
    scale(u.q_min, 1 / network.base_VA);
    scale(u.q_max, 1 / network.base_VA);
    u.setpoint = units.get<double>("setpoint");
    u.on = units.get<std::uint8_t>("on");
    return network;
}

}  // namespace citytwin::energy
