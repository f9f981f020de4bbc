// Signals that nobody described: which approaches are green together, for how long. Approaches whose straight and right movements
// don't conflict share a phase; left turns go in gaps (g), or in a phase of their own where they cross many oncoming lanes.
#include <algorithm>
#include <map>
#include <set>

#include "geodata/road/junction_parts.hpp"

namespace citytwin::geodata::junction {
namespace {

bool is_left(Turn turn) { return turn == Turn::left || turn == Turn::partial_left || turn == Turn::u_turn; }

class SignalMaker {
public:
    SignalMaker(RoadNetwork& network, const NodeLinks& links, const Headings& headings, const SignalDefaults& defaults, const std::vector<Index>& first)
        : network_(network), links_(links), headings_(headings), defaults_(defaults), first_(first) {}

    void make(const SignalGroup& group) {
        const auto row = static_cast<Index>(network_.signals.size());
        collect(group);
        RoadNetwork::Signal signal;
        signal.id = group.id;
        signal.node = controlled_.empty() ? (group.nodes.empty() ? no_index : group.nodes.front()) : controlled_.front();
        for (Index node : group.nodes) network_.node_signal[node] = row;
        for (Index node : controlled_) network_.node_control[node] = NodeControl::traffic_light;
        for (std::size_t c = 0; c < connections_.size(); ++c) {
            network_.connection_signal[connections_[c]] = row;
            network_.connection_signal_link[connections_[c]] = static_cast<std::int32_t>(c);
        }
        signal.programs.push_back(crossing_alone_ ? crossing_program() : junction_program());
        mark_states(signal.programs.front());
        network_.signals.push_back(std::move(signal));
    }

private:
    // Nodes where movements conflict are held; a mere stop line before them isn't held a second time.
    void collect(const SignalGroup& group) {
        controlled_.clear();
        approaches_.clear();
        connections_.clear();
        crossing_alone_ = false;
        for (Index node : group.nodes) {
            bool conflicts = false;
            for (Index in : links_.in_of(node)) {
                for (Index c = first_[in]; c < first_[in + 1]; ++c) conflicts = conflicts || network_.connection_foes[c].size() > 0;
            }
            if (conflicts) controlled_.push_back(node);
        }
        if (controlled_.empty()) {   // a crossing for people on foot
            crossing_alone_ = true;
            controlled_ = group.nodes;
        }
        for (Index node : controlled_) {
            for (Index in : links_.in_of(node)) {
                approaches_.push_back(in);
                for (Index c = first_[in]; c < first_[in + 1]; ++c) connections_.push_back(c);
            }
        }
    }

    [[nodiscard]] bool may_share_phase(Index a, Index b) const {
        if (network_.link_to[a] != network_.link_to[b]) {
            // Different nodes of one controller: the same axis goes together, so that no one stops twice.
            const double bend = std::abs(wrapped(2 * (headings_.at_end[a] - headings_.at_end[b]))) / 2;
            return bend < std::numbers::pi / 4;
        }
        for (Index c = first_[a]; c < first_[a + 1]; ++c) {
            if (is_left(network_.connection_turn[c])) continue;
            for (std::uint32_t foe : network_.connection_foes[c]) {
                if (network_.connection_from_link[foe] != b || is_left(network_.connection_turn[foe])) continue;
                if (network_.connection_to_link[foe] != network_.connection_to_link[c]) return false;   // they cross
                if (network_.connection_turn[c] == Turn::straight && network_.connection_turn[foe] == Turn::straight) return false;
            }
        }
        return true;
    }

