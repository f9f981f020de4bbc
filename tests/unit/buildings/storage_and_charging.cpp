// Battery, car charging and loads that wait: cases computed by hand.
#include <catch2/catch.hpp>

#include "core/random/philox.hpp"
#include "modules/buildings/model/battery.hpp"
#include "modules/buildings/model/charging.hpp"
#include "modules/buildings/model/flexible_load.hpp"
#include "modules/buildings/model/solar_panel.hpp"

using namespace citytwin;
using namespace citytwin::buildings;

namespace {
constexpr double kWh = 3.6e6;
BatterySettings lossy() {
    BatterySettings settings;
    settings.charge_efficiency = 0.9;
    settings.discharge_efficiency = 0.8;
    settings.rate_per_s = 1.0 / 7200;
    settings.reserve_share = 0.1;
    return settings;
}
}  // namespace

TEST_CASE("a battery stores solar surplus and gives it back less its losses") {
    double energy = 1 * kWh;   // of 10 kWh; rated 5 kW
    const auto day = step_battery(energy, 10 * kWh, -3000, 0, 3600, lossy());
    CHECK(day.charge_W == Approx(3000));
    CHECK(energy == Approx(1 * kWh + 0.9 * 3 * kWh));                 // 3.7 kWh
    const auto evening = step_battery(energy, 10 * kWh, 2500, 0, 3600, lossy());
    CHECK(evening.discharge_W == Approx((3.7 - 1.0) * 0.8 * 1000));   // down to the reserve of 1 kWh: 2.16 kW
    CHECK(energy == Approx(1 * kWh));
    CHECK(evening.loss_J == Approx(0.54 * kWh));                      // 2.7 kWh taken out, 2.16 delivered
}

TEST_CASE("a battery never charges beyond its capacity and rated power") {
    double energy = 9.5 * kWh;
    const auto full = step_battery(energy, 10 * kWh, -3000, 0, 3600, lossy());
    CHECK(full.charge_W == Approx(500 / 0.9));
    CHECK(energy == Approx(10 * kWh));
    energy = 2 * kWh;
    CHECK(step_battery(energy, 10 * kWh, -9000, 0, 3600, lossy()).charge_W == Approx(5000));
}

TEST_CASE("peak shaving holds the limit while there is energy and recharges below it") {
    auto settings = lossy();
    settings.rule = BatteryRule::peak_shaving;
    double energy = 5 * kWh;
    const auto peak = step_battery(energy, 10 * kWh, 6000, 4000, 3600, settings);
    CHECK(peak.discharge_W == Approx(2000));
    CHECK(energy == Approx(2.5 * kWh));
    const auto valley = step_battery(energy, 10 * kWh, 1000, 4000, 3600, settings);
    CHECK(valley.charge_W == Approx(3000));
    CHECK(energy == Approx(5.2 * kWh));
}

TEST_CASE("a battery's energy balance closes over a thousand random steps") {
    const Random random(3, "battery test");
    auto settings = lossy();
    settings.self_discharge_per_s = 1e-7;
    double energy = 4 * kWh, in = 0, out = 0, lost = 0;
    for (std::uint64_t k = 0; k < 1000; ++k) {
        const auto s = step_battery(energy, 10 * kWh, 16000 * (random.uniform(0, k) - 0.5), 0, 900, settings);
        CHECK((s.charge_W == 0 || s.discharge_W == 0));
        in += s.charge_W * 900;
        out += s.discharge_W * 900;
        lost += s.loss_J;
        CHECK(energy >= 0);
        CHECK(energy <= 10 * kWh * (1 + 1e-12));
    }
    CHECK(4 * kWh + in - out - lost == Approx(energy).epsilon(1e-9));
}

TEST_CASE("a car fills the valley to one level") {
    // Loads 5, 1, 2, 6 kW; 5 kWh with 4 kW at most in slots of an hour: level 4 gives 3 + 2 in the two low slots.
    std::vector<double> load{5000, 1000, 2000, 6000}, power(4);
    CHECK(fill_valley(load, 3600, {0, 4, 5 * kWh, 4000}, power) == 0);
    CHECK(power[0] == Approx(0).margin(1e-9));
    CHECK(power[1] == Approx(3000));
    CHECK(power[2] == Approx(2000));
    CHECK(power[3] == Approx(0).margin(1e-9));
    CHECK(load[1] == Approx(4000));
}

TEST_CASE("a charger's limit bends the valley's level") {
    // At most 2 kW: slots 1 and 2 are full at 2 + 2 of the 5 kWh; the last kWh goes where the load is lowest then: 5 kW.
    std::vector<double> load{5000, 1000, 2000, 6000}, power(4);
    CHECK(fill_valley(load, 3600, {0, 4, 5 * kWh, 2000}, power) == 0);
    CHECK(power[0] == Approx(1000));
    CHECK(power[1] == Approx(2000));
    CHECK(power[2] == Approx(2000));
}

