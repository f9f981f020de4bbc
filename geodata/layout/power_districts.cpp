#include "geodata/layout/power_districts.hpp"

#include <algorithm>

namespace citytwin::geodata {

namespace {

/// Children of every node of a rooted tree, in the tree's order.
struct Children {
    std::vector<Index> first, row;
    Children(const RootedTree& tree, std::size_t nodes) : first(nodes + 1, 0) {
        for (const Index v : tree.order) {
            if (tree.parent[v] != no_index) ++first[tree.parent[v] + 1];
        }
        for (std::size_t n = 0; n < nodes; ++n) first[n + 1] += first[n];
        row.resize(first.back());
        std::vector<Index> next(first.begin(), first.end() - 1);
        for (const Index v : tree.order) {
            if (tree.parent[v] != no_index) row[next[tree.parent[v]]++] = v;
        }
    }
    [[nodiscard]] std::span<const Index> of(Index v) const { return {row.data() + first[v], row.data() + first[v + 1]}; }
};

class Grower {
public:
    Grower(const StreetGraph& graph, const RootedTree& tree, const std::vector<PowerDemand>& demand, const PowerLayoutOptions& options)
        : graph_(graph), tree_(tree), options_(options), children_(tree, graph.nodes()), demand_(demand), open_(demand),
          depth_m_(graph.nodes(), 0), cut_(graph.nodes(), 0) {}

    std::vector<District> grow() {
        for (std::size_t i = tree_.order.size(); i-- > 0;) close_below(tree_.order[i]);
        std::vector<District> districts;
        for (std::size_t i = tree_.order.size(); i-- > 0;) {
            const Index v = tree_.order[i];
            if (cut_[v] || tree_.parent[v] == no_index) districts.push_back(district_of(v));
        }
        return districts;
    }

private:
    [[nodiscard]] double peak_va(const PowerDemand& demand) const { return demand.peak_w(options_.dwelling_peak_w) / options_.power_factor; }

    /// Joins what the children left open to node v; cuts off children that are too far away, then the largest ones while the
    /// sum is too much for the largest transformer.
    void close_below(Index v) {
        const double most_va = options_.transformer_loading * station_transformers.back().rating_va;
        std::vector<std::pair<double, Index>> kept;
        for (const Index c : children_.of(v)) {
            const double arm = depth_m_[c] + graph_.length_m[tree_.parent_edge[c]];
            if (arm > options_.low_voltage_path_m) cut_[c] = 1;
            else kept.emplace_back(-peak_va(open_[c]), c);
        }
        std::sort(kept.begin(), kept.end());
        std::size_t from = 0;
        for (;; ++from) {
            PowerDemand sum = demand_[v];
            double depth = 0;
            for (std::size_t k = from; k < kept.size(); ++k) {
                sum += open_[kept[k].second];
                depth = std::max(depth, depth_m_[kept[k].second] + graph_.length_m[tree_.parent_edge[kept[k].second]]);
            }
            open_[v] = sum;
            depth_m_[v] = depth;
            if (from == kept.size() || peak_va(sum) <= most_va) return;
            cut_[kept[from].second] = 1;
        }
    }

    /// Nodes of the district below `root` with neighbours inside: (position, edge) pairs.
    struct Piece {
        std::vector<Index> nodes, parent, edge;
        std::vector<std::vector<std::pair<Index, Index>>> near;
    };

    Piece piece_below(Index root) const {
        Piece piece{{root}, {no_index}, {no_index}, {{}}};
        for (std::size_t i = 0; i < piece.nodes.size(); ++i) {
            for (const Index c : children_.of(piece.nodes[i])) {
                if (cut_[c]) continue;
                const auto position = static_cast<Index>(piece.nodes.size());
                piece.nodes.push_back(c);
                piece.parent.push_back(static_cast<Index>(i));
                piece.edge.push_back(tree_.parent_edge[c]);
                piece.near.push_back({{static_cast<Index>(i), tree_.parent_edge[c]}});
                piece.near[i].emplace_back(position, tree_.parent_edge[c]);
            }
        }
        return piece;
    }

    /// The position with the least sum of load times distance, among those that reach every node within the path limit.
    Index median(const Piece& piece) const {
        const std::size_t n = piece.nodes.size();
        std::vector<double> load(n), below(n), moment(n, 0), down(n, 0), up(n, 0);
        const auto length = [&](std::size_t i) { return graph_.length_m[piece.edge[i]]; };
        for (std::size_t i = 0; i < n; ++i) load[i] = below[i] = peak_va(demand_[piece.nodes[i]]);
        for (std::size_t i = n; i-- > 1;) {
            const Index p = piece.parent[i];
            below[p] += below[i];
            moment[0] += below[i] * length(i);
            down[p] = std::max(down[p], down[i] + length(i));
        }
        for (std::size_t i = 1; i < n; ++i) {
            const Index p = piece.parent[i];
            moment[i] = moment[p] + length(i) * (below[0] - 2 * below[i]);
            double beside = up[p];
            for (const auto& [other, edge] : piece.near[p]) {
                if (other != i && other != piece.parent[p]) beside = std::max(beside, down[other] + graph_.length_m[edge]);
            }
            up[i] = beside + length(i);
        }
        Index best = 0;  // the root keeps the limit by construction
        for (std::size_t i = 1; i < n; ++i) {
            if (std::max(up[i], down[i]) <= options_.low_voltage_path_m && moment[i] < moment[best]) best = static_cast<Index>(i);
        }
        return best;
    }

    District district_of(Index root) {
        const Piece piece = piece_below(root);
        const Index start = median(piece);
        District out;
        out.station = piece.nodes[start];
        std::vector<Index> queue{start};
        out.parent = out.parent_edge = {no_index};
        for (std::size_t i = 0; i < queue.size(); ++i) {
            const Index node = piece.nodes[queue[i]];
            out.nodes.push_back(node);
            out.demand += demand_[node];
            for (const auto& [other, edge] : piece.near[queue[i]]) {
                if (edge == out.parent_edge[i]) continue;
                queue.push_back(other);
                out.parent.push_back(static_cast<Index>(i));
                out.parent_edge.push_back(edge);
            }
        }
        out.peak_va = peak_va(out.demand);
        return out;
    }

    const StreetGraph& graph_;
    const RootedTree& tree_;
    const PowerLayoutOptions& options_;
    const Children children_;
    const std::vector<PowerDemand>& demand_;
    std::vector<PowerDemand> open_;   ///< per node: own demand and what is still open below
    std::vector<double> depth_m_;     ///< longest open path below
    std::vector<std::uint8_t> cut_;   ///< 1 = the piece below is a district
};

}  // namespace

std::vector<District> grow_districts(const StreetGraph& graph, const RootedTree& tree, const std::vector<PowerDemand>& demand,
                                     const PowerLayoutOptions& options) {
    return Grower(graph, tree, demand, options).grow();
}

}  // namespace citytwin::geodata
