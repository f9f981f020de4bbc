#include "modules/traffic/model/queue_model.hpp"

#include <algorithm>
#include <stdexcept>

#include "modules/traffic/model/queue_kernel.hpp"

namespace citytwin::traffic {

QueueModel::QueueModel(const QueueNetworkInput& network, std::span<const QueueVehicleType> types, const QueueOptions& options, Milliseconds start)
    : options_(options), network_(network, options), signals_(network), now_(start), interval_start_(start) {
    for (const QueueVehicleType& type : types) add_type(type);
    queues_.resize(network_.queues());
    approaches_.resize(network_.queues());
    mirrors_.resize(network_.mirror_queue.size());
    totals_.resize(network_.links());
    link_count_.resize(network_.links());
    waiting_head_.assign(network_.links(), no_index);
    waiting_tail_.assign(network_.links(), no_index);
    link_closed_.resize(network_.links());
    lane_factor_.assign(network_.links(), 1.0);
    link_speed_set_.assign(network_.links(), -1.0);
    partitions_.resize(network_.partitions());
}

Index QueueModel::add_type(const QueueVehicleType& type) {
    if (types_.size() >= 65'535) throw std::invalid_argument("more than 65535 vehicle types");
    types_.push_back(type);
    space_mm_.push_back(static_cast<std::int32_t>(type.space_m() * 1000.0 + 0.5));
    return static_cast<Index>(types_.size() - 1);
}

Index QueueModel::take_row() {
    if (!free_rows_.empty()) {
        const Index row = free_rows_.back();
        free_rows_.pop_back();
        vehicles_[row] = {};
        trips_[row] = {};
        return row;
    }
    if (vehicles_.size() >= (std::size_t{1} << RowKey::row_bits)) throw std::length_error("more than 16 million vehicles at once");
    vehicles_.emplace_back();
    trips_.emplace_back();
    if (records_passages_) passage_starts_.emplace_back();
    return static_cast<Index>(vehicles_.size() - 1);
}

bool QueueModel::connected(std::span<const Index> links) const {
    if (links.empty() || links.front() >= network_.links()) return false;
    for (std::size_t i = 1; i < links.size(); ++i) {
        if (links[i] >= network_.links() || network_.movement(links[i - 1], links[i]) == no_index) return false;
    }
    return true;
}

void QueueModel::store_route(Index row, std::span<const Index> links) {
    VehicleState& v = vehicles_[row];
    TripState& trip = trips_[row];
    if (trip.route_bytes != 0) routes_.release(trip.route_first, trip.route_bytes);
    trip.route_bytes = static_cast<std::uint32_t>(links.size() - 1);
    trip.route_first = trip.route_bytes == 0 ? 0 : routes_.allocate(trip.route_bytes);
    for (std::size_t i = 1; i < links.size(); ++i) {
        routes_.at(trip.route_first)[i - 1] =
            static_cast<std::uint8_t>(network_.movement(links[i - 1], links[i]) - network_.link_first_movement[links[i - 1]]);
    }
    v.route_at = trip.route_first;
    v.route_end = trip.route_first + trip.route_bytes;
}

void QueueModel::set_arrival(TripState& trip, Index last_link, double offset_m) {
    const double length = network_.link_length_m[last_link], segment_m = length / network_.link_segments[last_link];
    const double at = offset_m < 0 ? length : std::min(offset_m, length);
    trip.arrival_offset_mm = static_cast<std::int32_t>(at * 1000.0 + 0.5);
    trip.arrival_segment = 0;
    while (trip.arrival_segment + 1 < network_.link_segments[last_link] && (trip.arrival_segment + 1) * segment_m < at - 0.1) ++trip.arrival_segment;
}

void QueueModel::add_stops(Index row, std::span<const QueueStop> stops) {
    for (std::size_t i = stops.size(); i-- > 0;) {
        Index s = 0;
        if (free_stops_.empty()) {
            s = static_cast<Index>(stops_.size());
            stops_.emplace_back();
        } else {
            s = free_stops_.back();
            free_stops_.pop_back();
        }
        stops_[s] = {stops[i].service, stops[i].until, stops[i].link, trips_[row].first_stop,
                     static_cast<std::int32_t>(stops[i].offset_m * 1000.0 + 0.5), stops[i].blocks_lane};
        trips_[row].first_stop = s;
    }
    vehicles_[row].has_stops = trips_[row].first_stop != no_index;
}

Index QueueModel::add_vehicle(const QueueVehicle& vehicle) {
    if (!connected(vehicle.route)) throw std::invalid_argument("route isn't connected");
    if (vehicle.type >= types_.size()) throw std::invalid_argument("unknown vehicle type");
    const Index row = take_row();
    VehicleState& v = vehicles_[row];
    TripState& trip = trips_[row];
    trip.id = vehicle.id;
    trip.planned_depart = vehicle.depart;
    trip.link = vehicle.route.front();
    trip.depart_offset_mm = static_cast<std::int32_t>(std::clamp(vehicle.depart_offset_m, 0.0, network_.link_length_m[trip.link]) * 1000.0);
    v.type = static_cast<std::uint16_t>(vehicle.type);
    v.speed_factor = static_cast<float>(vehicle.speed_factor);
    v.place = VehiclePlace::planned;
    store_route(row, vehicle.route);
    set_arrival(trip, vehicle.route.back(), vehicle.arrival_offset_m);
    add_stops(row, vehicle.stops);
    PartitionState& p = partitions_[network_.link_partition[trip.link]];
    p.departures.push(RowKey::make(std::max<Milliseconds>(0, vehicle.depart), row));
    ++p.counters[count_waiting];
    ++loaded_;
    return row;
}

Index QueueModel::partition_of(Index row) const {
    const VehicleState& v = vehicles_[row];
    const bool on_queue = v.place == VehiclePlace::lane || v.place == VehiclePlace::nearing_stop || v.place == VehiclePlace::parked;
    return network_.link_partition[on_queue ? network_.parameters[v.queue].link : trips_[row].link];
}

QueueModel::Position QueueModel::position_of(Index row) const {
    const VehicleState& v = vehicles_[row];
    if (v.place == VehiclePlace::between) return {network_.parameters[v.queue].link, v.route_at, false};
    const Index link = trips_[row].link;
    if (v.place == VehiclePlace::lane && is_in_junction(network_.parameters[v.queue].kind)) {
        return {network_.movement_to[network_.link_first_movement[link] + routes_[v.route_at]], v.route_at + 1, true};
    }
    return {link, v.route_at, false};
}

std::vector<Index> QueueModel::remaining_route(Index row) const {
    const Position from = position_of(row);
    std::vector<Index> links{from.link};
    for (std::uint32_t i = from.route_at; i < vehicles_[row].route_end; ++i) {
        links.push_back(network_.movement_to[network_.link_first_movement[links.back()] + routes_[i]]);
    }
    return links;
}

std::vector<Index> QueueModel::vehicles_with_links_ahead(std::span<const std::uint8_t> link_flags) const {
    std::vector<Index> found;
    for (Index row = 0; row < vehicles_.size(); ++row) {
        const VehicleState& v = vehicles_[row];
        if (v.place == VehiclePlace::none) continue;
        const Position from = position_of(row);
        Index link = from.link;
        bool ahead = (v.place == VehiclePlace::planned || v.place == VehiclePlace::waiting) && link_flags[link];
        for (std::uint32_t i = from.route_at; i < v.route_end && !ahead; ++i) {
            link = network_.movement_to[network_.link_first_movement[link] + routes_[i]];
            ahead = link_flags[link] != 0;
        }
        if (ahead) found.push_back(row);
    }
    return found;
}

bool QueueModel::replace_route(Index row, std::span<const Index> links, double arrival_offset_m) {
    VehicleState& v = vehicles_[row];
    if (v.place == VehiclePlace::none || !connected(links)) return false;
    const Position from = position_of(row);
    if (links.front() != from.link) return false;
    if (from.in_junction) {  // the movement that it drives stays the first of its route
        std::vector<Index> with_movement{trips_[row].link};
        with_movement.insert(with_movement.end(), links.begin(), links.end());
        store_route(row, with_movement);
    } else {
        store_route(row, links);
    }
    set_arrival(trips_[row], links.back(), arrival_offset_m);
    if (v.place != VehiclePlace::lane || network_.parameters[v.queue].kind != QueueKind::link_end || queues_[v.queue].head != row) return true;
    Approach& a = approaches_[v.queue];  // the head of a last segment shows the junction where it now wants to go
    a.connection = no_index;
    if (links.size() > 1) a.connection = network_.connection(network_.movement(links[0], links[1]), network_.parameters[v.queue].lane);
    look_again_ = true;
    return true;
}

void QueueModel::set_link(Index link, double lane_factor, double speed_mps) {
    if (lane_factor <= 0) throw std::invalid_argument("a link without lanes: close it instead");
    lane_factor_[link] = lane_factor;
    if (speed_mps >= 0) link_speed_set_[link] = speed_mps;
    network_.set_link(link, lane_factor, speed_mps);
}

void QueueModel::set_signal_program(Index signal, std::uint32_t program) {
    signals_.set_program(signal, program);
    look_again_ = true;
}

void QueueModel::set_signal_offset(Index signal, Milliseconds offset) {
    signals_.set_offset(signal, offset);
    look_again_ = true;
}

void QueueModel::set_signal_powered(Index signal, bool powered) {
    if (static_cast<bool>(signals_.states[signal].powered) == powered) return;
    signals_.set_powered(signal, powered);
    look_again_ = true;
}

/// Something changed from outside: nobody may trust that a look before its next one would fail.
void QueueModel::look_again() {
    look_again_ = false;
    for (Index i = 0; i < partitions_.size(); ++i) {
        QueueKernel kernel(*this, i);
        for (Index q = network_.partition_first_queue[i]; q < network_.partition_first_queue[i + 1]; ++q) {
            QueueState& s = queues_[q];
            if (!s.skips_looks || s.head_event <= now_) continue;
            s.skips_looks = 0;
            kernel.reschedule(q, s.head_event - (s.head_event - now_) / options_.recheck * options_.recheck);
        }
    }
}

void QueueModel::advance(Milliseconds until, Arena& arena) {
    if (look_again_ && now_ < until) look_again();
    crew_.work(arena, [&] {
        while (now_ < until) advance_in_window(until);
    });
}

/// To the window's end, or as far as wanted.
void QueueModel::advance_in_window(Milliseconds until) {
    const Milliseconds window_end = (now_ / options_.window + 1) * options_.window, end = std::min(until, window_end);
    const bool opens = !in_window_;
    in_window_ = true;
    crew_.each(partitions_.size(), [&](std::size_t i) {
        QueueKernel kernel(*this, static_cast<Index>(i));
        if (opens) kernel.open_window(now_);
        kernel.run(end);
    });
    now_ = end;
    if (end == window_end) finish_window();
}

void QueueModel::finish_window() {
    run_teleports();
    collect();
    recycle();
    in_window_ = false;
    ++window_;
}

void QueueModel::collect() {
    for (PartitionState& p : partitions_) {
        if (!p.events.empty()) {
            events_.insert(events_.end(), p.events.begin(), p.events.end());
            p.events.clear();
        }
        if (!p.records.empty()) {
            records_.insert(records_.end(), p.records.begin(), p.records.end());
            p.records.clear();
        }
        if (!p.passages.empty()) {
            passages_.insert(passages_.end(), p.passages.begin(), p.passages.end());
            p.passages.clear();
        }
    }
}

void QueueModel::recycle() {
    for (PartitionState& p : partitions_) {
        for (Index row : p.freed) release(row);
        p.freed.clear();
        free_stops_.insert(free_stops_.end(), p.freed_stops.begin(), p.freed_stops.end());
        p.freed_stops.clear();
    }
}

void QueueModel::release(Index row) {
    TripState& trip = trips_[row];
    if (trip.route_bytes != 0) routes_.release(trip.route_first, trip.route_bytes);
    for (Index s = trip.first_stop; s != no_index; s = stops_[s].next) free_stops_.push_back(s);
    trip = {};
    vehicles_[row] = {};
    free_rows_.push_back(row);
}

void QueueModel::loaded() {
    signals_.forget_lookups();
    space_mm_.clear();
    for (const QueueVehicleType& type : types_) space_mm_.push_back(static_cast<std::int32_t>(type.space_m() * 1000.0 + 0.5));
    for (Index l = 0; l < network_.links(); ++l) network_.set_link(l, lane_factor_[l], link_speed_set_[l]);
}

}  // namespace citytwin::traffic
