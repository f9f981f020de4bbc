// The plume against what must hold for it: bars 7 and 15 of environment.md, and matrices against the direct plume.
#include <catch2/catch.hpp>

#include <cmath>

#include "core/base/portable_math.hpp"
#include "core/random/philox.hpp"
#include "modules/emissions/model/exposure.hpp"
#include "modules/emissions/model/plume_formula.hpp"
#include "modules/emissions/model/source_receptor.hpp"

using namespace citytwin;
using namespace citytwin::emissions;

namespace {

constexpr double pi = 3.14159265358979323846, no_lid = std::numeric_limits<double>::infinity();

struct Town {
    LineSources lines;
    PointSources points;
    Receptors receptors;
};

// Streets of 40 to 160 m at random places, some chimneys, a grid of receptors.
Town town(std::size_t streets, std::size_t chimneys, std::size_t side) {
    const Random draw(3, "town");
    Town made;
    made.lines.initial_crosswind_m = 3;
    made.lines.initial_vertical_m = 2;
    for (std::size_t s = 0; s < streets; ++s) {
        const double x = 2000 * draw.uniform(s, 0), y = 2000 * draw.uniform(s, 1), a = 2 * pi * draw.uniform(s, 2), l = 40 + 120 * draw.uniform(s, 3);
        made.lines.add(x, y, x + l * std::cos(a), y + l * std::sin(a), 0.5, 0.01 + draw.uniform(s, 4));
    }
    for (std::size_t p = 0; p < chimneys; ++p) made.points.add(2000 * draw.uniform(p, 5), 2000 * draw.uniform(p, 6), 25, 1 + draw.uniform(p, 7));
    for (std::size_t j = 0; j < side; ++j) {
        for (std::size_t i = 0; i < side; ++i) {
            made.receptors.x_m.push_back((static_cast<double>(i) + 0.5) * 2000 / static_cast<double>(side));
            made.receptors.y_m.push_back((static_cast<double>(j) + 0.5) * 2000 / static_cast<double>(side));
        }
    }
    return made;
}

}  // namespace

TEST_CASE("bar 7: what crosses a plane downwind is what the source emits, to 0.5 %") {
    for (const Terrain terrain : {Terrain::urban, Terrain::rural}) {
        for (std::size_t k = 0; k < stability_count; ++k) {
            const Spread spread = briggs(terrain, static_cast<Stability>(k));
            const double x = 700, u = 3, q = 5, sy = std::sqrt(spread.crosswind.squared(x)), sz = std::sqrt(spread.vertical.squared(x));
            const double dy = sy / 20, dz = sz / 20;
            double flux = 0;
            for (double y = -6 * sy + dy / 2; y < 6 * sy; y += dy)
                for (double z = dz / 2; z < 30 + 6 * sz; z += dz) flux += u * q / u * plume_of_unit(x, y, z, 20, spread, 0, 0, no_lid) * dy * dz;
            CHECK(flux == Approx(q).epsilon(0.005));
        }
    }
}

TEST_CASE("under a lid nothing is lost either, also where the layer is well mixed") {
    const Spread spread = briggs(Terrain::urban, Stability::b);
    for (const double x : {300.0, 1000.0, 3000.0, 10000.0}) {
        const double lid = 300, sy = std::sqrt(spread.crosswind.squared(x)), dy = sy / 20;
        double flux = 0;
        for (double y = -6 * sy + dy / 2; y < 6 * sy; y += dy)
            for (double z = 0.5; z < lid; z += 1) flux += plume_of_unit(x, y, z, 20, spread, 0, 0, lid) * dy;
        CHECK(flux == Approx(1).epsilon(0.005));
    }
}

TEST_CASE("bar 7: the highest concentration at the ground is 2Q/(e pi u H2) sz/sy where sz/sy is constant, to 1e-6") {
    const Spread spread{{0.3}, {0.2}};   // sigma = a x
    const double h = 40;
    double peak = 0;
    for (double x = 100; x < 400; x += 0.01) peak = std::max(peak, plume_of_unit(x, 0, 0, h, spread, 0, 0, no_lid));
    CHECK(peak == Approx(2 / (std::exp(1.0) * pi * h * h) * (0.2 / 0.3)).epsilon(1e-6));
}

