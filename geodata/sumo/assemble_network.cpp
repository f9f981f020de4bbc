// From names to rows: junctions of links, connections with their internal lanes, requests, signals.
#include <algorithm>
#include <numeric>

#include "core/base/text.hpp"
#include "geodata/sumo/raw_network.hpp"
#include "geodata/sumo/read_program.hpp"
#include "geodata/sumo/sumo_words.hpp"

namespace citytwin::geodata {

namespace {

constexpr double short_lane_m = 5;            ///< a default car: what is shorter can't hold one
constexpr int most_internal_lanes = 8;        ///< of one connection, one after the other

class Assembler {
public:
    Assembler(RawNetwork&& raw, DiagnosticList& diagnostics) : raw_(std::move(raw)), net_(raw_.network), diagnostics_(diagnostics) {}

    RoadNetwork assemble() {
        net_.link_first_lane.push_back(static_cast<Index>(net_.lanes()));
        for (Index node = 0; node < net_.nodes(); ++node) node_of_.emplace(net_.node_id[node], node);
        for (Index link = 0; link < net_.links(); ++link) link_of_.emplace(net_.link_id[link], link);
        for (Index signal = 0; signal < net_.signals.size(); ++signal) signal_of_.emplace(net_.signals[signal].id, signal);
        resolve_links();
        diagnostics_.throw_if_errors();
        for (const auto& raw : raw_.connections) resolve_connection(raw);
        diagnostics_.throw_if_errors();
        resolve_requests();
        resolve_roundabouts();
        check_signals();
        report();
        diagnostics_.throw_if_errors();
        return std::move(net_);
    }

private:
    [[nodiscard]] SourcePlace at(std::size_t line) const { return {raw_.path, line}; }

    Index resolve(const TextMap<Index>& map, const std::string& id, const std::vector<std::string>& known, std::size_t line, const std::string& who, const char* what) {
        const auto found = map.find(id);
        if (found != map.end()) return found->second;
        diagnostics_.error("CT-SUMO-006", at(line), who + ": there is no " + what + " '" + id + "'", suggestion(id, known));
        return no_index;
    }

    void resolve_links() {
        Ragged<double> shapes;
        for (Index link = 0; link < net_.links(); ++link) {
            const std::string who = "edge '" + net_.link_id[link] + "'";
            const Index from = resolve(node_of_, raw_.link_from[link], net_.node_id, raw_.link_line[link], who, "junction");
            const Index to = resolve(node_of_, raw_.link_to[link], net_.node_id, raw_.link_line[link], who, "junction");
            net_.link_from.push_back(from);
            net_.link_to.push_back(to);
            if (raw_.link_has_shape[link] || from == no_index || to == no_index) {
                shapes.push_row(net_.link_shape[link]);
                continue;
            }
            const double straight[] = {net_.node_x[from], net_.node_y[from], net_.node_x[to], net_.node_y[to]};
            shapes.push_row(straight);
        }
        net_.link_shape = std::move(shapes);
    }

    void resolve_connection(const RawConnection& raw) {
        const std::string who = "connection " + raw.from + " -> " + raw.to;
        const Index from = resolve(link_of_, raw.from, net_.link_id, raw.line, who, "edge");
        const Index to = resolve(link_of_, raw.to, net_.link_id, raw.line, who, "edge");
        if (from == no_index || to == no_index) return;
        if (raw.from_lane >= net_.link_lanes[from] || raw.to_lane >= net_.link_lanes[to]) {
            diagnostics_.error("CT-SUMO-006", at(raw.line),
                               who + " joins lane " + std::to_string(raw.from_lane) + " to lane " + std::to_string(raw.to_lane) + ", the edges have " +
                                   std::to_string(net_.link_lanes[from]) + " and " + std::to_string(net_.link_lanes[to]) + " lanes",
                               "lanes are counted from 0, from the right");
            return;
        }
        if (net_.link_to[from] != net_.link_from[to]) {
            diagnostics_.error("CT-SUMO-006", at(raw.line), who + " joins edges that don't meet at a junction", "the first edge's `to` must be the second's `from`");
            return;
        }
        Index signal = no_index;
        if (!raw.signal.empty()) {
            std::vector<std::string> known;
            for (const auto& s : net_.signals) known.push_back(s.id);
            signal = resolve(signal_of_, raw.signal, known, raw.line, who, "tlLogic");
            if (signal == no_index) return;
        }
        add_connection(raw, from, to, signal);
    }

