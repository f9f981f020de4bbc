#pragma once
// The events of one partition. Made anew for each window: it is only a view of the model's rows.
#include "modules/traffic/model/queue_model.hpp"

namespace citytwin::traffic {

enum class EntryKind { regular, depart, teleport, from_stop };

class QueueKernel {
public:
    QueueKernel(QueueModel& model, Index partition)
        : m_(model), p_(model.partitions_[partition]), partition_(partition), first_queue_(model.network_.partition_first_queue[partition]) {}

    /// Takes what the neighbours sent in the last window, lets vehicles depart at `time`.
    void open_window(Milliseconds time);
    /// All events before `until`.
    void run(Milliseconds until);

    /// A queue of the segment that starts at queue `base` for a vehicle that comes at `time`, by a signal-free path (teleport, parking space).
    [[nodiscard]] Index queue_with_room(const VehicleState& v, Index base, std::uint32_t count, std::uint64_t lanes, Milliseconds time) const;
    void enter(Index row, Index queue, Milliseconds time, EntryKind kind, bool new_link, double share = 1.0);
    /// Takes the head (or, for `row` further back, that vehicle) out of its queue for good.
    void take_out(Index row, Milliseconds time);
    void cancel_transfer(Index row);
    void leave_link(Index row, Milliseconds time, std::int64_t end_mm);
    /// Ends the vehicle's present passage at `end_mm` of its link.
    void end_passage(Index row, Milliseconds time, std::int64_t end_mm);
    void finish(Index row, Milliseconds time, RemovalCause cause);
    void reschedule(Index queue, Milliseconds time);

private:
    struct Gate {
        std::int32_t occupancy_mm, count;
        Milliseconds entry_block;
    };
    struct Choice {
        Index queue = no_index;
        Milliseconds earliest = never;  ///< when an entry block ends, if that is all that stands against it
        bool any_lane = false;          ///< some lane is allowed at all
    };
    struct Target {
        Index base;
        std::uint32_t count;
        std::uint64_t lanes;            ///< of the target's last segment that lead on
        Index link;                     ///< the link that is entered, no_index = none
        bool closed, controlled;        ///< controlled: by signal and right of way
    };

    [[nodiscard]] Gate gate(Index queue) const;
    [[nodiscard]] Target target_of(const VehicleState& v, const QueueParameters& here, Index queue) const;
    [[nodiscard]] Choice choose(const VehicleState& v, const Target& target, Milliseconds time) const;
    void process(Index queue, Milliseconds time);
    [[nodiscard]] bool open(const VehicleState& v, const QueueParameters& here, Milliseconds time, bool& red);
    [[nodiscard]] bool inner_open(const VehicleState& v, const QueueParameters& here, Milliseconds time);
    /// Connection that the head of a queue takes at the junction.
    [[nodiscard]] Index connection_of(const VehicleState& v, const QueueParameters& here) const;
    void leave_junction(Index row, Milliseconds time);
    [[nodiscard]] bool all_way_open(const RightOfWay& way, const RightOfWay& end, Index connection, Milliseconds since,
                                    Milliseconds time) const;
    [[nodiscard]] bool dark(const RightOfWay& way) const;
    [[nodiscard]] bool at_stop_line(const VehicleState& v, const QueueParameters& here, Milliseconds time) const;
    [[nodiscard]] bool dark_open(const RightOfWay& way, const VehicleState& v, const QueueParameters& here, Milliseconds time) const;
    [[nodiscard]] Milliseconds dark_headway(const QueueParameters& here, Index connection, Milliseconds time) const;
    [[nodiscard]] bool gap_open(const RightOfWay& way, const VehicleState& v, const QueueParameters& here, Milliseconds time,
                                double impatience, double path_m, bool skip_standing);
    [[nodiscard]] bool blocked_by(const Approach& foe, bool same_lane, const QueueVehicleType& type, Milliseconds arrival, Milliseconds leave,
                                  double arrival_speed, double leave_speed, double impatience, double foe_distance) const;
    void move(Index queue, const Target& target, Index next, Milliseconds time);
    void hold(Index queue, const Target& target, const Choice& choice, bool red, Milliseconds time);
    [[nodiscard]] Milliseconds next_look_when_full(const Target& target, Milliseconds time) const;
    [[nodiscard]] Milliseconds teleport_look(const VehicleState& v) const;
    void pop_head(Index queue, Milliseconds time, Index next);
    void set_head(Index queue, Milliseconds event);
    void teleport(Index queue, TeleportCause cause, Milliseconds time);
    void arrive(Index queue, Milliseconds time);
    [[nodiscard]] Milliseconds jam_headway(const QueueParameters& here, Index next, std::int32_t next_count) const;
    [[nodiscard]] double top_speed(const VehicleState& v, const QueueParameters& here) const;
    [[nodiscard]] double current_speed(const VehicleState& v, const QueueParameters& here, Milliseconds event) const;
    [[nodiscard]] Milliseconds serve_stops(Index row, Index queue, Milliseconds time, EntryKind kind, bool& parked);
    void off_lane_event(Index row, Milliseconds time);
    void depart(Milliseconds time);
    [[nodiscard]] bool insert(Index row, Milliseconds time);
    [[nodiscard]] bool may_insert(const VehicleState& v, Index base, std::uint32_t count, Index queue, Milliseconds time) const;
    [[nodiscard]] double mean_speed(Index base, std::uint32_t count, Milliseconds time) const;
    void notify(Index queue, std::int32_t occupancy_mm, std::int32_t count);
    [[nodiscard]] int out_side() const { return static_cast<int>((m_.in_window_ ? m_.window_ : m_.window_ + 1) & 1); }
    [[nodiscard]] std::int32_t space_mm(const VehicleState& v) const { return m_.space_mm_[v.type]; }

    QueueModel& m_;
    PartitionState& p_;
    Index partition_, first_queue_;
};

}  // namespace citytwin::traffic
