#pragma once
// The queue model: vehicles move from segment to segment of their links by events; flow and storage of a segment, the
// junctions' right of way and their signals decide when. Model and figures: SUMO's mesoscopic simulation with junction
// control after Eissfeldt (2004), see docs/models/traffic.md.
//
// Parallel work: the network is cut into partitions, a function of the network alone. Time advances in windows of one
// second; in a window each partition runs its own events, then they exchange the vehicles that crossed a cut and what a
// cut link has become free of. A sender sees the space behind a cut as it was at the last exchange. So the digits are the
// same for any number of threads, any grain and any sequence of `until`.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/parallel/arena.hpp"
#include "core/parallel/crew.hpp"
#include "modules/traffic/model/queue_network.hpp"
#include "modules/traffic/model/queue_state.hpp"
#include "modules/traffic/model/route_pool.hpp"
#include "modules/traffic/model/signal_plans.hpp"

namespace citytwin::traffic {

/// Where a vehicle is, reconstructed between its events.
struct VehicleView {
    Index link = no_index;       ///< no_index: not on the road
    double position_m = 0, speed_mps = 0;
};

/// What happened on a link since the last `reset_links`.
struct LinkInterval {
    std::uint32_t entered, left, departed, arrived, inside, standing;
    double vehicle_seconds, distance_m, waiting_s;
};

class QueueModel {
public:
    QueueModel(const QueueNetworkInput& network, std::span<const QueueVehicleType> types, const QueueOptions& options = {},
               Milliseconds start = 0);

    // --- demand, between two advances
    /// Row of the vehicle until it arrives or is removed. Throws std::invalid_argument if the route isn't connected.
    Index add_vehicle(const QueueVehicle& vehicle);
    Index add_type(const QueueVehicleType& type);
    /// Links still ahead, the current one first; within a junction that is the link it leads to.
    [[nodiscard]] std::vector<Index> remaining_route(Index row) const;
    /// Replaces what comes after the current link; `links` starts with the current one. False (and nothing changed) if a
    /// pair isn't connected. A vehicle that waits to depart may change everything but its first link.
    bool replace_route(Index row, std::span<const Index> links, double arrival_offset_m = -1);
    /// Rows of vehicles that have one of the flagged links ahead of them (not the one they are on), ascending.
    [[nodiscard]] std::vector<Index> vehicles_with_links_ahead(std::span<const std::uint8_t> link_flags) const;
    void remove_vehicle(Index row, RemovalCause cause);

    // --- the network's changes, between two advances
    void set_closed(Index link, bool closed) { link_closed_[link] = closed; }
    /// lanes / built lanes; speed < 0 keeps the limit.
    void set_link(Index link, double lane_factor, double speed_mps);
    void set_signal_program(Index signal, std::uint32_t program);
    void set_signal_offset(Index signal, Milliseconds offset);
    void set_signal_powered(Index signal, bool powered);

    // --- time
    [[nodiscard]] Milliseconds now() const { return now_; }
    void advance(Milliseconds until, Arena& arena);
    /// work() with the model's workers called once for all of `advance` and `link_intervals` in it.
    template <class Work>
    void together(Arena& arena, Work&& work) {
        crew_.work(arena, work);
    }

    // --- what came out
    [[nodiscard]] QueueCounters counters() const;
    /// Events up to now, by (time, vehicle); they are handed over once.
    std::vector<TripEvent> take_events();
    std::vector<TripRecord> take_records();
    /// Passages of links are recorded from now on, or no longer. Nothing else changes by it.
    void record_passages(bool on);
    /// Passages that ended up to now, by (end, vehicle); they are handed over once.
    std::vector<LinkPassage> take_passages();
    [[nodiscard]] VehicleView view(Index row) const;
    [[nodiscard]] std::size_t vehicle_rows() const { return vehicles_.size(); }
    [[nodiscard]] const VehicleState& vehicle(Index row) const { return vehicles_[row]; }
    [[nodiscard]] const TripState& trip(Index row) const { return trips_[row]; }
    /// One row a link for the interval since the last reset; then starts a new interval if `reset`.
    void link_intervals(std::span<LinkInterval> out, bool reset, Arena& arena) {
        link_intervals(out, reset, arena, [](std::size_t) {});
    }
    /// The same, and `then(link)` at once, while the link's row is at hand: one loop instead of two, which workers join in time.
    template <class Then>
    void link_intervals(std::span<LinkInterval> out, bool reset, Arena& arena, Then&& then) {
        const std::size_t links = network_.links(), block = std::min(links_per_block, arena.grain()), blocks = (links + block - 1) / block;
        crew_.work(arena, [&] {
            crew_.each(blocks, [&](std::size_t b) {
                for (std::size_t link = b * block; link < std::min(links, (b + 1) * block); ++link) {
                    count_link(static_cast<Index>(link), out[link], reset);
                    then(link);
                }
            }, block);
        });
        if (reset) interval_start_ = now_;
    }
    [[nodiscard]] double free_flow_time_s(Index link) const { return network_.link_length_m[link] / std::max(0.05, network_.link_speed_mps[link]); }
    [[nodiscard]] const QueueNetwork& network() const { return network_; }
    [[nodiscard]] std::size_t bytes() const;

