// The events themselves: a queue's head tries to enter the next segment. Rules and constants as in SUMO 1.28's mesoscopic
// model (described in traffic.md section 3; Eissfeldt 2004, p. 90 and 151 ff.).
#include "modules/traffic/model/queue_kernel.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::traffic {

namespace {
constexpr double least_speed_mps = 0.05;
constexpr double default_space_m = 7.5;
constexpr std::uint64_t every_lane = ~std::uint64_t{0};
std::int64_t to_mm(double metres) { return static_cast<std::int64_t>(metres * 1000.0 + 0.5); }
}  // namespace

QueueKernel::Gate QueueKernel::gate(Index queue) const {
    const Index mirror = m_.network_.parameters[queue].mirror;
    if (mirror != no_index && m_.network_.mirror_sender[mirror] == partition_) {
        const MirrorState& s = m_.mirrors_[mirror];
        return {s.occupancy_mm, s.count, s.entry_block};
    }
    const QueueState& s = m_.queues_[queue];
    return {s.occupancy_mm, s.count, s.entry_block};
}

double QueueKernel::top_speed(const VehicleState& v, const QueueParameters& here) const {
    return std::max(least_speed_mps, std::min(m_.types_[v.type].max_speed_mps, static_cast<double>(here.speed_mps) * v.speed_factor));
}

double QueueKernel::current_speed(const VehicleState& v, const QueueParameters& here, Milliseconds event) const {
    if (v.wait_since != never && event > v.wait_since) return 0.0;
    return std::min(here.length_m * 1000.0 / static_cast<double>(std::max<Milliseconds>(1, event - v.entry)), top_speed(v, here));
}

void QueueKernel::open_window(Milliseconds time) {
    const int in = static_cast<int>((m_.window_ + 1) & 1), out = static_cast<int>(m_.window_ & 1);
    p_.transfers[out].clear();
    p_.notices[out].clear();
    for (Index n : m_.network_.neighbours[partition_]) {
        const PartitionState& from = m_.partitions_[n];
        for (const Notice& notice : from.notices[in]) {
            if (notice.partition != partition_) continue;
            m_.mirrors_[notice.mirror].occupancy_mm += notice.occupancy_mm;
            m_.mirrors_[notice.mirror].count += notice.count;
        }
        for (const Transfer& t : from.transfers[in]) {
            if (m_.network_.link_partition[m_.network_.parameters[t.queue].link] == partition_) enter(t.vehicle, t.queue, t.time, EntryKind::regular, true);
        }
    }
    depart(time);
}

void QueueKernel::run(Milliseconds until) {
    for (;;) {
        const Milliseconds on_lane = p_.heap.next_time(), off_lane = p_.off_lane.next_time();
        if (on_lane >= until && off_lane >= until) return;
        if (off_lane < on_lane) {
            const Index row = RowKey::row(p_.off_lane.top());
            p_.off_lane.pop();
            const VehicleState& v = m_.vehicles_[row];
            if (v.event == off_lane && (v.place == VehiclePlace::parked || v.place == VehiclePlace::nearing_stop)) off_lane_event(row, off_lane);
            continue;
        }
        const Index queue = first_queue_ + QueueKey::queue(p_.heap.top());
        p_.heap.pop();
        if (m_.queues_[queue].head_event == on_lane) process(queue, on_lane);
    }
}

QueueKernel::Target QueueKernel::target_of(const VehicleState& v, const QueueParameters& here, Index queue) const {
    const QueueNetwork& net = m_.network_;
    Target t{queue + 1, here.next_count, every_lane, no_index, false, here.kind == QueueKind::link_end || here.kind == QueueKind::junction_waiting};
    std::uint32_t onward = v.route_at;  // the movement behind the target segment
    if (here.next_count == 0) {
        const Index movement = net.link_first_movement[here.link] + m_.routes_[v.route_at];
        const Index to = net.movement_to[movement];
        t.base = here.kind == QueueKind::link_end ? net.movement_inner[movement] : no_index;
        t.closed = here.kind == QueueKind::link_end && m_.link_closed_[to];
        if (t.base != no_index) {
            t.count = 1;
            return t;
        }
        t.link = to;
        t.base = net.link_first_queue[to];
        t.count = net.first_segment_queues(to);
        ++onward;
    }
    if (t.count > 1 && onward < v.route_end) {
        t.lanes = net.movement_lanes[net.link_first_movement[net.parameters[t.base].link] + m_.routes_[onward]];
    }
    return t;
}

Index QueueKernel::connection_of(const VehicleState& v, const QueueParameters& here) const {
    return m_.network_.connection(m_.network_.link_first_movement[here.link] + m_.routes_[v.route_at], here.lane);
}