    [[nodiscard]] std::vector<std::vector<Index>> phases() const {
        std::vector<Index> order = approaches_;
        std::sort(order.begin(), order.end(), [&](Index a, Index b) {
            return std::tuple(-network_.link_priority[a], -network_.link_lanes[a], a) < std::tuple(-network_.link_priority[b], -network_.link_lanes[b], b);
        });
        std::vector<std::vector<Index>> result;
        for (Index link : order) {
            // Among the phases that take it, the one whose members lie most nearly opposite.
            std::size_t best = result.size();
            double least = 10;
            for (std::size_t p = 0; p < result.size(); ++p) {
                bool fits = true;
                double bend = 0;
                for (Index other : result[p]) {
                    fits = fits && may_share_phase(link, other);
                    bend += std::abs(wrapped(2 * (headings_.at_end[link] - headings_.at_end[other]))) / 2;
                }
                bend /= static_cast<double>(result[p].size());
                if (fits && bend < least) {
                    least = bend;
                    best = p;
                }
            }
            if (best == result.size()) result.emplace_back();
            result[best].push_back(link);
        }
        return result;
    }

    // G where nothing that is green beside it must be let pass, g where gaps must be waited for.
    [[nodiscard]] std::string green(const std::set<Index>& open) const {
        std::string state(connections_.size(), 'r');
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            const Index c = connections_[i];
            if (!open.contains(c)) continue;
            bool waits = false;
            for (std::uint32_t other : network_.connection_yields_to[c]) waits = waits || open.contains(other);
            state[i] = waits ? 'g' : 'G';
        }
        return state;
    }

    [[nodiscard]] double yellow_s() const {
        double fastest = 0;
        for (Index link : approaches_) fastest = std::max(fastest, network_.link_speed_mps[link]);
        return std::round(std::max(3.0, defaults_.yellow_s + std::max(0.0, fastest * 3.6 - 50) * defaults_.yellow_per_kmh_s));
    }

    void add_phase(RoadNetwork::Program& program, double seconds, std::string state) const {
        program.duration_s.push_back(seconds);
        program.min_duration_s.push_back(seconds);
        program.max_duration_s.push_back(seconds);
        program.state.push_back(std::move(state));
    }

    // Yellow for what is green now and isn't in the next phase.
    [[nodiscard]] static std::string yellow(const std::string& now, const std::string& next) {
        std::string state = now;
        for (std::size_t i = 0; i < state.size(); ++i) {
            if ((now[i] == 'G' || now[i] == 'g') && next[i] == 'r') state[i] = 'y';
            if (now[i] == 'r') state[i] = 'r';
        }
        return state;
    }

    struct Step {
        std::set<Index> open;
        double weight;
        bool left_only = false;
    };

    // A left turn with a lane of its own that would cross many oncoming lanes goes apart.
    [[nodiscard]] std::set<Index> lefts_apart(const std::vector<Index>& phase) const {
        std::set<Index> apart;
        for (Index link : phase) {
            std::set<std::int32_t> left_lanes, other_lanes;
            std::size_t crossed = 0;
            for (Index c = first_[link]; c < first_[link + 1]; ++c) {
                (is_left(network_.connection_turn[c]) ? left_lanes : other_lanes).insert(network_.connection_from_lane[c]);
                if (!is_left(network_.connection_turn[c])) continue;
                std::set<std::pair<Index, std::int32_t>> lanes;
                for (std::uint32_t foe : network_.connection_yields_to[c]) {
                    const Index from = network_.connection_from_link[foe];
                    if (std::find(phase.begin(), phase.end(), from) != phase.end() && network_.connection_turn[foe] == Turn::straight) lanes.emplace(from, network_.connection_from_lane[foe]);
                }
                crossed = std::max(crossed, lanes.size());
            }
            const bool own_lane = std::any_of(left_lanes.begin(), left_lanes.end(), [&](std::int32_t lane) { return !other_lanes.contains(lane); });
            if (!own_lane || crossed < static_cast<std::size_t>(std::max(1, defaults_.left_phase_from_lanes))) continue;
            for (Index c = first_[link]; c < first_[link + 1]; ++c) {
                if (is_left(network_.connection_turn[c]) && !other_lanes.contains(network_.connection_from_lane[c])) apart.insert(c);
            }
        }
        return apart;
    }

