// Bins, plants and the landfill by hand.
#include <catch2/catch.hpp>

#include <cmath>

#include "modules/waste/model/bin_fill.hpp"
#include "modules/waste/model/facilities.hpp"
#include "modules/waste/model/landfill.hpp"

using namespace citytwin;
using namespace citytwin::waste;

TEST_CASE("the portable exponential and normal probability equal the library's") {
    for (double x = -40; x < 5; x += 0.37) CHECK(portable_exp(x) == Approx(std::exp(x)).epsilon(1e-14));
    for (double x = -6; x < 6; x += 0.21) CHECK(normal_probability(x) == Approx(0.5 * std::erfc(-x / std::sqrt(2.0))).epsilon(1e-12).margin(1e-15));
}

TEST_CASE("deposits have the mean and variance of a compound Poisson process") {
    const Random count(1, "count"), size(1, "size");
    for (const double expected : {0.8, 9.0, 120.0}) {
        const DepositSize deposit{2.0, 0.5};
        double sum = 0, squares = 0;
        constexpr std::uint64_t n = 20'000;
        for (std::uint64_t k = 0; k < n; ++k) {
            const double kg = deposited_kg(count, size, k, 7, expected, deposit);
            sum += kg;
            squares += kg * kg;
        }
        const double mean = sum / n, variance = squares / n - mean * mean;
        CHECK(mean == Approx(expected).epsilon(0.03));
        CHECK(variance == Approx(expected / 2.0 * (4.0 + 0.25)).epsilon(0.06));
    }
}

TEST_CASE("the chance of overflow grows with the fill, from none to certainty") {
    const DepositSize deposit;
    CHECK(overflow_chance(0, 100, 10, deposit) < 1e-6);
    CHECK(overflow_chance(90, 100, 10, deposit) == Approx(0.5));
    CHECK(overflow_chance(150, 100, 10, deposit) > 0.999);
    const CollectionRule forecast{CollectionPolicy::forecast, 0.8, 0.05};
    CHECK_FALSE(is_due(forecast, true, 10, 100, 10, deposit));
    CHECK(is_due(forecast, false, 85, 100, 10, deposit));
    const CollectionRule threshold{CollectionPolicy::threshold, 0.8, 0.05};
    CHECK(is_due(threshold, false, 75, 100, 10, deposit));
    CHECK_FALSE(is_due(threshold, false, 60, 100, 10, deposit));
}

TEST_CASE("a stuck sensor and a fall without a visit are flagged, and the forecast is used") {
    FillSensor sensor;
    CHECK(sensor.read(50, 40, 3, 100, false) == 50);
    for (int k = 0; k < 8; ++k) (void)sensor.read(50, 60, 3, 100, false);
    CHECK(sensor.fault == static_cast<std::uint8_t>(SensorFault::stuck));
    CHECK(sensor.read(50, 77, 3, 100, false) == 77);
    CHECK(sensor.read(0, 0, 3, 100, true) == 0);   // emptied: its word counts again
    CHECK(sensor.read(60, 60, 3, 100, false) == 60);
    CHECK(sensor.read(10, 63, 3, 100, false) == 63);
    CHECK(sensor.fault == static_cast<std::uint8_t>(SensorFault::unvisited_drop));
}

TEST_CASE("what goes into the plants comes out, waits or is buried") {
    // Sorting, then burning, then the landfill for the ash.
    Facilities plants({{SiteKind::sorting, 2.0, 1, 0.22, 0.22}, {SiteKind::incinerator, 1.0, 2, 0.25, 0.2}, {SiteKind::landfill, 5, no_index, 0, 0}});
    double received = 0;
    for (int step = 0; step < 200; ++step) {
        if (step % 10 == 0 && step < 150) plants.receive(0, 2, 3000), plants.receive(1, 0, 900), received += 3000;
        plants.work(900);
        CHECK(plants.stored_kg(2) + plants.left_kg(2) == Approx(received).epsilon(1e-12));
    }
    CHECK(plants.product_kg(2) == Approx(received * 0.9));
    CHECK(plants.stores()[2].buried[2] == Approx(received * 0.1 * 0.2));
    // E = m LHV eta
    CHECK(plants.stores()[1].electric_J == Approx((15 * 900 * 9.0e6 + received * 0.1 * 12.0e6) * 0.25));
}

TEST_CASE("the first year of a landfill makes no methane, and more recovery than methane is cut") {
    Landfill landfill(decay_streams());
    const std::vector<double> year(6, 10.0), none(6, 0.0);
    CHECK(landfill.year(year).generated == 0);
    const MethaneYear second = landfill.year(none, 1e9);
    CHECK(second.generated > 0);
    CHECK(second.recovered == second.generated);
    CHECK(second.emitted == 0);
}
