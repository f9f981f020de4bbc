#pragma once
// Granular neighbour lists (Toth, Vigo 2003): only moves that bring a client beside one of its nearest ones are tried.
#include <cstdint>
#include <span>
#include <vector>

#include "modules/waste/model/routing_problem.hpp"

namespace citytwin::waste {

class Neighbours {
public:
    /// Nearness is the distance plus, with windows, 0.2 x the wait and 1 x the lateness that going there directly forces
    /// (Vidal et al. 2013). Lists are made symmetric.
    Neighbours(const RoutingProblem& problem, std::size_t count);
    [[nodiscard]] std::span<const Index> of(Index client) const { return {value_.data() + first_[client], first_[client + 1] - first_[client]}; }

private:
    std::vector<std::uint32_t> first_;
    std::vector<Index> value_;
};

}  // namespace citytwin::waste
