// Which lane leads to which: turns by angle, marks where there are some, else lanes shared out as drivers expect:
// right turns from the right, left turns from the left, straight on from as many lanes as both sides have.
#include <algorithm>
#include <map>

#include "core/base/text.hpp"
#include "geodata/road/junction_parts.hpp"

namespace citytwin::geodata::junction {
namespace {

constexpr double degree = std::numbers::pi / 180;

/// One way out of a link.
struct Exit {
    Index link;
    double angle;   ///< > 0 = to the left
    Turn turn;
    std::int32_t lanes;
};

Turn turn_of(double angle) {
    const double size = std::abs(angle);
    if (size > 170 * degree) return Turn::u_turn;
    if (size <= 44 * degree) return Turn::straight;
    if (angle > 0) return size < 60 * degree ? Turn::partial_left : Turn::left;
    return size < 60 * degree ? Turn::partial_right : Turn::right;
}

bool is_twin(const RoadNetwork& network, Index a, Index b) {
    return network.link_from[a] == network.link_to[b] && network.link_to[a] == network.link_from[b] &&
           (network.link_source_way[a] == network.link_source_way[b] || network.link_shape[a].size() == network.link_shape[b].size());
}

/// turn:lanes of one link, rightmost lane first: bits of what each lane may do.
enum Mark : std::uint32_t { to_left = 1, to_straight = 2, to_right = 4, to_back = 8, unmarked = 16 };

std::vector<std::uint32_t> marks_of(std::string_view text) {
    std::vector<std::uint32_t> lanes;
    for (auto lane : split(text, '|')) {
        std::uint32_t bits = 0;
        for (auto word : split(lane, ';')) {
            word = trimmed(word);
            if (word.empty() || word == "none") bits |= unmarked;
            else if (word == "through" || word == "merge_to_left" || word == "merge_to_right") bits |= to_straight;
            else if (word == "reverse") bits |= to_back;
            else if (word.find("left") != std::string_view::npos) bits |= to_left;
            else if (word.find("right") != std::string_view::npos) bits |= to_right;
        }
        lanes.push_back(bits);
    }
    std::reverse(lanes.begin(), lanes.end());
    return lanes;
}

class LinkConnector {
public:
    LinkConnector(const RoadNetwork& network, const NodeLinks& links, const Headings& headings, const JunctionInput& input,
                  const std::map<Index, std::vector<TurnRestriction>>& restrictions)
        : network_(network), links_(links), headings_(headings), input_(input), restrictions_(restrictions) {}

    void connect(Index link, std::vector<Connection>& out, JunctionReport& report) {
        find_exits(link, report);
        const std::size_t before = out.size();
        const std::int32_t lanes = network_.link_lanes[link];
        if (!exits_.empty() && !by_marks(link, lanes, out, report)) by_custom(link, lanes, out);
        if (back_ != no_index) {
            out.push_back({link, back_, lanes - 1, network_.link_lanes[back_] - 1, Turn::u_turn});
            ++report.u_turns;
        }
        connect_idle_lanes(lanes, before, out);
        std::sort(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(), [](const Connection& a, const Connection& b) {
            return std::tie(a.from_lane, a.to_link, a.to_lane) < std::tie(b.from_lane, b.to_link, b.to_lane);
        });
        out.erase(std::unique(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(), [](const Connection& a, const Connection& b) {
            return a.from_lane == b.from_lane && a.to_link == b.to_link && a.to_lane == b.to_lane;
        }), out.end());
    }

private:
    [[nodiscard]] bool forbidden(Index from, Index to) const {
        const auto found = restrictions_.find(from);
        if (found == restrictions_.end()) return false;
        bool has_only = false, is_only = false;
        for (const auto& rule : found->second) {
            if (rule.only) {
                has_only = true;
                is_only = is_only || rule.to_link == to;
            } else if (rule.to_link == to) {
                return true;
            }
        }
        return has_only && !is_only;
    }