    void add_connection(const RawConnection& raw, Index from, Index to, Index signal) {
        double length = 0, time = 0, speed = 0;
        std::vector<double> shape;
        std::string lane = raw.via;
        for (int part = 0; !lane.empty(); ++part) {
            const auto found = raw_.internal_lanes.find(lane);
            if (found == raw_.internal_lanes.end() || part == most_internal_lanes) {
                diagnostics_.error("CT-SUMO-006", at(raw.line), "connection " + raw.from + " -> " + raw.to + ": there is no way over the internal lane '" + lane + "'", "keep internal edges and connections together");
                return;
            }
            length += found->second.length_m;
            if (found->second.speed_mps > 0) time += found->second.length_m / found->second.speed_mps;
            speed = found->second.speed_mps;
            shape.insert(shape.end(), found->second.shape.begin(), found->second.shape.end());
            lane = found->second.next;
        }
        if (raw.via.empty()) ++without_internal_;
        net_.connection_from_link.push_back(from);
        net_.connection_to_link.push_back(to);
        net_.connection_from_lane.push_back(raw.from_lane);
        net_.connection_to_lane.push_back(raw.to_lane);
        net_.connection_node.push_back(net_.link_to[from]);
        net_.connection_length_m.push_back(length);
        net_.connection_speed_mps.push_back(time > 0 ? length / time : speed);
        net_.connection_turn.push_back(raw.turn);
        net_.connection_state.push_back(raw.state);
        net_.connection_signal.push_back(signal);
        net_.connection_signal_link.push_back(signal == no_index ? -1 : raw.signal_link);
        net_.connection_contains_waiting.push_back(0);
        net_.connection_shape.push_row(shape);
        if (signal != no_index && net_.node_signal[net_.link_to[from]] == no_index) net_.node_signal[net_.link_to[from]] = signal;
    }

    /// Request k of a junction belongs to the k-th link when its incoming lanes are walked in order, and each lane's connections in file order.
    void resolve_requests() {
        std::vector<std::vector<Index>> of_lane(net_.lanes());
        for (Index c = 0; c < net_.connections(); ++c)
            of_lane[net_.link_first_lane[net_.connection_from_link[c]] + static_cast<Index>(net_.connection_from_lane[c])].push_back(c);
        TextMap<std::size_t> walking;
        for (const auto& raw : raw_.walking_connections) ++walking[raw.from + "_" + std::to_string(raw.from_lane)];
        std::vector<std::vector<Index>> foes(net_.connections()), yields(net_.connections());
        for (const auto& junction : raw_.junctions) {
            const std::vector<Index> links = links_of(junction, of_lane, walking);
            if (junction.requests.empty()) continue;
            if (junction.requests.size() != links.size()) {
                diagnostics_.error("CT-SUMO-009", at(junction.line),
                                   "junction '" + junction.id + "' has " + std::to_string(junction.requests.size()) + " requests for " + std::to_string(links.size()) + " links",
                                   "there is one <request> per connection over the junction");
                continue;
            }
            for (std::size_t k = 0; k < links.size(); ++k) resolve_request(junction, links, k, foes, yields);
        }
        for (Index c = 0; c < net_.connections(); ++c) {
            net_.connection_foes.push_row(foes[c]);
            net_.connection_yields_to.push_row(yields[c]);
        }
    }

    std::vector<Index> links_of(const RawJunction& junction, const std::vector<std::vector<Index>>& of_lane, const TextMap<std::size_t>& walking) {
        std::vector<Index> links;
        for (std::string_view lane : sumo_words(junction.incoming_lanes)) {
            if (const auto crossing = walking.find(lane); crossing != walking.end()) links.insert(links.end(), crossing->second, no_index);
            const auto bar = lane.rfind('_');
            if (bar == std::string_view::npos) continue;
            const auto link = link_of_.find(lane.substr(0, bar));
            const auto index = parse_integer(lane.substr(bar + 1));
            if (link == link_of_.end() || !index || *index < 0 || *index >= net_.link_lanes[link->second]) continue;
            const auto& row = of_lane[net_.link_first_lane[link->second] + static_cast<Index>(*index)];
            links.insert(links.end(), row.begin(), row.end());
        }
        return links;
    }

