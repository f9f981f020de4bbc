#pragma once
// A checker of its own: drives every route second by second of its own reckoning, shares no line with the search.
#include <string>
#include <vector>

#include "modules/waste/model/routing_problem.hpp"

namespace citytwin::waste {

struct PlanCheck {
    Cost distance = 0;
    Cost excess = 0;        ///< load above capacity, summed over trips
    Cost lateness = 0;      ///< sum over visits after their window closed (then served at the closing time)
    std::size_t missing = 0, repeated = 0;
    std::vector<std::string> faults;   ///< up to 20, in words
    [[nodiscard]] bool feasible() const { return excess == 0 && lateness == 0 && missing == 0 && repeated == 0 && faults.empty(); }
};

PlanCheck check_plan(const RoutingProblem& problem, const Plan& plan);

struct VisitTime {
    Index location = 0;
    Cost arrival = 0, begin = 0, departure = 0;
};

/// When a truck is where, leaving as early as its shift and the releases allow: start, visits, end.
std::vector<VisitTime> timetable(const RoutingProblem& problem, const std::vector<Index>& route, const TruckShift& truck);

}  // namespace citytwin::waste
