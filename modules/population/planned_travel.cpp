#include "modules/population/planned_travel.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::population {

PlannedTravel::PlannedTravel(const City& city, const Parameters& parameters)
    : parameters_(parameters), x_(city.at("site").get<double>("x")), y_(city.at("site").get<double>("y")) {}

bool PlannedTravel::later(const Pending& a, const Pending& b) {
    if (a.when != b.when) return a.when > b.when;
    if (a.request != b.request) return a.request > b.request;
    return a.kind > b.kind;
}

void PlannedTravel::push(const Pending& pending) {
    heap_.push_back(pending);
    std::push_heap(heap_.begin(), heap_.end(), later);
}

void PlannedTravel::add(const TripRequest& request, Index from, Index to) {
    const double dx = x_[from] - x_[to], dy = y_[from] - y_[to];
    const double way = parameters_.detour * std::sqrt(dx * dx + dy * dy);
    double speed = parameters_.planned_car_speed_mps;
    if (request.mode == TravelMode::walk) speed = parameters_.walk_speed_mps;
    if (request.mode == TravelMode::bicycle) speed = parameters_.bike_speed_mps;
    if (request.mode == TravelMode::transit) speed = parameters_.transit_speed_mps;
    const Microseconds arrival = request.depart + std::max(minute, from_seconds(way / speed));
    const auto mode = static_cast<std::int64_t>(request.mode);
    push({request.depart, request.request_id, request.who, mode, static_cast<std::int64_t>(TripEventKind::departed), 0, request.origin});
    push({arrival, request.request_id, request.who, mode, static_cast<std::int64_t>(TripEventKind::arrived), way, request.stop_links.back()});
}

void PlannedTravel::events_before(Microseconds until, const std::function<void(const TripEvent&)>& follow) {
    while (!heap_.empty() && heap_.front().when < until) {
        std::pop_heap(heap_.begin(), heap_.end(), later);
        const Pending next = heap_.back();
        heap_.pop_back();
        TripEvent event;
        event.request_id = next.request;
        event.who_set = 0;
        event.who = next.who;
        event.kind = static_cast<TripEventKind>(next.kind);
        event.where = next.where;
        event.when = next.when;
        event.distance_m = next.distance_m;
        event.mode = next.mode;
        follow(event);
    }
}

void PlannedTravel::save(StateWriter& out) const {
    std::vector<Pending> sorted = heap_;   // the heap's layout depends on its history, the sorted list doesn't
    std::sort(sorted.begin(), sorted.end(), [](const Pending& a, const Pending& b) { return later(b, a); });
    out.column("planned_travel", sorted);
}

void PlannedTravel::load(StateReader& in) { in.column("planned_travel", heap_); }

}  // namespace citytwin::population
