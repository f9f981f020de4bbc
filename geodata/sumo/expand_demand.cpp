// Types, routes and stops by row; flows as single vehicles; every route checked against the network.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/base/text.hpp"
#include "geodata/sumo/raw_demand.hpp"

namespace citytwin::geodata {

namespace {

constexpr std::size_t most_vehicles_of_a_flow = 20'000'000;

/// Connections by the link they leave (CSR).
class Successors {
public:
    explicit Successors(const RoadNetwork& network) : network_(network), first_(network.links() + 1, 0), row_(network.connections()) {
        for (Index from : network.connection_from_link) ++first_[from + 1];
        for (std::size_t link = 0; link < network.links(); ++link) first_[link + 1] += first_[link];
        std::vector<Index> next(first_.begin(), first_.end() - 1);
        for (Index c = 0; c < network.connections(); ++c) row_[next[network.connection_from_link[c]]++] = c;
    }
    [[nodiscard]] bool joins(Index from, Index to, std::uint32_t classes) const {
        for (Index i = first_[from]; i < first_[from + 1]; ++i) {
            const Index c = row_[i];
            if (network_.connection_to_link[c] == to && (permissions(from, network_.connection_from_lane[c]) & permissions(to, network_.connection_to_lane[c]) & classes) != 0) return true;
        }
        return false;
    }

private:
    [[nodiscard]] std::uint32_t permissions(Index link, std::int32_t lane) const { return network_.lane_permissions[network_.link_first_lane[link] + static_cast<Index>(lane)]; }
    const RoadNetwork& network_;
    std::vector<Index> first_, row_;
};

class Expander {
public:
    Expander(RawDemand&& raw, const SumoConfiguration& configuration, const RoadNetwork& network, std::uint64_t seed, DiagnosticList& diagnostics)
        : raw_(std::move(raw)), configuration_(configuration), network_(network), successors_(network), type_draw_(seed, "sumo vehicle type"),
          route_draw_(seed, "sumo route"), flow_draw_(seed, "sumo flow"), diagnostics_(diagnostics) {}

    SumoDemand expand() {
        raw_.types.check(diagnostics_);
        check_distributions();
        diagnostics_.throw_if_errors();
        for (auto& raw : raw_.vehicles) {
            try {
                if (raw.is_flow) expand_flow(raw);
                else add(raw, std::move(raw.vehicle));
            } catch (const InputError& error) {
                for (const auto& diagnostic : error.diagnostics()) diagnostics_.add(diagnostic);
            }
        }
        diagnostics_.throw_if_errors();
        finish();
        return std::move(demand_);
    }

private:
    [[nodiscard]] SourcePlace place(const RawVehicle& raw) const { return {raw_.files[raw.file], raw.vehicle.line != 0 ? raw.vehicle.line : line_}; }

    void check_distributions() {
        for (auto& [id, choice] : raw_.route_distributions) {
            for (std::size_t i = 0; i < choice.names.size(); ++i) {
                const auto route = raw_.routes.find(choice.names[i]);
                if (route == raw_.routes.end()) diagnostics_.error("CT-SUMO-035", choice.place, "routeDistribution '" + id + "': unknown route '" + choice.names[i] + "'", suggestion(choice.names[i], route_names()));
                else if (choice.weights[i] < 0) choice.weights[i] = route->second.probability;
            }
            if (choice.total() <= 0) diagnostics_.error("CT-SUMO-032", choice.place, "routeDistribution '" + id + "' has no member with a probability above 0", "add a <route>");
        }
    }

    [[nodiscard]] std::vector<std::string> route_names() const {
        std::vector<std::string> names;
        for (const auto& [id, route] : raw_.routes) names.push_back(id);
        return names;
    }

