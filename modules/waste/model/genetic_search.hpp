#pragma once
// The planner of collection routes: hybrid genetic search (Vidal 2022; with windows and trips, Vidal et al. 2013), and on its best
// plan an iterated local search that takes out a few neighbouring strings of stops and puts them back (Christiaens, Vanden Berghe,
// "Slack induction by string removals", Transportation Science 54 (2020)), which is what large instances and warm restarts live on.
// Offspring come in fixed batches, each with draws of its own: with an iteration limit the plan is the same on any number of threads.
#include <memory>

#include "core/parallel/arena.hpp"
#include "modules/waste/model/local_search.hpp"
#include "modules/waste/model/population.hpp"

namespace citytwin::waste {

struct SearchLimits {
    std::size_t iterations = 0;          ///< rounds; 0 = until the time is over
    double seconds = 0;                  ///< 0 = no limit by the clock, results don't depend on the machine
    std::uint64_t seed = 1;
    std::size_t neighbours = 20;
    bool with_population = true;         ///< false: only the iterated local search, for short plans inside a run
};

struct SearchResult {
    Plan plan;                ///< the best feasible one; if there is none, the least infeasible
    Cost distance = 0, excess = 0, warp = 0;
    bool feasible = false;
    std::size_t iterations = 0;
};

/// `warm`: a plan to start from (may be of an earlier day: stops it lacks are inserted, ones that are gone are dropped).
SearchResult plan_routes(const RoutingProblem& problem, const SearchLimits& limits, Arena& arena, const Plan* warm = nullptr);

}  // namespace citytwin::waste
