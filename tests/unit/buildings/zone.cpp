// The zone by hand, the archetypes, and the year in blocks.
#include <catch2/catch.hpp>

#include "modules/buildings/model/archetypes.hpp"
#include "modules/buildings/model/zone_year.hpp"

using namespace citytwin;
using namespace citytwin::buildings;

TEST_CASE("a zone as warm as outdoors without gains stays as it is") {
    ZoneDescription zone;
    zone.add_opaque(-1, 100, 0.5);
    zone.add_window(-1, 10, 2, 0.5);
    ZoneColumns zones;
    zones.add(zone, 1e6, 1e6, 20);
    zones.set_step(3600);
    const double gain = 0, heat_at = 15, cool_at = 25;
    zones.advance(0, 1, {20, {}}, {&gain, &heat_at, &cool_at});
    CHECK(zones.heat_W[0] == Approx(0).margin(1e-9));
    CHECK(zones.air_temperature[0] == Approx(20));
    CHECK(zones.mass_temperature[0] == Approx(20));
}

TEST_CASE("in the long run heating equals what is lost through the envelope") {
    ZoneDescription zone;
    zone.floor_area_m2 = 100;
    zone.volume_m3 = 300;
    zone.air_changes_per_h = 0.5;
    zone.add_opaque(-1, 100, 0.5);   // 50 W/K
    zone.add_window(-1, 10, 2, 0.5);   // 20 W/K, and ventilation 50 W/K
    ZoneColumns zones;
    zones.add(zone, 1e6, 1e6, 20);
    zones.set_step(3600);
    const double gain = 0, heat_at = 20, cool_at = 26;
    for (int h = 0; h < 3000; ++h) zones.advance(0, 1, {0, {}}, {&gain, &heat_at, &cool_at});
    CHECK(zones.air_temperature[0] == Approx(20));
    const auto balance = zones.balance(0, {0, {}}, 0, zones.mass_temperature[0]);
    CHECK(balance.lost_W == Approx(zones.heat_W[0]));
    CHECK(zones.heat_W[0] < 20 * (50 + 20 + 50));   // the surfaces are colder than the air
    CHECK(zones.heat_W[0] > 18 * (50 + 20 + 50));
}

TEST_CASE("plant limits are held and the room cools down") {
    ZoneDescription zone;
    zone.add_opaque(-1, 200, 1);
    zone.add_window(-1, 10, 2, 0.5);
    ZoneColumns zones;
    zones.add(zone, 500, 0, 20);
    zones.set_step(900);
    const double gain = 0, heat_at = 20, cool_at = 26;
    zones.advance(0, 1, {-20, {}}, {&gain, &heat_at, &cool_at});
    CHECK(zones.heat_W[0] == 500);
    CHECK(zones.air_temperature[0] < 20);
}

TEST_CASE("a year in blocks gives the digits of stepping hour by hour, at any thread count") {
    constexpr std::size_t n = 300, hours = 60;
    const auto make = [] {
        ZoneColumns zones;
        for (std::size_t b = 0; b < n; ++b) {
            const double area = 100 + static_cast<double>(b);
            zones.add(zone_of(static_cast<Use>(b % 9), 1900 + static_cast<int>(b % 120), {area, area, 6, square_walls(area, 6)}), 100 * area, 50 * area, 293.15);
        }
        zones.set_step(3600);
        return zones;
    };
    ZoneSchedule schedule;
    schedule.presence.resize(hours);
    for (std::size_t h = 0; h < hours; ++h) schedule.presence[h] = h % 24 > 8 ? 1 : 0;
    schedule.class_of.assign(n, 0);
    schedule.gain_base_W.assign(n, 100);
    schedule.gain_present_W.assign(n, 500);
    schedule.heat_setpoint.assign(n, 293.15);
    schedule.cool_setpoint.assign(n, 299.15);
    schedule.setback.assign(n, 2);
    std::vector<ZoneWeather> weather(hours);
    for (std::size_t h = 0; h < hours; ++h) weather[h] = {270.0 + static_cast<double>(h % 24), {10, 20, 300, 20, 200}};
    ZoneColumns stepped = make();
    for (std::size_t h = 0; h < hours; ++h) {
        std::vector<double> gain(n, 100 + schedule.presence[h] * 500), heat_at(n, 293.15 - (schedule.presence[h] > 0 ? 0 : 2)), cool_at(n, 299.15 + (schedule.presence[h] > 0 ? 0 : 2));
        stepped.advance(0, n, weather[h], {gain.data(), heat_at.data(), cool_at.data()});
    }
    for (const int threads : {1, 3}) {
        ZoneColumns blocks = make();
        ZoneYear year;
        Arena arena(threads);
        run_hours(blocks, schedule, weather, arena, year);
        CHECK(blocks.mass_temperature == stepped.mass_temperature);
        CHECK(blocks.heat_W == stepped.heat_W);
    }
}

TEST_CASE("walls look where their normals point, whichever way the outline runs") {
    const double ring[] = {0, 0, 10, 0, 10, 4, 0, 4};   // 10 m east-west, 4 m north-south
    const auto walls = walls_of(ring, 4, 3);
    CHECK(walls[0] == Approx(30));
    CHECK(walls[1] == Approx(12));
    CHECK(walls[2] == Approx(30));
    CHECK(walls[3] == Approx(12));
    const double half[] = {0, 0, 10, 0, 10, 4};   // a triangle: south 10, east 4, the slope faces north-west
    const auto triangle = walls_of(half, 3, 1), turned = [&] { const double back[] = {10, 4, 10, 0, 0, 0}; return walls_of(back, 3, 1); }();
    CHECK(triangle == turned);
    CHECK(triangle[2] == Approx(10));
    CHECK(triangle[1] == Approx(4));
    CHECK(triangle[0] == Approx(std::sqrt(116.0)));
}

TEST_CASE("words of maps become uses, and what isn't known is said") {
    bool known = false;
    CHECK(use_of("apartments", known) == Use::residential);
    CHECK(known);
    CHECK(use_of("hospital", known) == Use::hospital);
    CHECK(use_of("yes", known) == Use::residential);
    CHECK_FALSE(known);
    double sum = 0;
    for (int h = 0; h < 24; ++h) sum += hot_water_share(row_of(Use::residential), h);
    CHECK(sum == Approx(1));
}

TEST_CASE("a heat pump needs more electricity the colder it is") {
    CHECK(heat_pump_cop(273.15) == Approx(0.85 * (6.08 - 0.09 * 35 + 0.0005 * 35 * 35)));
    CHECK(heat_pump_cop(263.15) < heat_pump_cop(283.15));
    CHECK(heat_pump_cop(200) >= 1);
}