QueueKernel::Choice QueueKernel::choose(const VehicleState& v, const Target& target, Milliseconds time) const {
    Choice choice;
    if (target.closed) return choice;
    const std::uint32_t permission = m_.types_[v.type].permission;
    const std::int32_t space = space_mm(v);
    std::int32_t fewest = std::numeric_limits<std::int32_t>::max();
    for (std::uint32_t i = 0; i < target.count; ++i) {
        const QueueParameters& there = m_.network_.parameters[target.base + i];
        if ((there.permissions & permission) == 0 || (target.lanes >> std::min(i, 63u) & 1) == 0) continue;
        choice.any_lane = true;
        const Gate g = gate(target.base + i);
        if (g.count == 0 && target.count == 1) {  // there is always room for one
            choice.queue = target.base;
            return choice;
        }
        if ((g.count != 0 && g.occupancy_mm + space > there.capacity_mm) || g.count >= fewest) continue;
        if (time >= g.entry_block) {
            choice.queue = target.base + i;
            fewest = g.count;
        } else {
            choice.earliest = std::min(choice.earliest, g.entry_block);
        }
    }
    return choice;
}

void QueueKernel::process(Index queue, Milliseconds time) {
    const QueueParameters& here = m_.network_.parameters[queue];
    const VehicleState& v = m_.vehicles_[m_.queues_[queue].head];
    if (v.route_at == v.route_end && here.segment >= m_.trips_[m_.queues_[queue].head].arrival_segment) {
        arrive(queue, time);
        return;
    }
    const Target target = target_of(v, here, queue);
    const Choice choice = choose(v, target, time);
    bool red = false;
    if (choice.queue != no_index && (!target.controlled || open(v, here, time, red))) {
        move(queue, target, choice.queue, time);
    } else {
        hold(queue, target, choice, red, time);
    }
}

void QueueKernel::move(Index queue, const Target& target, Index next, Milliseconds time) {
    const Index row = m_.queues_[queue].head;
    VehicleState& v = m_.vehicles_[row];
    if (v.wait_since != never) v.waited += static_cast<std::int32_t>(time - v.wait_since);
    pop_head(queue, time, next);
    const QueueParameters& here = m_.network_.parameters[queue];
    if (here.kind == QueueKind::link_end) leave_link(row, time, to_mm(m_.network_.link_length_m[here.link]));
    if (target.link == no_index) {
        enter(row, next, time, EntryKind::regular, false);
        return;
    }
    if (is_in_junction(here.kind)) leave_junction(row, time);
    ++v.route_at;
    const QueueParameters& there = m_.network_.parameters[next];
    if (there.mirror == no_index) {
        enter(row, next, time, EntryKind::regular, true);
        return;
    }
    const QueueVehicleType& type = m_.types_[v.type];
    MirrorState& mirror = m_.mirrors_[there.mirror];
    mirror.occupancy_mm += space_mm(v);
    ++mirror.count;
    mirror.entry_block = time + there.headway(there.tau_ff, type.tau_s, type.space_m()) - 1;
    v.place = VehiclePlace::between;
    v.queue = next;
    v.event = time;
    p_.transfers[out_side()].push_back({time, row, next});
}

Milliseconds QueueKernel::jam_headway(const QueueParameters& here, Index next, std::int32_t next_count) const {
    // Empty space has to travel backwards through the jammed segment before the next vehicle can enter: a linear function
    // of its vehicles that meets tau_jf at the jam threshold and tau_jj * n when full.
    const QueueParameters& there = m_.network_.parameters[next];
    const double at_threshold_s = static_cast<double>(here.headway(here.tau_jf, 1.0, default_space_m)) * 1e-3;
    const double tau_s = here.tau_jj * 1e-3, capacity_m = there.capacity_mm * 1e-3;
    const double full = std::max<double>(next_count, capacity_m / default_space_m);
    const double threshold = full * (there.jam_mm * 1e-3) / capacity_m;
    if (full <= threshold) return here.tau_jf;
    const double slope = (tau_s * full - at_threshold_s) / (full - threshold), offset = full * (tau_s - slope);
    return static_cast<Milliseconds>((slope * std::max<double>(next_count, threshold) + offset) * 1000.0);
}

