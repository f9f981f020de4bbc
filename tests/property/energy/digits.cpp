// Lanes: the same digits for any grouping of the steps and any number of threads; the sweep agrees with Newton.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "modules/energy/model/contingency.hpp"
#include "modules/energy/model/portable_trig.hpp"
#include "modules/energy/model/time_series.hpp"

using namespace citytwin;
using namespace citytwin::energy;

namespace {

/// A tree of n buses with a tap, charging, a phase shift and a shunt; `loops` more branches make it meshed (then without the
/// shift: only one of the root's two feeders has it). The whole demand stays the same for larger n.
PowerNetwork tree(std::size_t n, std::size_t loops = 0) {
    PowerNetwork network;
    network.buses.resize(n);
    network.branches.resize(n - 1 + loops);
    network.units.resize(1);
    network.buses.kind[0] = BusKind::slack;
    network.units.setpoint[0] = 1.02;
    for (std::size_t i = 1; i < n; ++i) {
        network.branches.from[i - 1] = static_cast<Index>((i - 1) * 7 / 10);
        network.branches.to[i - 1] = static_cast<Index>(i);
        network.branches.impedance[i - 1] = {0.002 + 0.0001 * static_cast<double>(i % 7), 0.004};
        network.branches.shunt_from[i - 1] = network.branches.shunt_to[i - 1] = {0, 0.0005};
        const double share = std::min(1.0, 60.0 / static_cast<double>(n));
        network.buses.demand[i] = {0.01 * share * static_cast<double>(i % 5), 0.004 * share};
    }
    network.branches.ratio[0] = loops == 0 ? 0.975 : 1.0;
    network.branches.shift_rad[0] = loops == 0 ? 150 * degree : 0;
    network.buses.shunt[n / 2] = {0.001, 0.02};
    for (std::size_t k = 0; k < loops; ++k) {
        network.branches.from[n - 1 + k] = static_cast<Index>(2 + k);
        network.branches.to[n - 1 + k] = static_cast<Index>(n - 1 - 2 * k);
        network.branches.impedance[n - 1 + k] = {0.003, 0.005};
    }
    return network;
}

struct Result {
    std::vector<double> voltage, angle;
};

Result run(PowerFlow& flow, std::size_t first, std::size_t last, int threads) {
    TimeSeries series(flow, 1e-11);
    const std::size_t n = flow.topology().nodes();
    Result result{std::vector<double>(n * (last - first)), std::vector<double>(n * (last - first))};
    Arena arena(threads, 1);
    series.run(first, last, [&](std::size_t step, int used, StepLanes& lanes) {
        for (std::size_t i = 0; i < n; ++i) {
            for (int l = 0; l < used; ++l) {
                const double share = 0.4 + 0.6 * static_cast<double>((step + static_cast<std::size_t>(l) + i) % 13) / 13;
                lanes.p[i].v[l] = -flow.network().buses.demand[i].re * share;
                lanes.q[i].v[l] = -flow.network().buses.demand[i].im * share;
            }
        }
    }, [&](std::size_t step, int used, const StepLanes& lanes) {
        for (int l = 0; l < used; ++l) {
            REQUIRE(lanes.converged[static_cast<std::size_t>(l)]);
            for (std::size_t i = 0; i < n; ++i) {
                result.voltage[(step - first + static_cast<std::size_t>(l)) * n + i] = lanes.magnitude[i].v[l];
                result.angle[(step - first + static_cast<std::size_t>(l)) * n + i] = lanes.angle_rad[i].v[l];
            }
        }
    }, arena);
    return result;
}

void check_digits(const PowerNetwork& network, bool radial) {
    PowerFlow flow(network);
    CHECK(TimeSeries(flow).is_radial() == radial);
    const std::size_t n = network.buses.size();
    const Result whole = run(flow, 0, 200, 1);
    for (const int threads : {2, 4, 7}) CHECK(run(flow, 0, 200, threads).voltage == whole.voltage);
    const Result part = run(flow, 3, 174, 2);   // other groups of eight
    CHECK(std::equal(part.voltage.begin(), part.voltage.end(), whole.voltage.begin() + static_cast<std::ptrdiff_t>(3 * n)));
    CHECK(std::equal(part.angle.begin(), part.angle.end(), whole.angle.begin() + static_cast<std::ptrdiff_t>(3 * n)));
    for (const std::size_t step : {0, 57, 199}) {   // against Newton, one step at a time
        for (std::size_t i = 0; i < n; ++i) {
            const double share = 0.4 + 0.6 * static_cast<double>((step + i) % 13) / 13;
            flow.demand[i] = share * network.buses.demand[i];
        }
        PowerFlowOptions options;
        options.newton.tolerance = 1e-12;
        PowerFlow alone(network, options);
        alone.demand = flow.demand;
        REQUIRE(alone.solve().converged);
        for (std::size_t i = 0; i < n; ++i) {
            CHECK(std::fabs(alone.voltage[i] - whole.voltage[step * n + i]) < 1e-9);
            CHECK(std::fabs(alone.angle_rad[i] - whole.angle[step * n + i]) < 1e-9);
        }
    }
}

}  // namespace

TEST_CASE("radial steps have the same bits for any grouping and thread count, and agree with Newton") { check_digits(tree(90), true); }
TEST_CASE("meshed steps have the same bits for any grouping and thread count, and agree with Newton") { check_digits(tree(90, 6), false); }

TEST_CASE("outages have the same bits for any number of threads, and workers take part") {
    const PowerNetwork network = tree(1500, 200);   // large enough that the workers wake up
    PowerFlow flow(network);
    REQUIRE(flow.solve().converged);
    Arena one(1, 1);
    const auto expected = n_minus_1(flow, {}, one);
    for (const int threads : {2, 4, 7}) {
        double share = 0;
        // On a busy machine the workers may come late: the same outages again, until they took part.
        for (int repeat = 0; repeat == 0 || (share < 0.2 && repeat < 200); ++repeat) {
            Arena arena(threads, 1);
            const auto found = n_minus_1(flow, {}, arena);
            share = std::max(share, arena.worker_share());
            REQUIRE(found.size() == expected.size());
            std::size_t different = 0;
            for (std::size_t k = 0; k < found.size(); ++k) {
                different += found[k].voltage_min != expected[k].voltage_min || found[k].voltage_max != expected[k].voltage_max ||
                             found[k].unserved.re != expected[k].unserved.re || found[k].status != expected[k].status;
            }
            CHECK(different == 0);
        }
        CHECK(share >= 0.2);
    }
}

TEST_CASE("an outage in lanes gives what the network without that branch gives") {
    const PowerNetwork network = tree(60, 8);
    PowerFlow flow(network);
    REQUIRE(flow.solve().converged);
    Arena arena(1);
    const auto outages = n_minus_1(flow, {}, arena);
    for (const Contingency& c : outages) {
        PowerFlow without(network);
        without.set_branch_closed(c.branch, false);
        REQUIRE(without.solve().converged);
        double low = 9, unserved = 0;
        for (std::size_t bus = 0; bus < network.buses.size(); ++bus) {
            if (std::isnan(without.voltage[bus])) unserved += network.buses.demand[bus].re;
            else low = std::min(low, without.voltage[bus]);
        }
        INFO("branch " << c.branch << ": " << c.voltage_min << " against " << low << ", iterations " << c.iterations << ", unserved " << unserved);
        CHECK(std::fabs(c.voltage_min - low) < 1e-8);
        CHECK(c.unserved.re == Approx(unserved).margin(1e-12));
    }
}
