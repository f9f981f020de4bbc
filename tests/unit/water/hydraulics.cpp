#include "modules/water/model/hydraulics.hpp"

#include <catch2/catch.hpp>

#include <cmath>

#include "modules/water/model/packs.hpp"
#include "tests/unit/water/small_networks.hpp"

using namespace citytwin;
using namespace citytwin::water;
using testing::network_of;

namespace {

void run_until(Hydraulics& h, std::int64_t until_s) {
    h.solve();
    while (h.step(until_s) > 0) h.solve();
}

}  // namespace

TEST_CASE("vector logarithm, exponential and power agree with the library to a few last digits", "[water]") {
    for (double x = 1e-12; x < 1e9; x *= 1.37) {
        CHECK(std::abs(log_of(x) - std::log(x)) <= 4e-16 * std::max(1.0, std::abs(std::log(x))));
        CHECK(power_of(x, 0.852) == Approx(std::pow(x, 0.852)).epsilon(2e-14));
    }
    for (double x = -100; x < 100; x += 0.37) CHECK(exp_of(x) == Approx(std::exp(x)).epsilon(1e-14));
    CHECK(power_of(0, 2) == 0);
}

TEST_CASE("the flow of a branch is the demand behind it and the loss is Hazen-Williams'", "[water]") {
    Hydraulics h(network_of(testing::two_pipes));
    const Certificate& c = h.solve();
    CHECK(c.is_converged());
    const double gpm = 0.028317 / 448.831;
    CHECK(h.flow_m3ps(0) == Approx(150 * gpm));
    CHECK(h.flow_m3ps(1) == Approx(50 * gpm));
    const double cfs = 150 / 448.831, loss_ft = 4.727 * 1000 / std::pow(100, 1.852) * std::pow(cfs, 1.852);
    CHECK((h.head_m(2) - h.head_m(0)) / 0.3048 == Approx(loss_ft).epsilon(1e-6));
}

TEST_CASE("a closed link carries nothing and what it cuts off has no head", "[water]") {
    Hydraulics h(network_of(testing::two_pipes));
    h.set_status(1, false);
    const Certificate& c = h.solve();
    CHECK(h.flow_m3ps(1) == 0);
    CHECK(c.has(Reason::demand_cut));
    CHECK(c.cut_nodes == 1);
    CHECK_FALSE(h.is_supplied(1));
    CHECK(h.is_supplied(0));
    h.set_status(1, true);
    CHECK(h.solve().is_converged());
}

TEST_CASE("a run in parts has the digits of a run at once", "[water]") {
    const auto network = network_of(testing::pumped_tank);
    Hydraulics whole(network), parts(network);
    run_until(whole, 40000);
    run_until(parts, 20000);
    const std::string saved = parts.save();
    Hydraulics resumed(network);
    resumed.load(saved);
    CHECK(resumed.save() == saved);
    run_until(parts, 40000);
    run_until(resumed, 40000);
    CHECK(parts.save() == resumed.save());
    CHECK(whole.time_s() == parts.time_s());
}

TEST_CASE("a pump without power stands still from that second and starts again", "[water]") {
    Hydraulics h(network_of(testing::pumped_tank));
    const Index pump = h.network().pumps[0].link;
    run_until(h, 3601);
    CHECK(h.time_s() == 3601);
    CHECK(h.flow_m3ps(pump) > 0);
    const double level = h.tank_level_m(1);
    h.set_blocked(pump, true);
    h.solve();
    CHECK(h.flow_m3ps(pump) == 0);
    CHECK(h.pump_energy()[0].power_kw == 0);
    run_until(h, 7200);
    CHECK(h.tank_level_m(1) < level);
    h.set_blocked(pump, false);
    h.solve();
    CHECK(h.flow_m3ps(pump) > 0);
}

TEST_CASE("a tank fills by what flows in and its level controls the pump to the second", "[water]") {
    Hydraulics h(network_of(testing::pumped_tank));
    double greatest = 0, volume = h.state().tank_volume_m3[1];
    do {
        h.solve();
        const double inflow = h.state().tank_inflow_m3ps[1];
        const auto seconds = h.step();
        volume += inflow * static_cast<double>(seconds);
        greatest = std::max(greatest, h.tank_level_m(1));
        if (seconds == 0) break;
    } while (true);
    CHECK(h.state().tank_volume_m3[1] == Approx(volume).epsilon(1e-9));
    CHECK(greatest / 0.3048 == Approx(18).margin(0.02));
}

