#include "modules/buildings/model/charging.hpp"

#include <algorithm>

namespace citytwin::buildings {

namespace {

/// The level l at which sum over the window of clamp(l - load, 0, limit) = wanted. The sum is piecewise linear in l with bends at each
/// load (a slot begins to fill) and load + limit (it is full): walk from bend to bend.
double level_of(std::span<const double> loads, double limit_W, double wanted_W) {
    std::vector<std::pair<double, int>> bends;
    bends.reserve(2 * loads.size());
    for (const double load : loads) {
        bends.emplace_back(load, 1);
        bends.emplace_back(load + limit_W, -1);
    }
    std::sort(bends.begin(), bends.end());
    double filled = 0, level = bends.front().first;
    int slope = 0;
    for (const auto& [at, change] : bends) {
        const double more = slope * (at - level);
        if (filled + more >= wanted_W && slope > 0) return level + (wanted_W - filled) / slope;
        filled += more;
        level = at;
        slope += change;
    }
    return level;
}

}  // namespace

double fill_valley(std::span<double> load_W, double slot_s, const ChargingWish& wish, std::span<double> power_W) {
    std::fill(power_W.begin(), power_W.end(), 0.0);
    const std::size_t last = std::min(wish.last, load_W.size());
    if (wish.first >= last || wish.energy_J <= 0) return std::max(0.0, wish.energy_J);
    const auto window = load_W.subspan(wish.first, last - wish.first);
    const double wanted_W = wish.energy_J / slot_s, most_W = wish.power_limit_W * static_cast<double>(window.size());
    if (wanted_W >= most_W) {
        for (std::size_t s = wish.first; s < last; ++s) {
            power_W[s] = wish.power_limit_W;
            load_W[s] += wish.power_limit_W;
        }
        return (wanted_W - most_W) * slot_s;
    }
    const double level = level_of(window, wish.power_limit_W, wanted_W);
    for (std::size_t s = wish.first; s < last; ++s) {
        power_W[s] = std::clamp(level - load_W[s], 0.0, wish.power_limit_W);
        load_W[s] += power_W[s];
    }
    return 0;
}

double charge_at_once(std::span<double> load_W, double slot_s, const ChargingWish& wish, std::span<double> power_W) {
    std::fill(power_W.begin(), power_W.end(), 0.0);
    double left_J = wish.energy_J;
    for (std::size_t s = wish.first; s < std::min(wish.last, load_W.size()) && left_J > 0; ++s) {
        power_W[s] = std::min(wish.power_limit_W, left_J / slot_s);
        load_W[s] += power_W[s];
        left_J = std::max(0.0, left_J - power_W[s] * slot_s);
    }
    return left_J;
}

}  // namespace citytwin::buildings
