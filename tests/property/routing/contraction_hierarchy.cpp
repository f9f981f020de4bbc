// Customisable contraction hierarchies against Dijkstra (which is checked against Boost.Graph beside this file).
#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "core/routing/contraction_hierarchy.hpp"
#include "core/routing/node_order.hpp"
#include "support/random_network.hpp"

using namespace citytwin;
using namespace citytwin::routing;
using citytwin::testing::random_network;

namespace {

Weight cost_along(const CsrGraph& graph, std::span<const Weight> weights, const std::vector<Index>& nodes) {
    Weight sum = 0;
    for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
        Weight least = infinite_weight;
        for (Index a = graph.first_out(nodes[i]); a < graph.first_out(nodes[i] + 1); ++a)
            if (graph.head(a) == nodes[i + 1]) least = std::min(least, weights[a]);
        sum = add_weights(sum, least);
    }
    return sum;
}

void check_all_pairs(const CsrGraph& graph, const HierarchyWeights& customised, std::span<const Weight> weights) {
    PathSearch<Weight> dijkstra(graph);
    HierarchySearch search(customised.hierarchy());
    Path<Weight> path;
    for (Index from = 0; from < graph.nodes(); ++from) {
        dijkstra.tree(from, weights);
        for (Index to = 0; to < graph.nodes(); ++to) {
            REQUIRE(search.cost(customised, from, to) == dijkstra.cost_to(to));
            const bool found = search.path(customised, from, to, path);
            REQUIRE(found == (dijkstra.cost_to(to) < infinite_weight));
            REQUIRE(path.cost == dijkstra.cost_to(to));
            REQUIRE(path.nodes.empty() == !found);
            if (!found) continue;
            REQUIRE(path.nodes.front() == from);
            REQUIRE(path.nodes.back() == to);
            REQUIRE(cost_along(graph, weights, path.nodes) == path.cost);
        }
    }
}

}  // namespace

TEST_CASE("a contraction hierarchy finds Dijkstra's costs for all pairs of random networks") {
    Arena arena(2, 1);
    for (const bool few_values : {false, true})
        for (std::uint64_t seed = 1; seed <= 4; ++seed) {
            const auto network = random_network(seed, 14, 11, few_values);
            const ContractionHierarchy hierarchy(arena, network.graph, network.x, network.y);
            HierarchyWeights customised(hierarchy);
            customised.customise(arena, network.weights);
            check_all_pairs(network.graph, customised, network.weights);
        }
}

TEST_CASE("any order gives the same costs") {
    Arena arena(2, 1);
    const auto network = random_network(6, 8, 8);
    std::vector<Index> rank(64);
    std::iota(rank.begin(), rank.end(), Index{0});
    const Random random(3, "shuffle");
    for (Index i = 63; i > 0; --i) std::swap(rank[i], rank[static_cast<Index>(random.uniform(i, 0) * (i + 1))]);
    const ContractionHierarchy hierarchy(network.graph, rank);
    HierarchyWeights customised(hierarchy);
    customised.customise(arena, network.weights);
    check_all_pairs(network.graph, customised, network.weights);
    rank[3] = rank[4];
    CHECK_THROWS_AS(ContractionHierarchy(network.graph, rank), std::invalid_argument);
}

TEST_CASE("a street that is closed and opened again gives the routes it gave before") {
    Arena arena(2, 1);
    auto network = random_network(9, 12, 12);
    const ContractionHierarchy hierarchy(arena, network.graph, network.x, network.y);
    HierarchyWeights customised(hierarchy);
    std::vector<RouteRequest> requests;
    for (Index i = 0; i < 144; ++i) requests.push_back({i, (i * 31 + 7) % 144});
    customised.customise(arena, network.weights);
    const Routes before = find_routes(arena, customised, requests);

    std::vector<Weight> closed = network.weights;
    for (std::size_t arc = 0; arc < closed.size(); arc += 9) closed[arc] = infinite_weight;
    customised.customise(arena, closed);
    check_all_pairs(network.graph, customised, closed);

    customised.customise(arena, network.weights);
    const Routes after = find_routes(arena, customised, requests);
    CHECK(after.nodes == before.nodes);
    CHECK(after.cost == before.cost);
}

