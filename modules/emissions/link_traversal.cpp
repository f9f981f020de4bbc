#include "modules/emissions/link_traversal.hpp"

namespace citytwin::emissions {

const StreamSchema& link_traversal_schema() {
    static const StreamSchema schema = [] {
        // The words of set and mode are those of trip_request, so that they can't drift apart.
        std::vector<std::string> sets, modes;
        for (const auto& column : trip_request_schema().columns) {
            if (column.name == "who_set") sets = column.labels;
            if (column.name == "mode") modes = column.labels;
        }
        return StreamSchema{"link_traversal",
            {{"request_id", "1", StreamType::integer, "", {}},
             {"who_set", "1", StreamType::integer, "", sets},
             {"who", "1", StreamType::integer, "", {}},
             {"mode", "1", StreamType::integer, "", modes},
             {"link", "1", StreamType::integer, "road_link", {}},
             {"enter", "us", StreamType::integer, "", {}},
             {"leave", "us", StreamType::integer, "", {}},
             {"distance", "m", StreamType::number, "", {}},
             {"payload", "kg", StreamType::number, "", {}}}};
    }();
    return schema;
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

}  // namespace citytwin::emissions
