// Builds the connections of all nodes, chunk by chunk in parallel, then lays them out by link.
#include "geodata/road/junctions.hpp"

#include <algorithm>

#include "geodata/road/right_of_way.hpp"
#include "geodata/road/signal_programs.hpp"
#include "geodata/road/turn_lanes.hpp"

namespace citytwin::geodata {

namespace {

constexpr std::size_t nodes_per_chunk = 1024;

/// Connections of the nodes of one chunk; foes and yields count within the chunk.
struct Chunk {
    std::vector<DraftConnection> connections;
    std::vector<Index> node;
    Ragged<std::uint32_t> foes, yields_to;
    JunctionReport report;
};

class Builder {
public:
    Builder(RoadNetwork& network, const JunctionInput& input, Arena& arena)
        : net_(network), input_(input), arena_(arena),
          view_{network, links_by_node(network.link_to, network.nodes()), links_by_node(network.link_from, network.nodes()), headings_of(network, arena)} {
        restrictions_.assign(input.restrictions.begin(), input.restrictions.end());
        std::stable_sort(restrictions_.begin(), restrictions_.end(), [](const TurnRestriction& a, const TurnRestriction& b) { return a.from_link < b.from_link; });
    }

    JunctionReport build() {
        group_signals();
        for (Index node = 0; node < net_.nodes(); ++node)
            if (net_.node_signal[node] == no_index && net_.node_control[node] == NodeControl::priority) net_.node_control[node] = classified_control(view_, node);
        std::vector<Chunk> chunks((net_.nodes() + nodes_per_chunk - 1) / nodes_per_chunk);
        arena_.each(chunks.size(), [&](std::size_t c) { build_chunk(chunks[c], c * nodes_per_chunk); }, 1);
        lay_out(chunks);
        make_programs();
        return total(chunks);
    }

private:
    /// Signal rows: the groups in their order, then nodes under traffic_light that no group names.
    void group_signals() {
        net_.node_signal.assign(net_.nodes(), no_index);
        net_.signals.clear();
        const auto open = [&](std::string id, Index node) {
            net_.signals.push_back({std::move(id), node, {}, 0});
            return static_cast<Index>(net_.signals.size() - 1);
        };
        for (const auto& group : input_.signals) {
            if (group.nodes.empty()) continue;
            const Index row = open(group.id, group.nodes.front());
            for (Index node : group.nodes) {
                net_.node_signal[node] = row;
                net_.node_control[node] = NodeControl::traffic_light;
            }
        }
        for (Index node = 0; node < net_.nodes(); ++node)
            if (net_.node_control[node] == NodeControl::traffic_light && net_.node_signal[node] == no_index) net_.node_signal[node] = open(net_.node_id[node], node);
    }

    void build_chunk(Chunk& chunk, std::size_t first) {
        const std::size_t last = std::min(first + nodes_per_chunk, net_.nodes());
        std::vector<DraftConnection> connections;
        for (std::size_t n = first; n < last; ++n) {
            const auto node = static_cast<Index>(n);
            connections.clear();
            for (Index link : view_.in[node]) connect(link, chunk.report, connections);
            const NodeConflicts conflicts = resolve_right_of_way(view_, node, net_.node_control[node], net_.node_signal[node] != no_index, connections);
            const auto base = static_cast<std::uint32_t>(chunk.connections.size());
            const auto append = [&](Ragged<std::uint32_t>& rows, const std::vector<std::uint32_t>& row) {
                for (std::uint32_t other : row) rows.values.push_back(base + other);
                rows.offsets.push_back(rows.values.size());
            };
            for (std::size_t c = 0; c < connections.size(); ++c) {
                append(chunk.foes, conflicts.foes[c]);
                append(chunk.yields_to, conflicts.yields_to[c]);
            }
            chunk.connections.insert(chunk.connections.end(), connections.begin(), connections.end());
            chunk.node.insert(chunk.node.end(), connections.size(), node);
            count_node(node, chunk.report);
        }
    }

