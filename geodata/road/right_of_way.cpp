// Who conflicts with whom at a node, and who yields. Conflicts follow from the circular order of the arms: two movements cross
// if their ends interleave around the node; two into one lane merge.
#include <algorithm>
#include <array>

#include "geodata/road/junction_parts.hpp"

namespace citytwin::geodata::junction {
namespace {

/// All lane connections from one link to another.
struct Movement {
    Index from_link, to_link;
    Index first, count;           ///< connections, contiguous in the node's list
    Turn turn;
    double in_position, out_position;   ///< around the node, [0, 2 pi)
    int rank = 0;                 ///< 0 = major road
};

double positive(double angle) { return angle < 0 ? angle + 2 * std::numbers::pi : angle; }

bool between(double p, double a, double b) { return a < b ? (p > a && p < b) : (p > a || p < b); }

bool interleave(const Movement& one, const Movement& other) {
    return between(other.in_position, one.in_position, one.out_position) != between(other.out_position, one.in_position, one.out_position);
}

int turn_rank(Turn turn) {
    switch (turn) {
        case Turn::straight: return 0;
        case Turn::right: case Turn::partial_right: return 1;
        case Turn::left: case Turn::partial_left: return 2;
        default: return 3;
    }
}

class NodeJunction {
public:
    NodeJunction(RoadNetwork& network, const NodeLinks& links, const Headings& headings, const std::vector<Index>& first)
        : network_(network), links_(links), headings_(headings), first_(first) {}

    void decide(Index node, std::vector<std::vector<std::uint32_t>>& foes, std::vector<std::vector<std::uint32_t>>& yields) {
        gather(node);
        if (network_.node_control[node] == NodeControl::priority) network_.node_control[node] = classify(node);
        rank_movements(node);
        for (const Movement& one : movements_) {
            for (const Movement& other : movements_) {
                if (one.from_link == other.from_link) continue;
                const bool crosses = interleave(one, other) && one.to_link != other.to_link;
                if (!crosses && one.to_link != other.to_link) continue;
                const bool gives_way = yields_to(node, one, other);
                relate(one, other, crosses, gives_way, foes, yields);
            }
        }
        set_states(node, yields);
    }

private:
    void gather(Index node) {
        movements_.clear();
        for (Index in : links_.in_of(node)) {
            for (Index c = first_[in]; c < first_[in + 1];) {
                // Connections of a link are sorted by lane: collect each exit's list on its own.
                const Index to = network_.connection_to_link[c];
                bool known = false;
                for (const Movement& m : movements_) known = known || (m.from_link == in && m.to_link == to);
                if (!known) {
                    Movement m{in, to, 0, 0, network_.connection_turn[c], 0, 0};
                    m.in_position = positive(wrapped(headings_.at_end[in] + std::numbers::pi)) + 1e-3;
                    m.out_position = positive(headings_.at_start[to]) - 1e-3;   // traffic on the right: out lies clockwise of in
                    movements_.push_back(m);
                }
                ++c;
            }
        }
    }

    [[nodiscard]] NodeControl classify(Index node) const {
        const auto in = links_.in_of(node);
        if (links_.out_of(node).empty() || in.empty()) return NodeControl::dead_end;
        if (links_.out_of(node).size() == 1 && in.size() == 1 && network_.link_from[in[0]] == network_.link_to[links_.out_of(node)[0]]) return NodeControl::dead_end;
        if (in.size() < 3) return NodeControl::priority;
        int highest = 0, lowest = 1 << 20;
        double fastest = 0;
        for (Index link : in) {
            highest = std::max(highest, network_.link_priority[link]);
            lowest = std::min(lowest, network_.link_priority[link]);
            fastest = std::max(fastest, network_.link_speed_mps[link]);
        }
        // Streets of one standard without a main road among them, at town speed: right before left.
        return highest == lowest && highest <= 4 && fastest < 50.1 / 3.6 ? NodeControl::right_before_left : NodeControl::priority;
    }

    // The main road: the highest priority; among more than two such arms the straightest pair.
    void rank_movements(Index node) {
        const auto in = links_.in_of(node);
        int highest = 0;
        for (Index link : in) highest = std::max(highest, network_.link_priority[link]);
        std::vector<Index> main;
        for (Index link : in) {
            if (network_.link_priority[link] == highest) main.push_back(link);
        }
        if (main.size() > 2) {
            std::array<Index, 2> best{main[0], main[1]};
            double least = 10;
            for (std::size_t i = 0; i < main.size(); ++i) {
                for (std::size_t j = i + 1; j < main.size(); ++j) {
                    const double bend = std::abs(wrapped(headings_.at_end[main[i]] - headings_.at_end[main[j]] - std::numbers::pi));
                    if (bend < least - 1e-9) {
                        least = bend;
                        best = {main[i], main[j]};
                    }
                }
            }
            main.assign(best.begin(), best.end());
        }
        const NodeControl control = network_.node_control[node];
        const bool equal = control == NodeControl::right_before_left || control == NodeControl::all_way_stop || control == NodeControl::traffic_light;
        for (Movement& m : movements_) m.rank = equal || std::find(main.begin(), main.end(), m.from_link) != main.end() ? 0 : 1;
    }

