#pragma once
// Takes strings of neighbouring stops out of a plan's routes and puts them back, each at the cheapest place among its neighbours.
#include "modules/waste/model/neighbours.hpp"
#include "modules/waste/model/random_draws.hpp"
#include "modules/waste/model/route_segment.hpp"

namespace citytwin::waste {

class StringRemoval {
public:
    StringRemoval(const RoutingProblem& problem, const Neighbours& neighbours);
    /// Changes the plan in place; `touched` gets the clients beside which something changed.
    void shake(Plan& plan, Draws& draws, std::vector<Index>& touched);
    /// Puts these clients in, which the plan must not have.
    void insert(Plan& plan, const std::vector<Index>& clients, std::vector<Index>& touched, Draws* draws = nullptr);

private:
    void place_all(const Plan& plan);
    void place(const Plan& plan, std::size_t route);
    void remove_string(Plan& plan, Index client, std::size_t length, Draws& draws, std::vector<Index>& removed, std::vector<Index>& touched);
    void insert_one(Plan& plan, Index client, std::vector<Index>& touched, Draws* draws);

    const RoutingProblem& problem_;
    const Neighbours& neighbours_;
    std::vector<Index> route_of_;
    std::vector<std::uint32_t> position_of_;
    std::vector<Cost> load_;   ///< by route (all trips together)
};

}  // namespace citytwin::waste
