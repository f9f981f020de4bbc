#include "geodata/road/right_of_way.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::geodata {

namespace {

constexpr double equal_speed_below_mps = 49 / 3.6, equal_speed_within_mps = 9.5 / 3.6;
constexpr double opposite_within_deg = 45;

/// Places round a node, counter-clockwise; on a street the leaving side comes before the arriving one (traffic keeps right).
class Circle {
public:
    Circle(const JunctionView& view, Index node) {
        struct End {
            double angle;
            bool arrives;
            Index link;
        };
        std::vector<End> ends;
        for (Index link : view.out[node]) ends.push_back({view.headings.at_start[link], false, link});
        for (Index link : view.in[node]) ends.push_back({normalised_angle(view.headings.at_end[link] + 180), true, link});
        // both directions of a street have the same angle up to rounding
        std::sort(ends.begin(), ends.end(), [](const End& a, const End& b) {
            const auto ra = std::lround(a.angle * 10), rb = std::lround(b.angle * 10);
            if (ra != rb) return ra < rb;
            if (a.arrives != b.arrives) return !a.arrives;
            return a.link < b.link;
        });
        for (std::size_t i = 0; i < ends.size(); ++i) (ends[i].arrives ? arriving_ : leaving_).push_back({ends[i].link, static_cast<int>(i)});
        size_ = static_cast<int>(ends.size());
    }
    [[nodiscard]] int arriving(Index link) const { return place(arriving_, link); }
    [[nodiscard]] int leaving(Index link) const { return place(leaving_, link); }
    [[nodiscard]] int size() const { return size_; }

private:
    using Places = std::vector<std::pair<Index, int>>;
    static int place(const Places& places, Index link) {
        for (const auto& [known, place] : places)
            if (known == link) return place;
        return 0;
    }
    Places arriving_, leaving_;
    int size_ = 0;
};

/// True if chords a-b and c-d of a circle cross.
bool chords_cross(int a, int b, int c, int d) {
    const auto between = [&](int x) { return a < b ? x > a && x < b : x > a || x < b; };
    return c != d && between(c) != between(d);
}

int turn_rank(Turn turn) {
    switch (turn) {
        case Turn::straight: return 3;
        case Turn::right:
        case Turn::partial_right: return 2;
        case Turn::left:
        case Turn::partial_left: return 1;
        default: return 0;
    }
}

bool is_equal_rank(const RoadNetwork& net, Index a, Index b) {
    return net.link_priority[a] == net.link_priority[b] && std::abs(net.link_speed_mps[a] - net.link_speed_mps[b]) <= equal_speed_within_mps;
}

bool is_below(const RoadNetwork& net, Index a, Index b) {
    if (net.link_priority[a] != net.link_priority[b]) return net.link_priority[a] < net.link_priority[b];
    return net.link_speed_mps[a] < net.link_speed_mps[b];
}

/// The main street of a node: its best arriving links; of more than two equal ones the straightest pair.
std::vector<Index> main_links(const JunctionView& view, Index node) {
    const RoadNetwork& net = view.network;
    const auto in = view.in[node];
    std::vector<Index> best;
    for (Index link : in)
        if (net.link_flags[link] & road_flag::roundabout) best.push_back(link);
    if (!best.empty() || in.empty()) return best;
    Index top = in[0];
    for (Index link : in)
        if (is_below(net, top, link)) top = link;
    for (Index link : in)
        if (is_equal_rank(net, link, top)) best.push_back(link);
    if (best.size() <= 2) return best;
    std::vector<Index> pair{best[0], best[1]};
    double straightest = -1;
    for (std::size_t i = 0; i < best.size(); ++i)
        for (std::size_t j = i + 1; j < best.size(); ++j) {
            const double angle = std::abs(turn_angle(view.headings.at_end[best[i]], view.headings.at_end[best[j]]));
            if (angle > straightest + 1e-3) {
                straightest = angle;
                pair = {best[i], best[j]};
            }
        }
    return pair;
}

class NodeRules {
public:
    NodeRules(const JunctionView& view, Index node, NodeControl control, bool has_signal)
        : view_(view), circle_(view, node), control_(control), has_signal_(has_signal), main_(main_links(view, node)) {}

    [[nodiscard]] bool conflict(const DraftConnection& a, const DraftConnection& b) const {
        if (a.from_link == b.from_link) return false;
        const int a_in = circle_.arriving(a.from_link), b_in = circle_.arriving(b.from_link);
        const int a_out = circle_.leaving(a.to_link), b_out = circle_.leaving(b.to_link);
        if (a.to_link != b.to_link) return chords_cross(a_in, a_out, b_in, b_out);
        if (a.to_lane == b.to_lane) return true;
        // same street, other lanes: they cross if the one from further right ends further left
        const int n = circle_.size();
        const int a_turn = (a_out - a_in + n) % n, b_turn = (b_out - b_in + n) % n;  // small = from the right hand side
        return (a_turn < b_turn) != (a.to_lane < b.to_lane);
    }