    void count_node(Index node, JunctionReport& report) const {
        report.priority_nodes += net_.node_control[node] == NodeControl::priority;
        report.right_before_left_nodes += net_.node_control[node] == NodeControl::right_before_left;
        report.dead_ends += net_.node_control[node] == NodeControl::dead_end;
    }

    void connect(Index link, JunctionReport& report, std::vector<DraftConnection>& connections) {
        Index back = turnaround_of(view_, link);
        std::vector<Movement> movements = movements_of(view_, link, back);
        const bool goes_on = !movements.empty();
        restrict(link, movements, back, report);
        const auto begin = static_cast<std::ptrdiff_t>(connections.size());
        const LaneRule rule = lane_rule(link, movements, report);
        for (std::size_t m = 0; m < movements.size(); ++m)
            for (const LanePair& pair : lanes_of_movement(movements, m, net_.link_lanes[movements[m].to_link], rule)) add(link, movements[m].to_link, pair, movements[m].turn, connections);
        if (back != no_index && (!goes_on || neighbours(net_.link_to[link]) >= 3)) {
            ++report.u_turns;
            add(link, back, {net_.link_lanes[link] - 1, net_.link_lanes[back] - 1}, Turn::u_turn, connections);
        }
        std::sort(connections.begin() + begin, connections.end(), [](const DraftConnection& a, const DraftConnection& b) {
            return std::tie(a.from_lane, a.to_link, a.to_lane) < std::tie(b.from_lane, b.to_link, b.to_lane);
        });
        report.connections += connections.size() - static_cast<std::size_t>(begin);
    }

    void add(Index from, Index to, LanePair pair, Turn turn, std::vector<DraftConnection>& connections) const {
        const auto permissions = [&](Index link, std::int32_t lane) { return net_.lane_permissions[net_.link_first_lane[link] + static_cast<Index>(lane)]; };
        if ((permissions(from, pair.from) & permissions(to, pair.to)) == 0) return;
        connections.push_back({from, to, pair.from, pair.to, turn, LinkState::major});
    }

    /// Takes out what a restriction forbids. One that would leave no way on is not kept to, and counted.
    void restrict(Index link, std::vector<Movement>& movements, Index& back, JunctionReport& report) const {
        const auto less = [](const TurnRestriction& r, Index from) { return r.from_link < from; };
        const auto first = std::lower_bound(restrictions_.begin(), restrictions_.end(), link, less);
        auto last = first;
        bool only = false;
        while (last != restrictions_.end() && last->from_link == link) only = last++->only || only;
        if (first == last) return;
        const auto forbidden = [&](Index to) {
            bool named_only = false;
            for (auto r = first; r != last; ++r) {
                if (r->to_link != to) continue;
                if (!r->only) return true;
                named_only = true;
            }
            return only && !named_only;
        };
        std::vector<Movement> allowed;
        for (const auto& m : movements)
            if (!forbidden(m.to_link)) allowed.push_back(m);
        if (allowed.empty() && !movements.empty()) {
            report.ignored_restrictions += static_cast<std::uint64_t>(last - first);
            return;
        }
        report.restricted_turns += movements.size() - allowed.size();
        movements = std::move(allowed);
        if (back != no_index && forbidden(back)) {
            ++report.restricted_turns;
            back = no_index;
        }
    }

