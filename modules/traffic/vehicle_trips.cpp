#include "modules/traffic/vehicle_trips.hpp"

#include <algorithm>
#include <map>

#include "core/random/distributions.hpp"

namespace citytwin::traffic {

namespace vc = geodata::vehicle_class;

bool is_driven(TravelMode mode) {
    return mode == TravelMode::car || mode == TravelMode::truck || mode == TravelMode::bus || mode == TravelMode::emergency;
}

// Sizes and accelerations of SUMO's vehicle classes passenger, truck, bus and emergency.
std::vector<VehicleKind> vehicle_kinds() {
    std::vector<VehicleKind> kinds(7);
    auto& car = kinds[static_cast<std::size_t>(TravelMode::car)];
    car.permission = vc::passenger;
    auto& truck = kinds[static_cast<std::size_t>(TravelMode::truck)];
    truck = {{7.1, 2.5, 1, 130 / 3.6, 1.3, 4, 0}, vc::truck, 0.05};
    auto& bus = kinds[static_cast<std::size_t>(TravelMode::bus)];
    bus = {{12, 2.5, 1, 85 / 3.6, 1.2, 4, 0}, vc::bus, 0.05};
    auto& emergency = kinds[static_cast<std::size_t>(TravelMode::emergency)];
    emergency = {{6.5, 2.5, 1, 160 / 3.6, 2.6, 4.5, 0}, vc::emergency, 0.1};
    for (auto& kind : kinds) kind.type.permission = kind.permission;
    return kinds;
}

VehicleTrips::VehicleTrips(QueueModel& model, RoutePlanner& planner, const geodata::RoadNetwork& network, Random speed_factors)
    : model_(model), planner_(planner), network_(network), speed_factors_(speed_factors), kinds_(vehicle_kinds()) {}

std::vector<VehicleTrips::Plan> VehicleTrips::plan(std::span<const TripRequest> requests, Arena& arena) {
    struct Leg {
        std::size_t request;
        routing::RouteRequest ends;
    };
    std::map<std::uint32_t, std::vector<Leg>> legs;   // by permission: one weight set each
    std::vector<Plan> plans(requests.size());
    for (std::size_t r = 0; r < requests.size(); ++r) {
        const TripRequest& request = requests[r];
        if (!request.route.empty()) {
            plans[r] = {request.route, true};
            continue;
        }
        Index from = request.origin;
        plans[r].found = !request.stop_links.empty();
        for (Index to : request.stop_links) {
            legs[kinds_[static_cast<std::size_t>(request.mode)].permission].push_back({r, {from, to}});
            from = to;
        }
    }
    for (const auto& [permission, list] : legs) {
        std::vector<routing::RouteRequest> ends;
        for (const auto& leg : list) ends.push_back(leg.ends);
        const routing::Routes routes = planner_.routes(ends, permission, arena);
        for (std::size_t i = 0; i < list.size(); ++i) {
            Plan& plan = plans[list[i].request];
            const auto nodes = routes[i];
            if (nodes.empty()) plan.found = false;
            // Legs meet on the stop's link: it stands once.
            plan.route.insert(plan.route.end(), nodes.begin() + (plan.route.empty() || nodes.empty() ? 0 : 1), nodes.end());
        }
    }
    return plans;
}

void VehicleTrips::add(std::span<const TripRequest> requests, Microseconds now, Arena& arena, std::vector<citytwin::TripEvent>& failed) {
    const std::vector<Plan> plans = plan(requests, arena);
    for (std::size_t r = 0; r < requests.size(); ++r) {
        if (plans[r].found && !plans[r].route.empty()) {
            hand_over(requests[r], plans[r], now);
            continue;
        }
        citytwin::TripEvent event;
        event.request_id = requests[r].request_id;
        event.who_set = requests[r].who_set;
        event.who = requests[r].who;
        event.kind = citytwin::TripEventKind::removed;
        event.where = requests[r].origin;
        event.when = std::max(now, requests[r].depart);
        event.cause = TripCause::no_path;
        event.mode = static_cast<std::int64_t>(requests[r].mode);
        failed.push_back(event);
    }
}

void VehicleTrips::hand_over(const TripRequest& request, const Plan& plan, Microseconds now) {
    const auto kind = static_cast<std::size_t>(request.mode);
    QueueVehicle vehicle;
    vehicle.id = static_cast<StableId>(request.request_id);
    vehicle.depart = std::max(now, request.depart) / millisecond;
    vehicle.type = static_cast<Index>(kind);
    vehicle.speed_factor = std::clamp(normal(speed_factors_, vehicle.id, 0, 1.0, kinds_[kind].speed_deviation), 0.2, 2.0);
    vehicle.route = plan.route;
    const double first_length = network_.link_length_m[plan.route.front()], last_length = network_.link_length_m[plan.route.back()];
    vehicle.depart_offset_m = std::clamp(request.origin_offset_m, 0.0, first_length);
    vehicle.arrival_offset_m = request.stop_offsets_m.empty() ? last_length : std::clamp(request.stop_offsets_m.back(), 0.0, last_length);
    if (plan.route.size() == 1) vehicle.arrival_offset_m = std::max(vehicle.arrival_offset_m, vehicle.depart_offset_m);
    std::vector<QueueStop> stops;
    for (std::size_t s = 0; s + 1 < request.stop_links.size(); ++s) {
        QueueStop stop;
        stop.link = request.stop_links[s];
        stop.offset_m = s < request.stop_offsets_m.size() ? request.stop_offsets_m[s] : 0.0;
        stop.service = s < request.stop_service_s.size() ? from_seconds(request.stop_service_s[s]) / millisecond : 0;
        stops.push_back(stop);
    }
    vehicle.stops = stops;
    const Index row = model_.add_vehicle(vehicle);
    if (row >= trips_.size()) trips_.resize(row + 1);
    trips_[row] = {request.request_id, request.who_set, request.who, static_cast<std::int64_t>(request.mode), static_cast<std::int64_t>(kind), static_cast<std::int64_t>(request.origin), request.payload_kg};
}

citytwin::TripEvent VehicleTrips::event_of(const TripEvent& event) const {
    const Trip& trip = trips_[event.row];
    citytwin::TripEvent result;
    result.request_id = trip.request_id;
    result.who_set = trip.who_set;
    result.who = trip.who;
    result.mode = trip.mode;
    result.kind = static_cast<citytwin::TripEventKind>(event.kind);
    result.where = event.link;
    result.when = event.time * millisecond;
    result.distance_m = event.distance_m;
    if (event.cause == RemovalCause::closed_link) result.cause = TripCause::closed;
    if (event.cause == RemovalCause::no_path) result.cause = TripCause::no_path;
    if (event.cause == RemovalCause::by_request) result.cause = TripCause::invalid;
    return result;
}

LinkTraversal VehicleTrips::traversal_of(const LinkPassage& passage) const {
    const Trip& trip = trips_[passage.row];
    return {trip.request_id, trip.who_set, trip.who, trip.mode, passage.link, passage.enter * millisecond, passage.leave * millisecond, passage.distance_m, trip.payload_kg};
}

std::vector<Index> VehicleTrips::replanning_rows(double share, Random draw) const {
    std::vector<Index> rows;
    for (Index row = 0; row < model_.vehicle_rows(); ++row) {
        const VehiclePlace place = model_.vehicle(row).place;
        if (place == VehiclePlace::none || place == VehiclePlace::planned || model_.vehicle(row).has_stops != 0) continue;
        if (draw.uniform(model_.trip(row).id, 0) < share) rows.push_back(row);
    }
    return rows;
}

std::size_t VehicleTrips::replan(std::span<const Index> rows, bool must, Arena& arena) {
    std::map<std::uint32_t, std::vector<Index>> by_class;
    for (Index row : rows) by_class[permission_of(row)].push_back(row);
    std::size_t changed = 0;
    for (const auto& [permission, members] : by_class) {
        std::vector<std::vector<Index>> old(members.size());
        std::vector<routing::RouteRequest> ends(members.size());
        for (std::size_t i = 0; i < members.size(); ++i) {
            old[i] = model_.remaining_route(members[i]);
            ends[i] = {old[i].front(), old[i].back()};
        }
        const routing::Routes routes = planner_.routes(ends, permission, arena);
        for (std::size_t i = 0; i < members.size(); ++i) {
            const auto way = routes[i];
            if (way.empty()) {
                if (must) model_.remove_vehicle(members[i], RemovalCause::closed_link);
                continue;
            }
            const bool better = must || routes.cost[i] < planner_.cost_of(old[i], permission);
            if (!better || std::equal(way.begin(), way.end(), old[i].begin(), old[i].end())) continue;
            const double arrival_m = static_cast<double>(model_.trip(members[i]).arrival_offset_mm) * 1e-3;
            if (model_.replace_route(members[i], way, arrival_m)) ++changed;
            else if (must) model_.remove_vehicle(members[i], RemovalCause::closed_link);
        }
    }
    return changed;
}

}  // namespace citytwin::traffic
