#pragma once
// Small random networks for the routing tests: a grid with missing streets, one-way streets and random weights.
#include <vector>

#include "core/random/philox.hpp"
#include "core/routing/csr_graph.hpp"
#include "core/routing/weight.hpp"

namespace citytwin::testing {

struct RandomNetwork {
    routing::CsrGraph graph;
    std::vector<routing::Weight> weights;
    std::vector<double> x, y;
};

/// A `width` x `height` grid of nodes 100 m apart, jittered; a share of the arcs is missing, another closed. With
/// `few_values` the weights are drawn from {1, 2, 3}, so that ties are frequent.
inline RandomNetwork random_network(std::uint64_t seed, Index width, Index height, bool few_values = false) {
    const Random random(seed, "random network");
    RandomNetwork network;
    std::vector<Index> tail, head;
    std::uint64_t draw = 0;
    const auto add = [&](Index a, Index b) {
        if (random.uniform(0, ++draw) < 0.12) return;
        tail.push_back(a);
        head.push_back(b);
    };
    for (Index row = 0; row < height; ++row)
        for (Index column = 0; column < width; ++column) {
            const Index node = row * width + column;
            network.x.push_back(100.0 * column + 40 * random.uniform(node, 1));
            network.y.push_back(100.0 * row + 40 * random.uniform(node, 2));
            if (column + 1 < width) add(node, node + 1), add(node + 1, node);
            if (row + 1 < height) add(node, node + width), add(node + width, node);
            if (random.uniform(node, 3) < 0.05) add(node, static_cast<Index>(random.uniform(node, 4) * width * height));
        }
    network.graph = routing::CsrGraph(std::size_t{width} * height, tail, head);
    for (std::size_t arc = 0; arc < network.graph.arcs(); ++arc) {
        const double u = random.uniform(arc, 5);
        const auto value =
            few_values ? 1 + static_cast<routing::Weight>(u * 3) : 2000 + static_cast<routing::Weight>(u * 20000);
        network.weights.push_back(random.uniform(arc, 6) < 0.03 ? routing::infinite_weight : value);
    }
    return network;
}

}  // namespace citytwin::testing
