#pragma once
// The streams that modules share (the binding registry of names and columns). Only words: no behaviour, no domain.
#include <cstdint>
#include <span>
#include <vector>

#include "core/exchange/stream.hpp"

namespace citytwin {

enum class TravelMode : std::int64_t { car = 0, walk = 1, bicycle = 2, transit = 3, truck = 4, bus = 5, emergency = 6 };
enum class TripEventKind : std::int64_t { departed = 0, stop_reached = 1, arrived = 2, removed = 3 };
/// Why a trip was removed or a vehicle moved by force; counted by cause everywhere.
enum class TripCause : std::int64_t { none = 0, no_path = 1, closed = 2, teleported_jam = 3, teleported_yield = 4, teleported_wrong_lane = 5, not_inserted = 6, invalid = 7 };

/// Values of `who_set`: in which set `who` is a row.
inline constexpr std::int64_t person_set = 0, truck_set = 1, scheduled_trip_set = 4;

/// A wish to travel. `who` = (set, row); `route` is optional; `stops` end with the destination.
struct TripRequest {
    std::int64_t request_id = 0;
    std::int64_t who_set = 0;              ///< 0 person, 1 truck, 2 ambulance, 3 crew, 4 other
    std::int64_t who = 0;                  ///< row in that set
    TravelMode mode = TravelMode::car;
    Microseconds depart = 0;
    Index origin = no_index;               ///< road_link
    double origin_offset_m = 0;
    std::vector<Index> stop_links;         ///< the last one is the destination
    std::vector<double> stop_offsets_m, stop_service_s;
    std::int64_t vehicle_type = 0;
    std::vector<Index> route;              ///< complete list of road links, or empty
    double payload_kg = 0;
    std::int64_t priority = 0;
};

struct TripEvent {
    std::int64_t request_id = 0, who_set = 0, who = 0;
    TripEventKind kind = TripEventKind::departed;
    Index where = no_index;                ///< road_link
    Microseconds when = 0;
    double distance_m = 0;                 ///< driven so far
    double energy_J = 0;
    TripCause cause = TripCause::none;
    std::int64_t mode = 0;
};

/// A branch of a network that goes out of service (`begins`) or comes back. Of the two references one is set.
struct Outage {
    Index power_branch = no_index, water_link = no_index;
    Microseconds from = 0, until = never;  ///< until: `never` while nobody knows
    std::int64_t cause = 0;                ///< fault, planned, switching, random, overload
    bool begins = true;
    double customers = 0;                  ///< who lost their supply at that moment, by all that happened in it
};

/// A vehicle's way over a link or a part of it, told when it ends: it left the link, parked off the lane or arrived. The way through
/// a junction is a record of its own, of the link that leads to it. Sent only where a module receives it.
struct LinkTraversal {
    std::int64_t request_id = 0, who_set = 0, who = 0, mode = 0;
    Index link = no_index;
    Microseconds enter = 0, leave = 0;
    double distance_m = 0, payload_kg = 0;
};

/// An electric car is at a charger and wants energy until it leaves.
struct ChargingSession {
    Index car = no_index, power_connection = no_index;   ///< no_index: no connection is known
    Microseconds arrive = 0, leave = 0;                  ///< leave as planned
    double energy_J = 0;
};

const StreamSchema& trip_request_schema();
const StreamSchema& trip_event_schema();
const StreamSchema& outage_schema();
const StreamSchema& link_traversal_schema();
const StreamSchema& charging_session_schema();

void send(StreamSender& sender, Microseconds now, StableId entity, const TripRequest& request);
void send(StreamSender& sender, Microseconds now, StableId entity, const TripEvent& event);
void send(StreamSender& sender, Microseconds now, StableId entity, const Outage& outage);
void send(StreamSender& sender, Microseconds now, StableId entity, const LinkTraversal& traversal);
void send(StreamSender& sender, Microseconds now, StableId entity, const ChargingSession& session);
TripRequest trip_request_at(const StreamTable& records, std::size_t row);
TripEvent trip_event_at(const StreamTable& records, std::size_t row);
Outage outage_at(const StreamTable& records, std::size_t row);
LinkTraversal link_traversal_at(const StreamTable& records, std::size_t row);
ChargingSession charging_session_at(const StreamTable& records, std::size_t row);

}  // namespace citytwin
