// A street's plume as it is used, against the integral over its points.
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>

#include "modules/emissions/model/line_source.hpp"
#include "modules/emissions/model/plume_formula.hpp"

using namespace citytwin;
using namespace citytwin::emissions;

namespace {

constexpr double pi = 3.14159265358979323846;

/// Concentration of a line of 1 g/s at u = 1 m/s by adaptive Simpson over the plume of its points; nothing of the line's own code.
double by_integral(double x, double y, double z, const LineSources& line, double wind_from_rad, const Spread& spread, double lid_m) {
    const double ax = -std::sin(wind_from_rad), ay = -std::cos(wind_from_rad), my = line.initial_crosswind_m * line.initial_crosswind_m, mz = line.initial_vertical_m * line.initial_vertical_m;
    const auto point = [&](double s) {
        const double dx = x - (line.x0_m[0] + s * (line.x1_m[0] - line.x0_m[0])), dy = y - (line.y0_m[0] + s * (line.y1_m[0] - line.y0_m[0]));
        return plume_of_unit(dx * ax + dy * ay, dy * ax - dx * ay, z, line.height_m[0], spread, my, mz, lid_m);
    };
    const std::function<double(double, double, double, double, double, int)> halves = [&](double a, double b, double fa, double fm, double fb, int depth) -> double {
        const double m = (a + b) / 2, left = point((a + m) / 2), right = point((m + b) / 2);
        const double whole = (b - a) / 6 * (fa + 4 * fm + fb), both = (b - a) / 12 * (fa + 4 * left + 2 * fm + 4 * right + fb);
        if (depth == 0 || std::abs(both - whole) < 1e-10 * std::abs(both) + 1e-18) return both;
        return halves(a, m, fa, left, fm, depth - 1) + halves(m, b, fm, right, fb, depth - 1);
    };
    double sum = 0;
    for (int part = 0; part < 64; ++part) {
        const double a = part / 64.0, b = (part + 1) / 64.0;
        sum += halves(a, b, point(a), point((a + b) / 2), point(b), 14);
    }
    return sum;
}

}  // namespace

TEST_CASE("a street as it is used, closed form and sub-elements blended, is the integral over its points, whatever the wind") {
    Arena arena(1);
    Receptors receptors;
    for (const double y : {-200.0, -60.0, -20.0, 20.0, 60.0, 200.0}) {
        for (const double x : {-320.0, -200.0, -40.0, 0.0, 130.0, 260.0, 340.0}) {
            receptors.x_m.push_back(x);
            receptors.y_m.push_back(y);
        }
    }
    LineSources line;
    line.initial_vertical_m = 2;
    line.initial_crosswind_m = 3;
    line.add(-250, 0, 250, 0, 0.5, 1);
    double worst = 0, worst_whole = 0, worst_along = 0, worst_degrees = 0;
    for (const Stability stability : {Stability::a, Stability::c, Stability::d, Stability::f}) {
        for (double degrees = 0; degrees < 360; degrees += 5) {   // wind from; the road's normal is north
            Weather weather;
            weather.wind_mps = 1;
            weather.wind_from_rad = degrees * pi / 180;
            weather.stability = stability;
            const Spread spread = briggs(weather.terrain, stability);
            std::vector<double> used(receptors.size(), 0.0), integral(receptors.size());
            REQUIRE(add_line_plumes(line, receptors, weather, used, arena));
            double largest = 0, sum_used = 0, sum_integral = 0;
            for (std::size_t r = 0; r < receptors.size(); ++r) {
                integral[r] = by_integral(receptors.x_m[r], receptors.y_m[r], receptors.height_m, line, weather.wind_from_rad, spread, weather.lid_m);
                largest = std::max(largest, integral[r]);
                sum_used += used[r];
                sum_integral += integral[r];
            }
            const double off_normal = std::acos(std::abs(std::cos(weather.wind_from_rad))) * 180 / pi;
            for (std::size_t r = 0; r < receptors.size(); ++r) {
                const double error = std::abs(used[r] - integral[r]) / largest;
                if (off_normal >= 80) worst_along = std::max(worst_along, error);
                if (error > worst) worst = error, worst_degrees = off_normal;
            }
            worst_whole = std::max(worst_whole, std::abs(sum_used / sum_integral - 1));
        }
    }
    WARN("blended line against the integral over its points, of the hour's largest value: worst " << worst << " at " << worst_degrees << " degrees off the normal, " << worst_along
                                                                                                << " along the street; sums over all receptors within " << worst_whole);
    CHECK(worst_along < 1e-3);
    CHECK(worst < 0.03);          // the closed form takes one distance for the whole street; the ends of a street show it
    CHECK(worst_whole < 0.02);
}
