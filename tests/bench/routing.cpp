// Routing on the turn-aware graph of a real network: order, customisation, queries.
//   bench_routing [NETWORK.osm.pbf|NETWORK.net.xml] [--threads N] [--queries N]
// Without a file: Porto Alegre of the shared folder (CITYTWIN_DATA), else a synthetic grid of 34,000 links.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "core/random/philox.hpp"
#include "core/routing/contraction_hierarchy.hpp"
#include "core/routing/hierarchy_potential.hpp"
#include "core/routing/time_dependent.hpp"
#include "core/routing/turn_graph.hpp"
#include "geodata/osm/import.hpp"
#include "geodata/road/road_network.hpp"
#include "geodata/sumo/sumo.hpp"

using namespace citytwin;
using namespace citytwin::routing;

namespace {

double now_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <class Work>
double timed_s(const Work& work) {
    const double start = now_s();
    work();
    return now_s() - start;
}

double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// What the benchmark needs of a network.
struct Streets {
    std::vector<Index> from_link, to_link;  ///< per connection
    std::vector<Weight> link_cost;
    std::vector<double> x, y;          ///< middle of the link: for the order
    std::vector<double> end_x, end_y;  ///< its end: for the beeline, since a cost counts to there
};

Streets streets_of(const geodata::RoadNetwork& network) {
    Streets streets{network.connection_from_link, network.connection_to_link, {}, {}, {}, {}, {}};
    for (std::size_t link = 0; link < network.links(); ++link) {
        const Index a = network.link_from[link], b = network.link_to[link];
        streets.link_cost.push_back(weight_from_seconds(network.link_length_m[link] / network.link_speed_mps[link]));
        streets.x.push_back((network.node_x[a] + network.node_x[b]) / 2);
        streets.y.push_back((network.node_y[a] + network.node_y[b]) / 2);
        streets.end_x.push_back(network.node_x[b]);
        streets.end_y.push_back(network.node_y[b]);
    }
    return streets;
}

Streets read_streets(const std::string& path, Arena& arena) {
    DiagnosticList diagnostics;
    if (path.ends_with(".net.xml")) return streets_of(geodata::read_sumo_network(path, diagnostics));
    return streets_of(geodata::load_road_network(geodata::import_osm(path, {}, arena, diagnostics)));
}

/// A grid of two-way streets, 100 m apart, every tenth one faster.
Streets grid_streets(Index width, Index height) {
    Streets streets;
    std::vector<std::vector<Index>> out(std::size_t{width} * height);
    std::vector<std::pair<Index, Index>> ends;
    const auto add = [&](Index a, Index b, bool fast) {
        out[a].push_back(static_cast<Index>(ends.size()));
        ends.emplace_back(a, b);
        streets.link_cost.push_back(fast ? 6000 : 9000 + (a * 7919 + b) % 997);
        streets.x.push_back(50.0 * (a % width + b % width));
        streets.y.push_back(50.0 * (a / width + b / width));
        streets.end_x.push_back(100.0 * (b % width));
        streets.end_y.push_back(100.0 * (b / width));
    };
    for (Index n = 0; n < width * height; ++n) {
        if (n % width + 1 < width) add(n, n + 1, (n / width) % 10 == 0), add(n + 1, n, (n / width) % 10 == 0);
        if (n + width < width * height)
            add(n, n + width, (n % width) % 10 == 0), add(n + width, n, (n % width) % 10 == 0);
    }
    for (Index link = 0; link < ends.size(); ++link)
        for (const Index next : out[ends[link].second])
            if (ends[next].second != ends[link].first)
                streets.from_link.push_back(link), streets.to_link.push_back(next);
    return streets;
}

/// Time-dependent routes of a day with two rush hours, steered by a hierarchy on the least times.
void bench_time_dependent(Arena& arena, const TurnGraph& turns, const Streets& streets,
                          std::span<const RouteRequest> requests) {
    TravelTimeProfiles profiles(turns.links(), 288);
    for (std::size_t link = 0; link < turns.links(); ++link)
        for (std::size_t k = 0; k < 288; ++k) {
            const double h = static_cast<double>(k) / 12,
                         rush = 1 + 0.8 * (std::exp(-(h - 8) * (h - 8)) + std::exp(-(h - 18) * (h - 18)));
            profiles.set(link, k, static_cast<Weight>(streets.link_cost[link] * (link % 3 == 0 ? rush : 1)));
        }
    const double clamp = timed_s([&] { (void)profiles.clamp_to_fifo(); });
    std::vector<Weight> bounds(turns.turns());
    turn_weights(turns, profiles.least(), {}, bounds);
    const ContractionHierarchy hierarchy(arena, turns.graph, streets.x, streets.y);
    HierarchyWeights customised(hierarchy);
    customised.customise(arena, bounds);
    HierarchyPotential potential(customised);
    TimeDependentSearch search(turns.graph);
    Path<Weight> path;
    const double steered = timed_s([&] {
        for (const RouteRequest& r : requests) {
            potential.aim(r.to);
            search.path(r.from, r.to, 8 * 3'600'000, profiles, {}, path, potential);
        }
    });
    const double plain = timed_s([&] {
        for (const RouteRequest& r : requests) search.path(r.from, r.to, 8 * 3'600'000, profiles, {}, path);
    });
    const double per_query = 1e6 / static_cast<double>(requests.size());
    std::printf("clamp_to_fifo_ms %.0f\ntime_dependent_us %.0f (plain %.0f)\n", clamp * 1e3, steered * per_query,
                plain * per_query);
}

std::vector<RouteRequest> random_requests(std::size_t count, std::size_t nodes) {
    const Random random(7, "bench requests");
    std::vector<RouteRequest> requests(count);
    for (std::size_t i = 0; i < count; ++i)
        requests[i] = {static_cast<Index>(random.uniform(i, 0) * static_cast<double>(nodes)),
                       static_cast<Index>(random.uniform(i, 1) * static_cast<double>(nodes))};
    return requests;
}

void bench_plain_searches(const CsrGraph& graph, std::span<const Weight> weights, const Streets& streets,
                          std::span<const RouteRequest> requests) {
    PathSearch<Weight> search(graph);
    Path<Weight> path;
    const double plain = timed_s([&] {
        for (const RouteRequest& r : requests) search.path(r.from, r.to, weights, path);
    });
    const double slope = least_weight_per_metre<Weight>(graph, weights, streets.end_x, streets.end_y);
    const double steered = timed_s([&] {
        for (const RouteRequest& r : requests)
            search.path(r.from, r.to, weights, path,
                        BeelinePotential<Weight>{streets.end_x, streets.end_y, slope, r.to});
    });
    const double per_query = 1e6 / static_cast<double>(requests.size());
    std::printf("dijkstra_us %.0f\nastar_beeline_us %.0f\n", plain * per_query, steered * per_query);
}

void print_size(const ContractionHierarchy& hierarchy) {
    Index longest = 0;
    for (Index node = 0; node < hierarchy.nodes(); ++node) {
        Index length = 0;
        for (Index r = hierarchy.rank_of(node); r != no_index; r = hierarchy.parent(r)) ++length;
        longest = std::max(longest, length);
    }
    std::uint64_t triangles = 0;
    for (std::size_t e = 0; e < hierarchy.edges(); ++e)
        triangles += hierarchy.first_up(hierarchy.lower_end(e) + 1) - e - 1;
    std::printf("hierarchy_edges %zu\ntriangles %llu\ntree_height %u\n", hierarchy.edges(),
                static_cast<unsigned long long>(triangles), longest);
}

void bench_customisation(Arena& arena, HierarchyWeights& customised, std::span<const Weight> weights) {
    std::vector<double> seconds;
    std::vector<Weight> changing(weights.begin(), weights.end());
    for (int i = 0; i < 9; ++i) {
        for (Weight& weight : changing) weight += weight < infinite_weight - 1 ? 1 : 0;
        seconds.push_back(timed_s([&] { customised.customise(arena, changing); }));
    }
    std::printf("customise_ms %.1f (best %.1f)\n", 1e3 * median_of(seconds),
                1e3 * *std::min_element(seconds.begin(), seconds.end()));
    customised.customise(arena, weights);
    changing.assign(weights.begin(), weights.end());
    seconds.clear();
    for (std::size_t i = 0; i < 9; ++i) {
        changing[(i * 7919 + 13) % changing.size()] = infinite_weight;
        seconds.push_back(timed_s([&] { customised.customise(arena, changing); }));
    }
    std::printf("close_one_turn_ms %.1f\n", 1e3 * median_of(seconds));
    customised.customise(arena, weights);
    std::printf("open_edges %zu forward, %zu backward\n", customised.forward().edge.size(),
                customised.backward().edge.size());
}

void bench_queries(Arena& arena, const HierarchyWeights& customised, std::span<const RouteRequest> requests) {
    HierarchySearch search(customised.hierarchy());
    Path<Weight> path;
    std::uint64_t links = 0, found = 0;
    const double per_query = 1e6 / static_cast<double>(requests.size());
    const double cost_only = timed_s([&] {
        for (const RouteRequest& r : requests) found += search.cost(customised, r.from, r.to) < infinite_weight;
    });
    const double with_path = timed_s([&] {
        for (const RouteRequest& r : requests)
            links += search.path(customised, r.from, r.to, path) ? path.nodes.size() : 0;
    });
    const double batch = timed_s([&] { (void)find_routes(arena, customised, requests); });
    std::printf("query_cost_us %.1f\nquery_path_us %.1f (%.1f links a route, %.4f found)\nbatch_us %.1f (%d threads)\n",
                cost_only * per_query, with_path * per_query,
                static_cast<double>(links) / std::max<double>(1, static_cast<double>(found)),
                static_cast<double>(found) / static_cast<double>(requests.size()), batch * per_query, arena.threads());

    std::vector<Index> stops;
    for (std::size_t i = 0; i < 500 && i < requests.size(); ++i) stops.push_back(requests[i].from);
    std::printf("matrix_%zu_ms %.1f\n", stops.size(),
                1e3 * timed_s([&] { (void)cost_matrix(arena, customised, stops, stops); }));
}

void bench_hierarchy(Arena& arena, const CsrGraph& graph, std::span<const Weight> weights, const Streets& streets,
                     std::span<const RouteRequest> requests) {
    std::optional<ContractionHierarchy> hierarchy;
    std::printf("hierarchy_s %.3f\n", timed_s([&] { hierarchy.emplace(arena, graph, streets.x, streets.y); }));
    print_size(*hierarchy);
    HierarchyWeights customised(*hierarchy);
    bench_customisation(arena, customised, weights);
    bench_queries(arena, customised, requests);
}

std::string default_network() {
    const char* data = std::getenv("CITYTWIN_DATA");
    const std::string path = std::string(data != nullptr ? data : "../shared") + "/data/city/osm/poa.osm.pbf";
    return std::filesystem::exists(path) ? path : std::string{};
}

}  // namespace

