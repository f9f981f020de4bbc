// What the model says about itself: events, records, counters, views of vehicles, sums per link.
#include <algorithm>

#include "modules/traffic/model/queue_model.hpp"

namespace citytwin::traffic {

QueueCounters QueueModel::counters() const {
    QueueCounters c;
    c.loaded = loaded_;
    for (const PartitionState& p : partitions_) {
        const auto at = [&](std::size_t i) { return static_cast<std::uint64_t>(p.counters[i]); };
        c.waiting += at(count_waiting);
        c.running += at(count_running);
        c.arrived += at(count_arrived);
        c.inserted += at(count_inserted);
        c.vehicle_updates += at(count_updates);
        c.depart_delay += p.counters[count_depart_delay];
        c.forced_past_full_link += at(count_forced);
        c.held_by_full_link += at(count_held);
        for (std::size_t i = 0; i < removal_cause_count; ++i) c.removed[i] += at(count_removed + i);
        for (std::size_t i = 0; i < teleport_cause_count; ++i) c.teleports[i] += at(count_teleports + i);
    }
    return c;
}

std::vector<TripEvent> QueueModel::take_events() {
    collect();
    std::stable_sort(events_.begin(), events_.end(), [](const TripEvent& a, const TripEvent& b) {
        return a.time != b.time ? a.time < b.time : a.vehicle < b.vehicle;
    });
    // A stop on the lane is reached a little after it is planned.
    const auto later = std::find_if(events_.begin(), events_.end(), [&](const TripEvent& e) { return e.time > now_; });
    std::vector<TripEvent> taken(events_.begin(), later);
    events_.erase(events_.begin(), later);
    return taken;
}

std::vector<TripRecord> QueueModel::take_records() {
    collect();
    std::vector<TripRecord> taken;
    taken.swap(records_);
    std::stable_sort(taken.begin(), taken.end(), [](const TripRecord& a, const TripRecord& b) {
        return a.arrival != b.arrival ? a.arrival < b.arrival : a.vehicle < b.vehicle;
    });
    return taken;
}

void QueueModel::record_passages(bool on) {
    records_passages_ = on;
    passage_starts_.resize(on ? vehicles_.size() : 0);
}

std::vector<LinkPassage> QueueModel::take_passages() {
    collect();
    std::vector<LinkPassage> taken;
    taken.swap(passages_);
    // A vehicle's own passages are in order already: it is in one partition at a time, and a later window comes later.
    std::stable_sort(taken.begin(), taken.end(), [](const LinkPassage& a, const LinkPassage& b) {
        return a.leave != b.leave ? a.leave < b.leave : a.vehicle < b.vehicle;
    });
    return taken;
}

VehicleView QueueModel::view(Index row) const {
    const VehicleState& v = vehicles_[row];
    const TripState& trip = trips_[row];
    VehicleView view;
    switch (v.place) {
        case VehiclePlace::none: case VehiclePlace::planned: case VehiclePlace::waiting: case VehiclePlace::teleporting: return view;
        case VehiclePlace::between: view.link = network_.parameters[v.queue].link; return view;
        default: break;
    }
    const QueueParameters& here = network_.parameters[v.queue];
    view.link = here.link;
    if (is_in_junction(here.kind)) {  // seen at the end of the link that it left
        view.position_m = network_.link_length_m[here.link];
        view.speed_mps = v.wait_since != never && now_ >= v.wait_since ? 0.0 : here.speed_mps * v.speed_factor;
        return view;
    }
    const double from_m = std::max(here.segment * here.length_m, trip.start_offset_mm * 1e-3);
    const double to_m = (here.segment + 1) * here.length_m;
    if (v.place == VehiclePlace::parked) {
        view.position_m = v.waited * 1e-3;
        return view;
    }
    const double top = std::min(types_[v.type].max_speed_mps, static_cast<double>(here.speed_mps) * v.speed_factor);
    const double seconds = std::max(0.0, static_cast<double>(now_ - v.entry) * 1e-3);
    view.position_m = std::min(to_m, from_m + seconds * top);
    const bool stands = view.position_m >= to_m || (v.wait_since != never && now_ >= v.wait_since);
    view.speed_mps = stands ? 0.0 : top;
    return view;
}

void QueueModel::count_link(Index link, LinkInterval& out, bool reset) {
    LinkTotals& t = totals_[link];
    std::uint32_t standing = 0;
    std::int64_t waiting_ms = t.waiting_ms;
    if (link_count_[link] != 0) {
        for (Index q = network_.link_first_queue[link]; q < network_.link_queue_end[link]; ++q) {
            for (Index row = queues_[q].head; row != no_index; row = vehicles_[row].next) {
                VehicleState& v = vehicles_[row];
                const VehicleView seen = view(row);
                standing += seen.speed_mps == 0.0;
                const auto driven = static_cast<std::int32_t>(seen.position_m * 1000.0) - static_cast<std::int32_t>(trips_[row].start_offset_mm);
                t.distance_mm += driven - v.counted_mm;
                v.counted_mm = driven;
            }
        }
    }
    out.entered = t.entered;
    out.left = t.left;
    out.departed = t.departed;
    out.arrived = t.arrived;
    out.inside = static_cast<std::uint32_t>(link_count_[link]);
    out.standing = standing;
    out.vehicle_seconds = static_cast<double>(t.time_ms + link_count_[link] * now_) * 1e-3;
    out.distance_m = static_cast<double>(t.distance_mm) * 1e-3;
    out.waiting_s = static_cast<double>(waiting_ms) * 1e-3;
    if (reset) {
        t = {};
        t.time_ms = -link_count_[link] * now_;
    }
}

std::size_t QueueModel::bytes() const {
    std::size_t n = vehicles_.capacity() * sizeof(VehicleState) + trips_.capacity() * sizeof(TripState) + stops_.capacity() * sizeof(StopState);
    n += queues_.size() * (sizeof(QueueState) + sizeof(QueueParameters) + sizeof(Approach)) + totals_.size() * sizeof(LinkTotals);
    return n;
}

}  // namespace citytwin::traffic
