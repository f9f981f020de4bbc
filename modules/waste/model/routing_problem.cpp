#include "modules/waste/model/routing_problem.hpp"

#include <algorithm>

namespace citytwin::waste {

void RoutingProblem::resize(std::size_t n) {
    demand.assign(n, 0);
    service.assign(n, 0);
    earliest.assign(n, 0);
    latest.assign(n, far_future);
    release.assign(n, 0);
    is_client.assign(n, 1);
}

void RoutingProblem::finish() {
    const std::size_t n = locations();
    clients.clear();
    for (Index i = 0; i < n; ++i) {
        if (is_client[i]) clients.push_back(i);
    }
    if (distance_matrix.empty() && n <= matrix_limit) {
        distance_matrix.resize(n * n);
        for (Index i = 0; i < n; ++i) {
            for (Index j = 0; j < n; ++j) distance_matrix[std::size_t{i} * n + j] = static_cast<std::int32_t>(planar(i, j));
        }
    }
    // A third more trucks than the loads need, and three: more would only be empty (Vidal 2022). Windows may need more.
    const std::size_t enough = has_windows || has_trips() ? clients.size() : (least_loads() * 13 + 9) / 10 + 3;
    const bool equal = std::all_of(trucks.begin(), trucks.end(), [&](const TruckShift& t) { return t == trucks.front(); });
    if (equal && trucks.size() > std::max<std::size_t>(enough, 1)) trucks.resize(std::max<std::size_t>(enough, 1));
}

Cost RoutingProblem::total_demand() const {
    Cost total = 0;
    for (Index c : clients) total += demand[c];
    return total;
}

std::size_t RoutingProblem::least_loads() const { return capacity > 0 ? static_cast<std::size_t>((total_demand() + capacity - 1) / capacity) : 0; }

std::size_t Plan::used() const {
    return static_cast<std::size_t>(std::count_if(routes.begin(), routes.end(), [](const auto& route) { return !route.empty(); }));
}

}  // namespace citytwin::waste
