// All pairs of a real network with turn bans: cologne8 of the SUMO project's scenarios (shared data, never shipped).
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "core/routing/contraction_hierarchy.hpp"
#include "core/routing/turn_graph.hpp"
#include "geodata/sumo/sumo.hpp"
#include "support/boost_oracle.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::routing;
using citytwin::testing::boost_costs;
using citytwin::testing::boost_graph;

namespace {

std::string net_file_in(const std::string& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().string().ends_with(".net.xml")) return entry.path().string();
    return {};
}

}  // namespace

TEST_CASE("all pairs of cologne8 cost what Boost says, by Dijkstra, A* and hierarchy") {
    SHARED_OR_SKIP(folder, "data/traffic/sumo/cologne8");
    DiagnosticList diagnostics;
    const geodata::RoadNetwork network = geodata::read_sumo_network(net_file_in(folder), diagnostics);
    const TurnGraph turns = make_turn_graph(network.links(), network.connection_from_link, network.connection_to_link);
    std::vector<Weight> link_cost, weights(turns.turns());
    std::vector<double> exact_cost, exact(turns.turns()), x, y;
    for (std::size_t link = 0; link < network.links(); ++link) {
        exact_cost.push_back(network.link_length_m[link] / network.link_speed_mps[link]);
        link_cost.push_back(weight_from_seconds(exact_cost.back()));
        x.push_back(network.node_x[network.link_to[link]]);
        y.push_back(network.node_y[network.link_to[link]]);
    }
    turn_weights(turns, link_cost, {}, weights);
    turn_weights(turns, exact_cost, {}, exact);
    const auto rounded_oracle = boost_graph(turns.graph, weights), exact_oracle = boost_graph(turns.graph, exact);

    Arena arena(2);
    const ContractionHierarchy hierarchy(arena, turns.graph, x, y);
    HierarchyWeights customised(hierarchy);
    customised.customise(arena, weights);
    HierarchySearch search(hierarchy);
    PathSearch<Weight> dijkstra(turns.graph), steered(turns.graph);
    PathSearch<double> exact_search(turns.graph);
    const double slope = least_weight_per_metre<Weight>(turns.graph, weights, x, y);
    std::size_t found = 0;
    for (Index from = 0; from < turns.links(); ++from) {
        const std::vector<double> rounded = boost_costs(rounded_oracle, from),
                                  seconds = boost_costs(exact_oracle, from);
        dijkstra.tree(from, weights);
        exact_search.tree(from, exact);
        for (Index to = 0; to < turns.links(); ++to) {
            const bool reachable = rounded[to] < std::numeric_limits<double>::max();
            found += reachable;
            const Weight expected = reachable ? static_cast<Weight>(rounded[to]) : infinite_weight;
            REQUIRE(dijkstra.cost_to(to) == expected);
            REQUIRE(search.cost(customised, from, to) == expected);
            if (reachable) REQUIRE(exact_search.cost_to(to) == Approx(seconds[to]).epsilon(1e-9));
            if ((from + to) % 16 == 0)
                REQUIRE(steered.cost(from, to, weights, BeelinePotential<Weight>{x, y, slope, to}) == expected);
        }
    }
    CHECK(found > turns.links() * turns.links() / 2);
}