TEST_CASE("weights that change step by step give what they give from scratch") {
    Arena arena(2, 1);
    const auto network = random_network(17, 40, 30, true);
    const ContractionHierarchy hierarchy(arena, network.graph, network.x, network.y);
    HierarchyWeights updated(hierarchy);
    std::vector<RouteRequest> requests;
    for (Index i = 0; i < 1200; ++i) requests.push_back({i, (i * 431 + 7) % 1200});
    std::vector<Weight> weights = network.weights;
    updated.customise(arena, weights);
    const Random random(5, "changes");
    for (std::uint64_t step = 0; step < 30; ++step) {
        const std::size_t changes = step % 3 == 0   ? 1
                                    : step % 3 == 1 ? 5
                                                    : 400;  // few, some, so many that all is done anew
        for (std::size_t i = 0; i < changes; ++i) {
            const auto arc =
                static_cast<std::size_t>(random.uniform(step, 2 * i) * static_cast<double>(weights.size()));
            const double u = random.uniform(step, 2 * i + 1);
            weights[arc] = u < 0.3 ? infinite_weight : 1 + static_cast<Weight>(u * 4);
        }
        updated.customise(arena, weights);
        HierarchyWeights fresh(hierarchy);
        fresh.customise(arena, weights);
        const Routes a = find_routes(arena, updated, requests), b = find_routes(arena, fresh, requests);
        REQUIRE(a.cost == b.cost);
        REQUIRE(a.nodes == b.nodes);
    }
}

TEST_CASE("order, weights and routes are the same on 1, 2, 4 and 7 threads") {
    const auto network = random_network(12, 60, 50, true);
    std::vector<RouteRequest> requests;
    for (Index i = 0; i < 9000; ++i) requests.push_back({i % 3000, (i * 977 + 5) % 3000});
    std::vector<Index> order;
    Routes routes;
    std::vector<Weight> matrix;
    for (const int threads : {1, 2, 4, 7}) {
        Arena arena(threads, 1);
        const std::vector<Index> own_order = nested_dissection_order(arena, network.graph, network.x, network.y);
        const ContractionHierarchy hierarchy(network.graph, own_order);
        HierarchyWeights customised(hierarchy);
        customised.customise(arena, network.weights);
        Arena routing_arena(threads, 1);  // its own, so that its worker share tells of the routes alone
        Routes own = find_routes(routing_arena, customised, requests);
        // On a busy machine the workers may come late: the same batch again must give the same anyway.
        for (int i = 0; i < 20 && threads > 1 && routing_arena.worker_share() < 0.2; ++i)
            own = find_routes(routing_arena, customised, requests);
        const std::vector<Index> few{1, 50, 999, 2500}, many{7, 8, 1500, 2999, 31};
        const std::vector<Weight> own_matrix = cost_matrix(arena, customised, few, many);
        if (threads == 1) {
            order = own_order;
            routes = own;
            matrix = own_matrix;
            continue;
        }
        CHECK(routing_arena.worker_share() >= 0.2);
        CHECK(own_order == order);
        CHECK(own.cost == routes.cost);
        CHECK(own.first == routes.first);
        CHECK(own.nodes == routes.nodes);
        CHECK(own_matrix == matrix);
    }
}

TEST_CASE("a matrix from the hierarchy is Dijkstra's matrix") {
    Arena arena(2, 1);
    const auto network = random_network(15, 25, 20);
    const ContractionHierarchy hierarchy(arena, network.graph, network.x, network.y);
    HierarchyWeights customised(hierarchy);
    customised.customise(arena, network.weights);
    std::vector<Index> sources, targets;
    for (Index i = 0; i < 80; ++i) sources.push_back((i * 37) % 500), targets.push_back((i * 91 + 3) % 500);
    CHECK(cost_matrix(arena, customised, sources, targets) ==
          cost_matrix(arena, network.graph, network.weights, sources, targets));
}

TEST_CASE("a network in pieces, with loops, and an empty one are contracted too") {
    Arena arena(1);
    const std::vector<Index> tail{0, 1, 1, 3, 4}, head{1, 0, 1, 4, 3};
    const std::vector<double> at(6, 0.0);  // all in one place
    const CsrGraph graph(6, tail, head);
    const std::vector<Weight> weights{5, 6, 7, 8, 9};
    const ContractionHierarchy hierarchy(arena, graph, at, at);
    HierarchyWeights customised(hierarchy);
    customised.customise(arena, weights);
    check_all_pairs(graph, customised, weights);

    const CsrGraph lonely(3, {}, {});  // nodes without an arc
    const ContractionHierarchy apart(arena, lonely, std::span(at).first(3), std::span(at).first(3));
    HierarchyWeights no_arcs(apart);
    no_arcs.customise(arena, {});
    check_all_pairs(lonely, no_arcs, {});

    const CsrGraph empty(0, {}, {});
    const ContractionHierarchy nothing(arena, empty, {}, {});
    HierarchyWeights none(nothing);
    none.customise(arena, {});
    CHECK(find_routes(arena, none, {}).size() == 0);
}