void QueueKernel::pop_head(Index queue, Milliseconds time, Index next) {
    QueueState& s = m_.queues_[queue];
    const QueueParameters& here = m_.network_.parameters[queue];
    const VehicleState& v = m_.vehicles_[s.head];
    const QueueVehicleType& type = m_.types_[v.type];
    s.occupancy_mm -= space_mm(v);
    --s.count;
    notify(queue, -space_mm(v), -1);
    s.block = time;
    if (next != no_index) {
        const Gate g = gate(next);
        const bool next_free = g.occupancy_mm <= m_.network_.parameters[next].jam_mm;
        Milliseconds tau = 0;
        if (s.occupancy_mm <= here.jam_mm) tau = next_free ? here.tau_ff : here.tau_fj;
        else tau = next_free ? here.tau_jf : jam_headway(here, next, g.count);
        s.block += here.headway(static_cast<std::int32_t>(tau), type.tau_s, type.space_m());
    }
    if (here.kind == QueueKind::link_end || here.kind == QueueKind::junction_waiting) {
        Approach& a = m_.approaches_[queue];
        a.crossed_connection = next != no_index ? a.connection : no_index;
        a.connection = no_index;
        if (a.crossed_connection != no_index) {
            const RightOfWay& way = m_.network_.right_of_way[a.crossed_connection];
            const double speed = std::max(0.5 * way.speed_mps, 1.0);  // from a stop to the junction's speed
            if (here.kind == QueueKind::link_end && dark(way)) s.block = std::max(s.block, time + dark_headway(here, a.crossed_connection, time));
            a.crossed_until = time + static_cast<Milliseconds>((way.length_m + type.length_m) / speed * 1000.0);
        }
    }
    s.head = v.next;
    if (s.count == 0) {
        s.head = s.tail = no_index;
        s.head_event = never;
        s.skips_looks = 0;
        return;
    }
    set_head(queue, std::max(m_.vehicles_[s.head].event, s.block));
}

void QueueKernel::set_head(Index queue, Milliseconds event) {
    QueueState& s = m_.queues_[queue];
    VehicleState& v = m_.vehicles_[s.head];
    const QueueParameters& here = m_.network_.parameters[queue];
    s.held_by_space = 0;
    v.event = event;
    if ((here.kind == QueueKind::link_end || here.kind == QueueKind::junction_waiting) && v.route_at < v.route_end) {
        const QueueNetwork& net = m_.network_;
        Approach& a = m_.approaches_[queue];
        a.connection = connection_of(v, here);
        a.speed_mps = static_cast<float>(current_speed(v, here, event));
        a.arrival = event;
        const double path_m = net.right_of_way[a.connection].length_m + m_.types_[v.type].length_m;
        a.leave = event + static_cast<Milliseconds>(path_m / std::max<double>(a.speed_mps, 0.001) * 1000.0);
        a.type = v.type;
    }
    s.skips_looks = 0;
    reschedule(queue, event);
}

void QueueKernel::reschedule(Index queue, Milliseconds time) {
    m_.queues_[queue].head_event = time;
    VehicleState& v = m_.vehicles_[m_.queues_[queue].head];
    v.event = time;
    p_.heap.push(QueueKey::make(time, v.wait_since == never ? 0 : time - v.wait_since, queue - first_queue_));
}

void QueueKernel::notify(Index queue, std::int32_t occupancy_mm, std::int32_t count) {
    const Index mirror = m_.network_.parameters[queue].mirror;
    if (mirror != no_index) p_.notices[out_side()].push_back({mirror, occupancy_mm, count, m_.network_.mirror_sender[mirror]});
}

void QueueKernel::enter(Index row, Index queue, Milliseconds time, EntryKind kind, bool new_link, double share) {
    VehicleState& v = m_.vehicles_[row];
    QueueState& s = m_.queues_[queue];
    const QueueParameters& here = m_.network_.parameters[queue];
    const QueueVehicleType& type = m_.types_[v.type];
    v.entry = time;
    v.wait_since = never;
    v.queue = queue;
    v.place = VehiclePlace::lane;
    v.next = no_index;
    ++p_.counters[count_updates];
    if (new_link) {
        m_.totals_[here.link].time_ms -= time;
        ++m_.totals_[here.link].entered;
        ++m_.link_count_[here.link];
        m_.trips_[row].link = here.link;
        if (kind != EntryKind::depart) m_.trips_[row].start_offset_mm = 0;
        v.link_entry = time;
        v.counted_mm = 0;
        if (m_.records_passages_) m_.passage_starts_[row] = {time, m_.trips_[row].start_offset_mm};
    }
    Milliseconds free_from = time;
    if (v.has_stops) {
        bool parked = false;
        free_from = serve_stops(row, queue, time, kind, parked);
        if (parked) {
            if (kind == EntryKind::regular) notify(queue, -space_mm(v), -1);
            return;
        }
    }
    Milliseconds leave = std::max(free_from + static_cast<Milliseconds>(share * here.length_m / top_speed(v, here) * 1000.0), s.block);
    const bool becomes_head = s.count == 0;
    if (becomes_head) {
        s.head = row;
    } else {
        leave = std::max(leave, (s.count == 1 ? s.head_event : s.tail_event) + s.tail_headway);
        m_.vehicles_[s.tail].next = row;
    }
    s.tail = row;
    s.tail_event = leave;
    s.tail_headway = static_cast<std::int32_t>(here.headway(here.tau_ff, type.tau_s, type.space_m()));
    s.occupancy_mm += space_mm(v);
    ++s.count;
    v.event = leave;
    if (kind == EntryKind::regular) s.entry_block = time + s.tail_headway - 1;  // 1 ms less lets streams interleave
    if (kind != EntryKind::regular) notify(queue, space_mm(v), 1);
    if (becomes_head) set_head(queue, leave);
}

