#include "geodata/layout/water_loops.hpp"

#include <algorithm>
#include <limits>
#include <queue>
#include <tuple>

namespace citytwin::geodata {

namespace {

/// Shortest ways from laid nodes into the streets without pipes: each corner belongs to its nearest laid node (ties by node).
class Reach {
public:
    Reach(const StreetGraph& graph, const std::vector<Index>& zone, const std::vector<std::uint8_t>& used, const std::vector<std::uint8_t>& taken)
        : graph_(graph), owner_(graph.nodes(), no_index), parent_edge_(graph.nodes(), no_index), distance_m_(graph.nodes(), std::numeric_limits<double>::infinity()) {
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
        for (std::size_t v = 0; v < graph.nodes(); ++v) {
            if (zone[v] == no_index) continue;
            owner_[v] = static_cast<Index>(v);
            distance_m_[v] = 0;
            queue.emplace(0.0, static_cast<Index>(v));
        }
        while (!queue.empty()) {
            const auto [distance, v] = queue.top();
            queue.pop();
            if (distance > distance_m_[v]) continue;
            for (const Index e : graph.at(v)) {
                const Index to = graph.other(e, v);
                if (used[e] != 0 || zone[to] != no_index || taken[to] != 0) continue;
                const double further = distance + graph.length_m[e];
                if (further >= distance_m_[to]) continue;
                distance_m_[to] = further;
                owner_[to] = owner_[v];
                parent_edge_[to] = e;
                queue.emplace(further, to);
            }
        }
    }

    [[nodiscard]] Index owner(Index v) const { return owner_[v]; }
    [[nodiscard]] bool is_parent(Index e) const { return parent_edge_[graph_.from[e]] == e || parent_edge_[graph_.to[e]] == e; }
    /// The way owner(from) … edge … owner(to).
    [[nodiscard]] LoopWay way(Index edge) const {
        const Index a = graph_.from[edge], b = graph_.to[edge];
        LoopWay out{owner_[a], owner_[b], path(a), distance_m_[a] + graph_.length_m[edge] + distance_m_[b]};
        std::reverse(out.edges.begin(), out.edges.end());
        out.edges.push_back(edge);
        const auto back = path(b);
        out.edges.insert(out.edges.end(), back.begin(), back.end());
        return out;
    }

private:
    using Entry = std::pair<double, Index>;
    /// From a node to its owner.
    [[nodiscard]] std::vector<Index> path(Index v) const {
        std::vector<Index> edges;
        while (parent_edge_[v] != no_index) {
            edges.push_back(parent_edge_[v]);
            v = graph_.other(parent_edge_[v], v);
        }
        return edges;
    }

    const StreetGraph& graph_;
    std::vector<Index> owner_, parent_edge_;
    std::vector<double> distance_m_;
};

}  // namespace

std::vector<LoopWay> LoopPicker::pick(std::size_t count) {
    std::vector<LoopWay> picked;
    take(single_streets(), count, picked);
    while (picked.size() < count && take(ways_through_corners(), count, picked) > 0) {}
    return picked;
}

std::vector<LoopPicker::Candidate> LoopPicker::single_streets() const {
    std::vector<Candidate> out;
    for (std::size_t e = 0; e < graph_.edges(); ++e) {
        const Index a = graph_.from[e], b = graph_.to[e];
        if (used_[e] != 0 || a == b || zone_[a] == no_index || zone_[a] != zone_[b]) continue;
        out.emplace_back(-tree_distance_m_(a, b) / graph_.length_m[e], LoopWay{a, b, {static_cast<Index>(e)}, graph_.length_m[e]});
    }
    return out;
}

std::vector<LoopPicker::Candidate> LoopPicker::ways_through_corners() const {
    const Reach reach(graph_, zone_, used_, taken_);
    std::vector<Candidate> out;
    for (std::size_t k = 0; k < graph_.edges(); ++k) {
        const auto e = static_cast<Index>(k);
        const Index a = reach.owner(graph_.from[e]), b = reach.owner(graph_.to[e]);
        if (used_[e] != 0 || a == no_index || b == no_index || a == b || zone_[a] != zone_[b] || reach.is_parent(e)) continue;
        LoopWay way = reach.way(e);
        const double gain = -tree_distance_m_(a, b) / way.length_m;
        out.emplace_back(gain, std::move(way));
    }
    return out;
}

std::size_t LoopPicker::take(std::vector<Candidate> candidates, std::size_t count, std::vector<LoopWay>& picked) {
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) { return std::tie(a.first, a.second.edges) < std::tie(b.first, b.second.edges); });
    const std::size_t before = picked.size();
    for (auto& [gain, way] : candidates) {
        if (picked.size() >= count) break;
        std::vector<Index> corners;
        Index at = way.from;
        bool free = true;
        for (const Index e : way.edges) {
            free = free && used_[e] == 0;
            at = graph_.other(e, at);
            if (at != way.to) corners.push_back(at);
        }
        free = free && std::all_of(corners.begin(), corners.end(), [&](Index v) { return taken_[v] == 0; });
        if (!free) continue;
        for (const Index e : way.edges) used_[e] = 1;
        for (const Index v : corners) taken_[v] = 1;
        picked.push_back(std::move(way));
    }
    return picked.size() - before;
}

}  // namespace citytwin::geodata
