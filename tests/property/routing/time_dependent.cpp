#include <catch2/catch.hpp>
#include <cmath>

#include "core/routing/hierarchy_potential.hpp"
#include "core/routing/time_dependent.hpp"
#include "core/routing/turn_graph.hpp"
#include "support/random_network.hpp"

using namespace citytwin;
using namespace citytwin::routing;
using citytwin::testing::random_network;

namespace {

TravelTimeProfiles random_profiles(std::uint64_t seed, std::size_t rows, std::size_t intervals, Weight interval_ms,
                                   double highest_ms) {
    TravelTimeProfiles profiles(rows, intervals, interval_ms);
    const Random random(seed, "profiles");
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t k = 0; k < intervals; ++k)
            profiles.set(row, k, 500 + static_cast<Weight>(random.uniform(row, k) * highest_ms));
    return profiles;
}

/// Earliest arrivals by repeating all arcs until nothing changes (Bellman, Ford): shares nothing with the search.
std::vector<std::int64_t> earliest_arrivals(const CsrGraph& graph, const TravelTimeProfiles& profiles,
                                            const std::vector<Weight>& turn_cost, Index from, std::int64_t depart) {
    constexpr std::int64_t never = std::int64_t{1} << 60;
    std::vector<std::int64_t> arrival(graph.nodes(), never);
    arrival[from] = depart;
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t arc = 0; arc < graph.arcs(); ++arc) {
            const std::int64_t at = arrival[graph.tail(arc)];
            if (at == never || turn_cost[arc] >= infinite_weight) continue;
            const std::int64_t entered = at + turn_cost[arc], left = entered + profiles.at(graph.head(arc), entered);
            if (left < arrival[graph.head(arc)]) {
                arrival[graph.head(arc)] = left;
                changed = true;
            }
        }
    }
    return arrival;
}

}  // namespace

TEST_CASE("a travel time is read linearly between the mid-points of its intervals") {
    TravelTimeProfiles profiles(1, 3, 1000);
    profiles.set(0, 0, 100);
    profiles.set(0, 1, 300);
    profiles.set(0, 2, 200);
    CHECK(profiles.at(0, -5000) == 100);
    CHECK(profiles.at(0, 0) == 100);
    CHECK(profiles.at(0, 500) == 100);
    CHECK(profiles.at(0, 1000) == 200);
    CHECK(profiles.at(0, 1500) == 300);
    CHECK(profiles.at(0, 1750) == 275);
    CHECK(profiles.at(0, 9999) == 200);
}

TEST_CASE("who enters later never leaves earlier, once the profiles are clamped") {
    TravelTimeProfiles profiles = random_profiles(1, 20, 12, 1000, 8000);
    CHECK(profiles.clamp_to_fifo() > 0);
    CHECK(profiles.clamp_to_fifo() == 0);
    for (std::size_t row = 0; row < profiles.rows(); ++row)
        for (std::int64_t t = -100; t < 12'100; ++t)
            REQUIRE(t + 1 + profiles.at(row, t + 1) >= t + profiles.at(row, t));
}

TEST_CASE("a link that is closed in an interval isn't entered in it") {
    TravelTimeProfiles profiles(1, 3, 1000);
    profiles.set(0, 0, 100);
    profiles.set(0, 2, 200);
    CHECK(profiles.at(0, 999) == 100);
    CHECK(profiles.at(0, 1000) == infinite_weight);
    CHECK(profiles.at(0, 1999) == infinite_weight);
    CHECK(profiles.at(0, 2000) == 200);
}

TEST_CASE("time-dependent routes arrive as early as exhaustive relaxation finds, steered by a hierarchy or not") {
    Arena arena(1);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        auto network = random_network(seed, 10, 9);
        for (Weight& turn : network.weights)
            if (turn < infinite_weight) turn %= 3000;  // here the weights are turn costs, some closed
        TravelTimeProfiles profiles = random_profiles(seed, network.graph.nodes(), 10, 20'000, 45'000);
        profiles.clamp_to_fifo();

        const std::vector<Weight> least = profiles.least();
        std::vector<Weight> bounds(network.graph.arcs());
        for (std::size_t arc = 0; arc < bounds.size(); ++arc)
            bounds[arc] = add_weights(network.weights[arc], least[network.graph.head(arc)]);
        const ContractionHierarchy hierarchy(arena, network.graph, network.x, network.y);
        HierarchyWeights customised(hierarchy);
        customised.customise(arena, bounds);
        HierarchyPotential potential(customised);

        TimeDependentSearch search(network.graph);
        Path<Weight> plain, steered;
        for (Index from = 0; from < network.graph.nodes(); from += 4) {
            const std::int64_t depart = 1000 * from;
            const auto arrivals = earliest_arrivals(network.graph, profiles, network.weights, from, depart);
            for (Index to = 0; to < network.graph.nodes(); ++to) {
                const bool found = search.path(from, to, depart, profiles, network.weights, plain);
                potential.aim(to);
                REQUIRE(search.path(from, to, depart, profiles, network.weights, steered, potential) == found);
                REQUIRE(found == (arrivals[to] < (std::int64_t{1} << 60)));
                if (!found) continue;
                REQUIRE(depart + plain.cost == arrivals[to]);
                REQUIRE(steered.cost == plain.cost);
                REQUIRE(steered.nodes == plain.nodes);
            }
        }
    }
}

TEST_CASE("a hierarchy's potential is the exact distance") {
    Arena arena(1);
    const auto network = random_network(4, 12, 10);
    const ContractionHierarchy hierarchy(arena, network.graph, network.x, network.y);
    HierarchyWeights customised(hierarchy);
    customised.customise(arena, network.weights);
    HierarchyPotential potential(customised);
    PathSearch<Weight> search(network.graph);
    for (Index to = 0; to < network.graph.nodes(); to += 5) {
        potential.aim(to);
        for (Index from = 0; from < network.graph.nodes(); ++from)
            REQUIRE(potential(from) == search.cost(from, to, network.weights));
    }
}

TEST_CASE("profiles that never change give the routes of fixed weights") {
    const auto network = random_network(21, 10, 10);
    TravelTimeProfiles profiles(network.graph.nodes(), 4);
    std::vector<Weight> weights(network.graph.arcs());
    for (std::size_t node = 0; node < network.graph.nodes(); ++node)
        for (std::size_t k = 0; k < 4; ++k) profiles.set(node, k, 1000 + 37 * static_cast<Weight>(node));
    for (std::size_t arc = 0; arc < weights.size(); ++arc) weights[arc] = profiles.value(network.graph.head(arc), 0);
    TimeDependentSearch dependent(network.graph);
    PathSearch<Weight> fixed(network.graph);
    Path<Weight> a, b;
    for (Index to = 0; to < 100; ++to) {
        REQUIRE(dependent.path(3, to, 1'000'000, profiles, {}, a) == fixed.path(3, to, weights, b));
        REQUIRE(a.nodes == b.nodes);
    }
}
