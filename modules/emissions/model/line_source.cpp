#include "modules/emissions/model/line_source.hpp"

#include <algorithm>
#include <cmath>

#include "modules/emissions/model/plume_formula.hpp"

namespace citytwin::emissions {
namespace {

constexpr double cos_60 = 0.5, cos_70 = 0.34202014332566871, cos_80 = 0.17364817766693033;

// Gauss-Legendre, 8 points on [-1, 1] (Abramowitz and Stegun, table 25.4).
constexpr double gauss_x[] = {0.18343464249564980, 0.52553240991632899, 0.79666647741362674, 0.96028985649753623};
constexpr double gauss_w[] = {0.36268378337836198, 0.31370664587788729, 0.22238103445337447, 0.10122853629037626};

template <class Value>
double gauss(double from, double to, const Value& value) {
    const double middle = (from + to) / 2, half = (to - from) / 2;
    double sum = 0;
    for (int k = 0; k < 4; ++k) sum += gauss_w[k] * (value(middle - half * gauss_x[k]) + value(middle + half * gauss_x[k]));
    return sum * half;
}

double vertical(double z, double h, double sz2, double lid_m) {
    const double half_by_sz2 = 0.5 / sz2;
    if (!std::isfinite(lid_m)) return vertical_terms<false>(z, h, half_by_sz2, 0) / std::sqrt(sz2);
    if (sz2 > 2.56 * lid_m * lid_m) return 2.5066282746310005 / lid_m;
    return vertical_terms<true>(z, h, half_by_sz2, lid_m) / std::sqrt(sz2);
}

}  // namespace

void LineSources::add(double x0, double y0, double x1, double y1, double height, double strength) {
    x0_m.push_back(x0);
    y0_m.push_back(y0);
    x1_m.push_back(x1);
    y1_m.push_back(y1);
    height_m.push_back(height);
    strength_gps.push_back(strength);
}

LineShape::LineShape(const LineSources& lines, std::size_t row, const WindAxes& axes)
    : axes_(axes), x0_(lines.x0_m[row]), y0_(lines.y0_m[row]), x1_(lines.x1_m[row]), y1_(lines.y1_m[row]), height_(lines.height_m[row]),
      crosswind_m2_(lines.initial_crosswind_m * lines.initial_crosswind_m), vertical_m2_(lines.initial_vertical_m * lines.initial_vertical_m) {
    const double dx = x1_ - x0_, dy = y1_ - y0_;
    length_ = std::max(std::sqrt(dx * dx + dy * dy), 1e-3);
    normal_cosine_ = std::abs(dx * axes.along_y - dy * axes.along_x) / length_;
}

// Arguments: downwind and crosswind distance of the receptor from each end.
double LineShape::closed_form(double x0, double y0, double x1, double y1, double z, const Spread& spread, double lid_m) const {
    if (normal_cosine_ < 1e-6) return 0;
    // Where the upwind ray of the receptor meets the line: its share along the line, then the distance along the wind.
    const double share = -y0 / (y1 - y0), along = x0 + share * (x1 - x0);
    if (along <= 0) return 0;
    const double sz2 = spread.vertical.squared(std::max(along, least_downwind_m)) + vertical_m2_;
    const auto reach = [&](double x, double y) {
        return y / std::sqrt(2 * (spread.crosswind.squared(std::max(x, least_downwind_m)) + crosswind_m2_));
    };
    const double t0 = reach(x0, y0), t1 = reach(x1, y1);
    if ((t0 > 6 && t1 > 6) || (t0 < -6 && t1 < -6)) return 0;   // erf is 1 to the last bit at both
    const double difference = plain_erf(t0) - plain_erf(t1);
    return std::abs(difference) / 2 * vertical(z, height_, sz2, lid_m) / (2.5066282746310005 * normal_cosine_ * length_);
}

double LineShape::sub_elements(double x0, double y0, double x1, double y1, double z, const Spread& spread, double lid_m) const {
    // Only the part upwind of the receptor counts. Panels: finer where the plume's axis passes and near the receptor.
    const double dx = x1 - x0, dy = y1 - y0;
    double from = 0, to = 1;
    if (x0 <= 0 && x1 <= 0) return 0;
    if (x0 <= 0) from = -x0 / dx;
    if (x1 <= 0) to = -x0 / dx;
    double cuts[48];
    std::size_t n = 0;
    const auto cut = [&](double s) { if (s > from && s < to && n < 46) cuts[n++] = s; };
    for (double x = 1; x < 40'000 && dx != 0; x *= 2) cut((x - x0) / dx);
    if (dy != 0) {
        const double axis = -y0 / dy, x_axis = x0 + axis * dx;
        const double width = std::sqrt(spread.crosswind.squared(std::max(x_axis, least_downwind_m)) + crosswind_m2_) / std::abs(dy);
        for (double k : {-8.0, -5.0, -3.0, -1.5, 0.0, 1.5, 3.0, 5.0, 8.0}) cut(axis + k * width);
    }
    cuts[n++] = from;
    cuts[n++] = to;
    std::sort(cuts, cuts + n);
    double sum = 0;
    for (std::size_t i = 0; i + 1 < n; ++i) {
        const double step = (cuts[i + 1] - cuts[i]) / 2;
        if (step <= 0) continue;
        for (int half = 0; half < 2; ++half) {
            sum += gauss(cuts[i] + half * step, cuts[i] + (half + 1) * step,
                         [&](double s) { return plume_of_unit(x0 + s * dx, y0 + s * dy, z, height_, spread, crosswind_m2_, vertical_m2_, lid_m); });
        }
    }
    return sum;   // 1 g/s spread over s in [0, 1]
}

double LineShape::at(double x, double y, double z, const Spread& spread, double lid_m, LineMethod method) const {
    const auto downwind = [&](double px, double py) { return (x - px) * axes_.along_x + (y - py) * axes_.along_y; };
    const auto crosswind = [&](double px, double py) { return (y - py) * axes_.along_x - (x - px) * axes_.along_y; };
    const double a0 = downwind(x0_, y0_), c0 = crosswind(x0_, y0_), a1 = downwind(x1_, y1_), c1 = crosswind(x1_, y1_);
    if (a0 <= 0 && a1 <= 0) return 0;   // all of the line lies downwind
    double closed_share = 1;
    if (method == LineMethod::sub_elements) closed_share = 0;
    if (method == LineMethod::blended) {
        // Where the plume's depth grows with distance or faster (A to C), one distance for the whole street misses more.
        const bool deepens = spread.vertical.fall == 0 && spread.vertical.fall2 == 0;
        const double all_closed = deepens ? cos_60 : cos_70, none_closed = deepens ? cos_70 : cos_80;
        closed_share = std::clamp((normal_cosine_ - none_closed) / (all_closed - none_closed), 0.0, 1.0);
    }
    double value = 0;
    if (closed_share > 0) value += closed_share * closed_form(a0, c0, a1, c1, z, spread, lid_m);
    if (closed_share < 1) value += (1 - closed_share) * sub_elements(a0, c0, a1, c1, z, spread, lid_m);
    return value;
}

bool add_line_plumes(const LineSources& lines, const Receptors& receptors, const Weather& weather, std::span<double> concentration, Arena& arena, LineMethod method) {
    if (weather.calm()) return false;
    const WindAxes axes(weather);
    const Spread spread = briggs(weather.terrain, weather.stability);
    std::vector<LineShape> shapes;
    for (std::size_t s = 0; s < lines.size(); ++s) shapes.emplace_back(lines, s, axes);
    arena.each(receptors.size(), [&](std::size_t r) {
        for (std::size_t s = 0; s < shapes.size(); ++s) {
            const double unit = shapes[s].at(receptors.x_m[r], receptors.y_m[r], receptors.height_m, spread, weather.lid_m, method);
            concentration[r] += unit * (lines.strength_gps[s] / weather.wind_mps);
        }
    }, 16);
    return true;
}

}  // namespace citytwin::emissions
