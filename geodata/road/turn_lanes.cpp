// Rules as observed on netconvert 1.28's output for real extracts (docs/road_junctions.md has the table): straight keeps its lane, right turns
// leave from the rightmost lane into the rightmost, left turns from the leftmost into the leftmost.
#include "geodata/road/turn_lanes.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/text.hpp"

namespace citytwin::geodata {

namespace {

constexpr double straight_within_deg = 43;     ///< netconvert: |angle| + 1 < 44
constexpr double straighter_by_deg = 5;        ///< a second straight way that is this much less straight is a partial turn
constexpr double turnaround_from_deg = 160;

bool is_right(Turn turn) { return turn == Turn::right || turn == Turn::partial_right; }
bool is_left(Turn turn) { return turn == Turn::left || turn == Turn::partial_left; }

std::uint8_t arrow_of(std::string_view word, bool rightmost, bool leftmost) {
    if (word == "right" || word == "slight_right" || word == "sharp_right") return arrow::right;
    if (word == "left" || word == "slight_left" || word == "sharp_left") return arrow::left;
    if (word == "reverse") return arrow::back;
    if (word == "none" || word.empty())
        return static_cast<std::uint8_t>(arrow::straight | (rightmost ? arrow::right : 0) | (leftmost ? arrow::left : 0));
    return arrow::straight;  // through, merge_to_left, merge_to_right and words not known
}

/// Lanes [first, first + count) of the link.
struct LaneRange {
    std::int32_t first, count;
};

bool has(const std::vector<Movement>& movements, bool (*is)(Turn)) {
    return std::any_of(movements.begin(), movements.end(), [&](const Movement& m) { return is(m.turn); });
}

/// The straight way's lanes where fewer go on than arrive: a turn lane on the side that turns is left out.
std::int32_t first_through_lane(const std::vector<Movement>& movements, std::int32_t lanes, std::int32_t through) {
    const bool right = has(movements, is_right), left = has(movements, is_left);
    if (left && !right) return 0;
    if (left && right) return (lanes - through) / 2;
    return lanes - through;
}

LaneRange default_lanes(const std::vector<Movement>& movements, std::size_t which, std::int32_t target_lanes, std::int32_t lanes) {
    const Turn turn = movements[which].turn;
    const auto common = std::min(lanes, target_lanes);
    if (movements.size() == 1) return {is_right(turn) ? 0 : lanes - common, common};
    const auto straights = std::count_if(movements.begin(), movements.end(), [](const Movement& m) { return m.turn == Turn::straight; });
    if (turn == Turn::straight) {
        if (straights == 1) return {first_through_lane(movements, lanes, common), common};
        const bool is_first = which == 0 || movements[which - 1].turn != Turn::straight;
        return {is_first ? 0 : lanes - common, common};
    }
    if (straights > 0) return {is_right(turn) ? 0 : lanes - 1, 1};
    const bool rights = has(movements, is_right), lefts = has(movements, is_left);
    if (rights && lefts) {  // the street ends: its lanes are shared out
        const std::int32_t for_right = std::max(1, lanes / 2), for_left = std::max(1, lanes - for_right);
        if (is_right(turn)) return {0, std::min(for_right, target_lanes)};
        const auto count = std::min(for_left, target_lanes);
        return {lanes - count, count};
    }
    const bool is_main = rights ? which + 1 == movements.size() : which == 0;  // the straightest of several turns to one side
    if (is_main) return {rights ? lanes - common : 0, common};
    return {rights ? 0 : lanes - 1, 1};
}

std::vector<std::int32_t> lanes_with_arrow(const LaneRule& rule, Turn turn) {
    const std::uint8_t wanted = turn == Turn::straight ? arrow::straight : is_right(turn) ? arrow::right : arrow::left;
    std::vector<std::int32_t> lanes;
    for (std::int32_t lane = 0; lane < rule.lanes && static_cast<std::size_t>(lane) < rule.arrows.size(); ++lane)
        if (rule.arrows[static_cast<std::size_t>(lane)] & wanted) lanes.push_back(lane);
    return lanes;
}

}  // namespace

Index turnaround_of(const JunctionView& view, Index link) {
    const RoadNetwork& net = view.network;
    Index best = no_index;
    double best_angle = turnaround_from_deg;
    for (Index out : view.out[net.link_to[link]]) {
        if (out == link || net.link_to[out] != net.link_from[link]) continue;
        double angle = std::abs(turn_angle(view.headings.at_end[link], view.headings.at_start[out]));
        if (net.link_source_way[out] != 0 && net.link_source_way[out] == net.link_source_way[link]) angle += 0.5;
        if (angle > best_angle) {
            best_angle = angle;
            best = out;
        }
    }
    return best;
}

std::vector<Movement> movements_of(const JunctionView& view, Index link, Index turnaround) {
    std::vector<Movement> movements;
    for (Index out : view.out[view.network.link_to[link]]) {
        if (out == turnaround || out == link) continue;
        if ((view.network.link_permissions[out] & view.network.link_permissions[link]) == 0) continue;
        movements.push_back({out, turn_angle(view.headings.at_end[link], view.headings.at_start[out]), Turn::straight});
    }
    std::sort(movements.begin(), movements.end(), [](const Movement& a, const Movement& b) { return a.angle != b.angle ? a.angle < b.angle : a.to_link < b.to_link; });
    double straightest = 360;
    for (const auto& m : movements)
        if (std::abs(m.angle) < std::abs(straightest)) straightest = m.angle;
    for (auto& m : movements) {
        if (std::abs(m.angle) < straight_within_deg) {
            if (std::abs(m.angle - straightest) > straighter_by_deg) m.turn = m.angle < straightest ? Turn::partial_right : Turn::partial_left;
        } else {
            m.turn = m.angle < 0 ? Turn::right : Turn::left;
        }
    }
    for (std::size_t i = 1; i < movements.size(); ++i)  // something goes further round: this one is the partial turn
        if (movements[i].turn == Turn::right && movements[i].angle > -90 && movements[i - 1].turn == Turn::right) movements[i].turn = Turn::partial_right;
    for (std::size_t i = movements.size(); i-- > 1;)
        if (movements[i - 1].turn == Turn::left && movements[i - 1].angle < 90 && is_left(movements[i].turn)) movements[i - 1].turn = Turn::partial_left;
    return movements;
}

std::optional<std::vector<std::uint8_t>> arrows_of(std::string_view turn_lanes, std::int32_t lanes) {
    const auto texts = split(turn_lanes, '|');
    if (static_cast<std::int32_t>(texts.size()) != lanes) return std::nullopt;
    std::vector<std::uint8_t> arrows(texts.size(), 0);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::size_t lane = texts.size() - 1 - i;  // OSM counts from the left
        for (std::string_view word : split(texts[i], ';')) arrows[lane] |= arrow_of(trimmed(word), lane == 0, lane + 1 == texts.size());
    }
    return arrows;
}

