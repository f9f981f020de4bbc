#pragma once
// Cuts a giant tour (all clients in one row) into routes by dynamic programming: Bellman over the stops, O(n B) with B stops a
// load (Prins 2004; Vidal 2016). Loads up to half above capacity and missed windows are allowed at their penalty. Where the
// trucks are few, a state is (routes closed, stops served); with reload sites a route may go on with another trip from a site.
#include <vector>

#include "modules/waste/model/route_state.hpp"

namespace citytwin::waste {

Plan split_tour(const RoutingProblem& problem, const std::vector<Index>& tour, Penalties penalties);

}  // namespace citytwin::waste
