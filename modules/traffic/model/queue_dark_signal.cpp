// A signal without power works as an all-way stop. Equations: Highway Capacity Manual 2010, chapter 20 (2016: chapter 21; TRB,
// Washington, D.C.), after Kyte et al., NCHRP project 3-46, 1996. The saturation headway between two departures from a lane is the base value
// for one vehicle on each other approach (Exhibit 20-14); a vehicle's least delay is its service time (headway - move-up time)
// plus 5 s for slowing down and starting (equation 20-30 at zero flow). Signs by the network's own letters keep SUMO's rule.
#include <algorithm>
#include <array>

#include "modules/traffic/model/queue_kernel.hpp"

namespace citytwin::traffic {

namespace {
/// Cases of HCM 2010: nobody elsewhere; opposing; one conflicting; two others; three or more others.
constexpr Milliseconds alone = 3'900, opposing = 4'700, conflicting = 5'800, two_others = 7'000, three_others = 9'600;
constexpr Milliseconds move_up = 2'000, slowing_and_starting = 5'000;
constexpr std::size_t most_approaches = 3;
}  // namespace

bool QueueKernel::dark(const RightOfWay& way) const { return way.signal != no_index && m_.signals_.states[way.signal].powered == 0; }

bool QueueKernel::at_stop_line(const VehicleState& v, const QueueParameters& here, Milliseconds time) const {
    return v.wait_since != never || v.entry + static_cast<Milliseconds>(here.length_m * 1000.0 / top_speed(v, here)) <= time;
}

bool QueueKernel::dark_open(const RightOfWay& way, const VehicleState& v, const QueueParameters& here, Milliseconds time) const {
    const auto at_line = v.entry + static_cast<Milliseconds>(here.length_m * 1000.0 / top_speed(v, here));
    if (time < at_line + slowing_and_starting + alone - move_up) return false;
    return all_way_open(way, (&way)[1], connection_of(v, here), v.wait_since == never ? time : v.wait_since, time);
}

/// Between two departures from one lane, by who stands at the junction's other approaches. Over the lanes of the queue, as tau is.
Milliseconds QueueKernel::dark_headway(const QueueParameters& here, Index connection, Milliseconds time) const {
    const QueueNetwork& net = m_.network_;
    std::array<Index, most_approaches> others{};
    std::size_t count = 0;
    bool crosses = false;  // one of them stands against this very connection
    for (Index lane = net.movement_first_lane[net.link_first_movement[here.link]];
         lane < net.movement_first_lane[net.link_first_movement[here.link + 1]]; ++lane) {
        const Index c = net.movement_connection[lane];
        for (Index f = net.right_of_way[c].first_yield; f < net.right_of_way[c + 1].first_yield; ++f) {
            const Index queue = net.foes[f].queue, link = net.parameters[queue].link;
            const QueueState& s = m_.queues_[queue];
            if (link == here.link || net.parameters[queue].kind != QueueKind::link_end || s.count == 0 ||
                !at_stop_line(m_.vehicles_[s.head], net.parameters[queue], time)) continue;
            crosses = crosses || c == connection;
            const auto last = others.begin() + static_cast<std::ptrdiff_t>(count);
            if (count < most_approaches && std::find(others.begin(), last, link) == last) others[count++] = link;
        }
    }
    const Milliseconds one_lane = count == 0 ? alone : count == 1 ? (crosses ? conflicting : opposing) : count == 2 ? two_others : three_others;
    return static_cast<Milliseconds>(static_cast<double>(one_lane) * here.tau_ff / (m_.options_.tau_free_free_s * 1000.0));
}

}  // namespace citytwin::traffic