std::vector<LanePair> lanes_of_movement(const std::vector<Movement>& movements, std::size_t which, std::int32_t target_lanes, const LaneRule& rule) {
    const Turn turn = movements[which].turn;
    std::vector<std::int32_t> from = lanes_with_arrow(rule, turn);
    if (from.empty()) {
        const LaneRange range = default_lanes(movements, which, target_lanes, rule.lanes);
        for (std::int32_t i = 0; i < range.count; ++i) from.push_back(range.first + i);
    }
    const auto count = std::min(static_cast<std::int32_t>(from.size()), target_lanes);
    std::size_t skip = 0;
    if (static_cast<std::int32_t>(from.size()) > count) {
        const auto surplus = static_cast<std::int32_t>(from.size()) - count;
        skip = is_right(turn) ? 0 : is_left(turn) ? static_cast<std::size_t>(surplus) : static_cast<std::size_t>(first_through_lane(movements, static_cast<std::int32_t>(from.size()), count));
    }
    std::int32_t start = is_left(turn) ? target_lanes - count : is_right(turn) || movements.size() == 1 ? 0 : std::min(from[skip], target_lanes - count);
    if (rule.target_shift > 0) start = std::min(rule.target_shift, target_lanes - count);
    std::vector<LanePair> pairs;
    for (std::int32_t i = 0; i < count; ++i) pairs.push_back({from[skip + static_cast<std::size_t>(i)], start + i});
    if (rule.sole_approach && turn == Turn::straight)
        for (std::int32_t lane = start + count; lane < target_lanes; ++lane) pairs.push_back({pairs.back().from, lane});
    return pairs;
}

}  // namespace citytwin::geodata