    void add(const RawVehicle& raw, SumoVehicle vehicle) {
        line_ = vehicle.line;
        if (vehicle.depart_s < configuration_.begin_s) {
            ++demand_.before_begin;
            return;
        }
        const auto [at, is_new] = lines_.try_emplace(vehicle.id, vehicle.line);
        if (!is_new) fail("CT-SUMO-036", place(raw), "the vehicle '" + vehicle.id + "' is there twice, first in line " + std::to_string(at->second), "give each vehicle its own id");
        const std::uint64_t key = hash_text(vehicle.id);
        const std::string& type_name = raw_.type_names[raw.type_name];
        const auto type = raw_.types.row(type_name, type_draw_.uniform(key, 0));
        if (!type) fail("CT-SUMO-030", place(raw), "vehicle '" + vehicle.id + "': unknown vehicle type '" + type_name + "'", suggestion(type_name, raw_.types.names()));
        vehicle.type = *type;
        if (!raw.route_name.empty()) take_route(raw, vehicle, key);
        place_stops(raw, vehicle);
        check_route(raw, vehicle);
        demand_.vehicles.push_back(std::move(vehicle));
    }

    void take_route(const RawVehicle& raw, SumoVehicle& vehicle, std::uint64_t key) {
        const auto choice = raw_.route_distributions.find(raw.route_name);
        const auto route = raw_.routes.find(choice == raw_.route_distributions.end() ? raw.route_name : choice->second.draw(route_draw_.uniform(key, 0)));
        if (route == raw_.routes.end()) fail("CT-SUMO-035", place(raw), "vehicle '" + vehicle.id + "': unknown route '" + raw.route_name + "'", suggestion(raw.route_name, route_names()));
        vehicle.route = route->second.links;
        vehicle.needs_routing = false;
        vehicle.stops.insert(vehicle.stops.begin(), route->second.stops.begin(), route->second.stops.end());
    }

    void place_stops(const RawVehicle& raw, SumoVehicle& vehicle) {
        std::vector<Index> via;
        for (auto& stop : vehicle.stops) {
            if (!stop.bus_stop.empty()) {
                const auto found = raw_.bus_stops.find(stop.bus_stop);
                if (found == raw_.bus_stops.end()) fail("CT-SUMO-037", place(raw), "vehicle '" + vehicle.id + "': unknown stop '" + stop.bus_stop + "'", "name the additional file that holds the busStop");
                stop.link = found->second.link;
                stop.lane = found->second.lane;
                stop.start_m = found->second.start_m;
                stop.end_m = found->second.end_m;
            }
            via.push_back(stop.link);
        }
        if (vehicle.needs_routing && vehicle.route.size() == 2) vehicle.route.insert(vehicle.route.begin() + 1, via.begin(), via.end());
    }

    void check_route(const RawVehicle& raw, SumoVehicle& vehicle) {
        const auto& type = raw_.types.types()[vehicle.type];
        const std::string who = "vehicle '" + vehicle.id + "'";
        if (vehicle.route.empty()) fail("CT-SUMO-035", place(raw), who + " has no route", "add a <route>, or from and to");
        for (Index link : vehicle.route)
            if ((network_.link_permissions[link] & type.vehicle_class) == 0)
                return broken(raw, vehicle, who + " may use no lane of edge '" + network_.link_id[link] + "' as " + type.vehicle_class_name);
        if (vehicle.needs_routing) return;
        for (std::size_t i = 1; i < vehicle.route.size(); ++i)
            if (!successors_.joins(vehicle.route[i - 1], vehicle.route[i], type.vehicle_class))
                return broken(raw, vehicle, who + ": no connection for " + type.vehicle_class_name + " from edge '" + network_.link_id[vehicle.route[i - 1]] + "' to edge '" + network_.link_id[vehicle.route[i]] + "'");
    }

    void broken(const RawVehicle& raw, SumoVehicle& vehicle, const std::string& what) {
        if (!configuration_.ignore_route_errors) fail("CT-SUMO-038", place(raw), what, "correct the route, or set ignore-route-errors to count it and go on");
        vehicle.has_valid_route = false;
        if (broken_++ == 0) diagnostics_.warning("CT-SUMO-038", place(raw), what + " (the first of these)", "such vehicles don't drive: they are counted");
    }