    LaneRule lane_rule(Index link, const std::vector<Movement>& movements, JunctionReport& report) const {
        LaneRule rule;
        rule.lanes = net_.link_lanes[link];
        use_arrows(link, movements, rule, report);
        if (movements.size() != 1) return rule;
        const Index to = movements.front().to_link, node = net_.link_to[link];
        std::vector<std::pair<double, Index>> approaches;  // from the right to the left of the way on
        std::int32_t lanes = 0;
        for (Index other : view_.in[node]) {
            if (net_.link_from[other] == net_.link_to[to] && turnaround_of(view_, other) == to) continue;
            approaches.emplace_back(turn_angle(view_.headings.at_start[to], view_.headings.at_end[other]), other);
            lanes += net_.link_lanes[other];
        }
        rule.sole_approach = approaches.size() == 1;
        if (approaches.size() < 2 || lanes > net_.link_lanes[to] || view_.out[node].size() != 1) return rule;
        std::sort(approaches.begin(), approaches.end(), [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
        for (const auto& [angle, other] : approaches) {  // coming from the right = heading to the left
            if (other == link) break;
            rule.target_shift += net_.link_lanes[other];
        }
        return rule;
    }

    void use_arrows(Index link, const std::vector<Movement>& movements, LaneRule& rule, JunctionReport& report) const {
        if (link >= input_.link_turn_text.size() || input_.link_turn_text[link] == no_index) return;
        auto arrows = arrows_of(input_.turn_texts[input_.link_turn_text[link]], rule.lanes);
        bool fits = false;
        if (arrows) {
            for (const auto& m : movements) {
                const std::uint8_t wanted = m.turn == Turn::straight ? arrow::straight : m.angle < 0 ? arrow::right : arrow::left;
                for (std::uint8_t lane : *arrows) fits = fits || (lane & wanted) != 0;
            }
        }
        if (!fits) {
            ++report.turn_texts_unusable;
            report.unusable_turn_links.push_back(link);
            return;
        }
        ++report.turn_texts_used;
        rule.arrows = std::move(*arrows);
    }

    [[nodiscard]] std::size_t neighbours(Index node) const {
        std::vector<Index> others;
        for (Index link : view_.in[node]) others.push_back(net_.link_from[link]);
        for (Index link : view_.out[node]) others.push_back(net_.link_to[link]);
        std::sort(others.begin(), others.end());
        return static_cast<std::size_t>(std::unique(others.begin(), others.end()) - others.begin());
    }

    /// Rows by (from link, from lane, to link, to lane).
    void lay_out(std::vector<Chunk>& chunks) {
        std::vector<Index> first_row(net_.links() + 1, 0);
        std::size_t foes = 0, yields = 0;
        for (const auto& chunk : chunks) {
            for (const auto& c : chunk.connections) ++first_row[c.from_link + 1];
            foes += chunk.foes.values.size();
            yields += chunk.yields_to.values.size();
        }
        for (std::size_t link = 0; link < net_.links(); ++link) first_row[link + 1] += first_row[link];
        const std::size_t rows = first_row.back();
        resize_columns(rows);
        std::vector<std::vector<Index>> row_of(chunks.size());
        arena_.each(chunks.size(), [&](std::size_t k) { place(chunks[k], first_row, row_of[k]); }, 1);
        fill(chunks, row_of, &Chunk::foes, net_.connection_foes, foes);
        fill(chunks, row_of, &Chunk::yields_to, net_.connection_yields_to, yields);
    }

    void resize_columns(std::size_t rows) {
        net_.connection_from_link.assign(rows, 0);
        net_.connection_to_link.assign(rows, 0);
        net_.connection_from_lane.assign(rows, 0);
        net_.connection_to_lane.assign(rows, 0);
        net_.connection_node.assign(rows, 0);
        net_.connection_length_m.assign(rows, 0);
        net_.connection_speed_mps.assign(rows, 0);
        net_.connection_turn.assign(rows, Turn::straight);
        net_.connection_state.assign(rows, LinkState::major);
        net_.connection_signal.assign(rows, no_index);
        net_.connection_signal_link.assign(rows, -1);
        net_.connection_contains_waiting.assign(rows, 0);
        net_.connection_shape = {};
        net_.connection_shape.offsets.assign(rows + 1, 0);
    }

    void place(const Chunk& chunk, const std::vector<Index>& first_row, std::vector<Index>& row_of) {
        row_of.resize(chunk.connections.size());
        for (std::size_t i = 0, k = 0; i < chunk.connections.size(); ++i) {
            const DraftConnection& c = chunk.connections[i];
            k = i > 0 && chunk.connections[i - 1].from_link == c.from_link ? k + 1 : 0;  // a link's connections stand together
            const std::size_t row = first_row[c.from_link] + k;
            row_of[i] = static_cast<Index>(row);
            net_.connection_from_link[row] = c.from_link;
            net_.connection_to_link[row] = c.to_link;
            net_.connection_from_lane[row] = c.from_lane;
            net_.connection_to_lane[row] = c.to_lane;
            net_.connection_node[row] = chunk.node[i];
            net_.connection_turn[row] = c.turn;
            net_.connection_state[row] = c.state;
            net_.connection_signal[row] = net_.node_signal[chunk.node[i]];
        }
    }

    void fill(const std::vector<Chunk>& chunks, const std::vector<std::vector<Index>>& row_of, Ragged<std::uint32_t> Chunk::*rows, Ragged<std::uint32_t>& target, std::size_t values) {
        const std::size_t n = net_.connections();
        target.offsets.assign(n + 1, 0);
        for (std::size_t k = 0; k < chunks.size(); ++k)
            for (std::size_t i = 0; i < row_of[k].size(); ++i) target.offsets[row_of[k][i] + 1] = (chunks[k].*rows)[i].size();
        for (std::size_t row = 0; row < n; ++row) target.offsets[row + 1] += target.offsets[row];
        target.values.assign(values, 0);
        arena_.each(chunks.size(), [&](std::size_t k) {
            for (std::size_t i = 0; i < row_of[k].size(); ++i) {
                std::uint32_t* out = target.values.data() + target.offsets[row_of[k][i]];
                const auto row = (chunks[k].*rows)[i];
                for (std::size_t j = 0; j < row.size(); ++j) out[j] = row_of[k][row[j]];
                std::sort(out, out + row.size());
            }
        }, 1);
    }

    void make_programs() {
        std::vector<std::vector<Index>> of_signal(net_.signals.size());
        for (Index c = 0; c < net_.connections(); ++c)
            if (const Index signal = net_.connection_signal[c]; signal != no_index) {
                net_.connection_signal_link[c] = static_cast<std::int32_t>(of_signal[signal].size());
                of_signal[signal].push_back(c);
            }
        arena_.each(net_.signals.size(), [&](std::size_t s) {
            net_.signals[s].programs.push_back(fixed_time_program(net_, view_.headings.at_end, of_signal[s], input_.signal_defaults));
        }, 16);
    }

    [[nodiscard]] JunctionReport total(const std::vector<Chunk>& chunks) const {
        JunctionReport sum;
        for (const auto& chunk : chunks) {
            const JunctionReport& part = chunk.report;
            sum.u_turns += part.u_turns;
            sum.restricted_turns += part.restricted_turns;
            sum.ignored_restrictions += part.ignored_restrictions;
            sum.turn_texts_used += part.turn_texts_used;
            sum.turn_texts_unusable += part.turn_texts_unusable;
            sum.priority_nodes += part.priority_nodes;
            sum.right_before_left_nodes += part.right_before_left_nodes;
            sum.dead_ends += part.dead_ends;
            sum.unusable_turn_links.insert(sum.unusable_turn_links.end(), part.unusable_turn_links.begin(), part.unusable_turn_links.end());
        }
        sum.connections = net_.connections();
        sum.signals = net_.signals.size();
        std::sort(sum.unusable_turn_links.begin(), sum.unusable_turn_links.end());
        return sum;
    }

    RoadNetwork& net_;
    const JunctionInput& input_;
    Arena& arena_;
    JunctionView view_;
    std::vector<TurnRestriction> restrictions_;
};

}  // namespace

JunctionReport build_junctions(RoadNetwork& network, const JunctionInput& input, Arena& arena) { return Builder(network, input, arena).build(); }

}  // namespace citytwin::geodata
