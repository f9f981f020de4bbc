#include "geodata/osm/signal_places.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace citytwin::geodata::osm {
namespace {

/// Pieces that cars use by junction (CSR), each once per end.
class Arms {
public:
    Arms(const Pieces& pieces, const std::vector<WayPlan>& plans) : offset_(pieces.junctions() + 1, 0) {
        const auto for_each_end = [&](auto&& take) {
            for (Index p = 0; p < pieces.size(); ++p) {
                const auto& plan = plans[pieces.way[p]];
                if (!plan.is_usable || plan.is_deleted) continue;
                take(pieces.from[p], p);
                take(pieces.to[p], p);
            }
        };
        for_each_end([&](Index junction, Index) { ++offset_[junction + 1]; });
        for (std::size_t j = 1; j < offset_.size(); ++j) offset_[j] += offset_[j - 1];
        piece_.resize(offset_.back());
        std::vector<std::uint32_t> next(offset_.begin(), offset_.end() - 1);
        for_each_end([&](Index junction, Index piece) { piece_[next[junction]++] = piece; });
    }
    [[nodiscard]] std::span<const Index> operator[](Index junction) const {
        return {piece_.data() + offset_[junction], offset_[junction + 1] - offset_[junction]};
    }

private:
    std::vector<std::uint32_t> offset_;
    std::vector<Index> piece_;
};

/// A junction found by walking from a signal.
struct Candidate {
    Index junction = no_index;
    double distance_m = 0;
    bool is_ahead = false;  ///< traffic passes the signal before the junction
};

class Walker {
public:
    Walker(const OsmData& data, const LocatedWays& located, const Pieces& pieces, const std::vector<WayPlan>& plans, double reach_m)
        : data_(data), located_(located), pieces_(pieces), plans_(plans), arms_(pieces, plans), reach_m_(reach_m) {}

    [[nodiscard]] const Arms& arms() const { return arms_; }
    [[nodiscard]] bool is_real_junction(Index junction) const { return arms_[junction].size() >= 3; }

    /// From position `at` (in LocatedWays::nodes) on a piece towards one end of it, over nodes that only join two pieces.
    [[nodiscard]] Candidate walk(Index piece, std::uint32_t at, bool towards_end, SignalDirection facing) const {
        const int direction = plans_[pieces_.way[piece]].direction;
        Candidate found;
        found.is_ahead = facing == SignalDirection::forward    ? towards_end
                         : facing == SignalDirection::backward ? !towards_end
                                                               : direction == 0 || (direction > 0) == towards_end;
        constexpr int most_pieces = 32;  // a ring of two-armed nodes has no end
        for (int step = 0; step < most_pieces; ++step) {
            const std::uint32_t end = towards_end ? pieces_.last_node[piece] : pieces_.first_node[piece];
            found.distance_m += length(at, end);
            if (found.distance_m > reach_m_) return {};
            const Index junction = towards_end ? pieces_.to[piece] : pieces_.from[piece];
            if (is_real_junction(junction)) {
                found.junction = junction;
                return found;
            }
            const auto arms = arms_[junction];
            if (arms.size() != 2 || arms[0] == arms[1]) return {};
            piece = arms[0] == piece ? arms[1] : arms[0];
            towards_end = pieces_.from[piece] == junction;
            at = towards_end ? pieces_.first_node[piece] : pieces_.last_node[piece];
        }
        return {};
    }

private:
    [[nodiscard]] double length(std::uint32_t a, std::uint32_t b) const {
        double sum = 0;
        for (std::uint32_t i = std::min(a, b); i < std::max(a, b); ++i) {
            const Index m = located_.nodes[i], n = located_.nodes[i + 1];
            sum += sphere_distance_m(data_.nodes.lon(m), data_.nodes.lat(m), data_.nodes.lon(n), data_.nodes.lat(n));
            if (sum > reach_m_) break;
        }
        return sum;
    }

