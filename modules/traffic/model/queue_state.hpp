#pragma once
// The queue model's state as plain rows without padding, so that a saved column is its bytes.
#include <cstdint>
#include <type_traits>
#include <vector>

#include "modules/traffic/model/event_heap.hpp"
#include "modules/traffic/model/queue_input.hpp"

namespace citytwin::traffic {

/// One queue; a cache line. Vehicles in it form a list from head (next to leave) to tail.
struct alignas(64) QueueState {
    Milliseconds head_event = never;  ///< when the head tries to leave
    Milliseconds block = 0;           ///< nobody leaves before
    Milliseconds entry_block = 0;     ///< nobody enters before
    Milliseconds tail_event = 0;      ///< of the vehicle that entered last, as planned when it entered
    std::int32_t occupancy_mm = 0, count = 0;
    Index head = no_index, tail = no_index;
    std::int32_t tail_headway = 0;    ///< free-flow headway behind the vehicle that entered last
    std::uint32_t skips_looks = 0;    ///< the head's looks before head_event are known to fail (red, or full behind red)
    std::uint32_t held_by_space = 0;  ///< the head's last look failed for want of room
    std::uint32_t reserved = 0;
};
static_assert(sizeof(QueueState) == 64);

/// What the sending partition knows of a queue in another partition: that one's state at the last exchange, plus what was sent since.
struct MirrorState {
    Milliseconds entry_block = 0;
    std::int32_t occupancy_mm = 0, count = 0;
};

/// The head of a last segment's queue as the junction's other streams see it: fixed when it becomes head.
struct Approach {
    Milliseconds arrival = 0, leave = 0;
    Milliseconds crossed_until = 0;     ///< the vehicle that left last is on the junction until then
    float speed_mps = 0;
    Index connection = no_index;        ///< no_index = nobody
    Index crossed_connection = no_index;
    std::uint32_t type = 0;
};
static_assert(sizeof(Approach) == 40);

enum class VehiclePlace : std::uint8_t { none, planned, waiting, lane, between, nearing_stop, parked, teleporting };

/// What an event touches of a vehicle; a cache line.
struct alignas(64) VehicleState {
    Milliseconds entry = 0;             ///< into the segment
    Milliseconds event = 0;
    Milliseconds wait_since = never;
    Milliseconds link_entry = 0;
    Index next = no_index;              ///< behind it in the queue, or in the list of those waiting to depart
    Index queue = no_index;
    std::uint32_t route_at = 0, route_end = 0;  ///< next movement's byte, and the end of the route
    float speed_factor = 1;
    std::uint16_t type = 0;
    VehiclePlace place = VehiclePlace::none;
    std::uint8_t has_stops = 0;
    std::int32_t counted_mm = 0;        ///< of its way on the link, already in the link's distance
    std::int32_t waited = 0;            ///< ms on this link
};
static_assert(sizeof(VehicleState) == 64);

/// What only a trip's beginning, its links' ends and its end touch.
struct TripState {
    StableId id = 0;
    Milliseconds planned_depart = 0, depart = 0;
    Milliseconds waited = 0, stopped = 0;
    std::int64_t distance_mm = 0;
    double time_loss_s = 0;
    std::uint32_t route_first = 0, route_bytes = 0;
    Index link = no_index;              ///< current link; the first one before departure
    Index first_stop = no_index;
    std::int32_t depart_offset_mm = 0, arrival_offset_mm = 0;
    std::uint32_t arrival_segment = 0, teleports = 0;
    std::uint32_t stops_reached = 0, start_offset_mm = 0;  ///< where on the current link it came in
};
static_assert(sizeof(TripState) == 96);

/// Where a vehicle's present passage of its link began; kept only while passages are recorded.
struct PassageStart {
    Milliseconds time = 0;
    std::int64_t offset_mm = 0;
};

struct StopState {
    Milliseconds service = 0, until = 0;
    Index link = no_index, next = no_index;
    std::int32_t offset_mm = 0;
    std::uint32_t blocks_lane = 0;
};

/// Sums over an interval; entries and exits may come in any order of time.
struct LinkTotals {
    std::int64_t time_ms = 0;           ///< sum of exit times - sum of entry times; + now for each vehicle inside
    std::int64_t distance_mm = 0, waiting_ms = 0;
    std::uint32_t entered = 0, left = 0, departed = 0, arrived = 0;
};

struct Transfer {
    Milliseconds time;
    Index vehicle, queue;
};
struct Notice {
    Index mirror;
    std::int32_t occupancy_mm, count;   ///< to add to the mirror
    std::uint32_t partition;            ///< receiver of the notice
};

static_assert(std::has_unique_object_representations_v<Notice> && std::has_unique_object_representations_v<Transfer>);

enum Counter : std::size_t {
    count_waiting, count_running, count_arrived, count_inserted, count_updates, count_depart_delay, count_forced, count_held,
    count_removed, count_teleports = count_removed + removal_cause_count, counter_count = count_teleports + teleport_cause_count
};

/// Everything of one partition that isn't a row of the shared columns.
struct alignas(64) PartitionState {
    EventHeap<QueueKey> heap;           ///< queue heads
    EventHeap<RowKey> off_lane;         ///< parked vehicles, by row
    EventHeap<RowKey> departures;       ///< planned vehicles, by row
    std::vector<Transfer> transfers[2];
    std::vector<Notice> notices[2];
    std::vector<Index> insertion_links; ///< links with vehicles waiting to depart
    std::vector<Index> freed, freed_stops;  ///< rows to recycle at the end of the window
    std::vector<Index> teleports;       ///< vehicles that leave their lane by the teleport rule in this window
    std::vector<TripEvent> events;
    std::vector<TripRecord> records;
    std::vector<LinkPassage> passages;
    std::vector<std::int64_t> counters = std::vector<std::int64_t>(counter_count, 0);
};

}  // namespace citytwin::traffic
