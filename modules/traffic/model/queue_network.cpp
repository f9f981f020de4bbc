#include "modules/traffic/model/queue_network.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "modules/traffic/model/signal_plans.hpp"

namespace citytwin::traffic {

namespace {

constexpr double least_speed_mps = 0.05;      // avoids divisions by zero when everything stands
constexpr double default_space_m = 7.5;       // length and gap of a default passenger car
constexpr double waiting_share = 0.4;         // of a path through the junction lies before its waiting place (0.29-0.58 in SUMO's nets)

std::int32_t to_millimetres(double metres) { return static_cast<std::int32_t>(std::min(metres * 1000.0 + 0.5, 2e9)); }

/// Occupancy above which a segment counts as jammed: the space of all vehicles that can have entered freely before the
/// first one leaves at the speed limit.
std::int32_t jam_threshold(const QueueParameters& p, double speed_mps) {
    if (speed_mps <= 0) return std::numeric_limits<std::int32_t>::max();
    const double headway_s = static_cast<double>(p.headway(p.tau_ff, 1.0, default_space_m)) * 1e-3;
    return to_millimetres(std::ceil(p.length_m / (speed_mps * headway_s)) * default_space_m);
}

std::uint32_t usable_lanes(const QueueNetworkInput& input, Index link) {
    std::uint32_t usable = 0;
    for (Index lane = input.link_first_lane[link]; lane < input.link_first_lane[link + 1]; ++lane) {
        usable += (input.lane_permissions[lane] & ~input.classes_without_queue) != 0;
    }
    return std::max(usable, 1u);
}

}  // namespace

QueueNetwork::QueueNetwork(const QueueNetworkInput& input, const QueueOptions& options) : options_(options) {
    link_partition = partition_links(input, options.links_per_partition);
    build_movements(input);
    build_links(input);
    build_queues(input);
    build_right_of_way(input);
    build_mirrors(input);
    for (Index link = 0; link < links(); ++link) set_link(link, 1.0, -1.0);
}

void QueueNetwork::build_movements(const QueueNetworkInput& input) {
    const std::size_t count = input.link_length_m.size(), connections = input.connection_from_link.size();
    std::vector<Index> order(connections);
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
        const auto key = [&](Index c) { return std::pair(input.connection_from_link[c], input.connection_to_link[c]); };
        return key(a) < key(b);
    });
    connection_movement.assign(connections, no_index);
    link_first_movement.assign(count + 1, 0);
    std::vector<Index> movement_from;
    for (Index c : order) {
        const Index from = input.connection_from_link[c], to = input.connection_to_link[c];
        if (movement_to.empty() || movement_from.back() != from || movement_to.back() != to) {
            movement_from.push_back(from);
            movement_to.push_back(to);
            movement_lanes.push_back(0);
            ++link_first_movement[from + 1];
        }
        connection_movement[c] = static_cast<Index>(movement_to.size() - 1);
        movement_lanes.back() |= std::uint64_t{1} << std::min<std::int32_t>(input.connection_from_lane[c], 63);
    }
    for (std::size_t l = 0; l < count; ++l) {
        if (link_first_movement[l + 1] > 255) throw std::invalid_argument("a link with more than 255 successors");
        link_first_movement[l + 1] += link_first_movement[l];
    }
    // The connection of each lane: its own first one, else the first one of the rightmost lane that has one.
    for (std::size_t m = 0; m < movement_to.size(); ++m) {
        movement_first_lane.push_back(static_cast<Index>(movement_connection.size()));
        const Index from = movement_from[m];
        movement_connection.resize(movement_connection.size() + input.link_first_lane[from + 1] - input.link_first_lane[from], no_index);
    }
    movement_first_lane.push_back(static_cast<Index>(movement_connection.size()));
    for (Index c = 0; c < connections; ++c) {
        Index& slot = movement_connection[movement_first_lane[connection_movement[c]] + static_cast<Index>(input.connection_from_lane[c])];
        slot = std::min(slot, c);
    }
    for (std::size_t m = 0; m < movement_to.size(); ++m) {
        const auto first = movement_connection.begin() + movement_first_lane[m], last = movement_connection.begin() + movement_first_lane[m + 1];
        const Index fallback = *std::find_if(first, last, [](Index c) { return c != no_index; });
        std::replace(first, last, no_index, fallback);
    }
}

void QueueNetwork::build_links(const QueueNetworkInput& input) {
    const std::size_t count = input.link_length_m.size();
    link_length_m.assign(input.link_length_m.begin(), input.link_length_m.end());
    link_speed_mps.resize(count);
    link_segments.resize(count);
    for (Index l = 0; l < count; ++l) {
        link_segments[l] = std::max(1u, static_cast<Index>(std::floor(link_length_m[l] / options_.segment_length_m + 0.5)));
        link_lanes.push_back(input.link_first_lane[l + 1] - input.link_first_lane[l]);
        link_usable_lanes.push_back(usable_lanes(input, l));
    }
}

