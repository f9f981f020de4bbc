// How vehicles come onto the road: departures at the start of a window, stops on and off the lane.
#include <algorithm>
#include <cmath>

#include "modules/traffic/model/queue_kernel.hpp"

namespace citytwin::traffic {

void QueueKernel::depart(Milliseconds time) {
    while (p_.departures.next_time() <= time) {
        const Index row = RowKey::row(p_.departures.top());
        const Milliseconds planned = p_.departures.next_time();
        p_.departures.pop();
        VehicleState& v = m_.vehicles_[row];
        if (v.place != VehiclePlace::planned || m_.trips_[row].planned_depart != planned) continue;
        v.place = VehiclePlace::waiting;
        const Index link = m_.trips_[row].link;
        v.next = no_index;
        if (m_.waiting_head_[link] == no_index) {
            m_.waiting_head_[link] = row;
            p_.insertion_links.push_back(link);
        } else {
            m_.vehicles_[m_.waiting_tail_[link]].next = row;
        }
        m_.waiting_tail_[link] = row;
    }
    std::size_t kept = 0;
    for (Index link : p_.insertion_links) {
        while (m_.waiting_head_[link] != no_index) {
            const Index row = m_.waiting_head_[link], next = m_.vehicles_[row].next;
            if (m_.link_closed_[link] || !insert(row, time)) break;
            m_.waiting_head_[link] = next;
        }
        if (m_.waiting_head_[link] != no_index) p_.insertion_links[kept++] = link;
    }
    p_.insertion_links.resize(kept);
}

double QueueKernel::mean_speed(Index base, std::uint32_t count, Milliseconds time) const {
    double sum = 0;
    int vehicles = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const QueueParameters& here = m_.network_.parameters[base + i];
        const QueueState& s = m_.queues_[base + i];
        const std::int32_t tau = s.occupancy_mm < here.jam_mm ? here.tau_ff : here.tau_jf;
        Milliseconds earliest = time;
        for (Index row = s.head; row != no_index; row = m_.vehicles_[row].next) {
            const VehicleState& v = m_.vehicles_[row];
            const QueueVehicleType& type = m_.types_[v.type];
            earliest = std::max(v.event, earliest - 1000);
            sum += here.length_m * 1000.0 / static_cast<double>(std::max<Milliseconds>(1, earliest - v.entry));
            earliest += here.headway(tau, type.tau_s, type.space_m());
            ++vehicles;
        }
    }
    return vehicles == 0 ? m_.network_.link_speed_mps[m_.network_.parameters[base].link] : sum / vehicles;
}

/// An insertion must not make a jam, nor join one that can't take it at the speed it moves with.
bool QueueKernel::may_insert(const VehicleState& v, Index base, std::uint32_t count, Index queue, Milliseconds time) const {
    const QueueState& s = m_.queues_[queue];
    const QueueParameters& here = m_.network_.parameters[queue];
    const std::int32_t after = s.count == 0 ? 0 : s.occupancy_mm + space_mm(v);
    if (after > here.capacity_mm) return false;
    bool blocked_head = false;
    for (Index q = base; q < base + count; ++q) {
        const QueueState& other = m_.queues_[q];
        if (other.count != 0 && m_.vehicles_[other.head].wait_since < other.head_event) blocked_head = true;
    }
    if (s.occupancy_mm <= here.jam_mm && !blocked_head) return after <= here.jam_mm;
    const double speed = mean_speed(base, count, time);
    const double headway_s = static_cast<double>(here.headway(here.tau_ff, 1.0, 7.5)) * 1e-3;
    return after * 1e-3 <= std::ceil(here.length_m / (std::max(speed, 1e-3) * headway_s)) * 7.5;
}

bool QueueKernel::insert(Index row, Milliseconds time) {
    const QueueNetwork& net = m_.network_;
    VehicleState& v = m_.vehicles_[row];
    TripState& trip = m_.trips_[row];
    const Index link = trip.link, segments = net.link_segments[link];
    const double segment_m = net.link_length_m[link] / segments;
    Index segment = 0;
    while (segment + 1 < segments && (segment + 1) * segment_m < trip.depart_offset_mm * 1e-3) ++segment;
    const bool last = segment + 1 == segments;
    const Index base = net.link_first_queue[link] + segment;
    const std::uint32_t count = last ? net.last_segment_queues(link) : 1;
    std::uint64_t lanes = ~std::uint64_t{0};
    if (count > 1 && v.route_at < v.route_end) lanes = net.movement_lanes[net.link_first_movement[link] + m_.routes_[v.route_at]];
    Index best = no_index;
    for (std::uint32_t i = 0; i < count; ++i) {
        if ((net.parameters[base + i].permissions & m_.types_[v.type].permission) == 0 || (lanes >> std::min(i, 63u) & 1) == 0) continue;
        if (best != no_index && m_.queues_[base + i].count >= m_.queues_[best].count) continue;
        if (may_insert(v, base, count, base + i, time)) best = base + i;
    }
    if (best == no_index) return false;
    trip.depart = time;
    trip.start_offset_mm = static_cast<std::uint32_t>(trip.depart_offset_mm);
    --p_.counters[count_waiting];
    ++p_.counters[count_running];
    ++p_.counters[count_inserted];
    p_.counters[count_depart_delay] += time - trip.planned_depart;
    ++m_.totals_[link].departed;
    p_.events.push_back({trip.id, time, 0.0, row, link, TripEventKind::departed, RemovalCause::none, 0});
    enter(row, best, time, EntryKind::depart, true);
    return true;
}

