#include "geodata/road/signal_programs.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "geodata/road/junction_geometry.hpp"

namespace citytwin::geodata {

namespace {

constexpr double same_street_within_deg = 45;

struct Phase {
    std::string state;
    double green_s = 0, weight = 0, yellow_s = 0;
    bool is_left = false;
};

class ProgramMaker {
public:
    ProgramMaker(const RoadNetwork& net, const std::vector<float>& headings, const std::vector<Index>& connections, const SignalDefaults& defaults)
        : net_(net), headings_(headings), connections_(connections), defaults_(defaults), served_(connections.size(), false) {
        for (Index c : connections) approaches_.push_back(net.connection_from_link[c]);
        std::sort(approaches_.begin(), approaches_.end());
        approaches_.erase(std::unique(approaches_.begin(), approaches_.end()), approaches_.end());
        find_conflicts();
    }

    RoadNetwork::Program make() {
        if (std::all_of(conflicts_.begin(), conflicts_.end(), [](const auto& row) { return row.empty(); })) return crossing_program();
        for (Index seed = next_seed(); seed != no_index; seed = next_seed()) add_street_phase(seed);
        set_greens();
        return assembled();
    }

private:
    using Slot = std::uint32_t;  ///< position among the signal's links

    void find_conflicts() {
        conflicts_.resize(connections_.size());
        yields_.resize(connections_.size());
        std::vector<std::pair<Index, Slot>> slots;
        for (Slot s = 0; s < connections_.size(); ++s) slots.push_back({connections_[s], s});
        std::sort(slots.begin(), slots.end());
        const auto slot_of = [&](std::uint32_t row) {
            const auto found = std::lower_bound(slots.begin(), slots.end(), std::pair<Index, Slot>{row, 0});
            return found != slots.end() && found->first == row ? found->second : no_index;
        };
        for (Slot s = 0; s < connections_.size(); ++s) {
            for (std::uint32_t foe : net_.connection_foes[connections_[s]])
                if (const Slot other = slot_of(foe); other != no_index) conflicts_[s].push_back(other);
            for (std::uint32_t foe : net_.connection_yields_to[connections_[s]])
                if (const Slot other = slot_of(foe); other != no_index) yields_[s].push_back(other);
        }
    }

    [[nodiscard]] Index approach(Slot s) const { return net_.connection_from_link[connections_[s]]; }
    [[nodiscard]] Turn turn(Slot s) const { return net_.connection_turn[connections_[s]]; }
    [[nodiscard]] bool turns_left(Slot s) const { return turn(s) == Turn::left || turn(s) == Turn::partial_left || turn(s) == Turn::u_turn; }

    /// The most important approach with a connection that had no green yet.
    [[nodiscard]] Index next_seed() const {
        Index best = no_index;
        for (Slot s = 0; s < connections_.size(); ++s) {
            if (served_[s]) continue;
            const Index link = approach(s);
            if (best == no_index || importance(link) > importance(best) || (importance(link) == importance(best) && link < best)) best = link;
        }
        return best;
    }
    [[nodiscard]] double importance(Index link) const { return net_.link_priority[link] * 100.0 + net_.link_lanes[link]; }

    [[nodiscard]] bool on_same_street(Index a, Index b) const {
        const double angle = std::abs(turn_angle(headings_[a], headings_[b]));
        return angle < same_street_within_deg || angle > 180 - same_street_within_deg;
    }

    [[nodiscard]] bool can_be_green(const std::string& state, Slot s) const {
        return std::none_of(conflicts_[s].begin(), conflicts_[s].end(), [&](Slot foe) { return state[foe] == 'G' || state[foe] == 'g'; });
    }
    /// Green with yielding: what is green already and conflicts has right of way over it.
    [[nodiscard]] bool can_yield(const std::string& state, Slot s) const {
        return std::all_of(conflicts_[s].begin(), conflicts_[s].end(), [&](Slot foe) {
            return (state[foe] != 'G' && state[foe] != 'g') || std::find(yields_[s].begin(), yields_[s].end(), foe) != yields_[s].end();
        });
    }

    void add_street_phase(Index seed) {
        std::vector<Slot> order;  // the seed first, then its street; straight before turns
        for (Slot s = 0; s < connections_.size(); ++s)
            if (on_same_street(seed, approach(s))) order.push_back(s);
        const auto rank = [&](Slot s) {
            const int left = turn(s) == Turn::u_turn ? 3 : turns_left(s) ? 2 : turn(s) == Turn::straight ? 0 : 1;
            return std::tuple(approach(s) == seed && !served_[s] && left < 2 ? 0 : 1, left, served_[s] ? 1 : 0, approach(s), s);
        };
        std::sort(order.begin(), order.end(), [&](Slot a, Slot b) { return rank(a) < rank(b); });
        Phase phase;
        phase.state.assign(connections_.size(), 'r');
        bool serves_new = false;
        for (Slot s : order) {
            if (can_be_green(phase.state, s)) phase.state[s] = 'G';
            else if (can_yield(phase.state, s)) phase.state[s] = 'g';
            else continue;
            serves_new = serves_new || !served_[s];
            phase.weight = std::max(phase.weight, static_cast<double>(net_.link_lanes[approach(s)]));
        }
        if (!serves_new) phase = single_phase(seed);
        const std::string street = phase.state;
        finish(std::move(phase));
        add_left_phase(street);
    }

    /// Only what the seed itself needs; always makes progress.
    [[nodiscard]] Phase single_phase(Index seed) const {
        Phase phase;
        phase.state.assign(connections_.size(), 'r');
        phase.weight = net_.link_lanes[seed];
        for (Slot s = 0; s < connections_.size(); ++s)
            if (approach(s) == seed) phase.state[s] = 'G';  // connections of one link never conflict
        return phase;
    }