void QueueKernel::leave_link(Index row, Milliseconds time, std::int64_t end_mm) {
    VehicleState& v = m_.vehicles_[row];
    TripState& trip = m_.trips_[row];
    LinkTotals& totals = m_.totals_[trip.link];
    const std::int64_t driven = std::max<std::int64_t>(0, end_mm - trip.start_offset_mm);
    if (m_.records_passages_) end_passage(row, time, end_mm);
    totals.time_ms += time;
    ++totals.left;
    totals.distance_mm += driven - v.counted_mm;
    totals.waiting_ms += v.waited;
    --m_.link_count_[trip.link];
    trip.distance_mm += driven;
    trip.waited += v.waited;
    const QueueParameters& here = m_.network_.parameters[v.queue];
    trip.time_loss_s += static_cast<double>(time - v.link_entry) * 1e-3 - static_cast<double>(driven) * 1e-3 / top_speed(v, here);
    v.waited = 0;
    v.counted_mm = 0;
    v.link_entry = time;
}

void QueueKernel::end_passage(Index row, Milliseconds time, std::int64_t end_mm) {
    const PassageStart& start = m_.passage_starts_[row];
    const std::int64_t driven = std::max<std::int64_t>(0, end_mm - start.offset_mm);
    if (time <= start.time && driven == 0) return;
    p_.passages.push_back({m_.trips_[row].id, start.time, time, static_cast<double>(driven) * 1e-3, row, m_.trips_[row].link});
}

void QueueKernel::leave_junction(Index row, Milliseconds time) {
    VehicleState& v = m_.vehicles_[row];
    TripState& trip = m_.trips_[row];
    const Index movement = m_.network_.link_first_movement[trip.link] + m_.routes_[v.route_at];
    const double length = m_.network_.movement_length_m[movement];
    const double top = std::max(least_speed_mps, std::min(m_.types_[v.type].max_speed_mps,
                                                          static_cast<double>(m_.network_.movement_speed_mps[movement]) * v.speed_factor));
    trip.distance_mm += to_mm(length);
    if (m_.records_passages_) p_.passages.push_back({trip.id, v.link_entry, time, static_cast<double>(to_mm(length)) * 1e-3, row, trip.link});
    trip.time_loss_s += static_cast<double>(time - v.link_entry) * 1e-3 - length / top;
    trip.waited += v.waited;
    v.waited = 0;
}

void QueueKernel::arrive(Index queue, Milliseconds time) {
    const Index row = m_.queues_[queue].head;
    VehicleState& v = m_.vehicles_[row];
    if (v.wait_since != never) v.waited += static_cast<std::int32_t>(time - v.wait_since);
    pop_head(queue, time, no_index);
    ++m_.totals_[m_.trips_[row].link].arrived;
    leave_link(row, time, m_.trips_[row].arrival_offset_mm);
    finish(row, time, RemovalCause::none);
}

void QueueKernel::finish(Index row, Milliseconds time, RemovalCause cause) {
    VehicleState& v = m_.vehicles_[row];
    const TripState& trip = m_.trips_[row];
    const bool arrived = cause == RemovalCause::none, departed = v.place != VehiclePlace::waiting && v.place != VehiclePlace::planned;
    --p_.counters[departed ? count_running : count_waiting];
    ++p_.counters[arrived ? count_arrived : count_removed + static_cast<std::size_t>(cause)];
    const double distance = static_cast<double>(trip.distance_mm) * 1e-3;
    p_.events.push_back({trip.id, time, distance, row, trip.link, arrived ? TripEventKind::arrived : TripEventKind::removed, cause, 0});
    p_.records.push_back({trip.id, trip.planned_depart, departed ? trip.depart : time, time, trip.waited, distance,
                          trip.time_loss_s - static_cast<double>(trip.stopped) * 1e-3, trip.teleports, static_cast<std::uint32_t>(cause)});
    v.place = VehiclePlace::none;
    p_.freed.push_back(row);
}

}  // namespace citytwin::traffic
