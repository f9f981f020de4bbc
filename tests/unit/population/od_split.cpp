#include <catch2/catch.hpp>

#include <numeric>

#include "modules/population/model/od_split.hpp"

using namespace citytwin::population;

TEST_CASE("a matrix of small fractions keeps its total to one trip") {
    std::vector<OdDemand> cells;
    double total = 0;
    for (int i = 0; i < 5'000; ++i) {
        cells.push_back({static_cast<std::uint64_t>(i), 0.137 + 0.001 * (i % 7), 3'600, 7'200});
        total += cells.back().trips;
    }
    const auto trips = split_matrix(cells, 3);
    CHECK(std::abs(static_cast<double>(trips.size()) - total) <= 1);
    for (const auto& trip : trips) {
        REQUIRE(trip.depart_s >= 3'600);
        REQUIRE(trip.depart_s < 7'200);
    }
}

TEST_CASE("the trips of a cell are spread evenly over its interval") {
    const std::vector<OdDemand> cells{{9, 400, 0, 4'000}};
    const auto trips = split_matrix(cells, 1);
    REQUIRE(trips.size() == 400);
    for (std::size_t n = 0; n < trips.size(); ++n) {
        CHECK(trips[n].depart_s >= 10.0 * static_cast<double>(n));
        CHECK(trips[n].depart_s < 10.0 * static_cast<double>(n + 1));
    }
}

TEST_CASE("the same matrix gives the same trips, and another cell changes none of a cell's draws") {
    const std::vector<OdDemand> one{{1, 20, 0, 100}, {2, 30, 0, 100}};
    const std::vector<OdDemand> two{{7, 5, 0, 100}, {1, 20, 0, 100}, {2, 30, 0, 100}};
    const auto a = split_matrix(one, 1), b = split_matrix(two, 1);
    REQUIRE(b.size() == a.size() + 5);
    for (std::size_t k = 0; k < a.size(); ++k) {
        CHECK(a[k].depart_s == b[k + 5].depart_s);
        CHECK(a[k].origin_draw == b[k + 5].origin_draw);
    }
}
