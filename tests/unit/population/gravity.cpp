#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

#include "core/random/distributions.hpp"
#include "modules/population/model/gravity.hpp"
#include "support/sample_places.hpp"

using namespace citytwin;
using namespace citytwin::population;

namespace {

struct Margins {
    std::vector<std::int32_t> workers, jobs;
};

Margins margins_of(const Places& places) {
    Margins m{std::vector<std::int32_t>(places.zones.size(), 0), std::vector<std::int32_t>(places.zones.size(), 0)};
    for (std::size_t s = 0; s < places.sites.size(); ++s) m.jobs[places.sites.zone[s]] += places.sites.jobs[s];
    std::int32_t left = std::accumulate(m.jobs.begin(), m.jobs.end(), 0);
    for (std::size_t z = 0; z < m.workers.size(); ++z) {
        m.workers[z] = z + 1 == m.workers.size() ? left : std::min<std::int32_t>(left, 90 + static_cast<std::int32_t>(z % 7) * 15);
        left -= m.workers[z];
    }
    return m;
}

}  // namespace

TEST_CASE("the decaying exponential agrees with the C library to nine digits") {
    for (double x = 0; x < 60; x += 0.037) CHECK(portable_decay(x) == Approx(std::exp(-x)).epsilon(1e-9));
    CHECK(portable_decay(0) == 1.0);
    CHECK(portable_decay(1e6) == 0.0);
}

TEST_CASE("the bell-shaped draw has mean zero, deviation one and no far outlier") {
    const Random random(3, "test.bell");
    double sum = 0, squares = 0;
    constexpr int n = 40'000;
    for (int i = 0; i < n; ++i) {
        const double z = bell_shaped(random, static_cast<std::uint64_t>(i), 0);
        REQUIRE(std::abs(z) < 3.5);
        sum += z;
        squares += z * z;
    }
    CHECK(std::abs(sum / n) < 0.02);
    CHECK(squares / n == Approx(1).epsilon(0.03));
}

TEST_CASE("the balanced table meets workers and jobs of every zone") {
    Arena arena(2, 16);
    const Places places = testing::sample_places();
    const ZoneDistances distances(places.zones, arena);
    const Margins m = margins_of(places);
    const std::vector<double> rows(m.workers.begin(), m.workers.end()), columns(m.jobs.begin(), m.jobs.end());
    const GravityFit fit = fit_gravity(distances, rows, columns, 1'500, 0, arena);
    CHECK(fit.error < 1e-6);
    const std::size_t n = rows.size();
    for (std::size_t j = 0; j < n; ++j) {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += fit.row_factor[i] * fit.column_factor[j] * static_cast<double>(fit.deterrence[i * n + j]);
        CHECK(sum == Approx(columns[j]).epsilon(1e-6));
    }
}

TEST_CASE("the decay is fitted to a wished mean distance") {
    Arena arena(2, 16);
    const Places places = testing::sample_places();
    const ZoneDistances distances(places.zones, arena);
    const Margins m = margins_of(places);
    const std::vector<double> rows(m.workers.begin(), m.workers.end()), columns(m.jobs.begin(), m.jobs.end());
    const GravityFit fit = fit_gravity(distances, rows, columns, 6'000, 1'400, arena);
    CHECK(std::abs(fit.mean_distance_m - 1'400) < 2);
}

TEST_CASE("whole commuters keep every row, every column and the mean distance") {
    Arena arena(2, 16);
    const Places places = testing::sample_places();
    const ZoneDistances distances(places.zones, arena);
    const Margins m = margins_of(places);
    const std::vector<double> rows(m.workers.begin(), m.workers.end()), columns(m.jobs.begin(), m.jobs.end());
    const GravityFit fit = fit_gravity(distances, rows, columns, 1'500, 0, arena);
    const CommuterTable table = whole_commuters(fit, distances, m.workers, m.jobs);
    std::vector<std::int32_t> arrived(m.jobs.size(), 0);
    double metres = 0, persons = 0;
    for (std::size_t i = 0; i < m.workers.size(); ++i) {
        std::int32_t left = 0;
        for (std::size_t cell = table.offsets[i]; cell < table.offsets[i + 1]; ++cell) {
            REQUIRE(table.persons[cell] > 0);
            left += table.persons[cell];
            arrived[table.zone[cell]] += table.persons[cell];
            metres += table.persons[cell] * static_cast<double>(distances.row(i)[table.zone[cell]]);
            persons += table.persons[cell];
        }
        CHECK(left == m.workers[i]);
    }
    CHECK(arrived == m.jobs);
    CHECK(metres / persons == Approx(fit.mean_distance_m).epsilon(0.02));
}
