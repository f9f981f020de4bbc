// Switches, islands, dead parts, taps, merged buses and state of the power flow on small networks.
#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <map>

#include "modules/energy/model/bridges.hpp"
#include "modules/energy/model/portable_trig.hpp"
#include "modules/energy/model/solution.hpp"
#include "modules/energy/model/time_series.hpp"

using namespace citytwin;
using namespace citytwin::energy;

namespace {

/// A chain of buses 0 - 1 - … - n-1 with a slack at 0; each bus draws 0.1 + 0.02j but the first.
PowerNetwork chain(std::size_t n) {
    PowerNetwork network;
    network.buses.resize(n);
    network.branches.resize(n - 1);
    network.units.resize(1);
    network.buses.kind[0] = BusKind::slack;
    for (std::size_t i = 0; i + 1 < n; ++i) {
        network.branches.from[i] = static_cast<Index>(i);
        network.branches.to[i] = static_cast<Index>(i + 1);
        network.branches.impedance[i] = {0.01, 0.03};
        network.buses.demand[i + 1] = {0.1, 0.02};
    }
    return network;
}

std::map<std::string, std::vector<std::uint8_t>> saved(PowerFlow& flow) {
    std::map<std::string, std::vector<std::uint8_t>> columns;
    flow.for_each_column([&](const std::string& name, auto& column) {
        auto& bytes = columns[name];
        bytes.resize(column.size() * sizeof(column[0]));
        std::memcpy(bytes.data(), column.data(), bytes.size());
    });
    return columns;
}

}  // namespace

TEST_CASE("a line that opens leaves the part behind it without voltage and its demand unserved") {
    const PowerNetwork network = chain(5);
    PowerFlow flow(network);
    REQUIRE(flow.solve().converged);
    flow.set_branch_closed(2, false);
    REQUIRE(flow.solve().converged);
    CHECK(flow.voltage[2] > 0.9);
    CHECK(std::isnan(flow.voltage[3]));
    CHECK(std::isnan(flow.voltage[4]));
    const auto unserved = unserved_demand(flow);
    CHECK(unserved[3].re + unserved[4].re == Approx(0.2));
    CHECK(unserved[2].re == 0);
    const auto flows = branch_flows(flow);
    CHECK(is_zero(flows[2].from));
    CHECK(is_zero(flows[3].from));
    const auto units = unit_output(flow, flows);
    CHECK(units[0].re == Approx(0.2 + total_losses(flows).re));
    flow.set_branch_closed(2, true);
    REQUIRE(flow.solve().converged);
    CHECK(flow.voltage[4] > 0.9);
}

TEST_CASE("a bus taken out by a failure cuts what hangs on it") {
    const PowerNetwork network = chain(4);
    PowerFlow flow(network);
    flow.set_bus_dead(1, true);
    REQUIRE(flow.solve().converged);
    CHECK(flow.voltage[0] == 1.0);
    for (const std::size_t bus : {1, 2, 3}) CHECK(std::isnan(flow.voltage[bus]));
}

TEST_CASE("an island with a controlling unit stays dark unless promotion is asked for") {
    PowerNetwork network = chain(4);
    network.units.resize(2);
    network.units.bus[1] = 3;
    network.units.power[1] = {0.1, 0};
    network.buses.kind[3] = BusKind::voltage_controlled;
    PowerFlow dead(network);
    dead.set_branch_closed(1, false);
    REQUIRE(dead.solve().converged);
    CHECK(std::isnan(dead.voltage[3]));
    PowerFlowOptions options;
    options.islands.promote = true;
    PowerFlow promoted(network, options);
    promoted.set_branch_closed(1, false);
    REQUIRE(promoted.solve().converged);
    CHECK(promoted.voltage[3] == 1.0);
    CHECK(promoted.topology().promoted_buses == std::vector<Index>{3});
}