    void expand_flow(RawVehicle& raw) {
        RawFlow flow = raw.flow;
        if (flow.end_s < 0) flow.end_s = configuration_.end_s;
        if (flow.end_s < 0 && flow.number < 0) fail("CT-SUMO-034", place(raw), "flow '" + raw.vehicle.id + "' has no end and the configuration has none", "set end on the flow or in <time>");
        if (flow.end_s < 0) flow.end_s = std::numeric_limits<double>::infinity();
        if (flow.period_s == 0 && flow.probability == 0 && flow.rate_per_s == 0 && flow.number > 0) flow.period_s = (flow.end_s - flow.begin_s) / static_cast<double>(flow.number);
        const std::size_t most = flow.number >= 0 ? static_cast<std::size_t>(flow.number) : most_vehicles_of_a_flow + 1;
        if (flow.period_s > 0 && flow.number < 0 && (flow.end_s - flow.begin_s) / flow.period_s > static_cast<double>(most_vehicles_of_a_flow)) fail_too_many(raw);
        const std::uint64_t key = hash_text(raw.vehicle.id);
        std::size_t made = 0;
        double depart = flow.begin_s;
        for (std::uint64_t k = 0; made < most; ++k) {
            bool departs = true;
            if (flow.period_s > 0) {
                depart = flow.begin_s + static_cast<double>(k) * flow.period_s;
            } else if (flow.rate_per_s > 0) {
                depart += -std::log1p(-flow_draw_.uniform(key, k)) / flow.rate_per_s;
            } else if (flow.probability > 0) {
                depart = flow.begin_s + static_cast<double>(k);
                departs = flow_draw_.uniform(key, k) < flow.probability;
            } else {
                break;
            }
            if (depart >= flow.end_s) break;
            if (!departs) continue;
            SumoVehicle vehicle = raw.vehicle;
            vehicle.id += "." + std::to_string(made++);
            vehicle.depart_s = depart;
            add(raw, std::move(vehicle));
            if (made > most_vehicles_of_a_flow) fail_too_many(raw);
        }
    }

    [[noreturn]] void fail_too_many(const RawVehicle& raw) const {
        fail("CT-SUMO-034", place(raw), "flow '" + raw.vehicle.id + "' makes more than " + std::to_string(most_vehicles_of_a_flow) + " vehicles", "check period, number and end");
    }

    void finish() {
        std::stable_sort(demand_.vehicles.begin(), demand_.vehicles.end(), [](const SumoVehicle& a, const SumoVehicle& b) { return a.depart_s < b.depart_s; });
        demand_.types = std::move(raw_.types.types());
        demand_.programs_by_signal = std::move(raw_.programs);
        demand_.ignored = std::move(raw_.ignored);
        demand_.unsorted = raw_.unsorted;
        if (raw_.unsorted > 0) diagnostics_.warning("CT-SUMO-040", {configuration_.path}, std::to_string(raw_.unsorted) + " departures are not in order", "they were sorted by time");
        if (demand_.before_begin > 0) diagnostics_.warning("CT-SUMO-041", {configuration_.path}, std::to_string(demand_.before_begin) + " vehicles depart before the begin and are left out");
        if (broken_ > 1) diagnostics_.warning("CT-SUMO-038", {configuration_.path}, std::to_string(broken_) + " vehicles have a route that can't be driven");
        std::string names;
        for (const auto& [name, count] : demand_.ignored) names += (names.empty() ? "" : ", ") + std::to_string(count) + " " + name;
        if (!names.empty()) diagnostics_.warning("CT-SUMO-042", {configuration_.path}, "elements without a meaning here: " + names);
    }

    RawDemand raw_;
    const SumoConfiguration& configuration_;
    const RoadNetwork& network_;
    Successors successors_;
    Random type_draw_, route_draw_, flow_draw_;
    DiagnosticList& diagnostics_;
    SumoDemand demand_;
    std::unordered_map<std::string, std::size_t> lines_;
    std::size_t broken_ = 0, line_ = 0;
};

}  // namespace

SumoDemand expand_demand(RawDemand&& raw, const SumoConfiguration& configuration, const RoadNetwork& network, std::uint64_t seed, DiagnosticList& diagnostics) {
    return Expander(std::move(raw), configuration, network, seed, diagnostics).expand();
}

}  // namespace citytwin::geodata
