#include "modules/traffic/other_modes.hpp"

#include <algorithm>
#include <tuple>

namespace citytwin::traffic {

bool OtherModes::later(const Event& a, const Event& b) {
    return std::tie(a.time, a.request_id, a.arrives) > std::tie(b.time, b.request_id, b.arrives);
}

void OtherModes::push(const Event& event) {
    events_.push_back(event);
    std::push_heap(events_.begin(), events_.end(), later);
}

void OtherModes::add(const TripRequest& request, Microseconds depart, double beeline_m) {
    const double distance_m = beeline_m * speeds_.detour;
    const Microseconds duration = from_seconds(distance_m / speeds_.of(request.mode));
    const auto mode = static_cast<std::int64_t>(request.mode);
    const Index destination = request.stop_links.empty() ? request.origin : request.stop_links.back();
    push({depart, depart, request.request_id, request.who_set, request.who, mode, 0.0, request.origin, 0});
    push({depart + duration, depart, request.request_id, request.who_set, request.who, mode, distance_m, destination, 1});
}

void OtherModes::take(Microseconds until, std::vector<Happening>& out) {
    while (!events_.empty() && events_.front().time < until) {
        std::pop_heap(events_.begin(), events_.end(), later);
        const Event e = events_.back();
        events_.pop_back();
        citytwin::TripEvent event;
        event.request_id = e.request_id;
        event.who_set = e.who_set;
        event.who = e.who;
        event.kind = e.arrives ? citytwin::TripEventKind::arrived : citytwin::TripEventKind::departed;
        event.where = e.link;
        event.when = e.time;
        event.distance_m = e.distance_m;
        event.mode = e.mode;
        out.push_back({event, e.time - e.depart});
    }
}

}  // namespace citytwin::traffic
