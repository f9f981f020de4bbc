#include "geodata/layout/street_graph.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <tuple>

namespace citytwin::geodata {

namespace {

/// Nearer to a street's end than this a point hangs on the end's node.
constexpr double end_tolerance_m = 0.5;

/// Cuts one street at its points, which lie in `order` by offset, and adds its pieces.
class StreetCutter {
public:
    StreetCutter(const Streets& streets, std::span<const StreetPoint> points, double spacing_m, StreetGraph& graph)
        : streets_(streets), points_(points), spacing_m_(std::max(spacing_m, end_tolerance_m)), graph_(graph) {}

    void cut(Index street, std::span<const Index> order) {
        const double length = streets_.length_m[street];
        Index node = streets_.from[street];
        double at = 0;
        for (std::size_t i = 0; i < order.size();) {
            std::size_t end = i;
            double sum = 0;
            const double start = points_[order[i]].offset_m;
            for (; end < order.size() && points_[order[end]].offset_m - start < spacing_m_; ++end) sum += points_[order[end]].offset_m;
            const double offset = sum / static_cast<double>(end - i);
            Index joint = streets_.to[street];
            if (offset < end_tolerance_m || offset - at < end_tolerance_m) joint = node;
            else if (offset <= length - end_tolerance_m) {
                joint = add_joint(street, offset);
                add_piece(street, node, joint, at, offset);
                node = joint;
                at = offset;
            }
            for (; i < end; ++i) graph_.node_of_point[order[i]] = joint;
        }
        add_piece(street, node, streets_.to[street], at, length);
    }

private:
    Index add_joint(Index street, double offset) {
        const StreetPoint place = point_on_street(streets_, street, offset);
        const double share = offset / streets_.length_m[street];
        graph_.x.push_back(place.x);
        graph_.y.push_back(place.y);
        graph_.z.push_back(streets_.z[streets_.from[street]] * (1 - share) + streets_.z[streets_.to[street]] * share);
        graph_.place.push_back(place);
        return static_cast<Index>(graph_.nodes() - 1);
    }
    void add_piece(Index street, Index from, Index to, double start, double end) {
        graph_.from.push_back(from);
        graph_.to.push_back(to);
        graph_.street.push_back(street);
        graph_.start_m.push_back(start);
        graph_.end_m.push_back(end);
        graph_.length_m.push_back(end - start);
        graph_.weight.push_back((end - start) * streets_.factor[street]);
    }

    const Streets& streets_;
    std::span<const StreetPoint> points_;
    double spacing_m_;
    StreetGraph& graph_;
};

void link_incidence(StreetGraph& graph) {
    graph.first.assign(graph.nodes() + 1, 0);
    for (std::size_t e = 0; e < graph.edges(); ++e) {
        ++graph.first[graph.from[e] + 1];
        if (graph.to[e] != graph.from[e]) ++graph.first[graph.to[e] + 1];
    }
    std::partial_sum(graph.first.begin(), graph.first.end(), graph.first.begin());
    graph.incident.resize(graph.first.back());
    std::vector<Index> next(graph.first.begin(), graph.first.end() - 1);
    for (std::size_t e = 0; e < graph.edges(); ++e) {
        graph.incident[next[graph.from[e]]++] = static_cast<Index>(e);
        if (graph.to[e] != graph.from[e]) graph.incident[next[graph.to[e]]++] = static_cast<Index>(e);
    }
}

}  // namespace

StreetGraph cut_streets(const Streets& streets, std::span<const StreetPoint> points, double spacing_m) {
    StreetGraph graph;
    graph.x = streets.x;
    graph.y = streets.y;
    graph.z = streets.z;
    graph.street_nodes = streets.nodes();
    graph.place.resize(streets.nodes());
    for (std::size_t s = streets.size(); s-- > 0;) {  // downwards: the lowest street stays
        graph.place[streets.to[s]] = {static_cast<Index>(s), streets.length_m[s], streets.x[streets.to[s]], streets.y[streets.to[s]], 0};
        graph.place[streets.from[s]] = {static_cast<Index>(s), 0, streets.x[streets.from[s]], streets.y[streets.from[s]], 0};
    }
    graph.node_of_point.assign(points.size(), no_index);
    std::vector<Index> order(points.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::sort(order.begin(), order.end(), [&](Index a, Index b) {
        return std::tuple(points[a].street, points[a].offset_m, a) < std::tuple(points[b].street, points[b].offset_m, b);
    });
    StreetCutter cutter(streets, points, spacing_m, graph);
    std::size_t next = 0;
    for (std::size_t s = 0; s < streets.size(); ++s) {
        const std::size_t begin = next;
        while (next < order.size() && points[order[next]].street == s) ++next;
        cutter.cut(static_cast<Index>(s), std::span(order).subspan(begin, next - begin));
    }
    link_incidence(graph);
    return graph;
}

StreetSearch::StreetSearch(const StreetGraph& graph)
    : graph_(graph), distance_(graph.nodes()), parent_edge_(graph.nodes()), stamp_(graph.nodes(), 0), settled_(graph.nodes(), 0) {}

void StreetSearch::run(Index source, std::span<const std::uint8_t> marked, std::size_t targets) {
    ++run_;
    heap_.clear();
    distance_[source] = 0;
    parent_edge_[source] = no_index;
    stamp_[source] = run_;
    heap_.emplace_back(0.0, source);
    while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
        const auto [reach, node] = heap_.back();
        heap_.pop_back();
        if (settled_[node] == run_) continue;
        settled_[node] = run_;
        if (!marked.empty() && marked[node] && --targets == 0) return;
        for (const Index edge : graph_.at(node)) {
            const Index to = graph_.other(edge, node);
            const double through = reach + graph_.weight[edge];
            if (settled_[to] == run_ || (stamp_[to] == run_ && distance_[to] <= through)) continue;
            stamp_[to] = run_;
            distance_[to] = through;
            parent_edge_[to] = edge;
            heap_.emplace_back(through, to);
            std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
        }
    }
}

std::vector<Index> StreetSearch::path(Index node) const {
    std::vector<Index> edges;
    for (Index edge = parent_edge_[node]; edge != no_index; edge = parent_edge_[node]) {
        edges.push_back(edge);
        node = graph_.other(edge, node);
    }
    std::reverse(edges.begin(), edges.end());
    return edges;
}

std::vector<double> shape_along(const Streets& streets, const StreetGraph& graph, Index node, std::span<const Index> edges) {
    std::vector<double> points;
    for (const Index edge : edges) {
        const bool forward = graph.from[edge] == node;
        append_street_shape(streets, graph.street[edge], forward ? graph.start_m[edge] : graph.end_m[edge],
                            forward ? graph.end_m[edge] : graph.start_m[edge], !points.empty(), points);
        node = graph.other(edge, node);
    }
    if (points.empty()) points = {graph.x[node], graph.y[node], graph.x[node], graph.y[node]};
    return points;
}

}  // namespace citytwin::geodata