TEST_CASE("bar 7: a line is 10,000 points on it, to 0.1 %: the closed form at the normal, the sub-elements at any angle") {
    Arena arena(1);
    Receptors receptors;
    for (const double y : {-150.0, 15.0, 25.0, 60.0, 200.0}) {
        for (const double x : {-260.0, -100.0, 0.0, 180.0}) {
            receptors.x_m.push_back(x);
            receptors.y_m.push_back(y);
        }
    }
    double worst_normal = 0, worst_sub = 0, worst_oblique = 0;
    for (const double degrees : {180.0, 200.0, 225.0, 250.0, 262.0, 270.0}) {   // wind from; the road lies along x
        LineSources line;
        line.initial_vertical_m = 1.5;
        line.initial_crosswind_m = 3;
        line.add(-250, 0, 250, 0, 0.6, 7);
        PointSources points;
        constexpr int n = 10'000;
        for (int i = 0; i < n; ++i) points.add(-250 + (i + 0.5) * 500 / n, 0, 0.6, 7.0 / n, 3, 1.5);
        Weather weather;
        weather.wind_from_rad = degrees * pi / 180;
        std::vector<double> by_points(receptors.size(), 0.0), closed(receptors.size(), 0.0), sub(receptors.size(), 0.0);
        CHECK(add_plumes(points, receptors, weather, by_points, arena));
        CHECK(add_line_plumes(line, receptors, weather, closed, arena, LineMethod::closed_form));
        CHECK(add_line_plumes(line, receptors, weather, sub, arena, LineMethod::sub_elements));
        double largest = 0;
        for (double value : by_points) largest = std::max(largest, value);
        for (std::size_t r = 0; r < receptors.size(); ++r) {
            if (by_points[r] < 1e-3 * largest) continue;   // far in the plume's tail
            worst_sub = std::max(worst_sub, std::abs(sub[r] / by_points[r] - 1));
            if (degrees == 180) worst_normal = std::max(worst_normal, std::abs(closed[r] / by_points[r] - 1));
            else if (degrees <= 225) worst_oblique = std::max(worst_oblique, std::abs(closed[r] - by_points[r]) / largest);
        }
    }
    WARN("bar 7, line: closed form at the normal within " << worst_normal << ", sub-elements at all angles within " << worst_sub << "; closed form at 20 and 45 degrees within "
                                                         << worst_oblique << " of the largest value");
    CHECK(worst_normal < 1e-3);
    CHECK(worst_sub < 1e-3);
    CHECK(worst_oblique < 0.02);   // the closed form is an approximation there: stated, not a bar
}

TEST_CASE("a field made by matrices is the direct plume's within the stated cut") {
    const Town at = town(150, 10, 40);
    Arena arena(2, 8);
    const double cut = 1e-4;
    MatrixStore store(at.lines, at.points, at.receptors, Terrain::urban, cut);
    for (const double sector : {0.0, 5.0, 23.0}) {
        Weather weather;
        weather.wind_from_rad = sector * 2 * pi / wind_sectors;
        weather.wind_mps = 2.5;
        weather.stability = Stability::c;
        std::vector<double> direct(at.receptors.size(), 0.0), made(at.receptors.size(), 0.0), strength = at.lines.strength_gps, bound(at.receptors.size(), 0.0);
        strength.insert(strength.end(), at.points.strength_gps.begin(), at.points.strength_gps.end());
        CHECK(add_line_plumes(at.lines, at.receptors, weather, direct, arena));
        CHECK(add_plumes(at.points, at.receptors, weather, direct, arena));
        store.of(weather, arena).add(strength, weather.wind_mps, made, arena);
        // Of each source at most cut x its largest contribution is missing at a receptor; 32-bit floats add 6e-8.
        double missing = 0;
        const WindAxes axes(weather);
        const Spread spread = briggs(weather.terrain, weather.stability);
        for (std::size_t s = 0; s < at.lines.size() + at.points.size(); ++s) {
            double largest = 0;
            for (std::size_t r = 0; r < at.receptors.size(); ++r) {
                if (s < at.lines.size()) largest = std::max(largest, LineShape(at.lines, s, axes).at(at.receptors.x_m[r], at.receptors.y_m[r], 1.5, spread, no_lid));
                else {
                    const std::size_t p = s - at.lines.size();
                    const double dx = at.receptors.x_m[r] - at.points.x_m[p], dy = at.receptors.y_m[r] - at.points.y_m[p];
                    largest = std::max(largest, plume_of_unit(dx * axes.along_x + dy * axes.along_y, dy * axes.along_x - dx * axes.along_y, 1.5, 25, spread, 0, 0, no_lid));
                }
            }
            missing += cut * largest * strength[s] / weather.wind_mps;
        }
        double worst = 0;
        for (std::size_t r = 0; r < direct.size(); ++r) {
            CHECK(made[r] <= direct[r] * (1 + 1e-6));
            CHECK(direct[r] - made[r] <= missing + 1e-6 * direct[r]);
            worst = std::max(worst, direct[r] - made[r]);
        }
        WARN("sector " << sector << ": at most " << worst << " g/m3 below the direct plume, bound " << missing << ", lost share " << store.of(weather, arena).statement().lost_share);
        CHECK(store.of(weather, arena).statement().lost_share < 0.01);
    }
    CHECK(store.made() == 3);
}

