#include "core/routing/vertex_separator.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace citytwin::routing {

namespace {

constexpr Index none = no_index, terminal = no_index - 1;

/// Greatest flow from sources to sinks with one unit a node (Dinic 1970). A node v is two states, entered (2v) and left
/// (2v + 1); since it carries at most one unit, its flow is told by where that came from and where it goes.
class NodeFlow {
public:
    NodeFlow(const CellGraph& cell, std::span<const Index> sources, std::span<const Index> sinks)
        : cell_(cell),
          sources_(sources),
          sinks_(sinks),
          is_end_(cell.size(), 0),
          came_from_(cell.size(), none),
          goes_to_(cell.size(), none),
          level_(2 * cell.size()),
          next_move_(2 * cell.size()) {}

    /// The flow, or `limit` as soon as it is that much.
    std::size_t run(std::size_t limit) {
        mark_ends(sinks_);
        std::size_t flow = 0;
        while (flow < limit && find_levels(sources_)) {
            std::fill(next_move_.begin(), next_move_.end(), 0);
            for (const Index source : sources_) {
                if (level_[2 * source] != 0) continue;
                if (find_path(2 * source)) {
                    push_along_path();
                    if (++flow >= limit) break;
                }
            }
        }
        return flow;
    }

    /// The cut next to the sources, after `run` came to its end; `near` is the side of the sources.
    void cut(std::vector<Side>& sides, Side near, Side far) {
        find_levels(sources_);
        for (std::size_t v = 0; v < cell_.size(); ++v)
            sides[v] = level_[2 * v + 1] != unreached ? near : level_[2 * v] != unreached ? Side::separator : far;
    }

    /// Looks from the sinks instead: the same flow with all arrows turned.
    void reverse() {
        std::swap(sources_, sinks_);
        std::swap(came_from_, goes_to_);
        mark_ends(sinks_);
    }

private:
    static constexpr Index unreached = no_index;

    void mark_ends(std::span<const Index> ends) {
        std::fill(is_end_.begin(), is_end_.end(), std::uint8_t{0});
        for (const Index v : ends) is_end_[v] = 1;
    }
    [[nodiscard]] bool carries(Index v) const { return goes_to_[v] != none; }

    /// The k-th state that can be reached from `state` in the residual graph; `none` past the last one. `terminal` is
    /// the sink.
    [[nodiscard]] Index move(Index state, Index k) const {
        const Index v = state / 2;
        if (state % 2 == 0) {  // entered: go through, or send back what already comes in
            if (k != 0) return none;
            if (!carries(v)) return state + 1;
            return came_from_[v] == terminal ? state : 2 * came_from_[v] + 1;
        }
        if (k == 0) return is_end_[v] && goes_to_[v] != terminal ? terminal : state;  // `state` itself = no move
        if (k == 1) return carries(v) ? state - 1 : state;
        const auto neighbours = cell_.neighbours(v);
        return k - 2 < neighbours.size() ? 2 * neighbours[k - 2] : none;
    }

    /// Breadth-first levels; true if the sink can be reached.
    bool find_levels(std::span<const Index> from) {
        std::fill(level_.begin(), level_.end(), unreached);
        queue_.clear();
        for (const Index v : from) {
            level_[2 * v] = 0;
            queue_.push_back(2 * v);
        }
        bool reached = false;
        for (std::size_t i = 0; i < queue_.size(); ++i) {
            const Index state = queue_[i];
            for (Index k = 0;; ++k) {
                const Index next = move(state, k);
                if (next == none) break;
                if (next == terminal)
                    reached = true;
                else if (level_[next] == unreached) {
                    level_[next] = level_[state] + 1;
                    queue_.push_back(next);
                }
            }
        }
        return reached;
    }

    bool find_path(Index start) {
        path_.assign(1, start);
        while (!path_.empty()) {
            const Index state = path_.back();
            const Index next = move(state, next_move_[state]);
            if (next == none) {
                level_[state] = unreached;  // a dead end for this phase
                path_.pop_back();
                if (!path_.empty()) ++next_move_[path_.back()];
            } else if (next == terminal) {
                return true;
            } else if (level_[next] != unreached && level_[next] == level_[state] + 1) {
                path_.push_back(next);
            } else {
                ++next_move_[state];
            }
        }
        return false;
    }

    void push_along_path() {
        for (std::size_t i = 0; i + 1 < path_.size(); ++i) {
            if (path_[i] % 2 != 0 || path_[i] / 2 == path_[i + 1] / 2) continue;
            const Index w = path_[i] / 2, u = path_[i + 1] / 2;  // takes back the unit from u to w
            came_from_[w] = none;
            goes_to_[u] = none;
        }
        came_from_[path_.front() / 2] = terminal;
        for (std::size_t i = 0; i + 1 < path_.size(); ++i) {
            if (path_[i] % 2 == 0 || path_[i] / 2 == path_[i + 1] / 2) continue;
            const Index v = path_[i] / 2, w = path_[i + 1] / 2;
            goes_to_[v] = w;
            came_from_[w] = v;
        }
        goes_to_[path_.back() / 2] = terminal;
        for (const Index state : path_) level_[state] = unreached;  // used up in this phase
    }

    const CellGraph& cell_;
    std::span<const Index> sources_, sinks_;
    std::vector<std::uint8_t> is_end_;
    std::vector<Index> came_from_, goes_to_, level_, next_move_, queue_, path_;
};

struct Balance {
    std::size_t first = 0, second = 0, separator = 0;
    explicit Balance(std::span<const Side> sides) {
        for (const Side side : sides) ++(side == Side::first ? first : side == Side::second ? second : separator);
    }
    [[nodiscard]] std::size_t smaller() const { return std::min(first, second); }
    /// Cut nodes per node of the smaller part: what the separator costs for what it parts.
    [[nodiscard]] double cost() const {
        return smaller() == 0 ? std::numeric_limits<double>::infinity()
                              : static_cast<double>(separator) / static_cast<double>(smaller());
    }
};

}  // namespace

std::vector<Side> separate(const CellGraph& cell) {
    constexpr std::array<std::array<double, 2>, 4> directions{{{1, 0}, {0, 1}, {1, 1}, {1, -1}}};
    const std::size_t n = cell.size();
    std::vector<Side> best, sides(n);
    double best_cost = std::numeric_limits<double>::infinity();
    std::vector<Index> order(n);
    for (const auto& direction : directions) {
        const auto along = [&](Index v) { return direction[0] * cell.x[v] + direction[1] * cell.y[v]; };
        std::iota(order.begin(), order.end(), Index{0});
        std::sort(order.begin(), order.end(),
                  [&](Index a, Index b) { return along(a) != along(b) ? along(a) < along(b) : a < b; });
        const std::size_t quarter = std::max<std::size_t>(1, n / 4);
        NodeFlow flow(cell, std::span(order).first(quarter), std::span(order).last(quarter));
        // A cut of this size can't beat the best one even if it halved the cell.
        const double worth = best_cost * static_cast<double>(n) / 2;
        const std::size_t limit = worth < static_cast<double>(n) ? static_cast<std::size_t>(worth) + 1 : n + 1;
        if (flow.run(limit) >= limit) continue;
        for (const bool from_sinks : {false, true}) {
            if (from_sinks) flow.reverse();
            flow.cut(sides, from_sinks ? Side::second : Side::first, from_sinks ? Side::first : Side::second);
            const double cost = Balance(sides).cost();
            if (cost < best_cost) {
                best_cost = cost;
                best = sides;
            }
        }
    }
    return best;
}

}  // namespace citytwin::routing
