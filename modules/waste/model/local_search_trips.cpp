// Moves of reload sites and whole trips. The site is chosen where it is inserted: of all, the one that costs least there.
#include <algorithm>

#include "modules/waste/model/local_search.hpp"

namespace citytwin::waste {

// u goes behind v with a reload before or behind it.
template <RoutingKind kind>
bool LocalSearch<kind>::try_reloads(Index u, Index v) {
    const std::size_t a = routes_.route_of(u), b = routes_.route_of(v), p = routes_.position_of(u), q = routes_.position_of(v);
    if (a == b) return false;
    const Route &A = routes_[a], &B = routes_[b], &sites = routes_.sites();
    const std::size_t na = A.visit.size() - 1, nb = B.visit.size() - 1;
    const Cost removed = d(A.visit[p - 1], A.visit[p + 1]) - d(A.visit[p - 1], u) - d(u, A.visit[p + 1]) - d(v, B.visit[q + 1]);
    for (std::size_t s = 0; s < sites.visit.size(); ++s) {
        const Index site = sites.visit[s], next = B.visit[q + 1];
        List pa, before, behind;
        pa.add(A, 0, p - 1).add(A, p + 1, na);
        before.add(B, 0, q).add(sites, s, s).add(A, p, p).add(B, q + 1, nb);
        if (accept(a, pa, b, before, removed + d(v, site) + d(site, u) + d(u, next))) return true;
        if (q + 1 == nb) continue;   // nothing would follow the reload
        behind.add(B, 0, q).add(A, p, p).add(sites, s, s).add(B, q + 1, nb);
        if (accept(a, pa, b, behind, removed + d(v, u) + d(u, site) + d(site, next))) return true;
    }
    return false;
}

// Inserts, drops and changes reloads of one route.
template <RoutingKind kind>
bool LocalSearch<kind>::search_reloads(std::size_t a) {
    const Route &A = routes_[a], &sites = routes_.sites();
    for (std::size_t k = 1; k + 1 < A.visit.size(); ++k) {
        const std::size_t n = A.visit.size() - 1;
        const Index here = A.visit[k], before = A.visit[k - 1], next = A.visit[k + 1];
        if (!problem_.is_client[here]) {
            List dropped;
            dropped.add(A, 0, k - 1).add(A, k + 1, n);
            if (accept(a, dropped, d(before, next) - d(before, here) - d(here, next))) return true;
        }
        for (std::size_t s = 0; s < sites.visit.size(); ++s) {
            const Index site = sites.visit[s];
            List list;
            if (!problem_.is_client[here]) {
                if (site == here) continue;
                list.add(A, 0, k - 1).add(sites, s, s).add(A, k + 1, n);
                if (accept(a, list, d(before, site) + d(site, next) - d(before, here) - d(here, next))) return true;
            } else if (k + 1 < n && problem_.is_client[next]) {
                list.add(A, 0, k).add(sites, s, s).add(A, k + 1, n);
                if (accept(a, list, d(here, site) + d(site, next) - d(here, next))) return true;
            }
        }
    }
    return false;
}

// A whole trip of route a becomes one of route b, in front of one of its trips or at its end.
template <RoutingKind kind>
bool LocalSearch<kind>::move_trips(std::size_t a, std::size_t b) {
    const Route &A = routes_[a], &B = routes_[b], &sites = routes_.sites();
    const std::size_t na = A.visit.size() - 1, nb = B.visit.size() - 1;
    for (std::size_t first = 1, last; first < na; first = last + 2) {
        for (last = first; last + 1 < na && problem_.is_client[A.visit[last + 1]];) ++last;
        // With the trip goes the reload behind it, or else the one before it.
        const std::size_t cut_first = last + 1 == na && first > 1 ? first - 1 : first, cut_last = last + 1 < na ? last + 1 : last;
        List pa;
        pa.add(A, 0, cut_first - 1).add(A, cut_last + 1, na);
        const Cost removed = routes_.distance_of(pa.all()) - A.distance() - B.distance();
        for (std::size_t k = 0; k < nb; ++k) {
            const bool at_end = k + 1 == nb;
            if (k > 0 && !at_end && problem_.is_client[B.visit[k]]) continue;
            for (std::size_t s = 0; s < sites.visit.size(); ++s) {
                List pb;
                pb.add(B, 0, k);
                if (at_end && k > 0) pb.add(sites, s, s).add(A, first, last);
                else if (at_end) pb.add(A, first, last);
                else pb.add(A, first, last).add(sites, s, s);
                pb.add(B, k + 1, nb);
                if (accept(a, pa, b, pb, removed + routes_.distance_of(pb.all()))) return true;
            }
        }
    }
    return false;
}

template bool LocalSearch<RoutingKind::trips>::try_reloads(Index, Index);
template bool LocalSearch<RoutingKind::trips>::search_reloads(std::size_t);
template bool LocalSearch<RoutingKind::trips>::move_trips(std::size_t, std::size_t);

}  // namespace citytwin::waste
