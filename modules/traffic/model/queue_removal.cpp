// Between windows: vehicles that the teleport rule took off their lane look for a place further on; vehicles that are
// removed from outside leave wherever they are.
#include <algorithm>

#include "modules/traffic/model/queue_kernel.hpp"

namespace citytwin::traffic {

/// Puts a teleporting vehicle on the next link of its route, in the first segment with room. `from_segment` 1 passes the
/// first one, which was full.
bool QueueModel::try_landing(Index row, Milliseconds time) {
    VehicleState& v = vehicles_[row];
    const Index to = network_.movement_to[network_.link_first_movement[trips_[row].link] + routes_[v.route_at]];
    if (link_closed_[to]) return false;
    QueueKernel kernel(*this, network_.link_partition[to]);
    for (Index segment = 0; segment < network_.link_segments[to]; ++segment) {
        const bool last = segment + 1 == network_.link_segments[to];
        const Index base = network_.link_first_queue[to] + segment;
        const std::uint32_t count = last ? network_.last_segment_queues(to) : 1;
        std::uint64_t lanes = ~std::uint64_t{0};
        if (count > 1 && v.route_at + 1 < v.route_end) lanes = network_.movement_lanes[network_.link_first_movement[to] + routes_[v.route_at + 1]];
        const Index queue = kernel.queue_with_room(v, base, count, lanes, time);
        if (queue == no_index) continue;
        ++v.route_at;
        kernel.enter(row, queue, time, EntryKind::teleport, true);
        return true;
    }
    return false;
}

void QueueModel::run_teleports() {
    const auto drive_time = [&](Index link) {
        return std::max<Milliseconds>(1, static_cast<Milliseconds>(free_flow_time_s(link) * 1000.0));
    };
    for (PartitionState& p : partitions_) {
        for (Index row : p.teleports) {
            VehicleState& v = vehicles_[row];
            if (v.place != VehiclePlace::teleporting || try_landing(row, now_)) continue;
            v.event = now_ + drive_time(trips_[row].link);
            teleporting_.push(RowKey::make(v.event, row));
        }
        p.teleports.clear();
    }
    while (teleporting_.next_time() <= now_) {
        const Milliseconds due = teleporting_.next_time();
        const Index row = RowKey::row(teleporting_.top());
        teleporting_.pop();
        VehicleState& v = vehicles_[row];
        if (v.place != VehiclePlace::teleporting || v.event != due || try_landing(row, now_)) continue;
        // No room there either: it is forced past the link, at the speed limit.
        const Index to = network_.movement_to[network_.link_first_movement[trips_[row].link] + routes_[v.route_at]];
        const Index partition = network_.link_partition[to];
        ++partitions_[partition].counters[count_forced];
        ++v.route_at;
        trips_[row].link = to;
        trips_[row].distance_mm += static_cast<std::int64_t>(network_.link_length_m[to] * 1000.0 + 0.5);
        if (v.route_at == v.route_end) {
            QueueKernel(*this, partition).finish(row, now_, RemovalCause::none);
            continue;
        }
        v.event = now_ + drive_time(to);
        teleporting_.push(RowKey::make(v.event, row));
    }
}

void QueueModel::remove_vehicle(Index row, RemovalCause cause) {
    VehicleState& v = vehicles_[row];
    if (v.place == VehiclePlace::none) return;
    detach(row);
    QueueKernel(*this, partition_of(row)).finish(row, now_, cause);
}

/// Takes a vehicle out of whatever list it is in.
void QueueModel::detach(Index row) {
    VehicleState& v = vehicles_[row];
    QueueKernel kernel(*this, partition_of(row));
    if (v.place == VehiclePlace::waiting) {
        const Index link = trips_[row].link;
        Index previous = no_index;
        for (Index r = waiting_head_[link]; r != row; r = vehicles_[r].next) previous = r;
        (previous == no_index ? waiting_head_[link] : vehicles_[previous].next) = v.next;
        if (waiting_tail_[link] == row) waiting_tail_[link] = previous;
        if (waiting_head_[link] == no_index) std::erase(partitions_[network_.link_partition[link]].insertion_links, link);
    } else if (v.place == VehiclePlace::lane) {
        kernel.take_out(row, now_);
        look_again_ = true;
    } else if (v.place == VehiclePlace::nearing_stop) {
        kernel.leave_link(row, now_, trips_[row].start_offset_mm);
    } else if (v.place == VehiclePlace::between) {
        // Its transfer is still under way: drop it, and tell the sender that the place is free again.
        for (PartitionState& p : partitions_) {
            for (auto& list : p.transfers) std::erase_if(list, [&](const Transfer& t) { return t.vehicle == row; });
        }
        kernel.cancel_transfer(row);
    }
}

void QueueKernel::cancel_transfer(Index row) {
    const VehicleState& v = m_.vehicles_[row];
    MirrorState& mirror = m_.mirrors_[m_.network_.parameters[v.queue].mirror];
    mirror.occupancy_mm -= space_mm(v);
    --mirror.count;
}

void QueueKernel::take_out(Index row, Milliseconds time) {
    VehicleState& v = m_.vehicles_[row];
    const Index queue = v.queue;
    QueueState& s = m_.queues_[queue];
    const QueueParameters& here = m_.network_.parameters[queue];
    const double seconds = static_cast<double>(time - v.entry) * 1e-3;
    const double driven_m = here.segment * here.length_m + std::min(here.length_m, seconds * top_speed(v, here));
    if (s.head == row) {
        if (v.wait_since != never) v.waited += static_cast<std::int32_t>(std::max<Milliseconds>(0, time - v.wait_since));
        pop_head(queue, time, no_index);
    } else {
        Index previous = s.head;
        while (m_.vehicles_[previous].next != row) previous = m_.vehicles_[previous].next;
        m_.vehicles_[previous].next = v.next;
        if (s.tail == row) {
            s.tail = previous;
            const VehicleState& t = m_.vehicles_[previous];
            s.tail_event = t.event;
            s.tail_headway = static_cast<std::int32_t>(here.headway(here.tau_ff, m_.types_[t.type].tau_s, m_.types_[t.type].space_m()));
        }
        s.occupancy_mm -= space_mm(v);
        --s.count;
        notify(queue, -space_mm(v), -1);
    }
    if (!is_in_junction(here.kind)) leave_link(row, time, static_cast<std::int64_t>(driven_m * 1000.0));
}

}  // namespace citytwin::traffic
