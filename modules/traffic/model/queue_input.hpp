#pragma once
// What the queue model is built from and fed with: plain spans and structs, no engine, no file formats.
// Lengths in metres, speeds in m/s, times in integer milliseconds since the run's start.
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin::traffic {

using Milliseconds = std::int64_t;
inline constexpr Milliseconds never = std::numeric_limits<Milliseconds>::max();

/// Letter of a connection's right of way, as SUMO writes it: M major, m minor, = equal, s stop, w all-way stop, Z zipper,
/// O signal off, o signal off and blinking; G g y Y r u s come from a signal's program. Capitals have priority.
using LinkLetter = char;

/// One program of a signal: a letter per signal link in each phase. Times in ms.
struct SignalProgram {
    Milliseconds offset = 0;                 ///< phase at (t - offset) mod cycle
    std::vector<Milliseconds> duration;
    std::vector<std::string_view> state;     ///< read while building, not kept
};

/// Compressed rows: row i is values[offsets[i], offsets[i + 1]). Empty offsets mean that all rows are empty.
struct RaggedIndices {
    std::span<const std::uint64_t> offsets;
    std::span<const Index> values;
    [[nodiscard]] std::span<const Index> operator[](std::size_t row) const {
        if (offsets.empty()) return {};
        return values.subspan(offsets[row], offsets[row + 1] - offsets[row]);
    }
};

struct QueueNetworkInput {
    // links and their lanes (contiguous, index 0 = rightmost)
    std::span<const Index> link_from, link_to;          ///< nodes
    std::span<const double> link_length_m;
    std::span<const Index> link_first_lane;             ///< size links + 1
    std::span<const double> lane_speed_mps;
    std::span<const std::uint32_t> lane_permissions;    ///< bit set of vehicle classes
    std::uint32_t classes_without_queue = 0;            ///< a lane for these alone (pedestrians, bicycles) has no queue

    // connections lane -> lane
    std::span<const Index> connection_from_link, connection_to_link;
    std::span<const std::int32_t> connection_from_lane, connection_to_lane;
    std::span<const double> connection_length_m, connection_speed_mps;  ///< of the path inside the junction; 0 = unknown
    std::span<const LinkLetter> connection_letter;      ///< without signal
    std::span<const Index> connection_signal;           ///< no_index = none
    std::span<const std::int32_t> connection_signal_link;
    std::span<const std::uint8_t> connection_contains_waiting;
    RaggedIndices connection_foes, connection_yields_to;

    // signals
    std::span<const std::vector<SignalProgram>> signal_programs;
    std::span<const std::uint32_t> signal_active_program;

    // nodes; coordinates only cut the network into partitions (may be empty)
    std::size_t nodes = 0;
    std::span<const double> node_x, node_y;
};

/// Parameters of the model (traffic.md section 3; the values are those of SUMO 1.28's mesoscopic model).
struct QueueOptions {
    double segment_length_m = 98;
    double tau_free_free_s = 1.13, tau_free_jam_s = 1.13, tau_jam_free_s = 1.73, tau_jam_jam_s = 1.4;
    double least_storage_m = 0;              ///< of any queue: pieces of a few metres inside a crossing would hold one vehicle and lock it
    Milliseconds recheck = 1000;             ///< a vehicle that may not enter a junction looks again after this time
    Milliseconds teleport_after = 300'000;   ///< 0 = never
    Milliseconds impatience_after = 180'000; ///< waiting time at which impatience is 1
    Milliseconds minor_time_gap = 1000;      ///< safety margin when crossing a foe's path
    Milliseconds window = 1000;              ///< partitions exchange vehicles, and vehicles depart, at multiples of it
    std::size_t links_per_partition = 256;   ///< a property of the network, never of the threads
};

struct QueueVehicleType {
    double length_m = 5, min_gap_m = 2.5, tau_s = 1, max_speed_mps = 55.555555555555557;
    double acceleration_mps2 = 2.6, deceleration_mps2 = 4.5, impatience = 0;
    std::uint32_t permission = 1;            ///< bits of its vehicle class; a lane is open to it if they share one
    std::uint32_t reserved = 0;
    [[nodiscard]] double space_m() const { return length_m + min_gap_m; }
};

struct QueueStop {
    Index link = no_index;
    double offset_m = 0;
    Milliseconds service = 0;
    Milliseconds until = 0;                  ///< doesn't leave before
    bool blocks_lane = false;                ///< a bus at a kerb stop; otherwise it stands off the lane
};

/// One trip of one vehicle. The spans are copied.
struct QueueVehicle {
    StableId id = 0;
    Milliseconds depart = 0;
    Index type = 0;
    double speed_factor = 1;
    std::span<const Index> route;            ///< links in order, each connected to the next
    double depart_offset_m = 0;              ///< on the first link
    double arrival_offset_m = -1;            ///< on the last link, -1 = its end
    std::span<const QueueStop> stops;        ///< in route order
};

enum class RemovalCause : std::uint8_t { none, closed_link, no_path, by_request };
enum class TeleportCause : std::uint8_t { jam, yield, wrong_lane };
inline constexpr int removal_cause_count = 4, teleport_cause_count = 3;

enum class TripEventKind : std::uint8_t { departed, stop_reached, arrived, removed };

struct TripEvent {
    StableId vehicle;
    Milliseconds time;
    double distance_m;       ///< driven so far
    Index row;               ///< of the vehicle; may be taken by another one after an arrival
    Index link;
    TripEventKind kind;
    RemovalCause cause;      ///< of a removal
    std::uint16_t stop;      ///< which stop was reached
    std::uint32_t reserved = 0;
};

/// One vehicle's way over one link, or over a part of it: up to a stop off the lane, or on from there. The way through a junction
/// is a passage of its own, of the link that leads to it.
struct LinkPassage {
    StableId vehicle;
    Milliseconds enter, leave;
    double distance_m;
    Index row, link;
};

/// A finished trip.
struct TripRecord {
    StableId vehicle;
    Milliseconds planned_depart, depart, arrival;
    Milliseconds waiting;
    double route_length_m, time_loss_s;
    std::uint32_t teleports;
    std::uint32_t removal_cause;  ///< 0 = arrived
};

/// Every vehicle that was ever added is in exactly one of waiting, running, arrived, removed.
struct QueueCounters {
    std::uint64_t loaded = 0, waiting = 0, running = 0, arrived = 0, inserted = 0;
    std::uint64_t removed[removal_cause_count] = {};
    std::uint64_t teleports[teleport_cause_count] = {};
    std::uint64_t forced_past_full_link = 0;   ///< links that a teleport jumped over because there was no room
    std::uint64_t held_by_full_link = 0;       ///< times that a vehicle came to a segment's end and the next one had no room: spill-back
    std::uint64_t vehicle_updates = 0;         ///< segments entered
    Milliseconds depart_delay = 0;             ///< sum over inserted vehicles
    [[nodiscard]] std::uint64_t removed_total() const {
        std::uint64_t n = 0;
        for (std::uint64_t r : removed) n += r;
        return n;
    }
    [[nodiscard]] bool balances() const { return loaded == waiting + running + arrived + removed_total(); }
};

}  // namespace citytwin::traffic
