#include "core/module/shared_streams.hpp"

namespace citytwin {
namespace {

const std::vector<std::string> set_labels{"person", "truck", "ambulance", "crew", "other"};
const std::vector<std::string> mode_labels{"car", "walk", "bicycle", "transit", "truck", "bus", "emergency"};
const std::vector<std::string> kind_labels{"departed", "stop_reached", "arrived", "removed"};
const std::vector<std::string> cause_labels{"none", "no_path", "closed", "teleported_jam", "teleported_yield", "teleported_wrong_lane", "not_inserted", "invalid"};
const std::vector<std::string> outage_cause_labels{"none", "fault", "planned", "switching", "random", "overload"};

}  // namespace

const StreamSchema& trip_request_schema() {
    static const StreamSchema schema{"trip_request",
        {{"request_id", "1", StreamType::integer, "", {}},
         {"who_set", "1", StreamType::integer, "", set_labels},
         {"who", "1", StreamType::integer, "", {}},
         {"mode", "1", StreamType::integer, "", mode_labels},
         {"depart", "us", StreamType::integer, "", {}},
         {"origin", "1", StreamType::integer, "road_link", {}},
         {"origin_offset", "m", StreamType::number, "", {}},
         {"stop_links", "1", StreamType::reference_list, "road_link", {}},
         {"stop_offsets", "m", StreamType::number_list, "", {}},
         {"stop_service", "s", StreamType::number_list, "", {}},
         {"vehicle_type", "1", StreamType::integer, "", {}},
         {"route", "1", StreamType::reference_list, "road_link", {}},
         {"payload", "kg", StreamType::number, "", {}},
         {"priority", "1", StreamType::integer, "", {}}}};
    return schema;
}

const StreamSchema& trip_event_schema() {
    static const StreamSchema schema{"trip_event",
        {{"request_id", "1", StreamType::integer, "", {}},
         {"who_set", "1", StreamType::integer, "", set_labels},
         {"who", "1", StreamType::integer, "", {}},
         {"kind", "1", StreamType::integer, "", kind_labels},
         {"where", "1", StreamType::integer, "road_link", {}},
         {"when", "us", StreamType::integer, "", {}},
         {"distance", "m", StreamType::number, "", {}},
         {"energy", "J", StreamType::number, "", {}},
         {"cause", "1", StreamType::integer, "", cause_labels},
         {"mode", "1", StreamType::integer, "", mode_labels}}};
    return schema;
}

const StreamSchema& outage_schema() {
    static const StreamSchema schema{"outage",
        {{"power_branch", "1", StreamType::integer, "power_branch", {}},
         {"water_link", "1", StreamType::integer, "water_link", {}},
         {"from", "us", StreamType::integer, "", {}},
         {"until", "us", StreamType::integer, "", {}},
         {"cause", "1", StreamType::integer, "", outage_cause_labels},
         {"begins", "1", StreamType::integer, "", {}},
         {"customers", "1", StreamType::number, "", {}}}};
    return schema;
}

void send(StreamSender& sender, Microseconds now, StableId entity, const Outage& o) {
    StreamTable& row = sender.record(now, entity);
    row.put(static_cast<std::int64_t>(o.power_branch));
    row.put(static_cast<std::int64_t>(o.water_link));
    row.put(static_cast<std::int64_t>(o.from));
    row.put(static_cast<std::int64_t>(o.until));
    row.put(o.cause);
    row.put(static_cast<std::int64_t>(o.begins ? 1 : 0));
    row.put(o.customers);
}

Outage outage_at(const StreamTable& records, std::size_t row) {
    Outage o;
    o.power_branch = static_cast<Index>(records.integers(0)[row]);
    o.water_link = static_cast<Index>(records.integers(1)[row]);
    o.from = records.integers(2)[row];
    o.until = records.integers(3)[row];
    o.cause = records.integers(4)[row];
    o.begins = records.integers(5)[row] != 0;
    o.customers = records.numbers(6)[row];
    return o;
}

const StreamSchema& link_traversal_schema() {
    static const StreamSchema schema{"link_traversal",
        {{"request_id", "1", StreamType::integer, "", {}},
         {"who_set", "1", StreamType::integer, "", set_labels},
         {"who", "1", StreamType::integer, "", {}},
         {"mode", "1", StreamType::integer, "", mode_labels},
         {"link", "1", StreamType::integer, "road_link", {}},
         {"enter", "us", StreamType::integer, "", {}},
         {"leave", "us", StreamType::integer, "", {}},
         {"distance", "m", StreamType::number, "", {}},
         {"payload", "kg", StreamType::number, "", {}}}};
    return schema;
}

const StreamSchema& charging_session_schema() {
    static const StreamSchema schema{"charging_session",
        {{"car", "1", StreamType::integer, "car", {}},
         {"power_connection", "1", StreamType::integer, "power_connection", {}},
         {"arrive", "us", StreamType::integer, "", {}},
         {"leave", "us", StreamType::integer, "", {}},
         {"energy", "J", StreamType::number, "", {}}}};
    return schema;
}

void send(StreamSender& sender, Microseconds now, StableId entity, const TripRequest& r) {
    StreamTable& row = sender.record(now, entity);
    row.put(r.request_id);
    row.put(r.who_set);
    row.put(r.who);
    row.put(static_cast<std::int64_t>(r.mode));
    row.put(static_cast<std::int64_t>(r.depart));
    row.put(static_cast<std::int64_t>(r.origin));
    row.put(r.origin_offset_m);
    row.put(std::span<const std::uint32_t>(r.stop_links));
    row.put(std::span<const double>(r.stop_offsets_m));
    row.put(std::span<const double>(r.stop_service_s));
    row.put(r.vehicle_type);
    row.put(std::span<const std::uint32_t>(r.route));
    row.put(r.payload_kg);
    row.put(r.priority);
}

void send(StreamSender& sender, Microseconds now, StableId entity, const TripEvent& e) {
    StreamTable& row = sender.record(now, entity);
    row.put(e.request_id);
    row.put(e.who_set);
    row.put(e.who);
    row.put(static_cast<std::int64_t>(e.kind));
    row.put(static_cast<std::int64_t>(e.where));
    row.put(static_cast<std::int64_t>(e.when));
    row.put(e.distance_m);
    row.put(e.energy_J);
    row.put(static_cast<std::int64_t>(e.cause));
    row.put(e.mode);
}

void send(StreamSender& sender, Microseconds now, StableId entity, const LinkTraversal& t) {
    StreamTable& row = sender.record(now, entity);
    row.put(t.request_id);
    row.put(t.who_set);
    row.put(t.who);
    row.put(t.mode);
    row.put(static_cast<std::int64_t>(t.link));
    row.put(static_cast<std::int64_t>(t.enter));
    row.put(static_cast<std::int64_t>(t.leave));
    row.put(t.distance_m);
    row.put(t.payload_kg);
}

void send(StreamSender& sender, Microseconds now, StableId entity, const ChargingSession& s) {
    StreamTable& row = sender.record(now, entity);
    row.put(static_cast<std::int64_t>(s.car));
    row.put(static_cast<std::int64_t>(s.power_connection));
    row.put(static_cast<std::int64_t>(s.arrive));
    row.put(static_cast<std::int64_t>(s.leave));
    row.put(s.energy_J);
}

TripRequest trip_request_at(const StreamTable& records, std::size_t row) {
    TripRequest r;
    r.request_id = records.integers(0)[row];
    r.who_set = records.integers(1)[row];
    r.who = records.integers(2)[row];
    r.mode = static_cast<TravelMode>(records.integers(3)[row]);
    r.depart = records.integers(4)[row];
    r.origin = static_cast<Index>(records.integers(5)[row]);
    r.origin_offset_m = records.numbers(6)[row];
    const auto links = records.reference_list(7, row);
    const auto offsets = records.number_list(8, row), service = records.number_list(9, row);
    r.stop_links.assign(links.begin(), links.end());
    r.stop_offsets_m.assign(offsets.begin(), offsets.end());
    r.stop_service_s.assign(service.begin(), service.end());
    r.vehicle_type = records.integers(10)[row];
    const auto route = records.reference_list(11, row);
    r.route.assign(route.begin(), route.end());
    r.payload_kg = records.numbers(12)[row];
    r.priority = records.integers(13)[row];
    return r;
}

TripEvent trip_event_at(const StreamTable& records, std::size_t row) {
    TripEvent e;
    e.request_id = records.integers(0)[row];
    e.who_set = records.integers(1)[row];
    e.who = records.integers(2)[row];
    e.kind = static_cast<TripEventKind>(records.integers(3)[row]);
    e.where = static_cast<Index>(records.integers(4)[row]);
    e.when = records.integers(5)[row];
    e.distance_m = records.numbers(6)[row];
    e.energy_J = records.numbers(7)[row];
    e.cause = static_cast<TripCause>(records.integers(8)[row]);
    e.mode = records.integers(9)[row];
    return e;
}

LinkTraversal link_traversal_at(const StreamTable& records, std::size_t row) {
    LinkTraversal t;
    t.request_id = records.integers(0)[row];
    t.who_set = records.integers(1)[row];
    t.who = records.integers(2)[row];
    t.mode = records.integers(3)[row];
    t.link = static_cast<Index>(records.integers(4)[row]);
    t.enter = records.integers(5)[row];
    t.leave = records.integers(6)[row];
    t.distance_m = records.numbers(7)[row];
    t.payload_kg = records.numbers(8)[row];
    return t;
}

ChargingSession charging_session_at(const StreamTable& records, std::size_t row) {
    ChargingSession s;
    s.car = static_cast<Index>(records.integers(0)[row]);
    s.power_connection = static_cast<Index>(records.integers(1)[row]);
    s.arrive = records.integers(2)[row];
    s.leave = records.integers(3)[row];
    s.energy_J = records.numbers(4)[row];
    return s;
}

}  // namespace citytwin