    /// True if `a` must let `b` pass.
    [[nodiscard]] bool yields(const DraftConnection& a, const DraftConnection& b) const {
        if ((a.turn == Turn::u_turn) != (b.turn == Turn::u_turn)) return a.turn == Turn::u_turn;
        if (control_ == NodeControl::all_way_stop || control_ == NodeControl::allway_yield) return true;
        if (control_ != NodeControl::right_before_left) {
            const bool a_main = is_main(a.from_link), b_main = is_main(b.from_link);
            if (a_main != b_main) return b_main;
        }
        const double angle = turn_angle(view_.headings.at_end[a.from_link], view_.headings.at_end[b.from_link]);
        const bool opposite = std::abs(angle) > 180 - opposite_within_deg, same_main = is_main(a.from_link) && control_ != NodeControl::right_before_left;
        if (opposite || same_main) {
            const int a_rank = turn_rank(a.turn), b_rank = turn_rank(b.turn);
            if (a_rank != b_rank) return a_rank < b_rank;
        }
        // right before left: b comes from the right if its heading is to the left of a's
        if (angle == 0 || angle == 180) return b.from_link < a.from_link;
        return angle > 0;
    }

    [[nodiscard]] LinkState state_of(bool must_yield) const {
        if (has_signal_) return must_yield ? LinkState::off_blinking : LinkState::off;
        if (control_ == NodeControl::all_way_stop || control_ == NodeControl::allway_yield) return LinkState::all_way_stop;
        if (!must_yield) return LinkState::major;
        if (control_ == NodeControl::priority_stop) return LinkState::stop;
        return control_ == NodeControl::right_before_left ? LinkState::equal : LinkState::minor;
    }

private:
    [[nodiscard]] bool is_main(Index link) const { return std::find(main_.begin(), main_.end(), link) != main_.end(); }

    const JunctionView& view_;
    Circle circle_;
    NodeControl control_;
    bool has_signal_;
    std::vector<Index> main_;
};

}  // namespace

NodeControl classified_control(const JunctionView& view, Index node) {
    const RoadNetwork& net = view.network;
    const auto in = view.in[node];
    std::vector<Index> neighbours;
    for (Index link : in) neighbours.push_back(net.link_from[link]);
    for (Index link : view.out[node]) neighbours.push_back(net.link_to[link]);
    std::sort(neighbours.begin(), neighbours.end());
    neighbours.erase(std::unique(neighbours.begin(), neighbours.end()), neighbours.end());
    if (view.out[node].empty() || (neighbours.size() <= 1 && in.size() <= 1)) return NodeControl::dead_end;
    if (in.size() <= 1 || neighbours.size() <= 2) return NodeControl::priority;
    for (std::size_t i = 0; i < in.size(); ++i)
        for (std::size_t j = i + 1; j < in.size(); ++j) {
            if ((net.link_flags[in[i]] | net.link_flags[in[j]]) & road_flag::roundabout) return NodeControl::priority;
            if (!is_equal_rank(net, in[i], in[j]) || std::max(net.link_speed_mps[in[i]], net.link_speed_mps[in[j]]) >= equal_speed_below_mps) return NodeControl::priority;
        }
    return NodeControl::right_before_left;
}

NodeConflicts resolve_right_of_way(const JunctionView& view, Index node, NodeControl control, bool has_signal, std::vector<DraftConnection>& connections) {
    const NodeRules rules(view, node, control, has_signal);
    NodeConflicts result;
    result.foes.resize(connections.size());
    result.yields_to.resize(connections.size());
    for (std::uint32_t a = 0; a < connections.size(); ++a)
        for (std::uint32_t b = a + 1; b < connections.size(); ++b) {
            if (!rules.conflict(connections[a], connections[b])) continue;
            result.foes[a].push_back(b);
            result.foes[b].push_back(a);
            const bool a_yields = rules.yields(connections[a], connections[b]), b_yields = rules.yields(connections[b], connections[a]);
            if (a_yields) result.yields_to[a].push_back(b);
            if (b_yields || !a_yields) result.yields_to[b].push_back(a);
        }
    for (std::size_t c = 0; c < connections.size(); ++c) connections[c].state = rules.state_of(!result.yields_to[c].empty());
    return result;
}

}  // namespace citytwin::geodata
