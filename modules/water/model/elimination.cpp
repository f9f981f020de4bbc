#include "modules/water/model/elimination.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

namespace citytwin::water {
namespace {

std::vector<std::vector<Index>> neighbours_of(std::size_t rows, std::span<const Index> from, std::span<const Index> to) {
    std::vector<std::vector<Index>> near(rows);
    for (std::size_t k = 0; k < from.size(); ++k) {
        if (from[k] >= rows || to[k] >= rows || from[k] == to[k]) continue;
        near[from[k]].push_back(to[k]);
        near[to[k]].push_back(from[k]);
    }
    for (auto& list : near) {
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
    }
    return near;
}

/// Nodes by degree, the least (degree, node) first.
class DegreeQueue {
public:
    explicit DegreeQueue(const std::vector<std::vector<Index>>& near) : key_(near.size()) {
        for (Index v = 0; v < near.size(); ++v) key_[v] = near[v].size(), heap_.push_back({near[v].size(), v});
        std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
    }
    void update(Index v, std::size_t degree) {
        if (key_[v] == degree) return;
        key_[v] = degree;
        heap_.push_back({degree, v});
        std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
    }
    Index pop() {
        while (true) {
            const auto [degree, v] = heap_.front();
            std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
            heap_.pop_back();
            if (key_[v] != degree) continue;
            key_[v] = static_cast<std::size_t>(-1);
            return v;
        }
    }

private:
    std::vector<std::size_t> key_;
    std::vector<std::pair<std::size_t, Index>> heap_;
};

/// Columns by height in the elimination tree, then by length: neighbouring columns don't wait for each other and branch alike.
std::vector<Index> by_height(const std::vector<Index>& order, const std::vector<std::vector<Index>>& column, const std::vector<Index>& place) {
    std::vector<Index> height(order.size(), 0);
    for (const Index v : order) {
        if (column[v].empty()) continue;
        const Index parent = *std::min_element(column[v].begin(), column[v].end(), [&](Index a, Index b) { return place[a] < place[b]; });
        height[parent] = std::max(height[parent], height[v] + 1);
    }
    std::vector<Index> sorted = order;
    std::stable_sort(sorted.begin(), sorted.end(), [&](Index a, Index b) {
        return height[a] != height[b] ? height[a] < height[b] : column[a].size() < column[b].size();
    });
    return sorted;
}

}  // namespace

EliminationOrder minimum_degree_order(std::size_t rows, std::span<const Index> from, std::span<const Index> to) {
    auto near = neighbours_of(rows, from, to);
    DegreeQueue queue(near);
    std::vector<std::vector<Index>> column(rows);
    std::vector<Index> order, merged;
    order.reserve(rows);
    for (std::size_t step = 0; step < rows; ++step) {
        const Index v = queue.pop();
        order.push_back(v);
        column[v] = std::move(near[v]);
        for (const Index a : column[v]) {   // the neighbours of an eliminated node become neighbours of each other
            merged.clear();
            std::set_union(near[a].begin(), near[a].end(), column[v].begin(), column[v].end(), std::back_inserter(merged));
            std::erase_if(merged, [&](Index u) { return u == a || u == v; });
            near[a].assign(merged.begin(), merged.end());
            queue.update(a, near[a].size());
        }
    }
    std::vector<Index> place(rows);
    for (Index i = 0; i < rows; ++i) place[order[i]] = i;
    order = by_height(order, column, place);
    for (Index i = 0; i < rows; ++i) place[order[i]] = i;
    EliminationOrder result{order, {0}, {}};
    for (const Index v : order) {
        const auto begin = static_cast<std::ptrdiff_t>(result.below.size());
        for (const Index u : column[v]) result.below.push_back(place[u]);
        std::sort(result.below.begin() + begin, result.below.end());
        result.first_below.push_back(static_cast<Index>(result.below.size()));
    }
    return result;
}

Elimination::Elimination(const Network& network) {
    EliminationOrder order = minimum_degree_order(network.junctions, network.link_from, network.link_to);
    first_below_ = std::move(order.first_below);
    below_ = std::move(order.below);
    row_of_node_.resize(network.nodes());
    std::iota(row_of_node_.begin(), row_of_node_.end(), Index{0});   // fixed heads keep their place behind the junctions
    for (Index i = 0; i < order.order.size(); ++i) row_of_node_[order.order[i]] = i;
    for (std::size_t k = 0; k < network.links(); ++k) {
        const Index a = std::min(row_of_node_[network.link_from[k]], row_of_node_[network.link_to[k]]);
        const Index b = std::max(row_of_node_[network.link_from[k]], row_of_node_[network.link_to[k]]);
        if (b >= rows()) {
            place_of_link_.push_back(static_cast<Index>(entries()));
            continue;
        }
        const auto begin = below_.begin() + first_below_[a], end = below_.begin() + first_below_[a + 1];
        place_of_link_.push_back(static_cast<Index>(std::lower_bound(begin, end, b) - below_.begin()));
    }
    place_targets();
}

void Elimination::place_targets() {
    for (std::size_t j = 0; j < rows(); ++j) {
        for (Index p = first_below_[j]; p < first_below_[j + 1]; ++p) {
            const Index column = below_[p];
            Index at = first_below_[column];
            for (Index r = p + 1; r < first_below_[j + 1]; ++r) {
                while (below_[at] != below_[r]) ++at;
                target_.push_back(at);
            }
        }
    }
}

template <int lanes>
Index Elimination::solve(double* diagonal, double* lower, double* x) const {
    const Index* target = target_.data();
    const auto count = static_cast<Index>(rows());
    Index bad = no_index;
    Index p = 0;
    for (Index j = 0; j < count; ++j) {
        const Index end = first_below_[j + 1];
        std::array<double, lanes> inverse;
        double* pivot = diagonal + std::size_t{j} * lanes;
        const double* xj = x + std::size_t{j} * lanes;
        bool positive = true;
        for (int l = 0; l < lanes; ++l) {
            positive &= pivot[l] > 0;
            inverse[l] = 1.0 / pivot[l];
            pivot[l] = inverse[l];
        }
        if (!positive && bad == no_index) bad = j;
        for (; p < end; ++p) {
            double* entry = lower + std::size_t{p} * lanes;
            const std::size_t row = std::size_t{below_[p]} * lanes;
            std::array<double, lanes> factor;
            for (int l = 0; l < lanes; ++l) {
                factor[l] = entry[l] * inverse[l];
                diagonal[row + l] -= factor[l] * entry[l];
                x[row + l] -= factor[l] * xj[l];
            }
            for (Index r = p + 1; r < end; ++r) {
                double* to = lower + std::size_t{*target++} * lanes;
                const double* other = lower + std::size_t{r} * lanes;
                for (int l = 0; l < lanes; ++l) to[l] -= factor[l] * other[l];
            }
            for (int l = 0; l < lanes; ++l) entry[l] = factor[l];
        }
    }
    if (bad != no_index) return bad;
    for (Index j = count; j-- > 0;) {
        double* xj = x + std::size_t{j} * lanes;
        std::array<double, lanes> sum;
        for (int l = 0; l < lanes; ++l) sum[l] = xj[l] * diagonal[std::size_t{j} * lanes + l];
        for (Index q = first_below_[j]; q < first_below_[j + 1]; ++q)
            for (int l = 0; l < lanes; ++l) sum[l] -= lower[std::size_t{q} * lanes + l] * x[std::size_t{below_[q]} * lanes + l];
        for (int l = 0; l < lanes; ++l) xj[l] = sum[l];
    }
    return no_index;
}

template Index Elimination::solve<1>(double*, double*, double*) const;
template Index Elimination::solve<4>(double*, double*, double*) const;
template Index Elimination::solve<8>(double*, double*, double*) const;

}  // namespace citytwin::water