    // Exits from right to left; the way back apart.
    void find_exits(Index link, JunctionReport& report) {
        exits_.clear();
        back_ = no_index;
        const Index node = network_.link_to[link];
        for (Index out : links_.out_of(node)) {
            if (forbidden(link, out)) {
                ++report.restricted_turns;
                continue;
            }
            if (is_twin(network_, link, out)) {
                back_ = out;
                continue;
            }
            const double angle = wrapped(headings_.at_start[out] - headings_.at_end[link]);
            exits_.push_back({out, angle, turn_of(angle), network_.link_lanes[out]});
        }
        std::sort(exits_.begin(), exits_.end(), [](const Exit& a, const Exit& b) { return std::tie(a.angle, a.link) < std::tie(b.angle, b.link); });
        // Of several exits that look straight only the straightest is; its neighbours turn slightly.
        std::size_t straightest = exits_.size();
        for (std::size_t e = 0; e < exits_.size(); ++e) {
            if (exits_[e].turn == Turn::straight && (straightest == exits_.size() || rank(e) < rank(straightest))) straightest = e;
        }
        for (std::size_t e = 0; e < exits_.size(); ++e) {
            if (exits_[e].turn == Turn::straight && e < straightest) exits_[e].turn = Turn::partial_right;
            if (exits_[e].turn == Turn::straight && e > straightest) exits_[e].turn = Turn::partial_left;
            if (exits_[e].turn == Turn::u_turn) exits_[e].turn = exits_[e].angle > 0 ? Turn::left : Turn::right;
        }
        const bool geometry_like = exits_.size() == 1 && links_.in_of(node).size() <= 2;
        if (geometry_like) back_ = no_index;   // nobody turns round in the middle of a street
    }
    [[nodiscard]] std::pair<double, double> rank(std::size_t e) const {
        // A street that goes on as it is beats one that merely lies straighter.
        const double lower = network_.link_priority[exits_[e].link] >= 0 ? -network_.link_priority[exits_[e].link] : 0;
        return std::abs(exits_[e].angle) < 15 * degree ? std::pair{0.0, std::abs(exits_[e].angle) + lower * 1e-3} : std::pair{1.0, std::abs(exits_[e].angle)};
    }

    // Lanes [first, first + count) of the link to the exit, aligned to the side of the turn.
    void spread(Index link, std::int32_t first, std::int32_t count, const Exit& exit, std::vector<Connection>& out) const {
        const bool leftwards = exit.turn == Turn::left || exit.turn == Turn::partial_left;
        for (std::int32_t i = 0; i < count; ++i) {
            std::int32_t to = leftwards ? exit.lanes - count + i : i;
            to = std::clamp(to, 0, exit.lanes - 1);
            out.push_back({link, exit.link, first + i, to, exit.turn});
        }
    }

    bool by_marks(Index link, std::int32_t lanes, std::vector<Connection>& out, JunctionReport& report) {
        if (input_.link_turn_text.empty() || input_.link_turn_text[link] == no_index) return false;
        const std::vector<std::uint32_t> marks = marks_of(input_.turn_texts[input_.link_turn_text[link]]);
        std::vector<Connection> made;
        if (static_cast<std::int32_t>(marks.size()) == lanes) {
            for (const Exit& exit : exits_) {
                const bool leftwards = exit.turn == Turn::left || exit.turn == Turn::partial_left;
                const bool rightwards = exit.turn == Turn::right || exit.turn == Turn::partial_right;
                const std::uint32_t wanted = leftwards ? to_left : (rightwards ? to_right : to_straight);
                std::vector<std::int32_t> marked;
                for (std::int32_t lane = 0; lane < lanes; ++lane) {
                    if (marks[lane] & (wanted | (wanted == to_straight ? unmarked : 0u))) marked.push_back(lane);
                }
                const auto count = static_cast<std::int32_t>(marked.size());
                for (std::int32_t i = 0; i < count; ++i) {
                    const std::int32_t to = leftwards ? exit.lanes - count + i : i;
                    made.push_back({link, exit.link, marked[i], std::clamp(to, 0, exit.lanes - 1), exit.turn});
                }
            }
        }
        // Marks that leave an exit or a lane without a way aren't marks of this junction.
        bool fits = !made.empty();
        for (const Exit& exit : exits_) fits = fits && std::any_of(made.begin(), made.end(), [&](const auto& c) { return c.to_link == exit.link; });
        for (std::int32_t lane = 0; lane < lanes; ++lane) {
            fits = fits && (std::any_of(made.begin(), made.end(), [&](const auto& c) { return c.from_lane == lane; }) || (back_ != no_index && (marks[lane] & to_back)));
        }
        if (!fits) {
            ++report.turn_texts_unusable;
            report.unusable_turn_links.push_back(link);
            return false;
        }
        ++report.turn_texts_used;
        out.insert(out.end(), made.begin(), made.end());
        return true;
    }