/// Stops of this segment. On the lane: the time until which it stands. Off the lane: it leaves the queue's world until
/// its service is over (`parked`).
Milliseconds QueueKernel::serve_stops(Index row, Index queue, Milliseconds time, EntryKind kind, bool& parked) {
    VehicleState& v = m_.vehicles_[row];
    TripState& trip = m_.trips_[row];
    const QueueParameters& here = m_.network_.parameters[queue];
    Milliseconds end = time;
    while (trip.first_stop != no_index) {
        const StopState stop = m_.stops_[trip.first_stop];
        const double begin_m = here.segment * here.length_m, at_m = stop.offset_mm * 1e-3;
        const bool last = here.next_count == 0;
        if (stop.link != here.link || (!last && at_m >= begin_m + here.length_m)) break;
        const double share = std::clamp((at_m - begin_m) / here.length_m, 0.0, 1.0);
        const Milliseconds reach = end + (kind == EntryKind::from_stop ? 0 : static_cast<Milliseconds>(share * here.length_m / top_speed(v, here) * 1000.0));
        if (!stop.blocks_lane) {
            parked = true;
            v.place = VehiclePlace::nearing_stop;
            v.event = reach;
            p_.off_lane.push(RowKey::make(reach, row));
            return end;
        }
        end = std::max(end + stop.service, stop.until);
        trip.stopped += end - time;
        const double distance = static_cast<double>(trip.distance_mm + stop.offset_mm - trip.start_offset_mm) * 1e-3;
        p_.events.push_back({trip.id, reach, distance, row, here.link, TripEventKind::stop_reached, RemovalCause::none,
                             static_cast<std::uint16_t>(trip.stops_reached++)});
        p_.freed_stops.push_back(trip.first_stop);
        trip.first_stop = stop.next;
        v.has_stops = stop.next != no_index;
    }
    return end;
}

void QueueKernel::off_lane_event(Index row, Milliseconds time) {
    VehicleState& v = m_.vehicles_[row];
    TripState& trip = m_.trips_[row];
    const QueueParameters& here = m_.network_.parameters[v.queue];
    if (v.place == VehiclePlace::nearing_stop) {
        const StopState stop = m_.stops_[trip.first_stop];
        const double distance = static_cast<double>(trip.distance_mm + std::max<std::int64_t>(0, std::int64_t{stop.offset_mm} - trip.start_offset_mm)) * 1e-3;
        p_.events.push_back({trip.id, time, distance, row, here.link, TripEventKind::stop_reached, RemovalCause::none,
                             static_cast<std::uint16_t>(trip.stops_reached++)});
        p_.freed_stops.push_back(trip.first_stop);
        trip.first_stop = stop.next;
        v.has_stops = stop.next != no_index;
        v.place = VehiclePlace::parked;
        if (m_.records_passages_) end_passage(row, time, stop.offset_mm);
        m_.totals_[here.link].time_ms += time;  // a parked vehicle isn't on the link
        --m_.link_count_[here.link];
        v.event = std::max(time + stop.service, stop.until);
        trip.stopped += v.event - time;
        trip.waited += v.waited;
        m_.totals_[here.link].waiting_ms += v.waited;
        v.waited = stop.offset_mm;  // where it comes back, until it does
        p_.off_lane.push(RowKey::make(v.event, row));
        return;
    }
    const bool last = here.next_count == 0;
    const Index base = m_.network_.link_first_queue[here.link] + here.segment;
    const std::uint32_t count = last ? m_.network_.last_segment_queues(here.link) : 1;
    std::uint64_t lanes = ~std::uint64_t{0};
    if (count > 1 && v.route_at < v.route_end) lanes = m_.network_.movement_lanes[m_.network_.link_first_movement[here.link] + m_.routes_[v.route_at]];
    const Index queue = queue_with_room(v, base, count, lanes, time);
    if (queue == no_index) {
        v.event = time + m_.options_.recheck;
        p_.off_lane.push(RowKey::make(v.event, row));
        return;
    }
    const double share = 1.0 - std::clamp((v.waited * 1e-3 - here.segment * here.length_m) / here.length_m, 0.0, 1.0);
    if (m_.records_passages_) m_.passage_starts_[row] = {time, v.waited};
    v.waited = 0;
    m_.totals_[here.link].time_ms -= time;
    ++m_.link_count_[here.link];
    enter(row, queue, time, EntryKind::from_stop, false, share);
}

Index QueueKernel::queue_with_room(const VehicleState& v, Index base, std::uint32_t count, std::uint64_t lanes, Milliseconds time) const {
    const Target target{base, count, lanes, no_index, false, false};
    return choose(v, target, time).queue;
}

}  // namespace citytwin::traffic