    [[nodiscard]] bool from_the_right(const Movement& one, const Movement& other) const {
        const double side = wrapped(headings_.at_end[other.from_link] - headings_.at_end[one.from_link]);
        return side > 0.25 && side < std::numbers::pi - 0.25;   // the other drives leftwards: it comes from the right
    }
    [[nodiscard]] bool opposite(const Movement& one, const Movement& other) const {
        return std::abs(wrapped(headings_.at_end[other.from_link] - headings_.at_end[one.from_link])) > 0.75 * std::numbers::pi;
    }

    [[nodiscard]] bool yields_to(Index node, const Movement& one, const Movement& other) const {
        if (one.turn == Turn::u_turn && other.turn != Turn::u_turn) return true;
        if (other.turn == Turn::u_turn && one.turn != Turn::u_turn) return false;
        if (one.rank != other.rank) return one.rank > other.rank;
        const NodeControl control = network_.node_control[node];
        const int mine = turn_rank(one.turn), theirs = turn_rank(other.turn);
        if (control == NodeControl::right_before_left || (one.rank == 1 && !opposite(one, other))) {
            if (from_the_right(one, other)) return true;
            if (from_the_right(other, one)) return false;
        }
        if (mine != theirs) return mine > theirs;
        return one.from_link > other.from_link;   // one of two must; the id settles it
    }

    // The node's movements are few; their lane connections are found by walking the link's short list.
    void relate(const Movement& one, const Movement& other, bool crosses, bool gives_way, std::vector<std::vector<std::uint32_t>>& foes,
                std::vector<std::vector<std::uint32_t>>& yields) const {
        for (Index a = first_[one.from_link]; a < first_[one.from_link + 1]; ++a) {
            if (network_.connection_to_link[a] != one.to_link) continue;
            for (Index b = first_[other.from_link]; b < first_[other.from_link + 1]; ++b) {
                if (network_.connection_to_link[b] != other.to_link) continue;
                if (!crosses && network_.connection_to_lane[a] != network_.connection_to_lane[b]) continue;
                foes[a].push_back(b);
                if (gives_way) yields[a].push_back(b);
            }
        }
    }

    void set_states(Index node, const std::vector<std::vector<std::uint32_t>>& yields) const {
        const NodeControl control = network_.node_control[node];
        for (const Movement& m : movements_) {
            for (Index c = first_[m.from_link]; c < first_[m.from_link + 1]; ++c) {
                if (network_.connection_to_link[c] != m.to_link) continue;
                LinkState state = yields[c].empty() ? LinkState::major : LinkState::minor;
                if (control == NodeControl::right_before_left) state = LinkState::equal;
                if (control == NodeControl::all_way_stop) state = LinkState::all_way_stop;
                network_.connection_state[c] = state;
            }
        }
    }

    RoadNetwork& network_;
    const NodeLinks& links_;
    const Headings& headings_;
    const std::vector<Index>& first_;
    std::vector<Movement> movements_;
};

Ragged<std::uint32_t> joined(std::vector<std::vector<std::uint32_t>>& rows) {
    Ragged<std::uint32_t> result;
    for (auto& row : rows) {
        std::sort(row.begin(), row.end());
        result.push_row(row);
        std::vector<std::uint32_t>().swap(row);
    }
    return result;
}

}  // namespace

void decide_right_of_way(RoadNetwork& network, const NodeLinks& links, const Headings& headings, JunctionReport& report, Arena& arena) {
    const std::vector<Index> first = first_connection_of_links(network);
    std::vector<std::vector<std::uint32_t>> foes(network.connections()), yields(network.connections());
    arena.ranges(network.nodes(), [&](std::size_t begin, std::size_t end) {
        NodeJunction junction(network, links, headings, first);
        for (std::size_t node = begin; node < end; ++node) junction.decide(static_cast<Index>(node), foes, yields);   // a node's connections are its own
    });
    network.connection_foes = joined(foes);
    network.connection_yields_to = joined(yields);
    for (NodeControl control : network.node_control) {
        report.priority_nodes += control == NodeControl::priority;
        report.right_before_left_nodes += control == NodeControl::right_before_left;
        report.dead_ends += control == NodeControl::dead_end;
    }
}

}  // namespace citytwin::geodata::junction
