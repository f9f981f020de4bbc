#include "modules/emissions/model/plume.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/portable_math.hpp"
#include "modules/emissions/model/plume_formula.hpp"

namespace citytwin::emissions {
namespace {

constexpr std::size_t tile = 4096;   // 64 x 64 receptors

struct OneSource {
    double x, y, height, unit, crosswind_m2, vertical_m2, upwind;
};

template <bool Lid>
void add_one(const OneSource source, const double* rx, const double* ry, double* __restrict out, std::size_t n, double receptor_height, const WindAxes axes, const Spread spread,
             double lid) {   // by value: nothing the loop writes may change what it reads, so that it vectorises
    const double ax = axes.along_x, ay = axes.along_y;
#pragma GCC ivdep
    for (std::size_t r = 0; r < n; ++r) {
        const double dx = rx[r] - source.x, dy = ry[r] - source.y;
        const double x = dx * ax + dy * ay + source.upwind, y = dy * ax - dx * ay;
        const double c = plume_value<Lid>(x, y, receptor_height, source.height, spread, source.crosswind_m2, source.vertical_m2, lid);
        out[r] += c * source.unit;
    }
}

}  // namespace

WindAxes::WindAxes(const Weather& weather) : along_x(-portable::sin(weather.wind_from_rad)), along_y(-portable::cos(weather.wind_from_rad)) {}

void PointSources::add(double x, double y, double height, double strength, double initial_crosswind_m, double initial_vertical_m,
                       double upwind) {
    x_m.push_back(x);
    y_m.push_back(y);
    height_m.push_back(height);
    strength_gps.push_back(strength);
    crosswind_m2.push_back(initial_crosswind_m * initial_crosswind_m);
    vertical_m2.push_back(initial_vertical_m * initial_vertical_m);
    upwind_m.push_back(upwind);
}

bool add_plumes(const PointSources& sources, const Receptors& receptors, const Weather& weather, std::span<double> concentration, Arena& arena) {
    if (weather.calm()) return false;
    const WindAxes axes(weather);
    const Spread spread = briggs(weather.terrain, weather.stability);
    const bool lid = std::isfinite(weather.lid_m);
    const std::size_t tiles = (receptors.size() + tile - 1) / tile;
    arena.each(tiles, [&](std::size_t t) {
        const std::size_t first = t * tile, n = std::min(tile, receptors.size() - first);
        const double *rx = receptors.x_m.data() + first, *ry = receptors.y_m.data() + first;
        double* out = concentration.data() + first;
        for (std::size_t s = 0; s < sources.size(); ++s) {
            const OneSource source{sources.x_m[s],          sources.y_m[s],         sources.height_m[s], sources.strength_gps[s] / weather.wind_mps,
                                   sources.crosswind_m2[s], sources.vertical_m2[s], sources.upwind_m[s]};
            if (lid) add_one<true>(source, rx, ry, out, n, receptors.height_m, axes, spread, weather.lid_m);
            else add_one<false>(source, rx, ry, out, n, receptors.height_m, axes, spread, 0);
        }
    }, 1);
    return true;
}

double plume_of_unit(double downwind_m, double crosswind_m, double height_m, double source_height_m, const Spread& spread, double crosswind_m2, double vertical_m2,
                     double lid_m) {
    if (std::isfinite(lid_m)) return plume_value<true>(downwind_m, crosswind_m, height_m, source_height_m, spread, crosswind_m2, vertical_m2, lid_m);
    return plume_value<false>(downwind_m, crosswind_m, height_m, source_height_m, spread, crosswind_m2, vertical_m2, 0);
}

}  // namespace citytwin::emissions
