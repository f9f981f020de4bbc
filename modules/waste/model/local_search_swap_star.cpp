// SWAP* (Vidal 2022): two clients of two routes change places, each going to its best position in the other route, not to the
// place that became free.
#include <algorithm>
#include <array>

#include "modules/waste/model/local_search.hpp"

namespace citytwin::waste {
namespace {

struct Best {
    std::array<Cost, 3> cost{far_future, far_future, far_future};
    std::array<std::size_t, 3> after{};
    void offer(Cost c, std::size_t position) {
        if (c >= cost[2]) return;
        std::size_t k = 2;
        for (; k > 0 && c < cost[k - 1]; --k) {
            cost[k] = cost[k - 1];
            after[k] = after[k - 1];
        }
        cost[k] = c;
        after[k] = position;
    }
};

template <RoutingKind kind>
std::vector<Best> best_places(const RoutingProblem& p, const RouteState<kind>& from, const RouteState<kind>& into) {
    std::vector<Best> best(from.visit.size());
    for (std::size_t i = 1; i + 1 < from.visit.size(); ++i) {
        const Index u = from.visit[i];
        for (std::size_t k = 0; k + 1 < into.visit.size(); ++k) best[i].offer(p.distance(into.visit[k], u) + p.distance(u, into.visit[k + 1]) - (into.forward[k + 1] - into.forward[k]), k);
    }
    return best;
}

struct Place {
    Cost cost;
    std::size_t after;   ///< position of the old route; hole - 1 and hole mean: where the other one stood
};

template <RoutingKind kind>
Place place_without(const RoutingProblem& p, Index u, const Best& best, const RouteState<kind>& into, std::size_t hole) {
    const Index before = into.visit[hole - 1], behind = into.visit[hole + 1];
    Place place{p.distance(before, u) + p.distance(u, behind) - p.distance(before, behind), hole - 1};
    for (std::size_t k = 0; k < 3; ++k) {
        if (best.cost[k] >= place.cost) break;
        if (best.after[k] + 1 == hole || best.after[k] == hole) continue;
        return {best.cost[k], best.after[k]};
    }
    return place;
}

// `into` without its visit `hole`, with visit i of `from` behind position `after`.
template <RoutingKind kind>
Pieces<kind> exchanged(const RouteState<kind>& into, std::size_t hole, const RouteState<kind>& from, std::size_t i, std::size_t after) {
    Pieces<kind> list;
    const std::size_t n = into.visit.size() - 1;
    if (after == hole - 1) list.add(into, 0, hole - 1).add(from, i, i).add(into, hole + 1, n);
    else if (after > hole) list.add(into, 0, hole - 1).add(into, hole + 1, after).add(from, i, i).add(into, after + 1, n);
    else list.add(into, 0, after).add(from, i, i).add(into, after + 1, hole - 1).add(into, hole + 1, n);
    return list;
}

template <RoutingKind kind>
std::vector<Cost> savings(const RoutingProblem& p, const RouteState<kind>& route) {
    std::vector<Cost> saved(route.visit.size(), 0);
    for (std::size_t k = 1; k + 1 < route.visit.size(); ++k) saved[k] = route.forward[k + 1] - route.forward[k - 1] - p.distance(route.visit[k - 1], route.visit[k + 1]);
    return saved;
}

}  // namespace

template <RoutingKind kind>
bool LocalSearch<kind>::swap_star(std::size_t a, std::size_t b) {
    const Route &A = routes_[a], &B = routes_[b];
    const auto saved_a = savings(problem_, A), saved_b = savings(problem_, B);
    const auto into_b = best_places(problem_, A, B), into_a = best_places(problem_, B, A);
    const Cost old = A.penalty + B.penalty;
    // With loads alone the price is exact; otherwise the distance bounds it and the best candidate is priced in full.
    Cost best = 0;
    std::size_t best_i = 0, best_j = 0;
    Place best_u{}, best_v{};
    for (std::size_t i = 1; i + 1 < A.visit.size(); ++i) {
        if (!problem_.is_client[A.visit[i]]) continue;
        for (std::size_t j = 1; j + 1 < B.visit.size(); ++j) {
            if (!problem_.is_client[B.visit[j]]) continue;
            Cost price = -saved_a[i] - saved_b[j] - old;
            if (price >= best) continue;
            const Place u = place_without(problem_, A.visit[i], into_b[i], B, j), v = place_without(problem_, B.visit[j], into_a[j], A, i);
            price += u.cost + v.cost;
            if (price >= best) continue;
            price += routes_.penalty_of(exchanged(A, i, B, j, v.after).all());
            if (price >= best) continue;
            price += routes_.penalty_of(exchanged(B, j, A, i, u.after).all());
            if (price >= best) continue;
            best = price;
            best_i = i, best_j = j, best_u = u, best_v = v;
        }
    }
    if (best >= 0) return false;
    const List pa = exchanged(A, best_i, B, best_j, best_v.after), pb = exchanged(B, best_j, A, best_i, best_u.after);
    return accept(a, pa, b, pb, best + old - routes_.penalty_of(pa.all()) - routes_.penalty_of(pb.all()));
}

template bool LocalSearch<RoutingKind::loads>::swap_star(std::size_t, std::size_t);
template bool LocalSearch<RoutingKind::windows>::swap_star(std::size_t, std::size_t);
template bool LocalSearch<RoutingKind::trips>::swap_star(std::size_t, std::size_t);

}  // namespace citytwin::waste
