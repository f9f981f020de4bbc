#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "geodata/layout/street_graph.hpp"

namespace citytwin::geodata {

namespace {

using HeapItem = std::pair<double, Index>;

void push(std::vector<HeapItem>& heap, double key, Index node) {
    heap.emplace_back(key, node);
    std::push_heap(heap.begin(), heap.end(), std::greater<>{});
}

HeapItem pop(std::vector<HeapItem>& heap) {
    std::pop_heap(heap.begin(), heap.end(), std::greater<>{});
    const HeapItem top = heap.back();
    heap.pop_back();
    return top;
}

/// Every node's nearest terminal with the edge that leads towards it.
struct Regions {
    std::vector<double> distance;
    std::vector<Index> base, parent_edge;
};

Regions regions_of(const StreetGraph& graph, std::span<const Index> terminals) {
    Regions r{std::vector<double>(graph.nodes(), std::numeric_limits<double>::infinity()), std::vector<Index>(graph.nodes(), no_index),
              std::vector<Index>(graph.nodes(), no_index)};
    std::vector<HeapItem> heap;
    for (const Index t : terminals) {
        if (r.base[t] != no_index) continue;
        r.distance[t] = 0;
        r.base[t] = t;
        push(heap, 0, t);
    }
    std::vector<std::uint8_t> settled(graph.nodes(), 0);
    while (!heap.empty()) {
        const auto [reach, node] = pop(heap);
        if (settled[node]) continue;
        settled[node] = 1;
        for (const Index edge : graph.at(node)) {
            const Index to = graph.other(edge, node);
            const double through = reach + graph.weight[edge];
            if (settled[to] || through >= r.distance[to]) continue;
            r.distance[to] = through;
            r.base[to] = r.base[node];
            r.parent_edge[to] = edge;
            push(heap, through, to);
        }
    }
    return r;
}

Index find(std::vector<Index>& parent, Index a) {
    while (parent[a] != a) a = parent[a] = parent[parent[a]];
    return a;
}

}  // namespace

std::vector<Index> steiner_tree(const StreetGraph& graph, std::span<const Index> terminals) {
    const Regions r = regions_of(graph, terminals);
    std::vector<std::pair<double, Index>> bridges;
    for (std::size_t e = 0; e < graph.edges(); ++e) {
        const Index a = graph.from[e], b = graph.to[e];
        if (r.base[a] == r.base[b] || r.base[a] == no_index || r.base[b] == no_index) continue;
        bridges.emplace_back(r.distance[a] + graph.weight[e] + r.distance[b], static_cast<Index>(e));
    }
    std::sort(bridges.begin(), bridges.end());
    std::vector<Index> part(graph.nodes());
    std::iota(part.begin(), part.end(), Index{0});
    std::vector<std::uint8_t> used(graph.edges(), 0);
    const auto use_towards_terminal = [&](Index node) {
        while (r.parent_edge[node] != no_index && !used[r.parent_edge[node]]) {
            used[r.parent_edge[node]] = 1;
            node = graph.other(r.parent_edge[node], node);
        }
    };
    for (const auto& [length, edge] : bridges) {
        const Index a = find(part, r.base[graph.from[edge]]), b = find(part, r.base[graph.to[edge]]);
        if (a == b) continue;
        part[std::max(a, b)] = std::min(a, b);
        used[edge] = 1;
        use_towards_terminal(graph.from[edge]);
        use_towards_terminal(graph.to[edge]);
    }
    std::vector<Index> edges;
    for (std::size_t e = 0; e < graph.edges(); ++e) {
        if (used[e]) edges.push_back(static_cast<Index>(e));
    }
    return edges;
}

RootedTree hang_up(const StreetGraph& graph, std::span<const Index> tree_edges, std::span<const Index> roots) {
    RootedTree tree;
    tree.parent.assign(graph.nodes(), no_index);
    tree.parent_edge = tree.root = tree.parent;
    tree.depth_m.assign(graph.nodes(), std::numeric_limits<double>::infinity());
    std::vector<std::uint8_t> in_tree(graph.edges(), 0), settled(graph.nodes(), 0);
    for (const Index e : tree_edges) in_tree[e] = 1;
    std::vector<HeapItem> heap;
    for (std::size_t k = 0; k < roots.size(); ++k) {
        if (tree.root[roots[k]] != no_index) continue;
        tree.root[roots[k]] = static_cast<Index>(k);
        tree.depth_m[roots[k]] = 0;
        push(heap, 0, roots[k]);
    }
    while (!heap.empty()) {
        const auto [reach, node] = pop(heap);
        if (settled[node]) continue;
        settled[node] = 1;
        tree.order.push_back(node);
        for (const Index edge : graph.at(node)) {
            const Index to = graph.other(edge, node);
            const double through = reach + graph.length_m[edge];
            if (!in_tree[edge] || settled[to] || through >= tree.depth_m[to]) continue;
            tree.depth_m[to] = through;
            tree.root[to] = tree.root[node];
            tree.parent[to] = node;
            tree.parent_edge[to] = edge;
            push(heap, through, to);
        }
    }
    for (const Index e : tree_edges) {
        if (tree.root[graph.from[e]] != tree.root[graph.to[e]]) tree.cut.push_back(e);
    }
    return tree;
}

}  // namespace citytwin::geodata