    [[nodiscard]] std::vector<Step> steps() const {
        std::vector<Step> result;
        for (const auto& phase : phases()) {
            Step main{{}, 0, false};
            std::int32_t lanes = 1;
            for (Index link : phase) {
                lanes = std::max(lanes, network_.link_lanes[link]);
                for (Index c = first_[link]; c < first_[link + 1]; ++c) main.open.insert(c);
            }
            main.weight = lanes;
            const std::set<Index> apart = lefts_apart(phase);
            if (!apart.empty()) {
                Step left{apart, 1, true};
                for (Index c : apart) main.open.erase(c);
                result.push_back(std::move(main));
                result.push_back(std::move(left));
            } else {
                result.push_back(std::move(main));
            }
        }
        return result;
    }

    [[nodiscard]] RoadNetwork::Program junction_program() const {
        RoadNetwork::Program program;
        const std::vector<Step> all = steps();
        const double yellow_time = yellow_s();
        double fixed = 0, weights = 0, least = 0;
        for (const Step& step : all) {
            fixed += yellow_time + defaults_.all_red_s + (step.left_only ? defaults_.left_green_s : 0);
            if (!step.left_only) {
                weights += step.weight;
                least += defaults_.least_green_s;
            }
        }
        const double shared = std::max(least, defaults_.cycle_s - fixed);
        std::vector<std::string> greens;
        for (const Step& step : all) greens.push_back(green(step.open));
        for (std::size_t s = 0; s < all.size(); ++s) {
            const double wanted = all[s].left_only ? defaults_.left_green_s : std::max(defaults_.least_green_s, std::round(shared * all[s].weight / weights));
            add_phase(program, wanted, greens[s]);
            if (all.size() == 1) break;
            const std::string& next = greens[(s + 1) % all.size()];
            add_phase(program, yellow_time, yellow(greens[s], next));
            if (defaults_.all_red_s > 0) add_phase(program, defaults_.all_red_s, std::string(connections_.size(), 'r'));
        }
        return program;
    }

    [[nodiscard]] RoadNetwork::Program crossing_program() const {
        RoadNetwork::Program program;
        const std::string open(connections_.size(), 'G'), closing(connections_.size(), 'y'), closed(connections_.size(), 'r');
        const double yellow_time = yellow_s();
        add_phase(program, std::max(defaults_.least_green_s, defaults_.cycle_s - yellow_time - defaults_.pedestrian_green_s), open);
        add_phase(program, yellow_time, closing);
        add_phase(program, defaults_.pedestrian_green_s, closed);
        return program;
    }

    // Off or dark, a signal's connections go by the right of way; the state says what they are under it.
    void mark_states(const RoadNetwork::Program& program) {
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            bool protected_once = false;
            for (const auto& state : program.state) protected_once = protected_once || state[i] == 'G';
            network_.connection_state[connections_[i]] = protected_once ? LinkState::traffic_light_major : LinkState::traffic_light_minor;
        }
    }

    RoadNetwork& network_;
    const NodeLinks& links_;
    const Headings& headings_;
    const SignalDefaults& defaults_;
    const std::vector<Index>& first_;
    std::vector<Index> controlled_, approaches_, connections_;
    bool crossing_alone_ = false;
};

}  // namespace

void make_signals(RoadNetwork& network, const NodeLinks& links, const Headings& headings, const JunctionInput& input, JunctionReport& report) {
    const std::vector<Index> first = first_connection_of_links(network);
    network.signals.clear();
    SignalMaker maker(network, links, headings, input.signal_defaults, first);
    std::vector<std::uint8_t> grouped(network.nodes(), 0);
    for (const auto& group : input.signals) {
        for (Index node : group.nodes) grouped[node] = 1;
        maker.make(group);
    }
    for (Index node = 0; node < network.nodes(); ++node) {
        if (network.node_control[node] == NodeControl::traffic_light && grouped[node] == 0) maker.make({network.node_id[node], {node}});
    }
    report.signals = network.signals.size();
}

}  // namespace citytwin::geodata::junction
