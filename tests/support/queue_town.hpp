#pragma once
// Small networks for tests of the queue model: links and movements by hand, and a grid town with signals and random trips.
#include <memory>
#include <string>
#include <vector>

#include "core/parallel/arena.hpp"
#include "core/random/philox.hpp"
#include "modules/traffic/model/queue_model.hpp"

namespace citytwin::testing {

/// Owns the columns behind a QueueNetworkInput.
class QueueTown {
public:
    std::vector<double> x, y;

    Index node(double px = 0, double py = 0) {
        x.push_back(px);
        y.push_back(py);
        return static_cast<Index>(x.size() - 1);
    }
    Index link(Index a, Index b, double length_m, std::int32_t lanes = 1, double speed_mps = 10) {
        from.push_back(a);
        to.push_back(b);
        length.push_back(length_m);
        for (std::int32_t i = 0; i < lanes; ++i) {
            speed.push_back(speed_mps);
            permissions.push_back(~0u);
        }
        first_lane.push_back(static_cast<Index>(speed.size()));
        return static_cast<Index>(from.size() - 1);
    }
    Index connect(Index a, Index b, std::int32_t from_lane = 0, std::int32_t to_lane = 0, char letter = 'M', Index signal = no_index,
                  std::int32_t signal_link = -1, double inside_m = 0) {
        c_from.push_back(a);
        c_to.push_back(b);
        c_from_lane.push_back(from_lane);
        c_to_lane.push_back(to_lane);
        c_length.push_back(inside_m);
        c_speed.push_back(10);
        c_letter.push_back(letter);
        c_signal.push_back(signal);
        c_signal_link.push_back(signal_link);
        foes_of.emplace_back();
        yields_of.emplace_back();
        return static_cast<Index>(c_from.size() - 1);
    }
    /// `c` must yield to `priority`; both are in conflict.
    void yields(Index c, Index priority) {
        yields_of[c].push_back(priority);
        foes_of[c].push_back(priority);
        foes_of[priority].push_back(c);
    }
    Index signal(std::vector<std::pair<double, std::string>> phases, double offset_s = 0) {
        traffic::SignalProgram program;
        program.offset = static_cast<traffic::Milliseconds>(offset_s * 1000);
        for (auto& [seconds, state] : phases) {
            program.duration.push_back(static_cast<traffic::Milliseconds>(seconds * 1000));
            texts.push_back(std::make_unique<std::string>(state));
            program.state.push_back(*texts.back());
        }
        programs.push_back({program});
        active.push_back(0);
        return static_cast<Index>(programs.size() - 1);
    }
    traffic::QueueNetworkInput input() {
        pack(foes_of, foe_offsets, foe_values);
        pack(yields_of, yield_offsets, yield_values);
        traffic::QueueNetworkInput in;
        in.link_from = from;
        in.link_to = to;
        in.link_length_m = length;
        in.link_first_lane = first_lane;
        in.lane_speed_mps = speed;
        in.lane_permissions = permissions;
        in.connection_from_link = c_from;
        in.connection_to_link = c_to;
        in.connection_from_lane = c_from_lane;
        in.connection_to_lane = c_to_lane;
        in.connection_length_m = c_length;
        in.connection_speed_mps = c_speed;
        in.connection_letter = c_letter;
        in.connection_signal = c_signal;
        in.connection_signal_link = c_signal_link;
        in.connection_foes = {foe_offsets, foe_values};
        in.connection_yields_to = {yield_offsets, yield_values};
        in.signal_programs = programs;
        in.signal_active_program = active;
        in.nodes = x.size();
        in.node_x = x;
        in.node_y = y;
        return in;
    }

