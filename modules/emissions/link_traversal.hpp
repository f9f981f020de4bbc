#pragma once
// The stream that tells each passage of a link by a vehicle: one record when it leaves the link (or ends its trip there).
// Columns as this module reads them; traffic sends it under this name and schema.
#include "core/module/shared_streams.hpp"

namespace citytwin::emissions {

struct LinkTraversal {
    std::int64_t request_id = 0, who_set = 0, who = 0, mode = 0;
    Index link = no_index;
    Microseconds enter = 0, leave = 0;
    double distance_m = 0, payload_kg = 0;
};

const StreamSchema& link_traversal_schema();
void send(StreamSender& sender, Microseconds now, StableId entity, const LinkTraversal& traversal);
LinkTraversal link_traversal_at(const StreamTable& records, std::size_t row);

}  // namespace citytwin::emissions
