#include "geodata/generate/street_plan.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/union_find.hpp"
#include "core/random/philox.hpp"
#include "geodata/generate/street_names.hpp"

namespace citytwin::geodata {

namespace {

constexpr Index arterial_every = 6, arterial_at = 2, collector_at = 5;  // lines of the grid
constexpr double river_width_m = 120;
constexpr double kept_extra_streets = 0.82;  // of the residential streets that connectivity doesn't need

enum class Rank { main, secondary, collector, residential };

/// Every sixth line is an arterial, every second arterial (counted from the centre) a main road; collectors lie between.
Rank rank_of_line(Index line, Index lines) {
    const Index within = line % arterial_every;
    if (within == collector_at) return Rank::collector;
    if (within != arterial_at) return Rank::residential;
    const Index centre = (lines / 2) / arterial_every;
    const Index number = line / arterial_every;
    return (number + centre) % 2 == 0 ? Rank::main : Rank::secondary;
}

RoadClass class_of(Rank rank) {
    switch (rank) {
        case Rank::main: return RoadClass::primary;
        case Rank::secondary: return RoadClass::secondary;
        case Rank::collector: return RoadClass::tertiary;
        default: return RoadClass::residential;
    }
}

/// The row of crossings south of the river: a little south of the centre and never an arterial row.
Index river_row_of(Index rows) {
    const Index wanted = std::max<Index>(1, rows * 2 / 5);
    Index best = 3;
    for (Index row = 3; row + 1 < rows; row += arterial_every) {
        const auto distance = [&](Index r) { return r > wanted ? r - wanted : wanted - r; };
        if (distance(row) < distance(best)) best = row;
    }
    return best;
}

/// Smooth noise in [-1, 1]: hashed lattice values joined by a cubic; no C library function, so the same bits everywhere.
double smooth_noise(const Random& random, std::uint64_t line, double t) {
    const auto cell = static_cast<std::uint64_t>(t);
    const double f = t - static_cast<double>(cell);
    const double w = f * f * (3 - 2 * f);
    const double a = random.uniform(line, cell), b = random.uniform(line, cell + 1);
    return 2 * (a + (b - a) * w) - 1;
}

void place_crossings(StreetPlan& plan, const CityGeneratorOptions& options) {
    const Random warp(options.seed, "generate.warp"), jitter(options.seed, "generate.jitter");
    const double s = options.block_m;
    const double width = s * (plan.columns - 1), height = s * (plan.rows - 1) + river_width_m;
    plan.x.resize(std::size_t{plan.columns} * plan.rows);
    plan.y.resize(plan.x.size());
    for (Index row = 0; row < plan.rows; ++row) {
        for (Index column = 0; column < plan.columns; ++column) {
            const Index node = plan.crossing(column, row);
            const double bend_x = smooth_noise(warp, 0, row / 9.0) + smooth_noise(warp, 1 + column / 12, row / 5.0) * 0.3;
            const double bend_y = smooth_noise(warp, 1u << 20, column / 9.0);
            const double shake_x = jitter.uniform(node, 0) - 0.5, shake_y = jitter.uniform(node, 1) - 0.5;
            plan.x[node] = column * s - width / 2 + s * (0.55 * bend_x + 0.12 * shake_x);
            plan.y[node] = row * s + (row > plan.river_row ? river_width_m : 0) - height / 2 + s * (0.9 * bend_y + 0.12 * shake_y);
        }
    }
}

/// Leaves out some residential streets, never one that keeps the city in one piece (a random spanning forest stays).
void thin_out(std::vector<Street>& streets, std::size_t crossings, std::uint64_t seed) {
    const Random random(seed, "generate.thin_out");
    UnionFind components(crossings);
    std::vector<Index> residential;
    std::vector<char> keep(streets.size(), 1);
    for (Index s = 0; s < streets.size(); ++s) {
        if (streets[s].road_class == RoadClass::residential) residential.push_back(s);
        else components.join(streets[s].from, streets[s].to);
    }
    std::stable_sort(residential.begin(), residential.end(), [&](Index a, Index b) { return random.bits(a, 0) < random.bits(b, 0); });
    for (const Index s : residential) {
        const bool needed = components.join(streets[s].from, streets[s].to);
        keep[s] = needed || random.uniform(s, 1) < kept_extra_streets;
    }
    std::size_t kept = 0;
    for (std::size_t s = 0; s < streets.size(); ++s) {
        if (keep[s]) streets[kept++] = streets[s];
    }
    streets.resize(kept);
}

RoadClass class_of_column(Index column, Index columns) { return class_of(rank_of_line(column, columns)); }

RoadClass class_of_row(Index row, const StreetPlan& plan) {
    if (row == plan.river_row || row == plan.river_row + 1) return RoadClass::tertiary;  // the quays
    return class_of(rank_of_line(row, plan.rows));
}

bool is_arterial(RoadClass road_class) { return road_class == RoadClass::primary || road_class == RoadClass::secondary; }

void lay_streets(StreetPlan& plan) {
    for (Index row = 0; row < plan.rows; ++row) {
        for (Index column = 0; column < plan.columns; ++column) {
            const Index node = plan.crossing(column, row);
            if (column + 1 < plan.columns) {
                plan.streets.push_back({node, plan.crossing(column + 1, row), class_of_row(row, plan), false, plan.columns + row});
            }
            if (row + 1 == plan.rows) continue;
            const RoadClass road_class = class_of_column(column, plan.columns);
            const bool over_river = row == plan.river_row;
            if (!over_river || is_arterial(road_class)) plan.streets.push_back({node, plan.crossing(column, row + 1), road_class, over_river, column});
        }
    }
}

}  // namespace

StreetPlan plan_streets(const CityGeneratorOptions& options) {
    StreetPlan plan;
    const double area_km2 = static_cast<double>(options.population) / options.density_per_km2;
    const double side_blocks = std::sqrt(area_km2) * 1000 / options.block_m;
    plan.columns = std::max<Index>(6, static_cast<Index>(side_blocks * 1.05 + 1.5));
    plan.rows = std::max<Index>(6, static_cast<Index>(side_blocks / 1.05 + 1.5));
    plan.river_row = river_row_of(plan.rows);
    place_crossings(plan, options);
    lay_streets(plan);
    thin_out(plan.streets, plan.crossings(), options.seed);
    plan.east.assign(plan.crossings(), no_index);
    plan.north.assign(plan.crossings(), no_index);
    for (Index s = 0; s < plan.streets.size(); ++s) {
        const Street& street = plan.streets[s];
        (street.to == street.from + 1 ? plan.east : plan.north)[street.from] = s;
    }
    const auto centre_line = [](Index lines) { return (lines / 2) / arterial_every * arterial_every + arterial_at; };
    plan.names = street_names(plan.columns, plan.rows, centre_line(plan.columns), centre_line(plan.rows), plan.river_row);
    return plan;
}

}  // namespace citytwin::geodata
