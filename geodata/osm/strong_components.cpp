#include "geodata/osm/strong_components.hpp"

#include <algorithm>

namespace citytwin::geodata {
namespace {

/// The state of one search; `visit` runs it from a root until the root's part of the graph is done.
class Search {
public:
    Search(std::span<const std::uint32_t> offsets, std::span<const Index> heads, StrongComponents& result)
        : offsets_(offsets), heads_(heads), result_(result), order_(offsets.size() - 1, 0), low_(offsets.size() - 1, 0) {}

    [[nodiscard]] bool is_visited(Index node) const { return order_[node] != 0; }

    void visit(Index root) {
        enter(root);
        while (!path_.empty()) {
            auto& [node, next] = path_.back();
            if (next < offsets_[node + 1]) {
                const Index head = heads_[next++];
                if (!is_visited(head)) {
                    enter(head);
                } else if (result_.component[head] == no_index) {
                    low_[node] = std::min(low_[node], order_[head]);
                }
            } else {
                leave();
            }
        }
    }

private:
    void enter(Index node) {
        order_[node] = low_[node] = ++counter_;
        open_.push_back(node);
        path_.emplace_back(node, offsets_[node]);
    }

    void leave() {
        const Index node = path_.back().first;
        path_.pop_back();
        if (!path_.empty()) low_[path_.back().first] = std::min(low_[path_.back().first], low_[node]);
        if (low_[node] != order_[node]) return;
        const auto number = static_cast<Index>(result_.size.size());
        result_.size.push_back(0);
        Index member = no_index;
        while (member != node) {
            member = open_.back();
            open_.pop_back();
            result_.component[member] = number;
            ++result_.size[number];
        }
    }

    std::span<const std::uint32_t> offsets_;
    std::span<const Index> heads_;
    StrongComponents& result_;
    std::vector<Index> order_, low_, open_;
    std::vector<std::pair<Index, std::uint32_t>> path_;
    Index counter_ = 0;
};

}  // namespace

Index StrongComponents::largest() const {
    Index best = no_index;
    for (Index c : component) {
        if (best == no_index || size[c] > size[best]) best = c;
    }
    return best;
}

StrongComponents strong_components(std::span<const std::uint32_t> offsets, std::span<const Index> heads) {
    StrongComponents result;
    result.component.assign(offsets.size() - 1, no_index);
    Search search(offsets, heads, result);
    for (Index node = 0; node + 1 < offsets.size(); ++node) {
        if (!search.is_visited(node)) search.visit(node);
    }
    return result;
}

}  // namespace citytwin::geodata
