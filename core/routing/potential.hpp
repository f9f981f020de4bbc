#pragma once
// Lower bounds of the remaining cost that steer an A* search: a potential is any object that maps a node to a bound.
// It must be consistent (bound(tail) <= weight + bound(head) for every arc) and 0 at the destination.
#include <algorithm>
#include <cmath>
#include <span>
#include <type_traits>

#include "core/base/ids.hpp"
#include "core/routing/csr_graph.hpp"
#include "core/routing/weight.hpp"

namespace citytwin::routing {

/// No bound: A* is Dijkstra.
struct NoPotential {
    constexpr Weight operator()(Index) const { return 0; }
};

/// The beeline to the destination at the best ratio of weight to distance that any arc offers.
template <class W>
struct BeelinePotential {
    std::span<const double> x, y;  ///< metres, one a node (for turn graphs: the end of the link)
    double weight_per_metre = 0;   ///< from `least_weight_per_metre`
    Index destination = 0;

    W operator()(Index node) const {
        const double dx = x[node] - x[destination], dy = y[node] - y[destination];
        const double bound = std::sqrt(dx * dx + dy * dy) * weight_per_metre;
        if constexpr (std::is_integral_v<W>)
            return bound < static_cast<double>(infinite_weight_of<W>) ? static_cast<W>(bound) : infinite_weight_of<W>;
        else
            return bound;
    }
};

/// Least weight per metre of beeline over all open arcs, less a part in 10^9 against rounding: with it BeelinePotential
/// is consistent whatever the lengths and speeds in the data say. 0 if some arc costs nothing.
template <class W>
double least_weight_per_metre(const CsrGraph& graph, std::span<const W> weights, std::span<const double> x,
                              std::span<const double> y) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t arc = 0; arc < graph.arcs(); ++arc) {
        if (!(weights[arc] < infinite_weight_of<W>)) continue;
        const double dx = x[graph.head(arc)] - x[graph.tail(arc)], dy = y[graph.head(arc)] - y[graph.tail(arc)];
        const double distance = std::sqrt(dx * dx + dy * dy);
        if (distance > 0) least = std::min(least, static_cast<double>(weights[arc]) / distance);
    }
    return std::isfinite(least) ? least * (1 - 1e-9) : 0;
}

}  // namespace citytwin::routing
