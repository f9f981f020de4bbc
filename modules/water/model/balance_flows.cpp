// Round-off at nodes: where water stands (a dead end, the stub before a pump that is off) a pipe's gradient is so small that the last digit of a head
// is more flow than a certificate allows. What is left over is then led along a tree of open links to a source, so that every node balances.
#include "modules/water/model/hydraulics.hpp"

namespace citytwin::water {

/// `mass_` must be measured. Links of the tree change by what lies behind them; nodes without an open way to a source stay as they are.
void Hydraulics::balance_flows() {
    const Network& n = *network_;
    const std::size_t rows = elimination_->rows(), all_rows = rows + n.tanks.size();
    std::vector<Index> first(all_rows + 1, 0), links;
    const auto leads = [&](Index k) { return passes(k) && !(n.link_kind[k] == LinkKind::pump && state_.setting[k] == 0); };
    for (Index k = 0; k < n.links(); ++k)
        if (leads(k)) ++first[row_from_[k] + 1], ++first[row_to_[k] + 1];
    for (std::size_t r = 0; r < all_rows; ++r) first[r + 1] += first[r];
    links.resize(first.back());
    std::vector<Index> next(first.begin(), first.end() - 1);
    for (Index k = 0; k < n.links(); ++k)
        if (leads(k)) links[next[row_from_[k]]++] = k, links[next[row_to_[k]]++] = k;
    // Breadth first from the sources, in the order of their rows: short ways, always the same. Pumps come last: a small one's head is steep.
    std::vector<Index> order, parent(all_rows, no_index);
    std::vector<std::uint8_t> reached(all_rows, 0);
    for (std::size_t r = rows; r < all_rows; ++r) order.push_back(static_cast<Index>(r)), reached[r] = 1;
    for (const bool through_pumps : {false, true}) {
        for (std::size_t i = 0; i < order.size(); ++i) {
            for (Index at = first[order[i]]; at < first[order[i] + 1]; ++at) {
                const Index k = links[at], other = row_from_[k] == order[i] ? row_to_[k] : row_from_[k];
                if (reached[other] || (!through_pumps && n.link_kind[k] == LinkKind::pump)) continue;
                reached[other] = 1;
                parent[other] = k;
                order.push_back(other);
            }
        }
    }
    for (std::size_t i = order.size(); i-- > n.tanks.size();) {
        const Index row = order[i], k = parent[row];
        const bool outwards = row_from_[k] == row;
        const Index above = outwards ? row_to_[k] : row_from_[k];
        state_.flow_m3ps[k] += outwards ? mass_[row] : -mass_[row];
        if (above < rows) mass_[above] += mass_[row];
        mass_[row] = 0;
    }
    pipes_current_ = false;
}

}  // namespace citytwin::water