    void resolve_request(const RawJunction& junction, const std::vector<Index>& links, std::size_t k, std::vector<std::vector<Index>>& foes, std::vector<std::vector<Index>>& yields) {
        const RawRequest& request = junction.requests[k];
        if (links[k] == no_index) return;
        if (request.foes.size() != links.size() || request.response.size() != links.size() ||
            (request.foes + request.response).find_first_not_of("01") != std::string::npos) {
            diagnostics_.error("CT-SUMO-009", at(junction.line), "junction '" + junction.id + "': request " + std::to_string(k) + " needs " + std::to_string(links.size()) + " bits in response and foes",
                               "one 0 or 1 per link, the last one is link 0");
            return;
        }
        for (std::size_t other = 0; other < links.size(); ++other) {
            if (links[other] == no_index) continue;
            const std::size_t bit = links.size() - 1 - other;
            if (request.foes[bit] == '1') foes[links[k]].push_back(links[other]);
            if (request.response[bit] == '1') yields[links[k]].push_back(links[other]);
        }
        std::sort(foes[links[k]].begin(), foes[links[k]].end());
        std::sort(yields[links[k]].begin(), yields[links[k]].end());
        net_.connection_contains_waiting[links[k]] = request.contains_waiting ? 1 : 0;
    }

    void resolve_roundabouts() {
        for (const auto& id : raw_.roundabout_links)
            if (const auto link = link_of_.find(id); link != link_of_.end()) net_.link_flags[link->second] |= road_flag::roundabout;
    }

    void check_signals() {
        std::vector<std::size_t> width(net_.signals.size(), 0);
        for (Index c = 0; c < net_.connections(); ++c) {
            const Index signal = net_.connection_signal[c];
            if (signal == no_index) continue;
            width[signal] = std::max(width[signal], static_cast<std::size_t>(net_.connection_signal_link[c]) + 1);
            if (net_.signals[signal].node == no_index) net_.signals[signal].node = net_.connection_node[c];
        }
        for (const auto& raw : raw_.walking_connections)
            if (const auto signal = signal_of_.find(raw.signal); signal != signal_of_.end() && raw.signal_link >= 0)
                width[signal->second] = std::max(width[signal->second], static_cast<std::size_t>(raw.signal_link) + 1);
        for (Index s = 0; s < net_.signals.size(); ++s) {
            const auto& signal = net_.signals[s];
            if (width[s] == 0) {
                diagnostics_.warning("CT-SUMO-013", at(raw_.signal_line[s]), "tlLogic '" + signal.id + "' controls no connection");
                continue;
            }
            for (const auto& program : signal.programs) check_program_width(signal.id, program, width[s], at(raw_.signal_line[s]), diagnostics_);
        }
    }

    void report() {
        const auto note = [&](const char* code, std::string text) { diagnostics_.add({Severity::note, code, {raw_.path}, std::move(text), {}}); };
        if (without_internal_ > 0)
            diagnostics_.warning("CT-SUMO-014", {raw_.path}, std::to_string(without_internal_) + " of " + std::to_string(net_.connections()) + " connections have no internal lane: junctions are crossed in no time there");
        if (net_.connections() == 0) diagnostics_.warning("CT-SUMO-014", {raw_.path}, "the network has no connections: no vehicle can pass a junction");
        if (raw_.skipped_pedestrian + raw_.skipped_connectors > 0)
            note("CT-SUMO-015", "skipped: " + std::to_string(raw_.skipped_pedestrian) + " crossings and walking areas, " + std::to_string(raw_.skipped_connectors) + " connectors");
        const auto shorter = std::count_if(net_.lane_length_m.begin(), net_.lane_length_m.end(), [](double length) { return length < short_lane_m; });
        if (shorter > 0) note("CT-SUMO-018", std::to_string(shorter) + " lanes are shorter than a car of 5 m");
    }

    RawNetwork raw_;
    RoadNetwork& net_;
    DiagnosticList& diagnostics_;
    TextMap<Index> node_of_, link_of_, signal_of_;
    std::size_t without_internal_ = 0;
};

}  // namespace

RoadNetwork assemble_network(RawNetwork&& raw, DiagnosticList& diagnostics) { return Assembler(std::move(raw), diagnostics).assemble(); }

}  // namespace citytwin::geodata