void QueueNetwork::build_queues(const QueueNetworkInput& input) {
    const std::size_t count = links();
    std::vector<Index> order(count);
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return link_partition[a] < link_partition[b]; });
    link_first_queue.resize(count);
    link_queue_end.resize(count);
    for (Index l : order) {
        while (partition_first_queue.size() <= link_partition[l]) partition_first_queue.push_back(static_cast<Index>(parameters.size()));
        link_first_queue[l] = static_cast<Index>(parameters.size());
        const bool lane_queues = link_lanes[l] > 1 && link_first_movement[l + 1] - link_first_movement[l] > 1;
        std::uint32_t link_permissions = 0;
        for (Index lane = input.link_first_lane[l]; lane < input.link_first_lane[l + 1]; ++lane) link_permissions |= input.lane_permissions[lane];
        for (Index s = 0; s < link_segments[l]; ++s) {
            const bool last = s + 1 == link_segments[l];
            const std::uint32_t queues_here = last && lane_queues ? link_lanes[l] : 1;
            for (std::uint32_t lane = 0; lane < queues_here; ++lane) {
                QueueParameters p{};
                p.length_m = link_length_m[l] / link_segments[l];
                p.speed_mps = static_cast<float>(input.lane_speed_mps[input.link_first_lane[l] + lane]);
                p.link = l;
                p.mirror = no_index;
                p.permissions = queues_here > 1 ? input.lane_permissions[input.link_first_lane[l] + lane] : link_permissions;
                p.next_count = static_cast<std::uint16_t>(last ? 0 : (s + 2 == link_segments[l] && lane_queues ? link_lanes[l] : 1));
                p.lane = static_cast<std::uint16_t>(lane);
                p.segment = static_cast<std::uint16_t>(s);
                p.kind = last ? QueueKind::link_end : QueueKind::in_link;
                parameters.push_back(p);
            }
        }
        link_queue_end[l] = static_cast<Index>(parameters.size());
        link_speed_mps[l] = input.lane_speed_mps[input.link_first_lane[l]];
        add_inner_queues(l, input);
    }
    if (partition_first_queue.empty()) partition_first_queue.push_back(0);
    partition_first_queue.push_back(static_cast<Index>(parameters.size()));
    for (std::size_t p = 0; p + 1 < partition_first_queue.size(); ++p) {
        if (partition_first_queue[p + 1] - partition_first_queue[p] >= (1u << 18)) throw std::length_error("more than 262,144 queues in one partition");
    }
}

void QueueNetwork::add_inner_queues(Index link, const QueueNetworkInput& input) {
    movement_inner.resize(movement_to.size(), no_index);
    movement_length_m.resize(movement_to.size());
    movement_speed_mps.resize(movement_to.size());
    for (Index m = link_first_movement[link]; m < link_first_movement[link + 1]; ++m) {
        const Index c = connection(m, 0);
        const bool waits_inside = !input.connection_contains_waiting.empty() && input.connection_contains_waiting[c];
        // As in SUMO 1.28 the way beyond the waiting place counts with the next link.
        const double length = input.connection_length_m[c] * (waits_inside ? waiting_share : 1.0);
        if (length <= 0) continue;
        const double on_link = input.lane_speed_mps[input.link_first_lane[link]];
        const double speed = input.connection_speed_mps[c] > 0 ? input.connection_speed_mps[c] : on_link;
        movement_inner[m] = static_cast<Index>(parameters.size());
        movement_length_m[m] = static_cast<float>(length);
        movement_speed_mps[m] = static_cast<float>(on_link);
        QueueParameters p{};
        p.length_m = length;
        p.speed_mps = static_cast<float>(on_link);  // vehicles keep the link's speed, only the flow is the junction's
        p.link = link;
        p.mirror = no_index;
        p.permissions = ~0u;
        p.kind = waits_inside ? QueueKind::junction_waiting : QueueKind::junction_exit;
        set_flow(p, std::popcount(movement_lanes[m]), speed);
        // A stream with priority closes up inside the junction at once: SUMO's own states show the free headway behind its
        // vehicles when they enter a full link, and the jam headway behind those of minor streams.
        if (has_priority(input.connection_letter[c])) p.jam_mm = p.capacity_mm;
        parameters.push_back(p);
    }
}

