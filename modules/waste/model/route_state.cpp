#include "modules/waste/model/route_state.hpp"

#include <cmath>

#include "modules/waste/model/pseudo_angle.hpp"

namespace citytwin::waste {
namespace {
constexpr std::size_t block_size = 16;
}

template <RoutingKind kind>
RouteSet<kind>::RouteSet(const RoutingProblem& problem) : problem_(problem), routes_(problem.trucks.size()), route_of_(problem.locations(), no_index), position_of_(problem.locations(), 0) {
    sites_.visit = problem.reload_sites;
    sites_.forward.assign(sites_.visit.size(), 0);
    sites_.backward.assign(sites_.visit.size(), 0);
    sites_.load.assign(sites_.visit.size(), 0);
}

template <RoutingKind kind>
void RouteSet<kind>::load(const Plan& plan) {
    ++clock_;
    for (std::size_t r = 0; r < routes_.size(); ++r) {
        Route& route = routes_[r];
        route.visit.assign(1, problem_.trucks[r].start);
        if (r < plan.routes.size()) route.visit.insert(route.visit.end(), plan.routes[r].begin(), plan.routes[r].end());
        route.visit.push_back(problem_.trucks[r].end);
        update(r);
    }
}

template <RoutingKind kind>
Plan RouteSet<kind>::plan() const {
    Plan plan;
    for (const Route& route : routes_) plan.routes.emplace_back(route.visit.begin() + 1, route.visit.end() - 1);
    return plan;
}

template <RoutingKind kind>
auto RouteSet<kind>::node(Index location) const -> Segment {
    const TimeSegment time{problem_.service[location], 0, problem_.earliest[location], problem_.latest[location]};
    if constexpr (kind == RoutingKind::trips) {
        TripSegment s;
        if (problem_.is_client[location]) {
            s.tail = time;
            s.tail_load = problem_.demand[location];
            s.tail_release = problem_.release[location];
        } else {
            s.head = time;
            s.closed = true;
        }
        return s;
    } else {
        return time;
    }
}

// The ends of a route: no service, no unloading, the truck's shift.
template <RoutingKind kind>
auto RouteSet<kind>::end_node(const Route& route, std::size_t position) const -> Segment {
    const auto r = static_cast<std::size_t>(&route - routes_.data());
    const Index location = route.visit[position];
    const TimeSegment time{0, 0, position == 0 ? std::max(problem_.trucks[r].earliest, problem_.earliest[location]) : 0,
                           std::min(problem_.trucks[r].latest, problem_.latest[location])};
    if constexpr (kind == RoutingKind::trips) {
        TripSegment s;
        s.tail = time;
        return s;
    } else {
        return time;
    }
}

template <RoutingKind kind>
auto RouteSet<kind>::join(const Segment& a, const Segment& b, Cost travel) const -> Segment {
    if constexpr (kind == RoutingKind::trips) return joined(a, b, travel, problem_.capacity);
    else return joined(a, b, travel);
}

template <RoutingKind kind>
auto RouteSet<kind>::segment_of(const Piece<kind>& piece) const -> Segment {
    const Route& route = *piece.route;
    if (&route == &sites_) return node(route.visit[piece.first]);
    if (!piece.reversed && piece.first == 0) return route.before[piece.last];
    if (!piece.reversed && piece.last + 1 == route.visit.size()) return route.after[piece.first];
    const auto& visit = route.visit;
    const std::size_t first = piece.first, last = piece.last;
    if (piece.reversed) {
        Segment s = node(visit[last]);
        for (std::size_t k = last; k > first;) {
            const bool whole = k % block_size == 0 && k >= first + block_size;
            s = join(s, whole ? route.block_backward[k / block_size - 1] : node(visit[k - 1]), problem_.duration(visit[k], visit[k - 1]));
            k -= whole ? block_size : 1;
        }
        return s;
    }
    Segment s = node(visit[first]);
    for (std::size_t k = first; k < last;) {
        const bool whole = (k + 1) % block_size == 0 && k + block_size <= last;
        s = join(s, whole ? route.block[(k + 1) / block_size] : node(visit[k + 1]), problem_.duration(visit[k], visit[k + 1]));
        k += whole ? block_size : 1;
    }
    return s;
}

template <RoutingKind kind>
Cost RouteSet<kind>::penalty_of(std::span<const Piece<kind>> pieces) const {
    RouteFaults faults;
    if constexpr (kind != RoutingKind::trips) {
        Cost load = 0;
        for (const auto& p : pieces) load += p.route->load[p.last] - (p.first > 0 ? p.route->load[p.first - 1] : 0);
        faults.excess = std::max<Cost>(load - problem_.capacity, 0);
    }
    if constexpr (kind != RoutingKind::loads) {
        Segment s = segment_of(pieces[0]);
        for (std::size_t k = 1; k < pieces.size(); ++k) s = join(s, segment_of(pieces[k]), problem_.duration(pieces[k - 1].back(), pieces[k].front()));
        if constexpr (kind == RoutingKind::trips) faults = faults_of(s, problem_.capacity);
        else faults.warp = s.warp;
    }
    return priced(faults);
}

template <RoutingKind kind>
Cost RouteSet<kind>::distance_of(std::span<const Piece<kind>> pieces) const {
    Cost sum = 0;
    for (std::size_t k = 0; k < pieces.size(); ++k) {
        const auto& p = pieces[k];
        sum += p.reversed ? p.route->backward[p.last] - p.route->backward[p.first] : p.route->forward[p.last] - p.route->forward[p.first];
        if (k > 0) sum += problem_.distance(pieces[k - 1].back(), p.front());
    }
    return sum;
}

template <RoutingKind kind>
std::vector<Index> RouteSet<kind>::visits_of(std::span<const Piece<kind>> pieces) const {
    std::vector<Index> visits;
    for (const auto& p : pieces) {
        for (std::size_t k = 0; k <= p.last - p.first; ++k) visits.push_back(p.route->visit[p.reversed ? p.last - k : p.first + k]);
    }
    return visits;
}

template <RoutingKind kind>
void RouteSet<kind>::replace(std::size_t route, std::span<const Piece<kind>> pieces) {
    set_visits(route, visits_of(pieces));
}

template <RoutingKind kind>
void RouteSet<kind>::set_visits(std::size_t route, std::vector<Index> visits) {
    if constexpr (kind == RoutingKind::trips) drop_empty_trips(visits);
    routes_[route].visit = std::move(visits);
    ++clock_;
    update(route);
}

template <RoutingKind kind>
void RouteSet<kind>::drop_empty_trips(std::vector<Index>& visits) const {
    std::size_t kept = 1;
    for (std::size_t k = 1; k < visits.size(); ++k) {
        const bool last = k + 1 == visits.size();
        if (last) {
            while (kept > 1 && !problem_.is_client[visits[kept - 1]]) --kept;
        } else if (!problem_.is_client[visits[k]] && (kept == 1 || !problem_.is_client[visits[kept - 1]])) {
            continue;
        }
        visits[kept++] = visits[k];
    }
    visits.resize(kept);
}

template <RoutingKind kind>
void RouteSet<kind>::update(std::size_t r) {
    Route& route = routes_[r];
    const std::size_t n = route.visit.size();
    route.forward.resize(n);
    route.backward.resize(n);
    route.load.resize(n);
    route.forward[0] = route.backward[0] = 0;
    route.load[0] = 0;
    for (std::size_t k = 1; k < n; ++k) {
        const Index a = route.visit[k - 1], b = route.visit[k];
        route.forward[k] = route.forward[k - 1] + problem_.distance(a, b);
        route.backward[k] = route.backward[k - 1] + problem_.distance(b, a);
        route.load[k] = route.load[k - 1] + (k + 1 < n ? problem_.demand[b] : 0);
        if (k + 1 < n && problem_.is_client[b]) {
            route_of_[b] = static_cast<Index>(r);
            position_of_[b] = static_cast<std::uint32_t>(k);
        }
    }
    route.faults = {};
    if constexpr (kind != RoutingKind::loads) update_segments(route);
    if constexpr (kind == RoutingKind::trips) route.faults = faults_of(route.before[n - 1], problem_.capacity);
    else route.faults.excess = std::max<Cost>(route.load[n - 1] - problem_.capacity, 0);
    if constexpr (kind == RoutingKind::windows) route.faults.warp = route.before[n - 1].warp;
    route.penalty = priced(route.faults);
    route.modified = clock_;
    update_sector(route);
}

template <RoutingKind kind>
void RouteSet<kind>::update_segments(Route& route) {
    const std::size_t n = route.visit.size();
    route.before.resize(n);
    route.after.resize(n);
    const auto at = [&](std::size_t k) { return k == 0 || k + 1 == n ? end_node(route, k) : node(route.visit[k]); };
    route.before[0] = at(0);
    for (std::size_t k = 1; k < n; ++k) route.before[k] = join(route.before[k - 1], at(k), problem_.duration(route.visit[k - 1], route.visit[k]));
    route.after[n - 1] = at(n - 1);
    for (std::size_t k = n - 1; k-- > 0;) route.after[k] = join(at(k), route.after[k + 1], problem_.duration(route.visit[k], route.visit[k + 1]));
    update_blocks(route);
}

template <RoutingKind kind>
void RouteSet<kind>::update_blocks(Route& route) {
    const std::size_t blocks = route.visit.size() / block_size;
    route.block.resize(blocks);
    route.block_backward.resize(blocks);
    for (std::size_t b = 0; b < blocks; ++b) {
        const Index* visit = route.visit.data() + b * block_size;
        Segment forward = node(visit[0]), backward = node(visit[block_size - 1]);
        for (std::size_t k = 1; k < block_size; ++k) {
            const Index next = visit[block_size - 1 - k];
            forward = join(forward, node(visit[k]), problem_.duration(visit[k - 1], visit[k]));
            backward = join(backward, node(next), problem_.duration(visit[block_size - k], next));
        }
        route.block[b] = forward;
        route.block_backward[b] = backward;
    }
}

template <RoutingKind kind>
void RouteSet<kind>::update_sector(Route& route) {
    if (problem_.x.empty() || route.empty()) return;
    const Index depot = route.visit[0];
    bool first = true;
    route.centre_x = route.centre_y = 0;
    for (std::size_t k = 1; k + 1 < route.visit.size(); ++k) {
        const Index v = route.visit[k];
        route.centre_x += problem_.x[v];
        route.centre_y += problem_.y[v];
        const std::int32_t angle = pseudo_angle(problem_.x[v] - problem_.x[depot], problem_.y[v] - problem_.y[depot]);
        if (first) route.sector_begin = route.sector_end = angle;
        else if (!in_sector(angle, route.sector_begin, route.sector_end)) {
            if (turn(angle - route.sector_end) <= turn(route.sector_begin - angle)) route.sector_end = angle;
            else route.sector_begin = angle;
        }
        first = false;
    }
    route.centre_x /= static_cast<double>(route.stops());
    route.centre_y /= static_cast<double>(route.stops());
}

template class RouteSet<RoutingKind::loads>;
template class RouteSet<RoutingKind::windows>;
template class RouteSet<RoutingKind::trips>;

}  // namespace citytwin::waste