    std::vector<Index> from, to, first_lane{0}, c_from, c_to, c_signal;
    std::vector<double> length, speed, c_length, c_speed;
    std::vector<std::uint32_t> permissions, active;
    std::vector<std::int32_t> c_from_lane, c_to_lane, c_signal_link;
    std::vector<char> c_letter;
    std::vector<std::vector<Index>> foes_of, yields_of;
    std::vector<std::vector<traffic::SignalProgram>> programs;

private:
    static void pack(const std::vector<std::vector<Index>>& rows, std::vector<std::uint64_t>& offsets, std::vector<Index>& values) {
        offsets.assign(1, 0);
        values.clear();
        for (const auto& row : rows) {
            values.insert(values.end(), row.begin(), row.end());
            offsets.push_back(values.size());
        }
    }
    std::vector<std::unique_ptr<std::string>> texts;
    std::vector<std::uint64_t> foe_offsets, yield_offsets;
    std::vector<Index> foe_values, yield_values;
};

/// A `size` x `size` grid of junctions 200 m apart, all streets two-way with two lanes, every second junction signalled.
inline QueueTown grid_town(Index size) {
    QueueTown town;
    for (Index row = 0; row < size; ++row)
        for (Index column = 0; column < size; ++column) town.node(200.0 * column, 200.0 * row);
    std::vector<std::vector<Index>> in(size * size), out(size * size);
    const auto street = [&](Index a, Index b) {
        for (auto [u, v] : {std::pair(a, b), std::pair(b, a)}) {
            const Index l = town.link(u, v, 190, 2, 13.9);
            out[u].push_back(l);
            in[v].push_back(l);
        }
    };
    for (Index row = 0; row < size; ++row)
        for (Index column = 0; column < size; ++column) {
            const Index n = row * size + column;
            if (column + 1 < size) street(n, n + 1);
            if (row + 1 < size) street(n, n + size);
        }
    for (Index n = 0; n < size * size; ++n) {
        const bool signalled = (n / size + n % size) % 2 == 0 && in[n].size() > 2;
        std::vector<Index> made, horizontal;
        for (Index a : in[n]) {
            const bool along_x = town.y[town.from[a]] == town.y[n];
            for (Index b : out[n]) {
                if (town.to[b] == town.from[a]) continue;
                for (std::int32_t lane = 0; lane < 2; ++lane) {
                    made.push_back(town.connect(a, b, lane, lane, along_x || signalled ? 'M' : 'm', no_index, -1, 10));
                    horizontal.push_back(along_x);
                }
            }
        }
        for (std::size_t i = 0; i < made.size(); ++i)
            for (std::size_t k = 0; k < made.size(); ++k)
                if (!signalled && !horizontal[i] && horizontal[k]) town.yields(made[i], made[k]);
        if (!signalled) continue;
        std::string first, second;
        for (Index h : horizontal) first += h ? 'G' : 'r', second += h ? 'r' : 'G';
        const Index s = town.signal({{27, first}, {3, std::string(made.size(), 'r')}, {27, second}, {3, std::string(made.size(), 'r')}}, 5.0 * (n % 7));
        for (std::size_t i = 0; i < made.size(); ++i) {
            town.c_signal[made[i]] = s;
            town.c_signal_link[made[i]] = static_cast<std::int32_t>(i);
        }
    }
    return town;
}

/// Random walks without u-turns as routes; departures within `span_s`.
inline void add_random_trips(traffic::QueueModel& model, const QueueTown& town, std::size_t trips, double span_s, std::uint64_t seed) {
    std::vector<std::vector<Index>> onward(town.from.size());
    for (std::size_t c = 0; c < town.c_from.size(); ++c) {
        auto& list = onward[town.c_from[c]];
        if (list.empty() || list.back() != town.c_to[c]) list.push_back(town.c_to[c]);
    }
    const Random random(seed, "random trips");
    for (std::size_t t = 0; t < trips; ++t) {
        std::vector<Index> route{static_cast<Index>(random.uniform(t, 0) * static_cast<double>(town.from.size()))};
        const auto links = static_cast<std::size_t>(5 + random.uniform(t, 1) * 20);
        while (route.size() < links && !onward[route.back()].empty()) {
            const auto& next = onward[route.back()];
            route.push_back(next[static_cast<std::size_t>(random.uniform(t, 2 + route.size()) * static_cast<double>(next.size()))]);
        }
        traffic::QueueVehicle vehicle;
        vehicle.id = 1000 + t;
        vehicle.depart = static_cast<traffic::Milliseconds>(random.uniform(t, 100) * span_s * 1000);
        vehicle.speed_factor = 0.9 + 0.2 * random.uniform(t, 101);
        vehicle.route = route;
        std::vector<traffic::QueueStop> stops;
        if (t % 17 == 0) stops.push_back({route[route.size() / 2], 100, 20'000, 0, t % 34 == 0});
        vehicle.stops = stops;
        model.add_vehicle(vehicle);
    }
}

}  // namespace citytwin::testing
