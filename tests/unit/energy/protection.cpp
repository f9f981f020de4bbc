// Backup and overload protection by hand-computed cases.
#include <catch2/catch.hpp>

#include "modules/energy/model/backup.hpp"
#include "modules/energy/model/overload.hpp"

using namespace citytwin;
using namespace citytwin::energy;

TEST_CASE("a battery alone lasts exactly as long as it lasts") {
    constexpr Backup battery{10 * minute, 0, 0};
    CHECK(battery.carries(0));
    CHECK(battery.carries(10 * minute - 1));
    CHECK_FALSE(battery.carries(10 * minute));
    CHECK(battery.next_change(0) == 10 * minute);
    CHECK(battery.next_change(10 * minute) == never);
    CHECK(battery.battery_used(4 * minute) == 4 * minute);
    CHECK(battery.battery_used(hour) == 10 * minute);
    CHECK(battery.fuel_used(hour) == 0);
}

TEST_CASE("without backup the power is gone at once") {
    constexpr Backup none{};
    CHECK_FALSE(none.carries(0));
    CHECK(none.next_change(0) == never);
}

TEST_CASE("a generator takes over from the battery, then the rest of the battery follows") {
    constexpr Backup both{10 * minute, 15 * second, hour};   // 10 min, of which 15 s are used until the generator runs
    CHECK(both.carries(20 * second));
    CHECK(both.carries(hour + 15 * second + 9 * minute + 45 * second - 1));
    CHECK_FALSE(both.carries(hour + 10 * minute));
    CHECK(both.next_change(0) == hour + 10 * minute);
    CHECK(both.battery_used(30 * minute) == 15 * second);
    CHECK(both.fuel_used(30 * minute) == 30 * minute - 15 * second);
    CHECK(both.battery_used(2 * hour) == 10 * minute);
    CHECK(both.fuel_used(2 * hour) == hour);
}

TEST_CASE("a battery shorter than the generator's start leaves a gap") {
    constexpr Backup gap{10 * second, 30 * second, hour};
    CHECK(gap.carries(10 * second - 1));
    CHECK_FALSE(gap.carries(10 * second));
    CHECK_FALSE(gap.carries(30 * second - 1));
    CHECK(gap.carries(30 * second));
    CHECK_FALSE(gap.carries(hour + 30 * second));
    CHECK(gap.next_change(0) == 10 * second);
    CHECK(gap.next_change(10 * second) == 30 * second);
    CHECK(gap.next_change(30 * second) == hour + 30 * second);
}

TEST_CASE("an overload trips after the time of the curve, whatever the steps") {
    const OverloadCurve curve{1.2, 1};
    CHECK(curve.trip_time_s(1.2) < 0);   // never at the pickup
    CHECK(curve.trip_time_s(2.4) == Approx(80.0 / 3));
    CHECK(curve.trips_at(0, 2.4, 0) == from_seconds(80.0 / 3));
    double integral = 0;
    for (int step = 0; step < 10; ++step) integral = curve.advance(integral, 2.4, 2);
    CHECK(integral == Approx(20.0 * 3 / 80));
    CHECK(to_seconds(curve.trips_at(integral, 2.4, 20 * second)) == Approx(80.0 / 3));
    // Half the time at 1.5, the other half at 2.4: the integral adds up.
    const double at_low = 80 / (1.25 * 1.25 - 1);
    CHECK(to_seconds(curve.trips_at(curve.advance(0, 1.5, at_low / 2), 2.4, 0)) == Approx(80.0 / 6));
    CHECK(curve.advance(0.9, 1.0, 1) == 0);   // below pickup it resets
    CHECK(curve.trips_at(0.9, 1.0, 0) == never);
}
