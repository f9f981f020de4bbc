#include "modules/waste/model/plan_check.hpp"

#include <algorithm>

namespace citytwin::waste {
namespace {

void note(PlanCheck& check, std::string fault) {
    if (check.faults.size() < 20) check.faults.push_back(std::move(fault));
}

// Latest release among the stops of the trip that begins after position `from` of the route.
Cost release_of_trip(const RoutingProblem& problem, const std::vector<Index>& route, std::size_t from) {
    Cost release = 0;
    for (std::size_t k = from; k < route.size() && problem.is_client[route[k]]; ++k) release = std::max(release, problem.release[route[k]]);
    return release;
}

void check_loads(const RoutingProblem& problem, const std::vector<Index>& route, std::size_t truck, PlanCheck& check) {
    Cost load = 0;
    const auto close_trip = [&] {
        if (load > problem.capacity) {
            check.excess += load - problem.capacity;
            note(check, "truck " + std::to_string(truck + 1) + " carries " + std::to_string(load) + " of " + std::to_string(problem.capacity));
        }
        load = 0;
    };
    for (Index location : route) {
        if (problem.is_client[location]) load += problem.demand[location];
        else close_trip();
    }
    close_trip();
}

void check_times(const RoutingProblem& problem, const std::vector<Index>& route, std::size_t truck, PlanCheck& check) {
    const TruckShift& shift = problem.trucks[truck];
    const std::vector<VisitTime> times = timetable(problem, route, shift);
    for (const VisitTime& visit : times) {
        const Cost latest = problem.latest[visit.location];
        if (visit.begin > latest) {
            check.lateness += visit.begin - latest;
            note(check, "truck " + std::to_string(truck + 1) + " comes " + std::to_string(visit.begin - latest) + " late to location " + std::to_string(visit.location));
        }
    }
    if (times.back().arrival > shift.latest) {
        check.lateness += times.back().arrival - shift.latest;
        note(check, "truck " + std::to_string(truck + 1) + " ends its shift " + std::to_string(times.back().arrival - shift.latest) + " late");
    }
}

}  // namespace

std::vector<VisitTime> timetable(const RoutingProblem& problem, const std::vector<Index>& route, const TruckShift& truck) {
    std::vector<VisitTime> times;
    Cost now = std::max({truck.earliest, problem.earliest[truck.start], release_of_trip(problem, route, 0)});
    times.push_back({truck.start, now, now, now});
    Index at = truck.start;
    for (std::size_t k = 0; k < route.size(); ++k) {
        const Index location = route[k];
        const Cost arrival = now + problem.duration(at, location), begin = std::max(arrival, problem.earliest[location]);
        now = begin + problem.service[location];
        if (!problem.is_client[location]) now = std::max(now, release_of_trip(problem, route, k + 1));
        times.push_back({location, arrival, begin, now});
        at = location;
    }
    const Cost arrival = now + problem.duration(at, truck.end);
    times.push_back({truck.end, arrival, arrival, arrival});
    return times;
}

PlanCheck check_plan(const RoutingProblem& problem, const Plan& plan) {
    PlanCheck check;
    std::vector<std::uint8_t> seen(problem.locations(), 0);
    if (plan.routes.size() > problem.trucks.size()) note(check, "more routes than trucks");
    for (std::size_t t = 0; t < plan.routes.size() && t < problem.trucks.size(); ++t) {
        const auto& route = plan.routes[t];
        if (route.empty()) continue;
        Index at = problem.trucks[t].start;
        for (Index location : route) {
            check.distance += problem.distance(at, location);
            at = location;
            if (!problem.is_client[location]) {
                if (std::find(problem.reload_sites.begin(), problem.reload_sites.end(), location) == problem.reload_sites.end()) note(check, "a visit to a location that is neither stop nor site");
                continue;
            }
            if (seen[location]) ++check.repeated;
            seen[location] = 1;
        }
        check.distance += problem.distance(at, problem.trucks[t].end);
        check_loads(problem, route, t, check);
        if (problem.has_windows || problem.has_trips()) check_times(problem, route, t, check);
    }
    for (Index client : problem.clients) check.missing += seen[client] == 0;
    if (check.missing > 0) note(check, std::to_string(check.missing) + " stops aren't visited");
    if (check.repeated > 0) note(check, std::to_string(check.repeated) + " stops are visited twice");
    return check;
}

}  // namespace citytwin::waste