TEST_CASE("demand from outside replaces the patterns and goes back", "[water]") {
    Hydraulics h(network_of(testing::two_pipes));
    h.set_outside_demand(1, 0.01);
    h.solve();
    CHECK(h.flow_m3ps(1) == Approx(0.01));
    h.clear_outside_demand(1);
    h.solve();
    CHECK(h.flow_m3ps(1) == Approx(50 * 0.028317 / 448.831));
}

TEST_CASE("certified steps close mass and heads", "[water]") {
    std::string text = testing::two_pipes;
    text.replace(text.find("0.00001"), 7, "0.1    ");
    auto network = std::make_shared<Network>(*network_of(text));
    network->options.certify = true;
    Hydraulics h(network);
    const Certificate& c = h.solve();
    CHECK(c.is_converged());
    CHECK(c.mass_residual_max_m3ps <= 1e-6 * c.demand_m3ps);
    CHECK(c.head_residual_max_m <= 1e-3 * network->units.head_m);
}

TEST_CASE("a closed link under a head passes nothing, and the others balance to the last digits of a small demand", "[water]") {
    Hydraulics h(network_of("[JUNCTIONS]\nA 0 0.4\nB 0 0.1\n[RESERVOIRS]\nR 100\nHIGH 105\n[PIPES]\nP R A 1000 12 100\nQ A B 1000 6 100\nC HIGH B 1000 12 100 0 CLOSED\n"
                            "[OPTIONS]\nUnits GPM\nAccuracy 0.00001\n"));
    const Certificate& c = h.solve();
    const double gpm = 0.028317 / 448.831;
    CHECK(c.is_converged());
    CHECK(h.flow_m3ps(2) == 0);
    CHECK(std::abs(h.flow_m3ps(0) - 0.5 * gpm) <= 1e-6 * 0.5 * gpm);
    CHECK(std::abs(h.flow_m3ps(1) - 0.1 * gpm) <= 1e-6 * 0.5 * gpm);
    CHECK(c.mass_residual_max_m3ps <= 1e-6 * c.demand_m3ps);
}

TEST_CASE("who stands behind a flow control valve that lets in less than they draw is cut, said so, and the rest is served", "[water]") {
    const std::string text = "[JUNCTIONS]\nA 0 60\nB 0 40\nC 0 30\n[RESERVOIRS]\nR 200\nT 180\n[PIPES]\nP R A 1000 12 100\nQ B C 1000 8 100\nS C T 1000 8 100 0 CLOSED\n"
                             "[VALVES]\nV A B 8 FCV 25\n[OPTIONS]\nUnits GPM\nAccuracy 0.00001\n";
    Hydraulics h(network_of(text));
    const Certificate& c = h.solve();
    const double gpm = 0.028317 / 448.831;
    CHECK_FALSE(c.is_converged());
    CHECK(c.has(Reason::demand_cut));
    CHECK(c.has(Reason::valve_conflict));
    CHECK(c.cut_nodes == 2);
    CHECK(c.unserved_m3ps == Approx(45 * gpm).epsilon(1e-3));
    CHECK(h.is_supplied(0));
    CHECK_FALSE(h.is_supplied(1));
    CHECK_FALSE(h.is_supplied(2));
    h.set_status(2, true);   // the second source brings what the valve doesn't
    CHECK(h.solve().is_converged());
    CHECK(h.is_supplied(2));
    CHECK(h.flow_m3ps(3) == Approx(25 * gpm).epsilon(1e-4));
}

TEST_CASE("a pressure reducing valve holds its setting downstream", "[water]") {
    Hydraulics h(network_of("[JUNCTIONS]\nA 0 0\nB 0 50\n[RESERVOIRS]\nR 200\n[PIPES]\nP R A 100 12 100\n[VALVES]\nV A B 12 PRV 40\n[OPTIONS]\nUnits GPM\nAccuracy 0.00001\n"));
    h.solve();
    CHECK(h.head_m(1) / 0.3048 * 0.4333 == Approx(40).epsilon(1e-6));
    CHECK(h.status(1) == LinkStatus::active);
    CHECK(h.flow_m3ps(1) == Approx(50 * 0.028317 / 448.831).epsilon(1e-6));
}
