#include "modules/waste/model/local_search.hpp"

#include <algorithm>

#include "modules/waste/model/pseudo_angle.hpp"

namespace citytwin::waste {

template <RoutingKind kind>
LocalSearch<kind>::LocalSearch(const RoutingProblem& problem, const Neighbours& neighbours)
    : problem_(problem), neighbours_(neighbours), routes_(problem), tested_(problem.locations(), 0), route_tested_(problem.trucks.size(), 0), queued_(problem.locations(), 0) {}

template <RoutingKind kind>
void LocalSearch<kind>::run(Plan& plan, Penalties penalties, Draws& draws, const Deadline& deadline, const std::vector<Index>* touched) {
    if (deadline.passed()) return;   // the plan stays as it is
    routes_.set_penalties(penalties);
    routes_.load(plan);
    restricted_ = touched != nullptr;
    queue_ = restricted_ ? *touched : problem_.clients;
    std::fill(tested_.begin(), tested_.end(), 0);
    // Restricted: a pair is tried when one of its routes changed after this moment; routes of touched clients count as changed.
    std::fill(route_tested_.begin(), route_tested_.end(), restricted_ ? routes_.clock() : 0);
    if (restricted_) {
        for (Index c : *touched) route_tested_[routes_.route_of(c)] = 0;
    }
    do {
        improved_ = false;
        std::fill(queued_.begin(), queued_.end(), 0);
        next_queue_.clear();
        draws.shuffle(queue_);
        search_clients(draws, deadline);
        if (!deadline.passed()) search_routes(deadline);
        std::sort(next_queue_.begin(), next_queue_.end());
        queue_.swap(next_queue_);
    } while (improved_ && !deadline.passed());
    plan = routes_.plan();
}

template <RoutingKind kind>
auto LocalSearch<kind>::totals() const -> Totals {
    Totals totals;
    for (std::size_t r = 0; r < routes_.size(); ++r) {
        if (routes_[r].empty()) continue;
        totals.distance += routes_[r].distance();
        totals.faults.excess += routes_[r].faults.excess;
        totals.faults.warp += routes_[r].faults.warp;
    }
    return totals;
}

template <RoutingKind kind>
void LocalSearch<kind>::mark(std::size_t route) {
    improved_ = true;
    const Route& r = routes_[route];
    for (std::size_t k = 1; k + 1 < r.visit.size(); ++k) {
        const Index c = r.visit[k];
        if (!problem_.is_client[c] || queued_[c]) continue;
        queued_[c] = 1;
        next_queue_.push_back(c);
    }
}

template <RoutingKind kind>
void LocalSearch<kind>::search_clients(Draws& draws, const Deadline& deadline) {
    std::vector<Index> near;
    std::size_t since = 0;
    for (Index u : queue_) {
        if (++since % 8 == 0 && deadline.passed()) return;
        const std::uint64_t last = tested_[u];
        tested_[u] = routes_.clock();
        const auto of = neighbours_.of(u);
        near.assign(of.begin(), of.end());
        draws.shuffle(near);
        for (Index v : near) {
            const std::size_t a = routes_.route_of(u), b = routes_.route_of(v);
            if (std::max(routes_[a].modified, routes_[b].modified) <= last) continue;
            if (try_pair(u, v)) continue;
            if constexpr (kind == RoutingKind::trips) {
                if (try_reloads(u, v)) continue;
            }
            // Beside the front of a trip as well.
            const std::size_t b2 = routes_.route_of(v), before = routes_.position_of(v) - 1;
            if (before == 0 || !problem_.is_client[routes_[b2].visit[before]]) try_after(routes_.route_of(u), routes_.position_of(u), b2, before);
        }
        if (last == 0 || routes_[routes_.route_of(u)].modified > last) try_empty(u);
    }
}

template <RoutingKind kind>
bool LocalSearch<kind>::try_pair(Index u, Index v) {
    const std::size_t a = routes_.route_of(u), b = routes_.route_of(v), p = routes_.position_of(u), q = routes_.position_of(v);
    if (try_after(a, p, b, q)) return true;
    const Route &A = routes_[a], &B = routes_[b];
    const bool u2 = p + 2 < A.visit.size(), v2 = q + 2 < B.visit.size();
    if (u < v && swap({a, p, p}, {b, q, q})) return true;
    if (u2 && swap({a, p, p + 1}, {b, q, q})) return true;
    if (u2 && v2 && u < v && swap({a, p, p + 1}, {b, q, q + 1})) return true;
    if (a == b) return p < q && two_opt(a, p, q);
    if constexpr (kind == RoutingKind::loads) {
        if (u < v && exchange_reversed(a, p, b, q)) return true;
    }
    return false;
}

// Moves that put what stands at p behind position v of another route (or another part of the same one).
template <RoutingKind kind>
bool LocalSearch<kind>::try_after(std::size_t a, std::size_t p, std::size_t b, std::size_t v) {
    for (std::size_t length = 1; length <= 3 && p + length < routes_[a].visit.size(); ++length) {
        const Block block{a, p, p + length - 1};
        if (a == b && v + 1 >= block.first && v <= block.last) continue;
        if (relocate(block, b, v, false)) return true;
        if (length > 1 && relocate(block, b, v, true)) return true;
    }
    return a != b && exchange_tails(a, p, b, v);
}

template <RoutingKind kind>
bool LocalSearch<kind>::try_empty(Index u) {
    const std::size_t a = routes_.route_of(u);
    for (std::size_t r = 0; r < routes_.size(); ++r) {
        if (!routes_[r].empty()) continue;
        // One empty route of each sort is enough; equal trucks stand side by side.
        if (r > 0 && routes_[r - 1].empty() && problem_.trucks[r] == problem_.trucks[r - 1]) continue;
        if (try_after(a, routes_.position_of(u), r, 0)) return true;
        if (problem_.trucks[r] == problem_.trucks.back()) break;
    }
    return false;
}

template <RoutingKind kind>
bool LocalSearch<kind>::accept(std::size_t a, const List& pa, Cost gain) {
    if (gain >= routes_[a].penalty) return false;
    if (gain + routes_.penalty_of(pa.all()) - routes_[a].penalty >= 0) return false;
    routes_.replace(a, pa.all());
    mark(a);
    return true;
}

template <RoutingKind kind>
bool LocalSearch<kind>::accept(std::size_t a, const List& pa, std::size_t b, const List& pb, Cost gain) {
    const Cost old = routes_[a].penalty + routes_[b].penalty;
    if (gain >= old) return false;
    gain += routes_.penalty_of(pa.all()) - old;
    if (gain >= 0 || gain + routes_.penalty_of(pb.all()) >= 0) return false;
    auto visits_a = routes_.visits_of(pa.all()), visits_b = routes_.visits_of(pb.all());
    routes_.set_visits(a, std::move(visits_a));
    routes_.set_visits(b, std::move(visits_b));
    mark(a);
    mark(b);
    return true;
}

template <RoutingKind kind>
bool LocalSearch<kind>::relocate(const Block& block, std::size_t b, std::size_t v, bool reversed) {
    const Route &A = routes_[block.route], &B = routes_[b];
    const std::size_t p = block.first, q = block.last;
    const Index first = A.visit[reversed ? q : p], last = A.visit[reversed ? p : q];
    Cost gain = d(A.visit[p - 1], A.visit[q + 1]) - d(A.visit[p - 1], A.visit[p]) - d(A.visit[q], A.visit[q + 1]) + d(B.visit[v], first) +
                d(last, B.visit[v + 1]) - d(B.visit[v], B.visit[v + 1]);
    if (reversed) gain += A.backward[q] - A.backward[p] - A.forward[q] + A.forward[p];
    if (gain >= A.penalty + (block.route == b ? 0 : B.penalty)) return false;
    List pa, pb;
    if (block.route != b) {
        pa.add(A, 0, p - 1).add(A, q + 1, A.visit.size() - 1);
        pb.add(B, 0, v).add(A, p, q, reversed).add(B, v + 1, B.visit.size() - 1);
        return accept(block.route, pa, b, pb, gain);
    }
    if (v > q) pa.add(A, 0, p - 1).add(A, q + 1, v).add(A, p, q, reversed).add(A, v + 1, A.visit.size() - 1);
    else pa.add(A, 0, v).add(A, p, q, reversed).add(A, v + 1, p - 1).add(A, q + 1, A.visit.size() - 1);
    return accept(b, pa, gain);
}

template <RoutingKind kind>
bool LocalSearch<kind>::swap(const Block& x, const Block& y) {
    const Route &A = routes_[x.route], &B = routes_[y.route];
    if (x.route == y.route && !(x.last + 1 < y.first || y.last + 1 < x.first)) return false;
    const auto bridged = [&](const Route& into, const Block& hole, const Route& from, const Block& block) {
        return d(into.visit[hole.first - 1], from.visit[block.first]) + d(from.visit[block.last], into.visit[hole.last + 1]) -
               d(into.visit[hole.first - 1], into.visit[hole.first]) - d(into.visit[hole.last], into.visit[hole.last + 1]);
    };
    const Cost gain = bridged(A, x, B, y) + bridged(B, y, A, x);
    if (gain >= A.penalty + (x.route == y.route ? 0 : B.penalty)) return false;
    List pa, pb;
    if (x.route != y.route) {
        pa.add(A, 0, x.first - 1).add(B, y.first, y.last).add(A, x.last + 1, A.visit.size() - 1);
        pb.add(B, 0, y.first - 1).add(A, x.first, x.last).add(B, y.last + 1, B.visit.size() - 1);
        return accept(x.route, pa, y.route, pb, gain);
    }
    const Block &l = x.first < y.first ? x : y, &r = x.first < y.first ? y : x;
    pa.add(A, 0, l.first - 1).add(A, r.first, r.last).add(A, l.last + 1, r.first - 1).add(A, l.first, l.last).add(A, r.last + 1, A.visit.size() - 1);
    return accept(x.route, pa, gain);
}

// The visits between p and v the other way round.
template <RoutingKind kind>
bool LocalSearch<kind>::two_opt(std::size_t a, std::size_t p, std::size_t v) {
    const Route& A = routes_[a];
    if (v < p + 2) return false;
    const Cost gain = d(A.visit[p], A.visit[v]) + d(A.visit[p + 1], A.visit[v + 1]) - d(A.visit[p], A.visit[p + 1]) - d(A.visit[v], A.visit[v + 1]) +
                      A.backward[v] - A.backward[p + 1] - A.forward[v] + A.forward[p + 1];
    if (gain >= A.penalty) return false;
    List pa;
    pa.add(A, 0, p).add(A, p + 1, v, true).add(A, v + 1, A.visit.size() - 1);
    return accept(a, pa, gain);
}

// Two senses: what follows p and what follows v change places, or what precedes does.
template <RoutingKind kind>
bool LocalSearch<kind>::exchange_tails(std::size_t a, std::size_t p, std::size_t b, std::size_t v) {
    if (!same_end(a, b)) return false;
    const Route &A = routes_[a], &B = routes_[b];
    const std::size_t na = A.visit.size() - 1, nb = B.visit.size() - 1;
    const auto cut = [&](std::size_t i, std::size_t k) {   // A[0, i] B[k + 1, …] and B[0, k] A[i + 1, …]
        const Cost gain = d(A.visit[i], B.visit[k + 1]) + d(B.visit[k], A.visit[i + 1]) - d(A.visit[i], A.visit[i + 1]) - d(B.visit[k], B.visit[k + 1]);
        if (gain >= A.penalty + B.penalty) return false;
        List pa, pb;
        pa.add(A, 0, i).add(B, k + 1, nb);
        pb.add(B, 0, k).add(A, i + 1, na);
        return accept(a, pa, b, pb, gain);
    };
    return cut(p, v) || cut(p - 1, v);
}

template <RoutingKind kind>
bool LocalSearch<kind>::exchange_reversed(std::size_t a, std::size_t p, std::size_t b, std::size_t v) {
    const Route &A = routes_[a], &B = routes_[b];
    if (!(problem_.trucks[a] == problem_.trucks[b]) || problem_.trucks[a].start != problem_.trucks[a].end) return false;
    const std::size_t na = A.visit.size() - 1, nb = B.visit.size() - 1;
    const Cost gain = d(A.visit[p], B.visit[v]) + d(A.visit[p + 1], B.visit[v + 1]) - d(A.visit[p], A.visit[p + 1]) - d(B.visit[v], B.visit[v + 1]) +
                      B.backward[v] - B.forward[v] + (A.backward[na] - A.backward[p + 1]) - (A.forward[na] - A.forward[p + 1]);
    if (gain >= A.penalty + B.penalty) return false;
    List pa, pb;
    pa.add(A, 0, p).add(B, 0, v, true);
    pb.add(A, p + 1, na, true).add(B, v + 1, nb);
    return accept(a, pa, b, pb, gain);
}

template <RoutingKind kind>
void LocalSearch<kind>::search_routes(const Deadline& deadline) {
    for (std::size_t a = 0; a < routes_.size(); ++a) {
        if (routes_[a].empty()) continue;
        const std::uint64_t last = route_tested_[a];
        route_tested_[a] = routes_.clock();
        if (deadline.passed()) return;
        if constexpr (kind == RoutingKind::trips) {
            if (routes_[a].modified > last) search_reloads(a);
        }
        for (std::size_t b = 0; b < routes_.size(); ++b) {
            if (a == b || std::max(routes_[a].modified, routes_[b].modified) <= last) continue;
            if constexpr (kind == RoutingKind::trips) move_trips(a, b);
            if (b < a || routes_[b].empty() || routes_[a].empty()) continue;
            // With windows each of its many candidates is priced along the routes: too dear after small changes.
            if (kind != RoutingKind::loads && restricted_) continue;
            const Route &A = routes_[a], &B = routes_[b];
            if (problem_.x.empty() || sectors_overlap(A.sector_begin, A.sector_end, B.sector_begin, B.sector_end)) swap_star(a, b);
        }
    }
}

template class LocalSearch<RoutingKind::loads>;
template class LocalSearch<RoutingKind::windows>;
template class LocalSearch<RoutingKind::trips>;

}  // namespace citytwin::waste
