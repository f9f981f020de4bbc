#include <catch2/catch.hpp>
#include <stdexcept>

#include "core/routing/csr_graph.hpp"
#include "core/routing/turn_graph.hpp"

using namespace citytwin;
using namespace citytwin::routing;

TEST_CASE("arcs are numbered by tail, head and input position") {
    const std::vector<Index> tail{2, 0, 0, 2, 0}, head{1, 2, 1, 0, 2};
    const CsrGraph graph(3, tail, head);
    REQUIRE(graph.nodes() == 3);
    REQUIRE(graph.arcs() == 5);
    std::vector<Index> inputs;
    for (std::size_t arc = 0; arc < graph.arcs(); ++arc) inputs.push_back(graph.input_of(arc));
    CHECK(inputs == std::vector<Index>{2, 1, 4, 3, 0});
    CHECK(graph.find_arc(0, 2) == 1);
    CHECK(graph.find_arc(1, 2) == no_index);
}

TEST_CASE("an arc to a node that isn't there is refused") {
    const std::vector<Index> tail{0}, head{3};
    CHECK_THROWS_AS(CsrGraph(3, tail, head), std::invalid_argument);
}

TEST_CASE("backward arcs list every arc at its head") {
    const std::vector<Index> tail{0, 1, 2, 0}, head{2, 2, 0, 1};
    const CsrGraph graph(3, tail, head);
    const BackwardArcs backward(graph);
    REQUIRE(backward.first_in == std::vector<Index>{0, 1, 2, 4});
    for (std::size_t node = 0; node < 3; ++node)
        for (Index i = backward.first_in[node]; i < backward.first_in[node + 1]; ++i)
            CHECK(graph.head(backward.arc[i]) == node);
}

TEST_CASE("strong components join what can be reached both ways") {
    // 0 -> 1 -> 2 -> 0 is a cycle, 3 <-> 4 another one, 2 -> 3 leads over but not back, 5 is alone.
    const std::vector<Index> tail{0, 1, 2, 3, 4, 2}, head{1, 2, 0, 4, 3, 3};
    const CsrGraph graph(6, tail, head);
    const StrongComponents components = strong_components(graph);
    CHECK(components.component_of == std::vector<Index>{0, 0, 0, 1, 1, 2});
    CHECK(components.size == std::vector<Index>{3, 2, 1});
    CHECK(components.largest() == 0);

    std::vector<std::uint8_t> open(graph.arcs(), 1);
    open[graph.find_arc(1, 2)] = 0;
    CHECK(strong_components(graph, open).size.size() == 5);
}

TEST_CASE("the connections of several lanes are one turn at the least cost") {
    // Link 0 leads into 1 by two lanes and into 2 by one.
    const std::vector<Index> from{0, 0, 0, 1}, to{1, 2, 1, 2};
    const TurnGraph turns = make_turn_graph(3, from, to);
    REQUIRE(turns.turns() == 3);
    CHECK(turns.arc_of_connection[0] == turns.arc_of_connection[2]);
    const std::vector<Weight> link_cost{100, 200, infinite_weight}, turn_cost{50, 0, 30, 0};
    std::vector<Weight> weights(turns.turns());
    turn_weights(turns, link_cost, turn_cost, weights);
    CHECK(weights[turns.arc_of_connection[0]] == 230);
    CHECK(weights[turns.arc_of_connection[1]] == infinite_weight);
}

TEST_CASE("seconds become milliseconds, never 0 and never past infinite") {
    CHECK(weight_from_seconds(1.5) == 1500);
    CHECK(weight_from_seconds(0) == 1);
    CHECK(weight_from_seconds(1e9) == infinite_weight);
    CHECK(weight_from_seconds(std::numeric_limits<double>::quiet_NaN()) == infinite_weight);
    CHECK(add_weights(infinite_weight, infinite_weight) == infinite_weight);
}