    // --- state: visit(name, vector of trivially copyable rows); after loading call `loaded`
    template <class Visitor>
    void for_each_column(Visitor&& visit);
    void loaded();

private:
    friend class QueueKernel;
    static constexpr std::size_t links_per_block = 128;
    void advance_in_window(Milliseconds until);
    void finish_window();
    void collect();
    void recycle();
    void run_teleports();
    bool try_landing(Index row, Milliseconds time);
    void look_again();
    void release(Index row);
    void detach(Index row);
    Index take_row();
    [[nodiscard]] bool connected(std::span<const Index> links) const;
    void store_route(Index row, std::span<const Index> links);
    void add_stops(Index row, std::span<const QueueStop> stops);
    void set_arrival(TripState& trip, Index last_link, double offset_m);
    [[nodiscard]] Index partition_of(Index row) const;
    struct Position {
        Index link;
        std::uint32_t route_at;
        bool in_junction;
    };
    [[nodiscard]] Position position_of(Index row) const;
    void count_link(Index link, LinkInterval& out, bool reset);

    QueueOptions options_;
    QueueNetwork network_;
    SignalPlans signals_;
    std::vector<QueueVehicleType> types_;
    std::vector<std::int32_t> space_mm_;   ///< per type
    Milliseconds now_ = 0;
    std::uint64_t window_ = 0;             ///< its parity selects the message buffers
    bool in_window_ = false, look_again_ = false;

    std::vector<QueueState> queues_;
    std::vector<Approach> approaches_;
    std::vector<MirrorState> mirrors_;
    std::vector<VehicleState> vehicles_;
    std::vector<TripState> trips_;
    std::vector<Index> free_rows_;
    std::vector<StopState> stops_;
    std::vector<Index> free_stops_;
    RoutePool routes_;
    std::vector<LinkTotals> totals_;
    std::vector<std::int32_t> link_count_; ///< vehicles on the link
    std::vector<Index> waiting_head_, waiting_tail_;  ///< per link: those waiting to depart
    std::vector<std::uint8_t> link_closed_;
    std::vector<double> lane_factor_, link_speed_set_;
    std::vector<PartitionState> partitions_;
    Crew crew_;
    EventHeap<RowKey> teleporting_;        ///< by row, handled between windows
    std::vector<TripEvent> events_;
    std::vector<TripRecord> records_;
    bool records_passages_ = false;
    std::vector<PassageStart> passage_starts_;   ///< by row of a vehicle
    std::vector<LinkPassage> passages_;
    std::uint64_t loaded_ = 0;
    Milliseconds interval_start_ = 0;
};

template <class Visitor>
void QueueModel::for_each_column(Visitor&& visit) {
    std::vector<std::int64_t> scalars{now_, static_cast<std::int64_t>(window_), in_window_, static_cast<std::int64_t>(loaded_), interval_start_, look_again_};
    visit("scalars", scalars);
    now_ = scalars[0];
    window_ = static_cast<std::uint64_t>(scalars[1]);
    in_window_ = scalars[2] != 0;
    loaded_ = static_cast<std::uint64_t>(scalars[3]);
    interval_start_ = scalars[4];
    look_again_ = scalars[5] != 0;
    visit("types", types_);
    visit("queues", queues_);
    visit("approaches", approaches_);
    visit("mirrors", mirrors_);
    visit("vehicles", vehicles_);
    visit("trips", trips_);
    visit("free_rows", free_rows_);
    visit("stops", stops_);
    visit("free_stops", free_stops_);
    routes_.for_each_column(visit);
    visit("link_totals", totals_);
    visit("link_count", link_count_);
    visit("waiting_head", waiting_head_);
    visit("waiting_tail", waiting_tail_);
    visit("link_closed", link_closed_);
    visit("lane_factor", lane_factor_);
    visit("link_speed", link_speed_set_);
    visit("signals", signals_.states);
    visit("teleporting", teleporting_.keys());
    visit("events", events_);
    visit("records", records_);
    visit("passage_starts", passage_starts_);
    visit("passages", passages_);
    for (std::size_t i = 0; i < partitions_.size(); ++i) {
        PartitionState& p = partitions_[i];
        const std::string prefix = "partition_" + std::to_string(i) + "_";
        visit(prefix + "heap", p.heap.keys());
        visit(prefix + "off_lane", p.off_lane.keys());
        visit(prefix + "departures", p.departures.keys());
        for (int side = 0; side < 2; ++side) {
            visit(prefix + "transfers_" + std::to_string(side), p.transfers[side]);
            visit(prefix + "notices_" + std::to_string(side), p.notices[side]);
        }
        visit(prefix + "insertion_links", p.insertion_links);
        visit(prefix + "freed", p.freed);
        visit(prefix + "freed_stops", p.freed_stops);
        visit(prefix + "teleports", p.teleports);
        visit(prefix + "events", p.events);
        visit(prefix + "records", p.records);
        visit(prefix + "passages", p.passages);
        visit(prefix + "counters", p.counters);
    }
}

}  // namespace citytwin::traffic
