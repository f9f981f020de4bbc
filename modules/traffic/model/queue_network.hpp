#pragma once
// The network as the queue model runs on it: links cut into segments, segments into queues, lane connections gathered into
// movements, right of way as lists of foes. Built once; only speed limits, lanes and closures change afterwards.
//
// Segments and queues after SUMO's mesoscopic model (N. Eissfeldt, "Vehicle-based modelling of traffic", Cologne 2004):
// a link has max(1, floor(L/98 + 0.5)) segments; its last one has a queue per lane if the link has at least two lanes and
// two successors, every other one is a single queue over all lanes.
#include <cstdint>
#include <vector>

#include "modules/traffic/model/queue_input.hpp"

namespace citytwin::traffic {

/// Where a queue lies. Junctions are driven through: each movement has one queue inside the
/// junction, which leads to the waiting place if one waits inside for oncoming traffic, and otherwise through it.
enum class QueueKind : std::uint8_t { in_link, link_end, junction_waiting, junction_exit };
inline bool is_in_junction(QueueKind kind) { return kind == QueueKind::junction_waiting || kind == QueueKind::junction_exit; }

/// What a queue is made of; one cache line.
struct alignas(64) QueueParameters {
    double tau_length_ms_per_m;  ///< time to drive one metre at the speed limit, over the lanes of the queue
    double length_m;             ///< of the segment
    std::int32_t tau_ff, tau_fj, tau_jf, tau_jj;  ///< ms, over the lanes of the queue
    std::int32_t capacity_mm, jam_mm;
    float speed_mps;             ///< limit on its lane
    Index link;
    Index mirror;                ///< row of the copy that the sending partition keeps, no_index if sender and receiver are one
    std::uint32_t permissions;
    std::uint16_t next_count;    ///< queues of the next segment of the link or junction (from this queue's number + 1 on); 0 = the last one
    std::uint16_t lane;
    std::uint16_t segment;       ///< within the link
    QueueKind kind;
    std::uint8_t reserved;

    /// Gross headway behind a vehicle: tau of the regime, plus the time that its own length takes.
    [[nodiscard]] Milliseconds headway(std::int32_t tau, double vehicle_tau, double space_m) const {
        return static_cast<Milliseconds>(tau * vehicle_tau + space_m * tau_length_ms_per_m);
    }
};
static_assert(sizeof(QueueParameters) == 64);

struct Foe {
    Index queue, connection;
};

/// How a connection may be driven.
struct RightOfWay {
    Index first_yield, first_foe;  ///< rows of `foes`; the next connection's first_yield ends them
    Index signal;                  ///< no_index = none
    std::uint32_t signal_link;
    float length_m, speed_mps;     ///< of the path inside the junction
    Index to_lane;
    LinkLetter letter;
    std::uint8_t contains_waiting;
    std::uint16_t reserved;
};

class QueueNetwork {
public:
    QueueNetwork(const QueueNetworkInput& input, const QueueOptions& options);

    [[nodiscard]] std::size_t links() const { return link_length_m.size(); }
    [[nodiscard]] std::size_t queues() const { return parameters.size(); }
    [[nodiscard]] std::size_t partitions() const { return partition_first_queue.size() - 1; }
    /// First queue of a link's last segment, and how many it has.
    [[nodiscard]] Index last_segment_queue(Index link) const { return link_first_queue[link] + link_segments[link] - 1; }
    [[nodiscard]] Index last_segment_queues(Index link) const { return link_queue_end[link] - last_segment_queue(link); }
    [[nodiscard]] Index first_segment_queues(Index link) const { return link_segments[link] == 1 ? last_segment_queues(link) : 1; }
    /// The movement from one link to the next, or no_index.
    [[nodiscard]] Index movement(Index from, Index to) const;
    /// The connection that a vehicle on `lane` takes; any lane's if this one has none (SUMO does the same).
    [[nodiscard]] Index connection(Index movement_row, std::uint32_t lane) const {
        return movement_connection[movement_first_lane[movement_row] + lane];
    }

    /// After a change of speed or lanes. `lane_factor` scales capacity and flow of all its queues.
    void set_link(Index link, double lane_factor, double speed_mps);

    // links
    std::vector<double> link_length_m, link_speed_mps;      ///< current limit (of lane 0), see set_link
    std::vector<Index> link_first_queue, link_queue_end, link_segments, link_partition;
    std::vector<Index> link_first_movement;                 ///< size links + 1
    std::vector<std::uint32_t> link_lanes, link_usable_lanes;
    // queues, a partition's in one block
    std::vector<QueueParameters> parameters;
    std::vector<Index> partition_first_queue;               ///< size partitions + 1
    std::vector<Index> mirror_queue, mirror_sender;         ///< sender = partition that feeds the queue
    std::vector<std::vector<Index>> neighbours;             ///< partitions that exchange messages with a partition, ascending
    // movements: link -> link
    std::vector<Index> movement_to, movement_first_lane;
    std::vector<Index> movement_inner;                      ///< its queue inside the junction, no_index if it has none
    std::vector<float> movement_length_m, movement_speed_mps;  ///< inside the junction
    std::vector<std::uint64_t> movement_lanes;              ///< lanes that lead there
    std::vector<Index> movement_connection;                 ///< [movement_first_lane + lane]
    // connections
    std::vector<RightOfWay> right_of_way;                   ///< size connections + 1
    std::vector<Foe> foes;                                  ///< of each connection: those it yields to, then all others in conflict
    std::vector<Index> queue_of_connection;
    std::vector<Index> connection_movement;

private:
    void build_links(const QueueNetworkInput& input);
    void build_queues(const QueueNetworkInput& input);
    void add_inner_queues(Index link, const QueueNetworkInput& input);
    void set_flow(QueueParameters& p, double lanes, double limit_mps) const;
    void build_movements(const QueueNetworkInput& input);
    void build_right_of_way(const QueueNetworkInput& input);
    void build_mirrors(const QueueNetworkInput& input);

    QueueOptions options_;
};

/// Partition of each link: that of the junction it leads to. Junctions are cut into compact groups of about
/// `links_per_partition` links by recursive bisection; junctions of one signal stay together.
std::vector<Index> partition_links(const QueueNetworkInput& input, std::size_t links_per_partition);

}  // namespace citytwin::traffic
