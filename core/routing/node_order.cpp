#include "core/routing/node_order.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "core/routing/vertex_separator.hpp"

namespace citytwin::routing {

namespace {

constexpr std::size_t leaf_size = 4;  // cells up to this size aren't split any more

struct Cell {
    CellGraph graph;
    Index first_rank = 0;  ///< its nodes take the ranks [first_rank, first_rank + size)
};

/// Neighbours in either direction, ascending, without loops and doubles.
CellGraph undirected(const CsrGraph& graph, std::span<const double> x, std::span<const double> y) {
    const BackwardArcs backward(graph);
    CellGraph cell;
    cell.x.assign(x.begin(), x.end());
    cell.y.assign(y.begin(), y.end());
    cell.node.resize(graph.nodes());
    std::iota(cell.node.begin(), cell.node.end(), Index{0});
    std::vector<Index> row;
    for (std::size_t v = 0; v < graph.nodes(); ++v) {
        row.clear();
        for (Index a = graph.first_out(v); a < graph.first_out(v + 1); ++a) row.push_back(graph.head(a));
        for (Index i = backward.first_in[v]; i < backward.first_in[v + 1]; ++i)
            row.push_back(graph.tail(backward.arc[i]));
        std::sort(row.begin(), row.end());
        row.erase(std::unique(row.begin(), row.end()), row.end());
        std::erase(row, static_cast<Index>(v));
        cell.neighbour.insert(cell.neighbour.end(), row.begin(), row.end());
        cell.first.push_back(static_cast<Index>(cell.neighbour.size()));
    }
    return cell;
}

/// Sorts the nodes of a cell into parts: part[v] in [0, count), anything else is left out. Each part takes the next
/// ranks.
std::vector<Cell> parts_of(const Cell& cell, std::span<const Index> part, Index count) {
    const CellGraph& whole = cell.graph;
    std::vector<Cell> parts(count);
    std::vector<Index> local(whole.size());
    for (std::size_t v = 0; v < whole.size(); ++v) {
        if (part[v] >= count) continue;
        CellGraph& own = parts[part[v]].graph;
        local[v] = static_cast<Index>(own.node.size());
        own.node.push_back(whole.node[v]);
        own.x.push_back(whole.x[v]);
        own.y.push_back(whole.y[v]);
    }
    for (std::size_t v = 0; v < whole.size(); ++v) {
        if (part[v] >= count) continue;
        CellGraph& own = parts[part[v]].graph;
        for (const Index w : whole.neighbours(v))
            if (part[w] == part[v]) own.neighbour.push_back(local[w]);
        own.first.push_back(static_cast<Index>(own.neighbour.size()));
    }
    Index first_rank = cell.first_rank;
    for (Cell& own : parts) {
        own.first_rank = first_rank;
        first_rank += static_cast<Index>(own.graph.size());
    }
    return parts;
}

/// Component of each node, numbered by the lowest node; returns how many there are.
Index connected_parts(const CellGraph& cell, std::vector<Index>& part) {
    part.assign(cell.size(), no_index);
    std::vector<Index> queue;
    Index parts = 0;
    for (std::size_t root = 0; root < cell.size(); ++root) {
        if (part[root] != no_index) continue;
        part[root] = parts;
        queue.assign(1, static_cast<Index>(root));
        for (std::size_t i = 0; i < queue.size(); ++i)
            for (const Index w : cell.neighbours(queue[i]))
                if (part[w] == no_index) {
                    part[w] = parts;
                    queue.push_back(w);
                }
        ++parts;
    }
    return parts;
}

/// Ranks a cell that isn't split: nodes with few neighbours first.
void rank_leaf(const Cell& cell, std::vector<Index>& rank) {
    std::vector<Index> order(cell.graph.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
        return cell.graph.neighbours(a).size() < cell.graph.neighbours(b).size();
    });
    for (std::size_t i = 0; i < order.size(); ++i)
        rank[cell.graph.node[order[i]]] = cell.first_rank + static_cast<Index>(i);
}

/// Ranks the separator (last of the cell's ranks) and returns the parts that are left.
std::vector<Cell> split(const Cell& cell, std::vector<Index>& rank) {
    std::vector<Index> part;
    const Index components = connected_parts(cell.graph, part);
    if (components > 1) return parts_of(cell, part, components);
    const std::vector<Side> sides = cell.graph.size() <= leaf_size ? std::vector<Side>{} : separate(cell.graph);
    if (sides.empty()) {
        rank_leaf(cell, rank);
        return {};
    }
    Index next = cell.first_rank + static_cast<Index>(cell.graph.size());
    for (std::size_t v = cell.graph.size(); v-- > 0;) {
        part[v] = static_cast<Index>(sides[v]);
        if (sides[v] == Side::separator) rank[cell.graph.node[v]] = --next;
    }
    return parts_of(cell, part, 2);
}

}  // namespace

std::vector<Index> nested_dissection_order(Arena& arena, const CsrGraph& graph, std::span<const double> x,
                                           std::span<const double> y) {
    if (x.size() != graph.nodes() || y.size() != graph.nodes())
        throw std::invalid_argument("nested_dissection_order: one coordinate pair a node is needed");
    std::vector<Index> rank(graph.nodes());
    std::vector<Cell> cells;
    if (graph.nodes() != 0) cells.push_back({undirected(graph, x, y), 0});
    while (!cells.empty()) {  // all cells of one depth side by side: each writes its own ranks
        std::vector<std::vector<Cell>> parts(cells.size());
        arena.each(
            cells.size(),
            [&](std::size_t c) {
                parts[c] = split(cells[c], rank);
                cells[c] = Cell{};
            },
            1);
        cells.clear();
        for (auto& of_cell : parts)
            for (Cell& part : of_cell)
                if (part.graph.size() != 0) cells.push_back(std::move(part));
    }
    return rank;
}

}  // namespace citytwin::routing
