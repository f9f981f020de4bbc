// May the head of a last segment enter the junction? And when does it look again if not?
// Rules as in SUMO's MSLink for the mesoscopic model, described in traffic.md sections 3 and 5.4.
#include <algorithm>
#include <cmath>

#include "modules/traffic/model/queue_kernel.hpp"

namespace citytwin::traffic {

namespace {

constexpr double zipper_gap_ms = 16'000;

/// The follower can't stop behind the leader if both brake as hard as they can.
bool unsafe_merge(double leader_speed, double leader_braking, double follower_speed, double follower_braking) {
    return leader_speed * leader_speed / leader_braking <= follower_speed * follower_speed / follower_braking;
}

/// When a foe reaches the junction if it brakes for an impatient driver, by at most impatience * its usual braking.
Milliseconds braking_arrival(Milliseconds arrival, Milliseconds foe_arrival, Milliseconds now, double impatience, double braking,
                             double distance, double& speed_then) {
    if (arrival / 1000 == foe_arrival / 1000) return foe_arrival;
    const double b = braking * impatience;
    const double dt = static_cast<double>(foe_arrival - arrival) * 1e-3;
    const double lost = dt * b, saved = dt * lost / 2;
    const double v = distance / std::max(1e-3, static_cast<double>(foe_arrival - now + 1000) * 1e-3);
    const double left = distance - v * static_cast<double>(arrival - now) * 1e-3;
    if (0.5 * v * v / b <= left) {
        speed_then = 0;
        return foe_arrival + 30'000;
    }
    const double root = 4 * (v - lost) * (v - lost) - 8 * b * saved;
    if (root < 0) return foe_arrival + 30'000;
    const double later = (std::sqrt(root) * -0.5 - lost + v) / b;
    speed_then = v - (dt + later) * b;
    return foe_arrival + static_cast<Milliseconds>(later * 1000.0);
}

}  // namespace

bool QueueKernel::open(const VehicleState& v, const QueueParameters& here, Milliseconds time, bool& red) {
    if (here.kind == QueueKind::junction_waiting) return inner_open(v, here, time);
    const Index c = connection_of(v, here);
    const RightOfWay& way = m_.network_.right_of_way[c];
    if (dark(way)) return dark_open(way, v, here, time);
    const LinkLetter letter = way.signal == no_index ? way.letter : m_.signals_.letter(way.signal, way.signal_link, time);
    if (has_priority(letter)) return true;
    red = is_red(letter);
    if (red) return false;
    const Milliseconds waited = v.wait_since == never ? 0 : time - v.wait_since;
    if (letter == 'w') return waited > 0 && all_way_open(way, (&way)[1], c, v.wait_since, time);
    if (way.contains_waiting) return true;  // waits inside the junction
    if (letter == 's' && waited == 0) return false;
    const double impatience = std::clamp(m_.types_[v.type].impatience +
        static_cast<double>(waited) / static_cast<double>(m_.options_.impatience_after), 0.0, 1.0);
    return impatience >= 1 || gap_open(way, v, here, time, impatience, way.length_m, false);
}

/// From the waiting place inside the junction. Who entered on a major green doesn't yield; once its light is red, only
/// foes that move hold it up.
bool QueueKernel::inner_open(const VehicleState& v, const QueueParameters& here, Milliseconds time) {
    const RightOfWay& way = m_.network_.right_of_way[connection_of(v, here)];
    bool red_behind = false;
    if (way.signal != no_index) {
        const LinkLetter letter = m_.signals_.letter(way.signal, way.signal_link, time);
        if (letter == 'G') return true;
        red_behind = letter == 'r';
    }
    const Milliseconds waited = v.wait_since == never ? 0 : time - v.wait_since;
    const double impatience = std::clamp(m_.types_[v.type].impatience +
        static_cast<double>(waited) / static_cast<double>(m_.options_.impatience_after), 0.0, 1.0);
    return impatience >= 1 || gap_open(way, v, here, time, impatience, here.length_m, red_behind);
}

bool QueueKernel::all_way_open(const RightOfWay& way, const RightOfWay& end, Index connection, Milliseconds waits_since,
                               Milliseconds time) const {
    if (time - waits_since >= m_.options_.impatience_after) return true;
    for (Index f = way.first_yield; f < end.first_yield; ++f) {
        const Foe foe = m_.network_.foes[f];
        const Approach& a = m_.approaches_[foe.queue];
        if (a.crossed_connection == foe.connection && a.crossed_until > time) return false;
        const QueueState& s = m_.queues_[foe.queue];
        if (a.connection != foe.connection || s.count == 0 || s.held_by_space) continue;
        const Milliseconds since = m_.vehicles_[s.head].wait_since;
        if (since < waits_since || (since == waits_since && foe.connection < connection)) return false;
    }
    return true;
}

bool QueueKernel::gap_open(const RightOfWay& way, const VehicleState& v, const QueueParameters& here, Milliseconds time, double impatience,
                           double path_m, bool skip_standing) {
    const QueueVehicleType& type = m_.types_[v.type];
    const double speed = current_speed(v, here, time);
    const double leave_speed = std::min<double>(std::min(type.max_speed_mps, static_cast<double>(way.speed_mps) * v.speed_factor),
                                                std::sqrt(2.0 * path_m * type.acceleration_mps2 + speed * speed));
    const Milliseconds leave = time + static_cast<Milliseconds>((path_m + type.length_m) / std::max(0.5 * (speed + leave_speed), 0.001) * 1000.0);
    for (Index f = way.first_yield; f < way.first_foe; ++f) {
        const Foe foe = m_.network_.foes[f];
        const Approach& a = m_.approaches_[foe.queue];
        if (a.connection != foe.connection) continue;
        const RightOfWay& other = m_.network_.right_of_way[foe.connection];
        if (other.signal != no_index && is_red(m_.signals_.letter(other.signal, other.signal_link, time))) continue;
        if (skip_standing && m_.vehicles_[m_.queues_[foe.queue].head].wait_since != never) continue;
        if (blocked_by(a, other.to_lane == way.to_lane, type, time, leave, speed, leave_speed, impatience,
                       m_.network_.parameters[foe.queue].length_m)) {
            return false;
        }
    }
    return true;
}

bool QueueKernel::blocked_by(const Approach& foe, bool same_lane, const QueueVehicleType& type, Milliseconds arrival, Milliseconds leave,
                             double arrival_speed, double leave_speed, double impatience, double foe_distance) const {
    const double foe_braking = m_.types_[foe.type].deceleration_mps2;
    Milliseconds foe_arrival = foe.arrival;
    double foe_speed = foe.speed_mps;
    if (impatience > 0 && arrival < foe.arrival) {
        const Milliseconds step = (arrival + 999) / 1000 * 1000;
        const Milliseconds braking = braking_arrival(arrival, foe.arrival, step, impatience, foe_braking, foe_distance, foe_speed);
        foe_arrival = static_cast<Milliseconds>((1.0 - impatience) * static_cast<double>(foe.arrival) + impatience * static_cast<double>(braking));
    }
    if (foe.leave < arrival) {
        return same_lane && (arrival - foe.leave < m_.options_.minor_time_gap ||
                             unsafe_merge(foe.speed_mps, foe_braking, arrival_speed, type.deceleration_mps2));
    }
    if (foe_arrival > leave + m_.options_.minor_time_gap) {
        return same_lane && unsafe_merge(leave_speed, type.deceleration_mps2, foe_speed, foe_braking);
    }
    return true;
}

/// When the vehicle will have waited too long.
Milliseconds QueueKernel::teleport_look(const VehicleState& v) const {
    return m_.options_.teleport_after <= 0 ? never : v.wait_since + m_.options_.teleport_after + 1;
}

/// A vehicle in front of a full segment looks again 1 ms after that segment's head may leave. If that head is itself known
/// to stand until later, so does the vehicle. Behind a cut nothing changes before the next exchange.
Milliseconds QueueKernel::next_look_when_full(const Target& target, Milliseconds time) const {
    const Index mirror = m_.network_.parameters[target.base].mirror;
    if (target.closed || (mirror != no_index && m_.network_.mirror_sender[mirror] == partition_)) {
        return (time / m_.options_.window + 1) * m_.options_.window;
    }
    Milliseconds leaves = never;
    for (std::uint32_t i = 0; i < target.count; ++i) leaves = std::min(leaves, m_.queues_[target.base + i].head_event);
    return leaves == never ? time + m_.options_.recheck : std::max(leaves, time) + 1;
}

void QueueKernel::hold(Index queue, const Target& target, const Choice& choice, bool red, Milliseconds time) {
    QueueState& s = m_.queues_[queue];
    VehicleState& v = m_.vehicles_[s.head];
    const bool junction = choice.queue != no_index, full = !junction && choice.earliest == never;
    if (v.wait_since != never && m_.options_.teleport_after > 0 && time - v.wait_since > m_.options_.teleport_after) {
        teleport(queue, junction ? TeleportCause::yield : choice.any_lane || target.closed ? TeleportCause::jam : TeleportCause::wrong_lane, time);
        return;
    }
    if (v.wait_since == never) v.wait_since = time;
    const Milliseconds step = m_.options_.recheck;
    bool skips = false;
    Milliseconds look = time + step;
    if (full) {
        look = next_look_when_full(target, time);
        skips = true;
    } else if (!junction) {
        look = std::max(choice.earliest, time + 1);
    } else if (red) {
        const RightOfWay& way = m_.network_.right_of_way[connection_of(v, m_.network_.parameters[queue])];
        look = m_.signals_.first_not_red(way.signal, way.signal_link, look, step);
        if (look == never) look = time + 60 * step;
        skips = true;
    }
    if (skips) look = std::min(look, std::max(teleport_look(v), time + 1));
    s.skips_looks = skips;
    p_.counters[count_held] += full && !s.held_by_space;
    s.held_by_space = full;
    reschedule(queue, look);
}

void QueueKernel::teleport(Index queue, TeleportCause cause, Milliseconds time) {
    const Index row = m_.queues_[queue].head;
    VehicleState& v = m_.vehicles_[row];
    v.waited += static_cast<std::int32_t>(time - v.wait_since);
    const bool on_link = !is_in_junction(m_.network_.parameters[queue].kind);
    pop_head(queue, time, no_index);
    if (on_link) leave_link(row, time, static_cast<std::int64_t>(m_.network_.link_length_m[m_.trips_[row].link] * 1000.0 + 0.5));
    ++m_.trips_[row].teleports;
    ++p_.counters[count_teleports + static_cast<std::size_t>(cause)];
    v.place = VehiclePlace::teleporting;
    v.event = time;
    p_.teleports.push_back(row);
}

}  // namespace citytwin::traffic