int main(int argc, char** argv) {
    std::string path = default_network();
    int threads = 0;
    std::size_t queries = 20000;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--threads" && i + 1 < argc)
            threads = std::atoi(argv[++i]);
        else if (argument == "--queries" && i + 1 < argc)
            queries = static_cast<std::size_t>(std::atoll(argv[++i]));
        else if (argument == "--grid")
            path.clear();
        else
            path = argument;
    }
    Arena arena(threads);
    const Streets streets = path.empty() ? grid_streets(93, 93) : read_streets(path, arena);
    const TurnGraph turns = make_turn_graph(streets.link_cost.size(), streets.from_link, streets.to_link);
    std::vector<Weight> weights(turns.turns());
    turn_weights(turns, streets.link_cost, {}, weights);
    const StrongComponents components = strong_components(turns.graph);
    std::printf("network %s\nlinks %zu\nturns %zu\nlargest_component %u\n", path.empty() ? "grid" : path.c_str(),
                turns.links(), turns.turns(), components.size.empty() ? 0 : components.size[components.largest()]);
    const std::vector<RouteRequest> requests = random_requests(queries, turns.links());
    bench_hierarchy(arena, turns.graph, weights, streets, requests);
    const auto few = std::span(requests).first(std::min<std::size_t>(200, requests.size()));
    bench_plain_searches(turns.graph, weights, streets, few);
    bench_time_dependent(arena, turns, streets, few);
}
