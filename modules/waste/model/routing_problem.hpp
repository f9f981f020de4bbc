#pragma once
// What a fleet of equal trucks has to visit: stops with demands, service times and time windows; sites at which a truck may
// unload and go on (reload sites); where each truck's shift begins and ends. All amounts are integers (distances in the
// instance's smallest unit, times likewise), so that costs are exact and equal on every machine.
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin::waste {

using Cost = std::int64_t;
inline constexpr Cost far_future = Cost{1} << 50;

/// How a planar distance becomes an integer. The files' best known costs hold only with their own rule (README).
enum class Rounding { nearest, truncated_tenths };

struct TruckShift {
    Index start = 0, end = 0;              ///< locations; `end` may be a virtual one (unload at a site, then home)
    Cost earliest = 0, latest = far_future;
    bool operator==(const TruckShift&) const = default;
};

struct RoutingProblem {
    /// Above this many locations no full matrix is kept: distances follow from the coordinates.
    static constexpr std::size_t matrix_limit = 6000;

    std::vector<double> x, y;              ///< empty where a matrix was given
    Rounding rounding = Rounding::nearest;
    std::vector<std::int32_t> distance_matrix, duration_matrix;   ///< n x n; durations empty = as the distances
    std::vector<std::int32_t> demand;
    std::vector<Cost> service, earliest, latest, release;         ///< by location; of sites: unloading time and opening hours
    std::vector<std::uint8_t> is_client;
    std::vector<Index> clients, reload_sites;
    std::vector<TruckShift> trucks;
    Cost capacity = 0;
    bool has_windows = false;

    [[nodiscard]] std::size_t locations() const { return demand.size(); }
    [[nodiscard]] bool has_trips() const { return !reload_sites.empty(); }
    [[nodiscard]] Cost distance(Index from, Index to) const {
        return distance_matrix.empty() ? planar(from, to) : distance_matrix[std::size_t{from} * demand.size() + to];
    }
    [[nodiscard]] Cost duration(Index from, Index to) const {
        return duration_matrix.empty() ? distance(from, to) : duration_matrix[std::size_t{from} * demand.size() + to];
    }
    [[nodiscard]] Cost planar(Index from, Index to) const {
        const double dx = x[from] - x[to], dy = y[from] - y[to], d = std::sqrt(dx * dx + dy * dy);
        return rounding == Rounding::nearest ? static_cast<Cost>(d + 0.5) : static_cast<Cost>(10.0 * d);
    }
    /// `n` locations without demand, windows or service.
    void resize(std::size_t n);
    /// Lists the clients, keeps the matrix where it is small enough, cuts a fleet nobody needs.
    void finish();
    [[nodiscard]] Cost total_demand() const;
    /// Trucks that the demand needs at least, one trip each.
    [[nodiscard]] std::size_t least_loads() const;
};

/// A route a truck: the visits between its start and its end (clients and reload sites). Unused trucks have none.
struct Plan {
    std::vector<std::vector<Index>> routes;
    [[nodiscard]] std::size_t used() const;
};

}  // namespace citytwin::waste