TEST_CASE("what a car can't get before it leaves is unmet") {
    std::vector<double> load(4, 0.0), power(4);
    CHECK(fill_valley(load, 3600, {1, 3, 10 * kWh, 3000}, power) == Approx(4 * kWh));
    CHECK(power[0] == 0);
    CHECK(power[1] == 3000);
    CHECK(power[3] == 0);
}

TEST_CASE("charging at once takes the first hours") {
    std::vector<double> load{5000, 1000, 2000, 6000}, power(4);
    CHECK(charge_at_once(load, 3600, {0, 4, 5 * kWh, 4000}, power) == 0);
    CHECK(power[0] == 4000);
    CHECK(power[1] == Approx(1000));
    CHECK(power[2] == 0);
}

TEST_CASE("a load above the feeder's limit waits and comes back when there is room") {
    FlexibleLoads loads(4);
    loads.add(10 * kWh, 5000, 0);
    FlexibleTotals totals;
    std::vector<double> wanted{3000};
    loads.balance(0, 1, 8000, 10000, 3600, wanted, totals);   // 11 kW wanted, 10 allowed
    CHECK(wanted[0] == Approx(2000));
    CHECK(loads.owed_J() == Approx(1 * kWh));
    wanted = {500};
    loads.balance(0, 1, 5000, 10000, 3600, wanted, totals);   // room: the kWh comes back
    CHECK(wanted[0] == Approx(1500));
    CHECK(loads.owed_J() == 0);
    CHECK(totals.shifted_J == Approx(totals.returned_J));
    CHECK(totals.overload_J == 0);
}

TEST_CASE("a load waits no longer than its window and no more than comfort allows") {
    FlexibleLoads loads(2);
    loads.add(1.5 * kWh, 5000, 0);
    FlexibleTotals totals;
    std::vector<double> wanted{2000};
    loads.balance(0, 1, 10000, 10000, 3600, wanted, totals);
    CHECK(wanted[0] == Approx(500));                            // comfort: 1.5 kWh at most wait
    CHECK(totals.overload_J == Approx(0.5 * kWh));
    wanted = {0};
    loads.balance(0, 1, 10000, 10000, 3600, wanted, totals);
    CHECK(wanted[0] == 0);
    wanted = {0};
    loads.balance(0, 1, 10000, 10000, 3600, wanted, totals);   // two steps have passed
    CHECK(wanted[0] == Approx(1500));
    CHECK(loads.owed_J() == Approx(0).margin(1e-6));
}

TEST_CASE("energy put off equals energy made up for, lost and owed, and the feeder holds where the energy suffices") {
    const Random random(5, "balance test");
    FlexibleLoads loads(12);
    constexpr std::size_t n = 50;
    for (std::size_t i = 0; i < n; ++i) loads.add(4 * kWh, 4000, 1e-3 * static_cast<double>(i % 3));
    FlexibleTotals totals;
    double served_J = 0, wished_J = 0;
    for (std::uint64_t k = 0; k < 2000; ++k) {
        std::vector<double> wanted(n);
        for (std::size_t i = 0; i < n; ++i) wanted[i] = 800 * random.uniform(i, k);
        for (const double w : wanted) wished_J += w * 900;
        const double other = 100e3 + 10e3 * random.uniform(1000, k / 8);
        loads.balance(0, n, other, 127e3, 900, wanted, totals);
        double sum = other;
        for (const double w : wanted) {
            sum += w;
            served_J += w * 900;
            CHECK(w >= -1e-9);
        }
        CHECK(sum <= 127e3 + totals.overload_J / 900 + 1e-6);
        for (std::size_t i = 0; i < n; ++i) CHECK(loads.owed_J(i) <= 4 * kWh + 1e-6);
    }
    CHECK(totals.shifted_J > 1 * kWh);
    CHECK(std::abs(totals.shifted_J - totals.returned_J - totals.lost_J - loads.owed_J()) < 1e-9 * totals.shifted_J);
    CHECK(served_J == Approx(wished_J - totals.shifted_J + totals.returned_J).epsilon(1e-9));
}

TEST_CASE("a panel gives nothing in the dark and never more than its inverter") {
    CHECK(panel_yield(0, 20, 3) == 0);
    CHECK(panel_yield(1000, 20, 3) < 1);
    CHECK(panel_yield(5000, -20, 30) == Approx(1.0));
    CHECK(panel_cell_temperature_C(1000, 20, 0) == Approx(60));
}