void QueueNetwork::build_right_of_way(const QueueNetworkInput& input) {
    const std::size_t count = input.connection_from_link.size();
    for (Index c = 0; c < count; ++c) {
        const Index from = input.connection_from_link[c];
        const Index lane = last_segment_queues(from) > 1 ? static_cast<Index>(input.connection_from_lane[c]) : 0;
        queue_of_connection.push_back(last_segment_queue(from) + lane);
    }
    for (Index c = 0; c < count; ++c) {
        RightOfWay r{};
        r.first_yield = static_cast<Index>(foes.size());
        const auto yields = input.connection_yields_to[c];
        for (Index f : yields) {
            foes.push_back({queue_of_connection[f], f});
            const Index inner = movement_inner[connection_movement[f]];  // and to those that wait inside
            if (inner != no_index && parameters[inner].kind == QueueKind::junction_waiting) foes.push_back({inner, f});
        }
        r.first_foe = static_cast<Index>(foes.size());
        for (Index f : input.connection_foes[c]) {
            if (std::find(yields.begin(), yields.end(), f) == yields.end()) foes.push_back({queue_of_connection[f], f});
        }
        r.signal = input.connection_signal.empty() ? no_index : input.connection_signal[c];
        r.signal_link = r.signal == no_index ? 0 : static_cast<std::uint32_t>(std::max(0, input.connection_signal_link[c]));
        r.length_m = static_cast<float>(input.connection_length_m[c]);
        const Index to_lane = input.link_first_lane[input.connection_to_link[c]] + static_cast<Index>(input.connection_to_lane[c]);
        const double speed = input.connection_speed_mps[c];
        r.speed_mps = static_cast<float>(speed > 0 ? speed : input.lane_speed_mps[to_lane]);
        r.to_lane = to_lane;
        r.letter = input.connection_letter[c];
        r.contains_waiting = input.connection_contains_waiting.empty() ? 0 : input.connection_contains_waiting[c];
        right_of_way.push_back(r);
    }
    RightOfWay end{};
    end.first_yield = end.first_foe = static_cast<Index>(foes.size());
    right_of_way.push_back(end);
}

void QueueNetwork::build_mirrors(const QueueNetworkInput& input) {
    // A link is fed by the junction it starts at; that junction's partition is the one of any link that leads to it.
    std::vector<Index> partition_of_node(input.nodes, no_index);
    for (Index l = 0; l < links(); ++l) partition_of_node[input.link_to[l]] = link_partition[l];
    std::vector<std::vector<Index>> found(partitions());
    for (Index l = 0; l < links(); ++l) {
        const Index sender = partition_of_node[input.link_from[l]], receiver = link_partition[l];
        if (sender == no_index || sender == receiver) continue;
        for (Index q = link_first_queue[l]; q < link_first_queue[l] + first_segment_queues(l); ++q) {
            parameters[q].mirror = static_cast<Index>(mirror_queue.size());
            mirror_queue.push_back(q);
            mirror_sender.push_back(sender);
        }
        found[sender].push_back(receiver);
        found[receiver].push_back(sender);
    }
    for (auto& list : found) {
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
    }
    neighbours = std::move(found);
}

Index QueueNetwork::movement(Index from, Index to) const {
    const auto first = movement_to.begin() + link_first_movement[from], last = movement_to.begin() + link_first_movement[from + 1];
    const auto it = std::lower_bound(first, last, to);
    return it != last && *it == to ? static_cast<Index>(it - movement_to.begin()) : no_index;
}

void QueueNetwork::set_flow(QueueParameters& p, double lanes, double limit_mps) const {
    p.tau_length_ms_per_m = 1000.0 / std::max(least_speed_mps, limit_mps) / lanes;
    const auto tau = [&](double seconds) { return static_cast<std::int32_t>(std::floor(seconds * 1000.0 + 0.5) / lanes); };
    p.tau_ff = tau(options_.tau_free_free_s);
    p.tau_fj = tau(options_.tau_free_jam_s);
    p.tau_jf = tau(options_.tau_jam_free_s);
    p.tau_jj = tau(options_.tau_jam_jam_s);
    p.capacity_mm = to_millimetres(std::max<double>(p.length_m * lanes, options_.least_storage_m));
    p.jam_mm = jam_threshold(p, limit_mps);
}

void QueueNetwork::set_link(Index link, double lane_factor, double speed_mps) {
    if (speed_mps >= 0) link_speed_mps[link] = speed_mps;
    const bool one_queue_at_end = last_segment_queues(link) == 1;
    for (Index q = link_first_queue[link]; q < link_queue_end[link]; ++q) {
        QueueParameters& p = parameters[q];
        if (speed_mps >= 0) p.speed_mps = static_cast<float>(speed_mps);
        const bool over_all_lanes = p.kind == QueueKind::in_link || one_queue_at_end;
        set_flow(p, over_all_lanes ? link_usable_lanes[link] * lane_factor : lane_factor, link_speed_mps[link]);
    }
}

}  // namespace citytwin::traffic