TEST_CASE("a controlled bus whose unit stops becomes a load bus") {
    PowerNetwork network = chain(3);
    network.units.resize(2);
    network.units.bus[1] = 2;
    network.units.setpoint[1] = 1.03;
    network.buses.kind[2] = BusKind::voltage_controlled;
    PowerFlow flow(network);
    REQUIRE(flow.solve().converged);
    CHECK(flow.voltage[2] == 1.03);
    flow.set_unit_on(1, false);
    REQUIRE(flow.solve().converged);
    CHECK(flow.voltage[2] < 1.0);
}

TEST_CASE("buses joined by closed switches have one voltage and the switches' flows close every balance") {
    PowerNetwork network = chain(6);
    network.branches.impedance[1] = network.branches.impedance[2] = network.branches.impedance[4] = {};
    PowerFlow flow(network);
    REQUIRE(flow.solve().converged);
    CHECK(flow.voltage[1] == flow.voltage[3]);
    const auto flows = branch_flows(flow);
    for (std::size_t bus = 1; bus < 6; ++bus) {
        Complex balance = flow.demand[bus] + flows[bus - 1].to;
        if (bus < 5) balance += flows[bus].from;
        INFO("bus " << bus);
        CHECK(magnitude(balance) < 1e-7);
    }
}

TEST_CASE("a vector group of 150 degrees solves from a flat start because angles go through the transformers first") {
    PowerNetwork network = chain(4);
    network.branches.shift_rad[0] = 150 * degree;
    network.branches.impedance[0] = {0.001, 0.06};
    PowerFlow flow(network);
    const PowerFlowReport report = flow.solve(Start::given);   // the given angles are 0 everywhere
    REQUIRE(report.converged);
    CHECK(flow.angle_rad[3] / degree == Approx(-150).margin(5));
    const auto tree = RadialTree::of(network, flow.switches(), flow.topology());
    REQUIRE(tree);
}

TEST_CASE("state saved and loaded goes on with the same bits, whatever was solved before") {
    const PowerNetwork network = chain(8);
    PowerFlow first(network), second(network);
    first.demand[4] = {0.3, 0.1};
    first.solve();
    first.set_tap(3, 0.98, 0);
    first.set_branch_closed(6, false);
    first.solve();
    const auto state = saved(first);
    second.for_each_column([&](const std::string& name, auto& column) {
        const auto& bytes = state.at(name);
        std::memcpy(static_cast<void*>(column.data()), bytes.data(), bytes.size());
    });
    second.loaded();
    first.demand[5] = second.demand[5] = {0.25, 0.05};
    REQUIRE(first.solve().converged);
    REQUIRE(second.solve().converged);
    CHECK(saved(first) == saved(second));
}

TEST_CASE("bridges part the network, parallel branches don't") {
    PowerNetwork network = chain(5);
    network.branches.resize(6);
    network.branches.from[4] = 1;
    network.branches.to[4] = 2;   // parallel to branch 1
    network.branches.from[5] = 2;
    network.branches.to[5] = 4;   // a loop 2 - 3 - 4
    network.branches.impedance[4] = network.branches.impedance[5] = {0.01, 0.03};
    PowerFlow flow(network);
    const Bridges bridges(network, flow.switches(), flow.topology());
    CHECK(bridges.is_bridge == std::vector<std::uint8_t>{1, 0, 0, 0, 0, 0});
    CHECK(bridges.far_side(0).size() == 4);
}

TEST_CASE("sine, cosine and angle are right to the last digits") {
    for (int k = -4000; k <= 4000; ++k) {
        const double x = 0.0137 * k;
        double s, c;
        sine_cosine(x, s, c);
        CHECK(std::fabs(s - std::sin(x)) < 3e-16);
        CHECK(std::fabs(c - std::cos(x)) < 3e-16);
        CHECK(std::fabs(angle_of(c, s) - std::atan2(s, c)) < 5e-16);
        Pack re{}, im{}, magnitude, angle;
        re[3] = 2 * c;
        im[3] = 2 * s;
        polar(re, im, magnitude, angle);
        CHECK(angle[3] == angle_of(2 * c, 2 * s));
    }
}
