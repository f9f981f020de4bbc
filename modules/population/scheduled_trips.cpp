#include "modules/population/scheduled_trips.hpp"

namespace citytwin::population {

ScheduledTrips::ScheduledTrips(Setup& setup)
    : set_(setup.city().at("scheduled_trip")), depart_s_(set_.get<double>("depart")), origin_offset_m_(set_.get<double>("origin_offset")),
      destination_offset_m_(set_.get<double>("destination_offset")), origin_(set_.get<std::uint32_t>("origin")),
      destination_(set_.get<std::uint32_t>("destination")), mode_(set_.get<std::uint8_t>("mode")), route_(set_.ragged<std::uint32_t>("route")),
      via_(set_.ragged<std::uint32_t>("via")), active_(setup.attribute("scheduled_trip", "active", "1")), calendar_(setup.calendar()) {}

/// Times of the files are times of the first local day; what lies before the start is left out.
void ScheduledTrips::prepare() {
    start_of_day_ = calendar_.time_of_day(0);
    while (next_ < set_.size() && from_seconds(depart_s_[next_]) < start_of_day_) ++next_;
}

TripRequest ScheduledTrips::request(Index trip) const {
    TripRequest request;
    request.request_id = trip;
    request.who_set = scheduled_trip_set;
    request.who = trip;
    request.mode = static_cast<TravelMode>(mode_[trip]);
    request.depart = from_seconds(depart_s_[trip]) - start_of_day_;
    request.origin = origin_[trip];
    request.origin_offset_m = origin_offset_m_[trip];
    const auto route = route_[trip], via = via_[trip];
    request.route.assign(route.begin(), route.end());
    request.stop_links.assign(via.begin(), via.end());
    request.stop_offsets_m.assign(via.size(), 0.0);
    request.stop_links.push_back(destination_[trip]);
    request.stop_offsets_m.push_back(destination_offset_m_[trip]);
    request.stop_service_s.assign(request.stop_links.size(), 0.0);
    return request;
}

void ScheduledTrips::go_on(Microseconds until, const SendRequest& send) {
    for (; next_ < set_.size() && from_seconds(depart_s_[next_]) - start_of_day_ < until; ++next_) {
        if (active_[next_] == 0) continue;
        send(next_, request(static_cast<Index>(next_)));
        ++sent_;
    }
}

void ScheduledTrips::save(StateWriter& out) const {
    out.value("next_scheduled", next_);
    out.value("scheduled_sent", sent_);
    out.value("scheduled_ended", ended_);
}

void ScheduledTrips::load(StateReader& in) {
    in.value("next_scheduled", next_);
    in.value("scheduled_sent", sent_);
    in.value("scheduled_ended", ended_);
}

}  // namespace citytwin::population
