// Where the network is cut for parallel work: a function of the network alone.
#include <algorithm>
#include <numeric>

#include "modules/traffic/model/queue_network.hpp"

namespace citytwin::traffic {

namespace {

/// Nodes that one signal controls are one piece: its state belongs to one partition.
std::vector<Index> pieces_of_nodes(const QueueNetworkInput& input) {
    std::vector<Index> root(input.nodes);
    std::iota(root.begin(), root.end(), Index{0});
    const auto find = [&](Index n) {
        while (root[n] != n) n = root[n] = root[root[n]];
        return n;
    };
    std::vector<Index> node_of_signal(input.signal_programs.size(), no_index);
    for (std::size_t c = 0; c < input.connection_signal.size(); ++c) {
        if (input.connection_signal[c] == no_index) continue;
        const Index node = find(input.link_to[input.connection_from_link[c]]);
        Index& first = node_of_signal[input.connection_signal[c]];
        if (first == no_index) first = node;
        const Index other = find(first);
        root[std::max(node, other)] = std::min(node, other);
    }
    for (Index n = 0; n < root.size(); ++n) root[n] = find(n);
    return root;
}

struct Bisection {
    const QueueNetworkInput& input;
    const std::vector<std::size_t>& weight;  ///< links into each piece
    std::size_t target;
    std::vector<Index> partition_of_piece;
    Index partitions = 0;

    [[nodiscard]] double coordinate(Index node, bool x) const {
        if (input.node_x.empty()) return node;
        return x ? input.node_x[node] : input.node_y[node];
    }
    void split(std::span<Index> pieces) {
        std::size_t total = 0;
        double low[2] = {1e300, 1e300}, high[2] = {-1e300, -1e300};
        for (Index p : pieces) {
            total += weight[p];
            for (int axis = 0; axis < 2; ++axis) {
                low[axis] = std::min(low[axis], coordinate(p, axis == 0));
                high[axis] = std::max(high[axis], coordinate(p, axis == 0));
            }
        }
        if (total <= target || pieces.size() < 2) {
            for (Index p : pieces) partition_of_piece[p] = partitions;
            ++partitions;
            return;
        }
        const bool along_x = high[0] - low[0] >= high[1] - low[1];
        std::sort(pieces.begin(), pieces.end(), [&](Index a, Index b) {
            const double ca = coordinate(a, along_x), cb = coordinate(b, along_x);
            return ca != cb ? ca < cb : a < b;
        });
        std::size_t half = 0, cut = 0;
        while (cut + 1 < pieces.size() && (cut == 0 || half + weight[pieces[cut]] / 2 < total / 2)) half += weight[pieces[cut++]];
        split(pieces.first(cut));
        split(pieces.subspan(cut));
    }
};

}  // namespace

std::vector<Index> partition_links(const QueueNetworkInput& input, std::size_t links_per_partition) {
    const std::vector<Index> piece = pieces_of_nodes(input);
    std::vector<std::size_t> weight(input.nodes, 0);
    for (Index node : input.link_to) ++weight[piece[node]];
    std::vector<Index> pieces;
    for (Index n = 0; n < input.nodes; ++n) {
        if (piece[n] == n && weight[n] != 0) pieces.push_back(n);
    }
    Bisection bisection{input, weight, links_per_partition, std::vector<Index>(input.nodes, 0)};
    if (!pieces.empty()) bisection.split(pieces);
    std::vector<Index> partition(input.link_to.size());
    for (std::size_t l = 0; l < partition.size(); ++l) partition[l] = bisection.partition_of_piece[piece[input.link_to[l]]];
    return partition;
}

}  // namespace citytwin::traffic
