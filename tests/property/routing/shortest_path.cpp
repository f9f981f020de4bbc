// The project's own searches against Boost.Graph, an implementation that shares no line with them.
#include <catch2/catch.hpp>

#include "core/routing/shortest_path.hpp"
#include "support/boost_oracle.hpp"
#include "support/random_network.hpp"

using namespace citytwin;
using namespace citytwin::routing;
using citytwin::testing::boost_costs;
using citytwin::testing::boost_graph;
using citytwin::testing::random_network;

namespace {

double path_cost(const CsrGraph& graph, const std::vector<Weight>& weights, const std::vector<Index>& nodes) {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
        const Index arc = graph.find_arc(nodes[i], nodes[i + 1]);
        if (arc == no_index) return -1;
        Weight least = infinite_weight;  // parallel arcs
        for (Index a = arc; a < graph.first_out(nodes[i] + 1) && graph.head(a) == nodes[i + 1]; ++a)
            least = std::min(least, weights[a]);
        sum += least;
    }
    return sum;
}

}  // namespace

TEST_CASE("Dijkstra and A* find Boost's costs for all pairs of random networks") {
    int unreachable = 0;
    for (const bool few_values : {false, true}) {
        for (std::uint64_t seed = 1; seed <= 4; ++seed) {
            const auto network = random_network(seed, 12, 9, few_values);
            const auto oracle = boost_graph(network.graph, network.weights);
            const double slope = least_weight_per_metre<Weight>(network.graph, network.weights, network.x, network.y);
            PathSearch<Weight> search(network.graph), all(network.graph);
            Path<Weight> plain, steered;
            for (Index from = 0; from < network.graph.nodes(); ++from) {
                const std::vector<double> expected = boost_costs(oracle, from);
                all.tree(from, network.weights);
                for (Index to = 0; to < network.graph.nodes(); ++to) {
                    const bool found = search.path(from, to, network.weights, plain);
                    const BeelinePotential<Weight> beeline{network.x, network.y, slope, to};
                    REQUIRE(search.path(from, to, network.weights, steered, beeline) == found);
                    REQUIRE(found == (expected[to] < std::numeric_limits<double>::max()));
                    unreachable += !found;
                    REQUIRE(all.cost_to(to) == plain.cost);
                    if (!found) continue;
                    REQUIRE(static_cast<double>(plain.cost) == expected[to]);
                    REQUIRE(path_cost(network.graph, network.weights, plain.nodes) == expected[to]);
                    REQUIRE(plain.nodes.front() == from);
                    REQUIRE(plain.nodes.back() == to);
                    REQUIRE(steered.nodes == plain.nodes);  // the rule for ties makes the path unique
                    all.path_to(to, steered);
                    REQUIRE(steered.nodes == plain.nodes);
                }
            }
        }
    }
    CHECK(unreachable > 0);  // the networks are broken enough to try that too
}

TEST_CASE("floating-point weights give the same costs as Boost to 1e-9") {
    const auto network = random_network(11, 15, 10);
    std::vector<double> weights;
    for (const Weight w : network.weights)
        weights.push_back(w < infinite_weight ? w * 0.0013 : std::numeric_limits<double>::infinity());
    const auto oracle = boost_graph(network.graph, weights);
    PathSearch<double> search(network.graph);
    const double slope = least_weight_per_metre<double>(network.graph, weights, network.x, network.y);
    for (Index from = 0; from < network.graph.nodes(); from += 7) {
        const std::vector<double> expected = boost_costs(oracle, from);
        for (Index to = 0; to < network.graph.nodes(); ++to) {
            const double cost =
                search.cost(from, to, weights, BeelinePotential<double>{network.x, network.y, slope, to});
            if (expected[to] < std::numeric_limits<double>::max())
                REQUIRE(cost == Approx(expected[to]).epsilon(1e-12));
            else
                REQUIRE(std::isinf(cost));
        }
    }
}

TEST_CASE("many to many is one to one, on any number of threads") {
    const auto network = random_network(5, 30, 20);
    std::vector<Index> sources, targets;
    for (Index i = 0; i < 70; ++i) sources.push_back((i * 37) % 600), targets.push_back((i * 91 + 3) % 600);
    PathSearch<Weight> search(network.graph);
    const auto matrix_on = [&](int threads) {
        Arena arena(threads, 1);
        return cost_matrix(arena, network.graph, network.weights, sources, targets);
    };
    const std::vector<Weight> matrix = matrix_on(1);
    CHECK(matrix_on(4) == matrix);
    for (std::size_t s = 0; s < sources.size(); ++s)
        for (std::size_t t = 0; t < targets.size(); ++t)
            REQUIRE(matrix[s * targets.size() + t] == search.cost(sources[s], targets[t], network.weights));
}

TEST_CASE("arcs of weight 0 neither loop nor change a cost") {
    auto network = random_network(8, 10, 10, true);
    for (std::size_t arc = 0; arc < network.weights.size(); arc += 2) network.weights[arc] = 0;
    const auto oracle = boost_graph(network.graph, network.weights);
    PathSearch<Weight> search(network.graph);
    Path<Weight> path;
    for (Index from = 0; from < 100; ++from) {
        const std::vector<double> expected = boost_costs(oracle, from);
        for (Index to = 0; to < 100; ++to)
            if (search.path(from, to, network.weights, path))
                REQUIRE(path_cost(network.graph, network.weights, path.nodes) == expected[to]);
    }
}

TEST_CASE("a route to the link where it starts is that link at no cost") {
    const auto network = random_network(2, 4, 4);
    PathSearch<Weight> search(network.graph);
    Path<Weight> path;
    REQUIRE(search.path(5, 5, network.weights, path));
    CHECK(path.nodes == std::vector<Index>{5});
    CHECK(path.cost == 0);
}