    /// Left turns of the street that wait for two or more oncoming lanes, from a lane of their own.
    void add_left_phase(const std::string& street) {
        Phase phase;
        phase.is_left = true;
        phase.state.assign(connections_.size(), 'r');
        bool any = false;
        for (Slot s = 0; s < connections_.size(); ++s) {
            if (street[s] != 'g' || !turns_left(s) || !has_own_lane(s) || !can_be_green(phase.state, s)) continue;
            const auto crossed = std::count_if(yields_[s].begin(), yields_[s].end(), [&](Slot foe) { return street[foe] == 'G'; });
            if (crossed < defaults_.left_phase_from_lanes) continue;
            phase.state[s] = 'G';
            any = true;
        }
        if (!any) return;
        for (Slot s = 0; s < connections_.size(); ++s)  // what was green beside them and hinders none of them goes on
            if (street[s] == 'G' && phase.state[s] == 'r' && can_be_green(phase.state, s) && has_green_left(phase.state, approach(s))) phase.state[s] = 'G';
        phase.green_s = defaults_.left_green_s;
        finish(std::move(phase));
    }

    [[nodiscard]] bool has_green_left(const std::string& state, Index link) const {
        for (Slot s = 0; s < connections_.size(); ++s)
            if (approach(s) == link && state[s] == 'G' && turns_left(s)) return true;
        return false;
    }
    [[nodiscard]] bool has_own_lane(Slot s) const {
        const Index c = connections_[s];
        for (Slot other = 0; other < connections_.size(); ++other)
            if (approach(other) == approach(s) && net_.connection_from_lane[connections_[other]] == net_.connection_from_lane[c] && !turns_left(other)) return false;
        return true;
    }

    void finish(Phase phase) {
        double fastest = 0;
        for (Slot s = 0; s < connections_.size(); ++s) {
            if (phase.state[s] == 'r') continue;
            served_[s] = true;
            fastest = std::max(fastest, net_.link_speed_mps[approach(s)]);
        }
        phase.yellow_s = std::max(defaults_.yellow_s, std::ceil(fastest * 3.6 * defaults_.yellow_per_kmh_s - 1e-6));
        phases_.push_back(std::move(phase));
    }

    /// Lanes share what the cycle leaves.
    void set_greens() {
        double left = defaults_.cycle_s, weights = 0;
        for (const auto& phase : phases_) {
            left -= phase.yellow_s + defaults_.all_red_s + (phase.is_left ? phase.green_s : 0);
            if (!phase.is_left) weights += std::max(phase.weight, 1.0);
        }
        for (auto& phase : phases_)
            if (!phase.is_left) phase.green_s = std::max(defaults_.least_green_s, std::round(left * std::max(phase.weight, 1.0) / weights));
    }

    static void add_phase(RoadNetwork::Program& program, std::string state, double seconds) {
        program.state.push_back(std::move(state));
        program.duration_s.push_back(seconds);
        program.min_duration_s.push_back(seconds);
        program.max_duration_s.push_back(seconds);
    }

    [[nodiscard]] RoadNetwork::Program assembled() const {
        RoadNetwork::Program program;
        for (std::size_t p = 0; p < phases_.size(); ++p) {
            const Phase& phase = phases_[p];
            const Phase& next = phases_[(p + 1) % phases_.size()];
            add_phase(program, phase.state, phase.green_s);
            if (phases_.size() == 1) break;
            std::string yellow = phase.state, red = phase.state;
            for (std::size_t s = 0; s < yellow.size(); ++s) {
                if (phase.state[s] == 'r') continue;
                const bool goes_on = next.state[s] != 'r' && defaults_.all_red_s == 0 && (phase.state[s] == 'g' || next.state[s] == 'G');
                if (!goes_on) yellow[s] = 'y';
                red[s] = 'r';
            }
            add_phase(program, yellow, phase.yellow_s);
            if (defaults_.all_red_s > 0) add_phase(program, red, defaults_.all_red_s);
        }
        return program;
    }

    /// Nothing conflicts: a crossing on foot between junctions. Its street stands while people cross.
    [[nodiscard]] RoadNetwork::Program crossing_program() const {
        RoadNetwork::Program program;
        const std::size_t links = connections_.size();
        double fastest = 0;
        for (Index link : approaches_) fastest = std::max(fastest, net_.link_speed_mps[link]);
        const double yellow = std::max(defaults_.yellow_s, std::ceil(fastest * 3.6 * defaults_.yellow_per_kmh_s - 1e-6));
        add_phase(program, std::string(links, 'G'), std::max(defaults_.least_green_s, defaults_.cycle_s - defaults_.pedestrian_green_s - yellow));
        add_phase(program, std::string(links, 'y'), yellow);
        add_phase(program, std::string(links, 'r'), defaults_.pedestrian_green_s);
        return program;
    }

    const RoadNetwork& net_;
    const std::vector<float>& headings_;
    const std::vector<Index>& connections_;
    const SignalDefaults& defaults_;
    std::vector<bool> served_;
    std::vector<Index> approaches_;
    std::vector<std::vector<Slot>> conflicts_, yields_;
    std::vector<Phase> phases_;
};

}  // namespace

RoadNetwork::Program fixed_time_program(const RoadNetwork& network, const std::vector<float>& heading_at_end, const std::vector<Index>& connections,
                                        const SignalDefaults& defaults) {
    return ProgramMaker(network, heading_at_end, connections, defaults).make();
}

}  // namespace citytwin::geodata
