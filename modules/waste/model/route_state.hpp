#pragma once
// The routes of one solution under search: visits with running sums from both ends, so that any new route put together from
// pieces of old ones is priced in constant time. One kernel for three kinds of problem; what a kind doesn't need costs nothing.
#include <array>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "modules/waste/model/route_segment.hpp"

namespace citytwin::waste {

enum class RoutingKind { loads, windows, trips };

struct Penalties {
    Cost per_load = 1, per_time = 1;
};

template <RoutingKind kind>
using SegmentOf = std::conditional_t<kind == RoutingKind::trips, TripSegment, TimeSegment>;

/// One truck's route; visit[0] is where it starts, visit.back() where it ends.
template <RoutingKind kind>
struct RouteState {
    std::vector<Index> visit;
    std::vector<Cost> forward, backward;             ///< distance from visit[0] to visit[i], and driven the other way round
    std::vector<Cost> load;                          ///< of visits [0, i]
    std::vector<SegmentOf<kind>> before, after;      ///< [0, i] and [i, end]; empty for `loads`
    std::vector<SegmentOf<kind>> block, block_backward;   ///< visits [16 i, 16 i + 15] and the same backwards: what a piece inside the route is put together from
    Cost penalty = 0;
    RouteFaults faults;
    std::uint64_t modified = 0;
    std::int32_t sector_begin = 0, sector_end = 0;   ///< as seen from the start, in 65536ths of a turn (pseudo-angle)
    double centre_x = 0, centre_y = 0;

    [[nodiscard]] std::size_t stops() const { return visit.size() - 2; }
    [[nodiscard]] bool empty() const { return visit.size() == 2; }
    [[nodiscard]] Cost distance() const { return forward.back(); }
};

/// Visits [first, last] of a route, or the same backwards.
template <RoutingKind kind>
struct Piece {
    const RouteState<kind>* route;
    std::size_t first, last;
    bool reversed = false;
    [[nodiscard]] Index front() const { return route->visit[reversed ? last : first]; }
    [[nodiscard]] Index back() const { return route->visit[reversed ? first : last]; }
};

/// Up to eight pieces in a row; empty ones (first > last) are left out.
template <RoutingKind kind>
class Pieces {
public:
    Pieces& add(const RouteState<kind>& route, std::size_t first, std::size_t last, bool reversed = false) {
        if (first <= last && last < route.visit.size()) pieces_[count_++] = {&route, first, last, reversed};
        return *this;
    }
    [[nodiscard]] std::span<const Piece<kind>> all() const { return {pieces_.data(), count_}; }

private:
    std::array<Piece<kind>, 8> pieces_;
    std::size_t count_ = 0;
};

/// All routes of a solution, and where each client is.
template <RoutingKind kind>
class RouteSet {
public:
    using Route = RouteState<kind>;
    using Segment = SegmentOf<kind>;

    explicit RouteSet(const RoutingProblem& problem);
    void set_penalties(Penalties penalties) { penalties_ = penalties; }
    void load(const Plan& plan);
    [[nodiscard]] Plan plan() const;

    [[nodiscard]] const RoutingProblem& problem() const { return problem_; }
    [[nodiscard]] std::size_t size() const { return routes_.size(); }
    [[nodiscard]] const Route& operator[](std::size_t route) const { return routes_[route]; }
    [[nodiscard]] Index route_of(Index client) const { return route_of_[client]; }
    [[nodiscard]] std::size_t position_of(Index client) const { return position_of_[client]; }
    [[nodiscard]] std::uint64_t clock() const { return clock_; }
    /// A route whose visits are all reload sites, for pieces that insert one: site s stands at position s.
    [[nodiscard]] const Route& sites() const { return sites_; }

    /// Penalty of a route made of these pieces.
    [[nodiscard]] Cost penalty_of(std::span<const Piece<kind>> pieces) const;
    [[nodiscard]] Cost distance_of(std::span<const Piece<kind>> pieces) const;
    /// Puts new visits in place; trips that became empty lose their reload.
    void replace(std::size_t route, std::span<const Piece<kind>> pieces);
    void set_visits(std::size_t route, std::vector<Index> visits);
    [[nodiscard]] std::vector<Index> visits_of(std::span<const Piece<kind>> pieces) const;

private:
    void update(std::size_t route);
    void update_segments(Route& route);
    void update_blocks(Route& route);
    void update_sector(Route& route);
    void drop_empty_trips(std::vector<Index>& visits) const;
    [[nodiscard]] Segment node(Index location) const;
    [[nodiscard]] Segment end_node(const Route& route, std::size_t position) const;
    [[nodiscard]] Segment join(const Segment& a, const Segment& b, Cost travel) const;
    [[nodiscard]] Segment segment_of(const Piece<kind>& piece) const;
    [[nodiscard]] Cost priced(const RouteFaults& faults) const { return faults.excess * penalties_.per_load + faults.warp * penalties_.per_time; }

    const RoutingProblem& problem_;
    Penalties penalties_;
    std::vector<Route> routes_;
    Route sites_;
    std::vector<Index> route_of_;
    std::vector<std::uint32_t> position_of_;
    std::uint64_t clock_ = 0;
};

}  // namespace citytwin::waste
