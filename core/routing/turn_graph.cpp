#include "core/routing/turn_graph.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace citytwin::routing {

TurnGraph make_turn_graph(std::size_t link_count, std::span<const Index> from_link, std::span<const Index> to_link) {
    if (from_link.size() != to_link.size())
        throw std::invalid_argument("make_turn_graph: as many from links as to links are needed");
    std::vector<Index> order(from_link.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::sort(order.begin(), order.end(), [&](Index a, Index b) {
        if (from_link[a] != from_link[b]) return from_link[a] < from_link[b];
        return to_link[a] != to_link[b] ? to_link[a] < to_link[b] : a < b;
    });
    TurnGraph turns;
    turns.arc_of_connection.resize(from_link.size());
    std::vector<Index> tail, head;
    for (const Index c : order) {
        if (tail.empty() || tail.back() != from_link[c] || head.back() != to_link[c]) {
            tail.push_back(from_link[c]);
            head.push_back(to_link[c]);
        }
        turns.arc_of_connection[c] = static_cast<Index>(tail.size() - 1);
    }
    turns.graph = CsrGraph(link_count, tail, head);  // the arcs are sorted already and keep their numbers
    return turns;
}

namespace {
template <class W>
void fill_turn_weights(const TurnGraph& turns, std::span<const W> link_cost, std::span<const W> connection_cost,
                       std::span<W> weights) {
    const CsrGraph& graph = turns.graph;
    if (link_cost.size() != graph.nodes() || weights.size() != graph.arcs() ||
        (!connection_cost.empty() && connection_cost.size() != turns.arc_of_connection.size()))
        throw std::invalid_argument("turn_weights: one cost a link, one a connection and one weight an arc are needed");
    std::fill(weights.begin(), weights.end(), connection_cost.empty() ? W{0} : infinite_weight_of<W>);
    for (std::size_t c = 0; c < connection_cost.size(); ++c) {
        W& weight = weights[turns.arc_of_connection[c]];
        weight = std::min(weight, connection_cost[c]);
    }
    for (std::size_t a = 0; a < weights.size(); ++a) weights[a] = add_weights(weights[a], link_cost[graph.head(a)]);
}
}  // namespace

void turn_weights(const TurnGraph& turns, std::span<const Weight> link_cost, std::span<const Weight> connection_cost,
                  std::span<Weight> weights) {
    fill_turn_weights<Weight>(turns, link_cost, connection_cost, weights);
}

void turn_weights(const TurnGraph& turns, std::span<const double> link_cost, std::span<const double> connection_cost,
                  std::span<double> weights) {
    fill_turn_weights<double>(turns, link_cost, connection_cost, weights);
}

}  // namespace citytwin::routing
