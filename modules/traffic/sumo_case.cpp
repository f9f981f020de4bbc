#include "modules/traffic/sumo_case.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/random/distributions.hpp"
#include "modules/traffic/route_planner.hpp"

namespace citytwin::traffic {

namespace {

Milliseconds milliseconds(double seconds) { return static_cast<Milliseconds>(std::llround(seconds * 1000.0)); }

/// SUMO counts negative positions from the link's end.
double position_on(double given, double length) { return std::clamp(given < 0 ? length + given : given, 0.0, length); }

QueueVehicleType queue_type(const geodata::SumoVehicleType& type) {
    QueueVehicleType result;
    result.length_m = type.length_m;
    result.min_gap_m = type.min_gap_m;
    result.tau_s = type.tau_s;
    result.max_speed_mps = type.max_speed_mps;
    result.acceleration_mps2 = type.acceleration_mps2;
    result.deceleration_mps2 = type.deceleration_mps2;
    result.impatience = type.impatience;
    result.permission = type.vehicle_class;
    return result;
}

std::vector<QueueStop> queue_stops(const geodata::SumoVehicle& vehicle) {
    std::vector<QueueStop> stops;
    for (const auto& stop : vehicle.stops) {
        stops.push_back({stop.link, stop.end_m, milliseconds(stop.duration_s), stop.until_s > 0 ? milliseconds(stop.until_s) : 0, !stop.parking});
    }
    return stops;
}

}  // namespace

SumoCase::SumoCase(const std::string& configuration_path, std::uint64_t seed, QueueOptions options, Arena& arena, DiagnosticList& diagnostics)
    : configuration_(geodata::read_sumo_configuration(configuration_path, diagnostics)),
      network_(geodata::read_sumo_network(configuration_.net_file, diagnostics)),
      demand_(geodata::read_sumo_demand(configuration_, network_, seed, diagnostics)) {
    diagnostics.throw_if_errors();
    use_programs(diagnostics);
    columns_ = std::make_unique<QueueColumns>(network_);
    std::vector<QueueVehicleType> types;
    for (const auto& type : demand_.types) types.push_back(queue_type(type));
    options.teleport_after = milliseconds(std::max(0.0, configuration_.time_to_teleport_s));
    model_ = std::make_unique<QueueModel>(columns_->input(), types, options, milliseconds(configuration_.begin_s));
    add_vehicles(seed, arena, diagnostics);
}

/// Programs of additional files replace those of the network.
void SumoCase::use_programs(DiagnosticList& diagnostics) {
    std::map<std::string, std::size_t> row_of;
    for (std::size_t s = 0; s < network_.signals.size(); ++s) row_of[network_.signals[s].id] = s;
    for (const auto& [id, program] : demand_.programs_by_signal) {
        const auto found = row_of.find(id);
        if (found == row_of.end()) {
            diagnostics.warning("CT-TRAFFIC-020", {}, "program of an additional file for signal '" + id + "', which the network doesn't have");
            continue;
        }
        auto& signal = network_.signals[found->second];
        signal.programs.push_back(program);
        signal.active_program = signal.programs.size() - 1;
    }
}

std::vector<std::vector<Index>> SumoCase::complete_routes(Arena& arena) {
    std::vector<std::vector<Index>> routes(demand_.vehicles.size());
    struct Leg {
        std::size_t vehicle;
        routing::RouteRequest ends;
    };
    std::map<std::uint32_t, std::vector<Leg>> legs;  // by vehicle class
    for (std::size_t v = 0; v < routes.size(); ++v) {
        const auto& vehicle = demand_.vehicles[v];
        if (!vehicle.has_valid_route) continue;
        if (!vehicle.needs_routing) {
            routes[v] = vehicle.route;
            continue;
        }
        for (std::size_t i = 1; i < vehicle.route.size(); ++i) {
            legs[demand_.types[vehicle.type].vehicle_class].push_back({v, {vehicle.route[i - 1], vehicle.route[i]}});
        }
    }
    if (legs.empty()) return routes;
    RoutePlanner planner(network_, {}, arena);
    std::vector<double> seconds(network_.links());
    for (Index l = 0; l < seconds.size(); ++l) seconds[l] = model_->free_flow_time_s(l);
    const std::vector<std::uint8_t> open(network_.links(), 0);
    planner.set_travel_times(seconds, open, arena);
    for (const auto& [permission, list] : legs) {
        std::vector<routing::RouteRequest> ends;
        for (const auto& leg : list) ends.push_back(leg.ends);
        const routing::Routes found = planner.routes(ends, permission, arena);
        std::vector<std::uint8_t> lost(routes.size(), 0);
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto& route = routes[list[i].vehicle];
            const auto way = found[i];
            if (way.empty()) lost[list[i].vehicle] = 1;
            else route.insert(route.end(), way.begin() + (route.empty() ? 0 : 1), way.end());
        }
        for (const auto& leg : list) {
            if (lost[leg.vehicle]) routes[leg.vehicle].clear();
        }
    }
    return routes;
}

void SumoCase::add_vehicles(std::uint64_t seed, Arena& arena, DiagnosticList& diagnostics) {
    const std::vector<std::vector<Index>> routes = complete_routes(arena);
    const Random speed_factors(seed, "speed factor");
    for (std::size_t v = 0; v < routes.size(); ++v) {
        const auto& given = demand_.vehicles[v];
        if (routes[v].empty()) {
            without_route_.push_back(v);
            if (!configuration_.ignore_route_errors) {
                diagnostics.warning("CT-TRAFFIC-021", {configuration_.path, given.line, 0}, "vehicle '" + given.id + "' has no way to its destination: it isn't driven");
            }
            continue;
        }
        const auto& type = demand_.types[given.type];
        const double first = network_.link_length_m[routes[v].front()], last = network_.link_length_m[routes[v].back()];
        QueueVehicle vehicle;
        vehicle.id = v;
        vehicle.depart = milliseconds(given.depart_s);
        vehicle.type = given.type;
        vehicle.speed_factor = std::clamp(normal(speed_factors, v, 0, type.speed_factor, type.speed_deviation), 0.2, 2.0);
        vehicle.route = routes[v];
        vehicle.depart_offset_m = position_on(given.depart_pos_m, first);
        vehicle.arrival_offset_m = given.arrival_pos_m == -1 ? -1 : position_on(given.arrival_pos_m, last);
        const std::vector<QueueStop> stops = queue_stops(given);
        vehicle.stops = stops;
        try {
            model_->add_vehicle(vehicle);
        } catch (const std::invalid_argument&) {
            without_route_.push_back(v);
            diagnostics.warning("CT-TRAFFIC-022", {configuration_.path, given.line, 0}, "route of vehicle '" + given.id + "' isn't connected: it isn't driven");
        }
    }
}

Milliseconds SumoCase::end() const { return configuration_.end_s > 0 ? milliseconds(configuration_.end_s) : never; }

void SumoCase::run(Arena& arena, Milliseconds until, Milliseconds step) {
    const Milliseconds stop = until >= 0 ? until : end();
    while (model_->now() < stop) {
        model_->advance(std::min(stop, model_->now() + step), arena);
        if (stop != never) continue;
        const QueueCounters c = model_->counters();
        if (c.running + c.waiting == 0) return;
    }
}

}  // namespace citytwin::traffic
