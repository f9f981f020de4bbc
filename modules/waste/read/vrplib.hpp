#pragma once
// VRPLIB instances (.vrp) and solutions (.sol), and Solomon's .txt. Each reader refuses what it doesn't know, naming the line.
#include <optional>
#include <string>

#include "core/base/diagnostic.hpp"
#include "modules/waste/model/routing_problem.hpp"

namespace citytwin::waste {

struct RoutingCase {
    std::string name, type;                ///< CVRP, VRPTW, MTVRPTWR
    RoutingProblem problem;
    std::vector<std::int64_t> number;      ///< a location's number as .sol and routes.csv count: 0 = depot, customers from 1
    double cost_per_unit = 1;              ///< written cost = distance x this (VRPTW: tenths)
};

struct WrittenPlan {
    Plan plan;
    std::optional<double> cost;
};

/// Throws CT-WASTE-003 where a distance between two places wouldn't fit into 32 bits, as matrices keep them.
void refuse_far_places(const RoutingProblem& problem, const std::string& path);
RoutingCase read_vrplib(const std::string& path);
RoutingCase read_solomon(const std::string& path);
/// By the file's first line: "NAME : …" is VRPLIB, else Solomon's.
RoutingCase read_routing_case(const std::string& path);
WrittenPlan read_vrplib_solution(const std::string& path, const RoutingCase& instance);

}  // namespace citytwin::waste
