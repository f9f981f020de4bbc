#pragma once
// The Gaussian plume of a point source with reflection at the ground and, where a lid is given, at the top of the mixed layer:
//   C = Q/(2 pi u sy sz) exp(-y2/2sy2) [exp(-(z-H)2/2sz2) + exp(-(z+H)2/2sz2)]        x <= 0 gives 0
// Lid at zi: images at H +- 2 n zi, n = 1..3; once sz > 1.6 zi the layer is well mixed: Q/(sqrt(2 pi) u sy zi)  (environment.md section 4).
// Initial sizes add in squares. Wind is given by where it comes FROM; below 0.5 m/s the plume isn't valid and the hour is calm.
#include <limits>
#include <span>
#include <vector>

#include "core/parallel/arena.hpp"
#include "modules/emissions/model/briggs.hpp"

namespace citytwin::emissions {

inline constexpr double calm_below_mps = 0.5;

struct Weather {
    double wind_mps = 3;               ///< at release height
    double wind_from_rad = 0;          ///< 0 = from north, pi/2 = from east
    Stability stability = Stability::d;
    Terrain terrain = Terrain::urban;
    double lid_m = std::numeric_limits<double>::infinity();
    [[nodiscard]] bool calm() const { return !(wind_mps >= calm_below_mps); }
};

/// Downwind and crosswind unit vectors.
struct WindAxes {
    double along_x = 0, along_y = 0;   ///< where the wind blows to
    explicit WindAxes(const Weather& weather);
};

struct PointSources {
    std::vector<double> x_m, y_m, height_m, strength_gps;
    std::vector<double> crosswind_m2, vertical_m2;   ///< initial sizes, squared
    std::vector<double> upwind_m;                    ///< where the plume begins upwind of the place: half the side of an area's square
    [[nodiscard]] std::size_t size() const { return x_m.size(); }
    void add(double x, double y, double height, double strength, double initial_crosswind_m = 0, double initial_vertical_m = 0, double upwind = 0);
};

struct Receptors {
    std::vector<double> x_m, y_m;
    double height_m = 1.5;
    [[nodiscard]] std::size_t size() const { return x_m.size(); }
};

/// Adds the sources' concentration (g/m3) at each receptor: tiles of receptors side by side, within a tile all sources in their order,
/// so the digits don't depend on threads. A calm hour adds nothing (returns false): say so, and count it.
bool add_plumes(const PointSources& sources, const Receptors& receptors, const Weather& weather, std::span<double> concentration, Arena& arena);

/// Concentration of 1 g/s at one place by the same formula, for u = 1 m/s.
double plume_of_unit(double downwind_m, double crosswind_m, double height_m, double source_height_m, const Spread& spread, double crosswind_m2, double vertical_m2,
                     double lid_m);

}  // namespace citytwin::emissions
