// Speed of the route planner: shakes and rounds a second on a drawn problem.  bench_waste_routes [stops] [seconds]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "modules/waste/model/genetic_search.hpp"

using namespace citytwin;
using namespace citytwin::waste;

int main(int argc, char** argv) {
    const std::size_t stops = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000;
    const Random random(1, "bench");
    RoutingProblem p;
    p.resize(stops + 1);
    p.capacity = 100;
    p.is_client[0] = 0;
    for (std::size_t i = 0; i <= stops; ++i) {
        p.x.push_back(std::floor(1000 * random.uniform(i, 0)));
        p.y.push_back(std::floor(1000 * random.uniform(i, 1)));
        p.demand[i] = i == 0 ? 0 : 1 + static_cast<std::int32_t>(9 * random.uniform(i, 2));
    }
    p.trucks.assign(stops, {0, 0, 0, far_future});
    p.finish();
    Arena arena(1);
    SearchLimits limits;
    limits.seconds = argc > 2 ? std::strtod(argv[2], nullptr) : 5;
    const auto begin = std::chrono::steady_clock::now();
    const SearchResult result = plan_routes(p, limits, arena);
    const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("{\"stops\": %zu, \"wall_s\": %.3f, \"rounds\": %zu, \"rounds_per_s\": %.2f, \"cost\": %lld, \"feasible\": %s}\n", stops, wall_s, result.iterations,
                static_cast<double>(result.iterations) / wall_s, static_cast<long long>(result.distance), result.feasible ? "true" : "false");
}
