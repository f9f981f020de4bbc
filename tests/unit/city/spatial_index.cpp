#include "core/city/spatial_index.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace citytwin;

namespace {

/// Small linear congruence: the test's own numbers, the same everywhere.
struct Numbers {
    std::uint64_t state = 12345;
    double operator()(double low, double high) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return low + (high - low) * static_cast<double>(state >> 11) / 9007199254740992.0;
    }
};

double distance_to(std::span<const double> line, double x, double y) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i + 3 < line.size(); i += 2) {
        const double dx = line[i + 2] - line[i], dy = line[i + 3] - line[i + 1], l2 = dx * dx + dy * dy;
        const double t = l2 > 0 ? std::clamp(((x - line[i]) * dx + (y - line[i + 1]) * dy) / l2, 0.0, 1.0) : 0;
        best = std::min(best, std::hypot(x - line[i] - t * dx, y - line[i + 1] - t * dy));
    }
    if (line.size() == 2) best = std::hypot(x - line[0], y - line[1]);
    return best;
}

}  // namespace

TEST_CASE("the index finds what a search through all lines finds, inside and far outside") {
    Numbers number;
    Ragged<double> lines;
    for (int item = 0; item < 400; ++item) {
        std::vector<double> line;
        const int points = 1 + item % 6;
        double x = number(0, 5000), y = number(0, 2000);
        for (int i = 0; i < points; ++i) {
            line.insert(line.end(), {x, y});
            const double stride = item % 50 == 0 ? 3000 : 60;
            x += number(-stride, stride);
            y += number(-stride, stride);
        }
        if (item % 97 == 5) line.clear();
        lines.push_row(line);
    }
    std::vector<std::uint8_t> use(400, 1);
    for (std::size_t i = 0; i < 400; i += 7) use[i] = 0;
    const SpatialIndex index(lines, use);
    for (int query = 0; query < 500; ++query) {
        const double reach = query % 5 == 0 ? 20000 : 0;
        const double x = number(-reach, 5000 + reach), y = number(-reach, 2000 + reach);
        std::vector<std::pair<double, Index>> all;
        for (Index item = 0; item < 400; ++item) {
            if (use[item] && !lines[item].empty()) all.emplace_back(distance_to(lines[item], x, y), item);
        }
        std::sort(all.begin(), all.end());
        const auto nearest = index.nearest(x, y);
        REQUIRE(nearest);
        CHECK(nearest->distance_m == Approx(all[0].first).margin(1e-9));
        CHECK(std::hypot(nearest->x - x, nearest->y - y) == Approx(nearest->distance_m).margin(1e-9));
        const double radius = 300;
        const auto near = index.near(x, y, 12, radius);
        const auto within = std::min<std::size_t>(12, static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](auto& a) { return a.first <= radius; })));
        REQUIRE(near.size() == within);
        for (std::size_t i = 0; i < near.size(); ++i) CHECK(near[i].distance_m == Approx(all[i].first).margin(1e-9));
    }
}

TEST_CASE("of two lines at one distance the lower item is nearest") {
    Ragged<double> lines;
    for (int i = 0; i < 4; ++i) lines.push_row(std::vector<double>{0, 10, 100, 10});
    const SpatialIndex index(lines);
    const auto near = index.near(50, 0, 3, 20);
    REQUIRE(near.size() == 3);
    CHECK(near[0].item == 0);
    CHECK(near[2].item == 2);
    CHECK(near[0].offset_m == 50);
    CHECK_FALSE(index.nearest(50, 0, 9.9));
}

TEST_CASE("an index over nothing finds nothing") {
    CHECK_FALSE(SpatialIndex(Ragged<double>{}).nearest(0, 0));
    const std::vector<double> x{3, 1}, y{4, 1};
    CHECK(SpatialIndex(x, y).nearest(0, 0)->item == 1);
    CHECK(SpatialIndex(std::span(x).first(1), std::span(y).first(1)).nearest(0, 0)->distance_m == 5);
}
