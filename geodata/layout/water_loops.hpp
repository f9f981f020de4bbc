#pragma once
// Ways along streets that carry no pipe yet, from one laid node to another: what closes loops of a water network.
#include <functional>
#include <vector>

#include "geodata/layout/street_graph.hpp"

namespace citytwin::geodata {

struct LoopWay {
    Index from = no_index, to = no_index;   ///< laid nodes
    std::vector<Index> edges;               ///< in the order of the way
    double length_m = 0;
};

/// Picks ways that close loops, those that shorten the way around most first (distance in the tree / length; ties by edge).
class LoopPicker {
public:
    /// `zone`: per graph node, no_index where no pipe lies; loops stay within a zone. `used`: per edge.
    LoopPicker(const StreetGraph& graph, std::vector<Index> zone, std::vector<std::uint8_t> used, std::function<double(Index, Index)> tree_distance_m)
        : graph_(graph), zone_(std::move(zone)), used_(std::move(used)), taken_(graph.nodes(), 0), tree_distance_m_(std::move(tree_distance_m)) {}

    /// Up to `count` ways: first single streets between two laid nodes (design page city.md, section 10), then, as long as they
    /// don't suffice, ways through corners where nobody is served: dead ends closed along the streets behind them. A way
    /// through such a corner is one pipe; two of them never share a street or a corner.
    std::vector<LoopWay> pick(std::size_t count);

private:
    using Candidate = std::pair<double, LoopWay>;
    [[nodiscard]] std::vector<Candidate> single_streets() const;
    [[nodiscard]] std::vector<Candidate> ways_through_corners() const;
    /// Takes from the best on what doesn't touch what was taken; how many.
    std::size_t take(std::vector<Candidate> candidates, std::size_t count, std::vector<LoopWay>& picked);

    const StreetGraph& graph_;
    std::vector<Index> zone_;
    std::vector<std::uint8_t> used_, taken_;
    std::function<double(Index, Index)> tree_distance_m_;
};

}  // namespace citytwin::geodata