    const OsmData& data_;
    const LocatedWays& located_;
    const Pieces& pieces_;
    const std::vector<WayPlan>& plans_;
    Arms arms_;
    double reach_m_;
};

struct Position {
    Index piece;
    std::uint32_t at;
};

/// By signal node (its row): where it lies inside pieces that cars use.
std::map<Index, Position> inner_positions(const std::map<Index, SignalDirection>& signals, const OsmData& data, const LocatedWays& located,
                                          const Pieces& pieces, const std::vector<WayPlan>& plans) {
    std::vector<std::uint8_t> is_signal(data.nodes.size(), 0);
    for (const auto& [row, direction] : signals) is_signal[row] = 1;
    std::map<Index, Position> positions;
    for (Index p = 0; p < pieces.size(); ++p) {
        const auto& plan = plans[pieces.way[p]];
        if (!plan.is_usable || plan.is_deleted) continue;
        for (std::uint32_t at = pieces.first_node[p] + 1; at < pieces.last_node[p]; ++at) {
            if (is_signal[located.nodes[at]]) positions.emplace(located.nodes[at], Position{p, at});
        }
    }
    return positions;
}

/// Rows of the nodes with signals, after the overrides.
std::map<Index, SignalDirection> signal_nodes(const OsmData& data, const Overrides& overrides) {
    std::map<Index, SignalDirection> signals;
    const auto row_of = [&](ObjectId id) {
        const auto found = std::lower_bound(data.nodes.id.begin(), data.nodes.id.end(), id);
        return found != data.nodes.id.end() && *found == id ? static_cast<Index>(found - data.nodes.id.begin()) : no_index;
    };
    for (const auto& node : data.tagged_nodes) {
        if (node.kind == NodeKind::traffic_signals) signals[row_of(node.id)] = node.direction;
    }
    for (const auto& [id, change] : overrides.nodes) {
        if (!change.has_signal) signals.erase(row_of(id));
        if (change.has_signal) signals.emplace(row_of(id), SignalDirection::unknown);
    }
    signals.erase(no_index);
    return signals;
}

void take_better(Candidate& best, const Candidate& other) {
    if (other.junction == no_index) return;
    const auto rank = [](const Candidate& c) { return std::tuple(!c.is_ahead, c.distance_m, c.junction); };
    if (best.junction == no_index || rank(other) < rank(best)) best = other;
}

/// Nodes sorted by latitude: the nearest one is found in a narrow band.
class NearestNode {
public:
    NearestNode(const NodeTable& nodes, std::vector<Index> rows) : nodes_(nodes), rows_(std::move(rows)) {
        std::sort(rows_.begin(), rows_.end(), [&](Index a, Index b) { return std::tie(nodes.y[a], a) < std::tie(nodes.y[b], b); });
        rows_.erase(std::unique(rows_.begin(), rows_.end()), rows_.end());
    }
    /// no_index if none is within the reach.
    [[nodiscard]] Index operator()(Index row, double reach_m) const {
        const auto band = static_cast<std::int64_t>(reach_m / 0.011) + 1;  // 1e-7 degrees of latitude are 11 mm
        const std::int64_t low = nodes_.y[row] - band, high = nodes_.y[row] + band;
        Index best = no_index;
        double best_m = reach_m;
        for (auto at = std::lower_bound(rows_.begin(), rows_.end(), low, [&](Index r, std::int64_t y) { return nodes_.y[r] < y; });
             at != rows_.end() && nodes_.y[*at] <= high; ++at) {
            const double distance_m = sphere_distance_m(nodes_.lon(row), nodes_.lat(row), nodes_.lon(*at), nodes_.lat(*at));
            if (distance_m > best_m || (best != no_index && distance_m == best_m)) continue;
            best_m = distance_m;
            best = *at;
        }
        return best;
    }

private:
    const NodeTable& nodes_;
    std::vector<Index> rows_;
};

class Placer {
public:
    Placer(const OsmData& data, const LocatedWays& located, const Pieces& pieces, const std::vector<WayPlan>& plans, const Overrides& overrides, double join_m)
        : data_(data), pieces_(pieces), signals_(signal_nodes(data, overrides)), walker_(data, located, pieces, plans, join_m), join_m_(join_m),
          positions_(inner_positions(signals_, data, located, pieces, plans)) {}

    SignalPlaces place() {
        for (const auto& [row, facing] : signals_) {
            const Index junction = pieces_.junction_of_node[row];
            const auto inner = positions_.find(row);
            if (junction != no_index && !walker_.arms()[junction].empty()) {
                place_on_node(row, junction, facing);
            } else if (inner != positions_.end()) {
                Candidate best;
                for (const bool towards_end : {true, false}) take_better(best, walker_.walk(inner->second.piece, inner->second.at, towards_end, facing));
                place_on_approach(row, best);
            } else {
                beside_the_road_.push_back(row);
            }
        }
        place_beside_the_road();
        return std::move(result_);
    }

private:
    void place_on_node(Index row, Index junction, SignalDirection facing) {
        if (walker_.is_real_junction(junction)) {
            result_.places.push_back({row, row});
            ++result_.on_junction;
            return;
        }
        Candidate best;
        for (const Index piece : walker_.arms()[junction]) {
            const bool starts_here = pieces_.from[piece] == junction;
            take_better(best, walker_.walk(piece, starts_here ? pieces_.first_node[piece] : pieces_.last_node[piece], starts_here, facing));
        }
        place_on_approach(row, best);
    }

    void place_on_approach(Index row, const Candidate& best) {
        if (best.junction != no_index) {
            result_.places.push_back({row, pieces_.junction_node[best.junction]});
            ++result_.on_approach;
            return;
        }
        result_.places.push_back({row, row});
        ++result_.standing_alone;
        if (pieces_.junction_of_node[row] != no_index) return;
        if (result_.also_cut.empty()) result_.also_cut.assign(data_.nodes.size(), 0);
        result_.also_cut[row] = 1;
    }

    /// Signals on bus lanes of their own, tramways and footways belong to the controller nearby, else to the junction nearby.
    void place_beside_the_road() {
        if (beside_the_road_.empty()) return;
        std::vector<Index> controlled, junctions;
        for (const auto& place : result_.places) controlled.push_back(place.controlled_node);
        for (Index j = 0; j < pieces_.junctions(); ++j) {
            if (walker_.is_real_junction(j)) junctions.push_back(pieces_.junction_node[j]);
        }
        const NearestNode controller_near(data_.nodes, std::move(controlled)), junction_near(data_.nodes, std::move(junctions));
        for (const Index row : beside_the_road_) {
            if (data_.nodes.x[row] == NodeTable::no_place) continue;
            Index node = controller_near(row, 4 * join_m_);
            if (node == no_index) node = junction_near(row, join_m_);
            if (node != no_index) ++result_.beside_the_road;
            if (node == no_index) {
                result_.off_network.push_back(row);
                node = controller_near(row, 1e5);
            }
            if (node != no_index) result_.places.push_back({row, node});
        }
    }

    const OsmData& data_;
    const Pieces& pieces_;
    std::map<Index, SignalDirection> signals_;
    Walker walker_;
    double join_m_;
    std::map<Index, Position> positions_;
    std::vector<Index> beside_the_road_;
    SignalPlaces result_;
};

}  // namespace

SignalPlaces place_signals(const OsmData& data, const LocatedWays& located, const Pieces& pieces, const std::vector<WayPlan>& plans,
                           const Overrides& overrides, double join_distance_m) {
    return Placer(data, located, pieces, plans, overrides, join_distance_m).place();
}

}  // namespace citytwin::geodata::osm
