#include "modules/water/model/network.hpp"

#include <algorithm>
#include <cmath>

#include "modules/water/model/units.hpp"

namespace citytwin::water {
namespace {

double interpolated(const std::vector<double>& x, const std::vector<double>& y, double at) {
    if (at <= x.front()) return y.front();
    for (std::size_t i = 1; i < x.size(); ++i) {
        if (x[i] < at) continue;
        const double run = x[i] - x[i - 1];
        return std::abs(run) < 1e-12 ? y[i] : y[i] - (x[i] - at) / run * (y[i] - y[i - 1]);
    }
    return y.back();
}

}  // namespace

double Curve::value(double at) const { return interpolated(x, y, at); }
double Curve::inverse(double at) const { return interpolated(y, x, at); }

void Curve::segment(double at, double& intercept, double& slope) const {
    if (x.size() < 2) {
        intercept = y.empty() ? 0 : y[0];
        slope = 0;
        return;
    }
    const auto found = static_cast<std::size_t>(std::lower_bound(x.begin(), x.end(), at) - x.begin());
    const std::size_t above = std::clamp<std::size_t>(found, 1, x.size() - 1);
    slope = (y[above] - y[above - 1]) / (x[above] - x[above - 1]);
    intercept = y[above - 1] - slope * x[above - 1];
}

double tank_volume_m3(const Network& network, const Tank& tank, double head_m) {
    if (tank.volume_curve == no_index) return tank.volume_min_m3 + (head_m - tank.head_min_m) * tank.area_m2;
    return network.curves[tank.volume_curve].value(head_m - network.elevation_m[tank.node]);
}

double tank_head_m(const Network& network, const Tank& tank, double volume_m3) {
    if (tank.volume_curve == no_index) return tank.head_min_m + (volume_m3 - tank.volume_min_m3) / tank.area_m2;
    return network.elevation_m[tank.node] + network.curves[tank.volume_curve].inverse(volume_m3);
}

double positional_valve_loss(const Network& network, Index link, double percent) {
    constexpr double most = 1e8 * metre_per_foot / (cubic_metre_per_cubic_foot * cubic_metre_per_cubic_foot);
    const double open_loss = network.minor_resistance[link];
    if (percent == no_setting) return 0;
    if (percent >= 100) return open_loss;
    if (percent <= 0) return most;
    double ratio = percent;   // of flow capacity at this opening to that of the open valve, %
    if (const Index c = network.valve_of(link).curve; c != no_index) {
        const Curve& curve = network.curves[c];
        const std::size_t last = curve.x.size() - 1;
        if (percent < curve.x[0]) {
            ratio = percent / curve.x[0] * curve.y[0];
        } else if (percent > curve.x[last]) {
            ratio = (percent - curve.x[last]) / (1 - curve.x[last]) * (1 - curve.y[last]) + curve.y[last];
        } else {
            ratio = curve.value(percent);
        }
    }
    ratio = std::clamp(ratio / 100, 1e-6, 1.0);
    return std::min(open_loss / (ratio * ratio), most);
}

double pipe_resistance(HeadLoss formula, double length_m, double diameter_m, double roughness) {
    const double length = length_m / metre_per_foot, diameter = diameter_m / metre_per_foot;
    const double area = pi * diameter * diameter / 4;
    switch (formula) {
        case HeadLoss::hazen_williams:
            return 4.727 * length / std::pow(roughness, 1.852) / std::pow(diameter, 4.871) * metre_per_foot / std::pow(cubic_metre_per_cubic_foot, 1.852);
        case HeadLoss::darcy_weisbach:
            return length / 2 / 32.2 / diameter / (area * area) * metre_per_foot / (cubic_metre_per_cubic_foot * cubic_metre_per_cubic_foot);
        default: {
            const double factor = 4 * roughness / (1.49 * pi * diameter * diameter);
            return factor * factor * std::pow(diameter / 4, -1.333) * length * metre_per_foot / (cubic_metre_per_cubic_foot * cubic_metre_per_cubic_foot);
        }
    }
}

}  // namespace citytwin::water
