#pragma once
// Routes in travel times that change over the day: one mean per link and interval (default 300 s), read linearly
// between the intervals' mid-points and held before the first and after the last.
//
// Dijkstra stays exact as long as nobody leaves earlier by entering later (FIFO): the time must nowhere fall faster
// than the clock runs. `clamp_to_fifo` raises the values that break it. An interval may be closed (infinite): then the
// link is not entered in it; waiting before it for the opening is not considered.
#include <cstdint>
#include <span>
#include <vector>

#include "core/routing/shortest_path.hpp"
#include "core/routing/weight.hpp"

namespace citytwin::routing {

/// Milliseconds since the profiles begin.
using TimeOfEntry = std::int64_t;

class TravelTimeProfiles {
public:
    /// `rows` links of `intervals` (at least 1) intervals each, all closed until set.
    TravelTimeProfiles(std::size_t rows, std::size_t intervals, Weight interval_ms = 300'000);

    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] std::size_t intervals() const { return intervals_; }
    [[nodiscard]] Weight interval_ms() const { return static_cast<Weight>(interval_ms_); }
    void set(std::size_t row, std::size_t interval, Weight time) { times_[row * intervals_ + interval] = time; }
    [[nodiscard]] Weight value(std::size_t row, std::size_t interval) const {
        return times_[row * intervals_ + interval];
    }

    /// Raises every value that lies more than one interval below its predecessor; returns how many were raised.
    std::size_t clamp_to_fifo();

    /// Travel time when entered at `time`; rounded down, which keeps FIFO exact in whole milliseconds.
    [[nodiscard]] Weight at(std::size_t row, TimeOfEntry time) const;

    /// Least value of each row over all intervals: weights of a lower bound (HierarchyPotential).
    [[nodiscard]] std::vector<Weight> least() const;

private:
    std::size_t rows_, intervals_;
    std::int64_t interval_ms_;
    std::vector<Weight> times_;
};

/// Earliest arrival on a turn-aware graph whose nodes are the rows of the profiles. A workspace: one a thread.
class TimeDependentSearch {
public:
    explicit TimeDependentSearch(const CsrGraph& graph) : graph_(&graph), search_(graph) {}

    /// The path that arrives first when the end of link `from` is left at `depart`; false if there is none. An arc
    /// costs its turn first (`turn_cost`, one an arc, may be empty), then the entered link at the time that it is then.
    /// `potential` as in PathSearch, a bound for any time of day.
    template <class Potential = NoPotential>
    bool path(Index from, Index to, TimeOfEntry depart, const TravelTimeProfiles& profiles,
              std::span<const Weight> turn_cost, Path<Weight>& result, const Potential& potential = {}) {
        const auto weigh = [&](std::size_t arc, Weight since_departure) {
            const Weight turn = turn_cost.empty() ? 0 : turn_cost[arc];
            if (turn >= infinite_weight) return infinite_weight;
            return add_weights(turn, profiles.at(graph_->head(arc), depart + since_departure + turn));
        };
        search_.search(from, to, weigh, potential);
        return search_.path_to(to, result);
    }

private:
    const CsrGraph* graph_;
    PathSearch<Weight> search_;
};

}  // namespace citytwin::routing