TEST_CASE("bar 15: maps and matrices have the same bits for 1, 2, 4 and 7 threads") {
    const Town at = town(120, 40, 80);
    Weather weather;
    weather.wind_from_rad = 1.1;
    std::vector<double> first;
    for (const int threads : {1, 2, 4, 7}) {
        Arena arena(threads, 1);
        std::vector<double> field(at.receptors.size(), 0.0);
        add_line_plumes(at.lines, at.receptors, weather, field, arena);
        add_plumes(at.points, at.receptors, weather, field, arena);
        std::vector<double> strength(at.lines.size() + at.points.size(), 0.7);
        MatrixStore store(at.lines, at.points, at.receptors, Terrain::urban, 1e-4);
        store.of(weather, arena).add(strength, 2, field, arena);
        if (first.empty()) first = field;
        CHECK(first == field);
        // Others really took part: on a busy machine it may take some rounds until they wake.
        for (int round = 0; threads > 1 && round < 200 && arena.worker_share() <= 0.2; ++round) {
            std::vector<double> again(at.receptors.size(), 0.0);
            add_line_plumes(at.lines, at.receptors, weather, again, arena);
        }
        if (threads > 1) CHECK(arena.worker_share() > 0.2);
    }
}

TEST_CASE("bar 15: exposure is the brute-force zonal sum, to 1e-9") {
    const Random draw(9, "people");
    Arena arena(4, 1);
    std::vector<Index> cell;
    std::vector<double> people, concentration;
    for (std::size_t c = 0; c < 400; ++c) concentration.push_back(1e-5 * draw.uniform(c, 0));
    for (std::size_t i = 0; i < 20'000; ++i) {
        cell.push_back(draw.uniform(i, 1) < 0.05 ? no_index : static_cast<Index>(400 * draw.uniform(i, 2)));
        people.push_back(std::floor(8 * draw.uniform(i, 3)));
    }
    double dose = 0, inside = 0, outside = 0;
    for (std::size_t c = 0; c < concentration.size(); ++c) {
        double here = 0;
        for (std::size_t i = 0; i < cell.size(); ++i) here += cell[i] == c ? people[i] : 0.0;
        dose += here * concentration[c];
        inside += here;
    }
    for (std::size_t i = 0; i < cell.size(); ++i) outside += cell[i] == no_index ? people[i] : 0.0;
    const Exposure found = population_exposure(cell, people, concentration, arena);
    CHECK(found.people == inside);
    CHECK(found.outside == outside);
    CHECK(found.mean == Approx(dose / inside).epsilon(1e-9));
}

TEST_CASE("in a calm hour nothing is computed and the caller is told; 360 degrees is north") {
    const Town at = town(3, 3, 4);
    Arena arena(1);
    Weather calm;
    calm.wind_mps = 0.3;
    std::vector<double> field(at.receptors.size(), 0.0);
    CHECK_FALSE(add_plumes(at.points, at.receptors, calm, field, arena));
    CHECK_FALSE(add_line_plumes(at.lines, at.receptors, calm, field, arena));
    CHECK(*std::max_element(field.begin(), field.end()) == 0);
    CHECK(MatrixStore::sector_of(2 * pi) == MatrixStore::sector_of(0));
    CHECK(MatrixStore::sector_of(-0.01) == 0);
    CHECK(MatrixStore::sector_of(pi / 2) == 9);
}

TEST_CASE("wind comes FROM its direction: a west wind carries to the east") {
    PointSources chimney;
    chimney.add(0, 0, 10, 1);
    Receptors receptors;
    receptors.x_m = {500, -500, 0, 0};
    receptors.y_m = {0, 0, 500, -500};
    Weather west;
    west.wind_from_rad = 270 * pi / 180;
    Arena arena(1);
    std::vector<double> field(4, 0.0);
    add_plumes(chimney, receptors, west, field, arena);
    CHECK(field[0] > 0);
    CHECK(field[1] == 0);
    CHECK(field[2] < 1e-9 * field[0]);
}

TEST_CASE("own exp, erf, sine and power are the C library's to a few digits of the last place") {
    const Random draw(1, "arguments");
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        const double x = 80 * draw.uniform(i, 0) - 70, y = 14 * draw.uniform(i, 1) - 7, b = 200 * draw.uniform(i, 2) + 1e-3;
        CHECK(std::abs(plain_exp(x) / std::exp(x) - 1) < 1e-14);
        CHECK(std::abs(plain_erf(y) - std::erf(y)) < 4e-15);
        CHECK(std::abs(portable::sin(x) - std::sin(x)) < 1e-14);
        CHECK(std::abs(portable::pow(b, y) / std::pow(b, y) - 1) < 1e-13);
    }
    CHECK(plain_exp(-1e6) < 1e-300);
    CHECK(plain_erf(0.0) == 0);
    CHECK(plain_erf(100.0) == 1);
}