    void by_custom(Index link, std::int32_t lanes, std::vector<Connection>& out) const {
        std::size_t straight = exits_.size();
        for (std::size_t e = 0; e < exits_.size(); ++e) {
            if (exits_[e].turn == Turn::straight) straight = e;
        }
        const auto rights = static_cast<std::int32_t>(straight == exits_.size() ? 0 : straight);
        if (straight == exits_.size()) {
            share_out(link, lanes, out);
            return;
        }
        const auto lefts = static_cast<std::int32_t>(exits_.size() - straight) - 1;
        for (std::int32_t r = 0; r < rights; ++r) spread(link, std::min(r, lanes - 1), 1, exits_[r], out);
        for (std::int32_t l = 0; l < lefts; ++l) spread(link, std::max(0, lanes - lefts + l), 1, exits_[straight + 1 + l], out);
        const Exit& on = exits_[straight];
        const std::int32_t count = std::min(lanes, on.lanes);
        // With fewer lanes ahead, lanes that have a turn of their own are left to it.
        const std::int32_t first = lanes > on.lanes ? std::min(std::min(rights, 1), lanes - count) : 0;
        for (std::int32_t i = 0; i < count; ++i) out.push_back({link, on.link, first + i, i, on.turn});
        if (on.lanes > lanes) {   // added lanes are entered from the outermost one
            for (std::int32_t to = lanes; to < on.lanes; ++to) out.push_back({link, on.link, lanes - 1, to, on.turn});
        }
    }

    // No straight exit: the lanes are shared out from right to left, each exit at least one.
    void share_out(Index link, std::int32_t lanes, std::vector<Connection>& out) const {
        const auto exits = static_cast<std::int32_t>(exits_.size());
        for (std::int32_t e = 0; e < exits; ++e) {
            std::int32_t first = e * lanes / exits, last = (e + 1) * lanes / exits;
            if (last <= first) last = std::min(lanes, first + 1), first = last - 1;
            const std::int32_t count = std::min(last - first, exits_[e].lanes);
            const bool leftwards = exits_[e].angle > 0;
            spread(link, leftwards ? last - count : first, count, exits_[e], out);
        }
    }

    // A lane from which nothing leads on would trap its vehicles: it merges into what its neighbour does.
    void connect_idle_lanes(std::int32_t lanes, std::size_t before, std::vector<Connection>& out) const {
        if (out.size() == before) return;
        for (std::int32_t lane = 0; lane < lanes; ++lane) {
            const auto begin = out.begin() + static_cast<std::ptrdiff_t>(before);
            if (std::any_of(begin, out.end(), [&](const auto& c) { return c.from_lane == lane; })) continue;
            const auto nearest = std::min_element(begin, out.end(), [&](const auto& a, const auto& b) {
                return std::tuple(a.turn == Turn::u_turn, std::abs(a.from_lane - lane), a.turn != Turn::straight) <
                       std::tuple(b.turn == Turn::u_turn, std::abs(b.from_lane - lane), b.turn != Turn::straight);
            });
            Connection merged = *nearest;
            merged.from_lane = lane;
            out.push_back(merged);
        }
    }

    const RoadNetwork& network_;
    const NodeLinks& links_;
    const Headings& headings_;
    const JunctionInput& input_;
    const std::map<Index, std::vector<TurnRestriction>>& restrictions_;
    std::vector<Exit> exits_;
    Index back_ = no_index;
};

void add(JunctionReport& total, const JunctionReport& part) {
    total.u_turns += part.u_turns;
    total.restricted_turns += part.restricted_turns;
    total.turn_texts_used += part.turn_texts_used;
    total.turn_texts_unusable += part.turn_texts_unusable;
    total.unusable_turn_links.insert(total.unusable_turn_links.end(), part.unusable_turn_links.begin(), part.unusable_turn_links.end());
}

}  // namespace

std::vector<Connection> connect_lanes(const RoadNetwork& network, const NodeLinks& links, const Headings& headings, const JunctionInput& input, JunctionReport& report,
                                      Arena& arena) {
    std::map<Index, std::vector<TurnRestriction>> restrictions;
    for (const auto& rule : input.restrictions) {
        const bool meets = rule.from_link < network.links() && rule.to_link < network.links() && network.link_to[rule.from_link] == network.link_from[rule.to_link];
        if (!meets) ++report.ignored_restrictions;
        if (meets) restrictions[rule.from_link].push_back(rule);
    }
    constexpr std::size_t block = 4096;
    const std::size_t blocks = (network.links() + block - 1) / block;
    std::vector<std::vector<Connection>> parts(blocks);
    std::vector<JunctionReport> reports(blocks);
    arena.each(blocks, [&](std::size_t b) {
        LinkConnector connector(network, links, headings, input, restrictions);
        for (std::size_t link = b * block; link < std::min(network.links(), (b + 1) * block); ++link) connector.connect(static_cast<Index>(link), parts[b], reports[b]);
    }, 1);
    std::vector<Connection> all;
    for (std::size_t b = 0; b < blocks; ++b) {
        all.insert(all.end(), parts[b].begin(), parts[b].end());
        add(report, reports[b]);
    }
    return all;
}

}  // namespace citytwin::geodata::junction
