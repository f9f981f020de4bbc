// A run's vehicles as SUMO's .rou.xml (`city export RUN -o X.rou.xml`): routes as driven from the recorded stream link_traversal, else trips
// from trip_request; stops on the way, with their service times, from trip_request. Times are seconds since the run's start. What isn't in
// the file (walkers, cyclists, passengers of public transport, trips that weren't driven) is counted and named in a warning.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <map>

#include "core/base/diagnostic.hpp"
#include "core/base/hdf5.hpp"
#include "core/module/registry.hpp"
#include "geodata/sumo/sumo.hpp"
#include "modules/traffic/vehicle_trips.hpp"

namespace citytwin::traffic {

namespace {

using geodata::SumoDemand;
using geodata::SumoStop;
using geodata::SumoVehicle;
using geodata::SumoVehicleType;

/// A vehicle type for each driven mode, named after it; SUMO's vClasses for the same sizes.
std::vector<SumoVehicleType> types_of_modes() {
    static const std::vector<std::pair<std::string, std::string>> names{{"car", "passenger"}, {"walk", ""}, {"bicycle", ""}, {"transit", ""},
                                                                        {"truck", "truck"}, {"bus", "bus"}, {"emergency", "emergency"}};
    const std::vector<VehicleKind> kinds = vehicle_kinds();
    std::vector<SumoVehicleType> types;
    for (std::size_t mode = 0; mode < kinds.size(); ++mode) {
        if (!is_driven(static_cast<TravelMode>(mode))) continue;
        const QueueVehicleType& kind = kinds[mode].type;
        SumoVehicleType type;
        type.id = names[mode].first;
        type.vehicle_class_name = names[mode].second;
        type.vehicle_class = kinds[mode].permission;
        type.length_m = kind.length_m;
        type.min_gap_m = kind.min_gap_m;
        type.tau_s = kind.tau_s;
        type.max_speed_mps = kind.max_speed_mps;
        type.acceleration_mps2 = kind.acceleration_mps2;
        type.deceleration_mps2 = kind.deceleration_mps2;
        type.speed_deviation = kinds[mode].speed_deviation;
        types.push_back(std::move(type));
    }
    return types;
}

class RecordedTrips {
public:
    RecordedTrips(const City& city, const std::string& run) : network_(geodata::load_road_network(city)), file_(run + "/results.h5") {
        if (!std::filesystem::exists(file_)) fail("CT-TRAFFIC-030", {run}, "the folder holds no results.h5", "name the folder of a finished run");
        demand_.types = types_of_modes();
    }

    void write(const std::string& path, DiagnosticList& diagnostics) {
        Hdf5File results = Hdf5File::open(file_);
        const bool requests = results.has("streams/trip_request/stop_links"), driven = results.has("streams/link_traversal/link");
        if (requests) read_requests(results);
        if (driven) {
            take_routes(results);
            if (requests) add_stops_to_routes();
        } else if (requests) {
            take_trips();
        } else {
            fail("CT-TRAFFIC-030", {file_}, "the run recorded no trips",
                 "run it again with streams = [\"link_traversal\"] (routes as driven) or [\"trip_request\"] (from and to) under [record]");
        }
        std::stable_sort(demand_.vehicles.begin(), demand_.vehicles.end(),
                         [](const SumoVehicle& a, const SumoVehicle& b) { return a.depart_s < b.depart_s; });
        geodata::write_sumo_routes(demand_, network_, path);
        tell(path, requests, diagnostics);
    }

private:
    struct Request {
        std::int64_t id = 0, mode = 0, depart_us = 0;
        Index origin = no_index;
        std::vector<Index> links;              ///< stops in order, the destination last
        std::vector<double> offsets_m, service_s;
    };

    template <class Number>
    static std::vector<Number> numbers_in(const std::string& text) {
        std::vector<Number> numbers;
        for (const char *at = text.data(), *end = at + text.size(); at != end;) {
            Number number{};
            const auto read = std::from_chars(at, end, number);
            if (read.ec == std::errc{}) numbers.push_back(number);
            at = read.ec == std::errc{} ? read.ptr : at + 1;
        }
        return numbers;
    }

    void read_requests(Hdf5File& results) {
        const std::string at = "streams/trip_request/";
        const auto id = results.read<std::int64_t>(at + "request_id"), origin = results.read<std::int64_t>(at + "origin");
        const auto depart = results.read<std::int64_t>(at + "depart"), mode = results.read<std::int64_t>(at + "mode");
        const auto links = results.read_texts(at + "stop_links"), offsets = results.read_texts(at + "stop_offsets"), service = results.read_texts(at + "stop_service");
        for (std::size_t i = 0; i < id.size(); ++i) {
            requests_.push_back({id[i], mode[i], depart[i], static_cast<Index>(origin[i]), numbers_in<Index>(links[i]), numbers_in<double>(offsets[i]), numbers_in<double>(service[i])});
        }
    }

    /// Stops of a request on the way, off the lane as the queue model serves them. One that lies behind the stop before on its link is put at it.
    [[nodiscard]] std::vector<SumoStop> stops_of(const Request& request, std::uint32_t type) const {
        const SumoVehicleType& vehicle = demand_.types[type];
        std::vector<SumoStop> stops;
        for (std::size_t s = 0; s + 1 < request.links.size(); ++s) {
            SumoStop stop;
            stop.link = request.links[s];
            const double length = network_.link_length_m[stop.link], first = std::min(length, vehicle.length_m + 1);   // it departs with its rear on the link
            stop.end_m = std::clamp(s < request.offsets_m.size() ? request.offsets_m[s] : length, stop.link == request.origin ? first : std::min(length, 1.0), length);
            if (!stops.empty() && stops.back().link == stop.link) stop.end_m = std::max(stop.end_m, stops.back().end_m);
            stop.start_m = std::max(0.0, stop.end_m - 1);
            stop.duration_s = s < request.service_s.size() ? request.service_s[s] : 0;
            stop.parking = true;
            while (stop.lane + 1 < network_.link_lanes[stop.link] &&
                   (network_.lane_permissions[network_.link_first_lane[stop.link] + static_cast<Index>(stop.lane)] & vehicle.vehicle_class) == 0) ++stop.lane;
            stops.push_back(stop);
        }
        return stops;
    }

    /// Those that the run drove to, in the order of the route.
    void add_stops_to_routes() {
        std::map<std::string, SumoVehicle*> driven;
        for (SumoVehicle& vehicle : demand_.vehicles) driven[vehicle.id] = &vehicle;
        for (const Request& request : requests_) {
            if (type_of(request.mode) == demand_.types.size()) continue;
            const auto found = driven.find(std::to_string(request.id));
            if (found == driven.end()) {
                ++never_driven_;
                continue;
            }
            SumoVehicle& vehicle = *found->second;
            std::size_t at = 0;
            for (SumoStop& stop : stops_of(request, vehicle.type)) {
                std::size_t next = at;
                while (next < vehicle.route.size() && vehicle.route[next] != stop.link) ++next;
                if (next == vehicle.route.size()) {
                    ++stops_ahead_;
                    continue;
                }
                at = next;
                vehicle.stops.push_back(std::move(stop));
            }
        }
    }

    /// What the file holds and what it doesn't.
    void tell(const std::string& path, bool requests, DiagnosticList& diagnostics) const {
        std::size_t stops = 0;
        for (const SumoVehicle& vehicle : demand_.vehicles) stops += vehicle.stops.size();
        const std::string holds = fmt::format("{} vehicles, {} stops", demand_.vehicles.size(), stops);
        if (!requests) {
            diagnostics.warning("CT-TRAFFIC-032", {path}, holds + "; trips of other modes and stops on the way aren't known, as the run didn't record trip_request",
                                "run it again with streams = [\"link_traversal\", \"trip_request\"]");
            return;
        }
        std::map<std::int64_t, std::size_t> other;
        for (const Request& request : requests_)
            if (type_of(request.mode) == demand_.types.size()) ++other[request.mode];
        std::string left_out;
        const auto add = [&left_out](std::size_t count, const std::string& what) {
            if (count > 0) left_out += fmt::format("{}{} {}", left_out.empty() ? "" : ", ", count, what);
        };
        for (const auto& [mode, count] : other) add(count, mode == 1 ? "walks" : mode == 2 ? "bicycle trips" : mode == 3 ? "trips by public transport" : fmt::format("trips of mode {}", mode));
        add(never_driven_, "trips that the run didn't drive");
        add(without_destination_, "trips without a destination");
        add(stops_ahead_, "stops that the run didn't reach");
        if (!left_out.empty()) diagnostics.warning("CT-TRAFFIC-032", {path}, holds + "; left out: " + left_out, "SUMO's vehicles are those that are driven on links");
    }

    [[nodiscard]] std::uint32_t type_of(std::int64_t mode) const {
        static const std::map<std::int64_t, std::string> names{{0, "car"}, {4, "truck"}, {5, "bus"}, {6, "emergency"}};
        const auto named = names.find(mode);
        std::uint32_t row = 0;
        while (named != names.end() && row < demand_.types.size() && demand_.types[row].id != named->second) ++row;
        return named == names.end() ? static_cast<std::uint32_t>(demand_.types.size()) : row;
    }

    [[nodiscard]] SumoVehicle vehicle(std::int64_t request, std::uint32_t type, std::int64_t depart_us) const {
        SumoVehicle v;
        v.id = std::to_string(request);
        v.type = type;
        v.depart_s = static_cast<double>(depart_us) * 1e-6;
        v.depart_lane = "best";
        return v;
    }

    /// Rows of one request by time; a link counts again only when another one came between (its junction's way is a row of its own).
    void take_routes(Hdf5File& results) {
        const std::string at = "streams/link_traversal/";
        const auto request = results.read<std::int64_t>(at + "request_id"), link = results.read<std::int64_t>(at + "link");
        const auto enter = results.read<std::int64_t>(at + "enter"), mode = results.read<std::int64_t>(at + "mode");
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < request.size(); ++i)
            if (type_of(mode[i]) < demand_.types.size()) order.push_back(i);
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return request[a] != request[b] ? request[a] < request[b] : enter[a] < enter[b];
        });
        for (std::size_t k = 0; k < order.size(); ++k) {
            const std::size_t i = order[k];
            if (k == 0 || request[order[k - 1]] != request[i]) demand_.vehicles.push_back(vehicle(request[i], type_of(mode[i]), enter[i]));
            auto& route = demand_.vehicles.back().route;
            if (route.empty() || route.back() != static_cast<Index>(link[i])) route.push_back(static_cast<Index>(link[i]));
        }
    }

    void take_trips() {
        for (const Request& request : requests_) {
            const std::uint32_t type = type_of(request.mode);
            if (type == demand_.types.size()) continue;
            if (request.links.empty()) {
                ++without_destination_;
                continue;
            }
            SumoVehicle v = vehicle(request.id, type, request.depart_us);
            v.needs_routing = true;
            v.route = {request.origin, request.links.back()};
            v.stops = stops_of(request, type);
            demand_.vehicles.push_back(std::move(v));
        }
    }

    geodata::RoadNetwork network_;
    std::string file_;
    SumoDemand demand_;
    std::vector<Request> requests_;
    std::size_t never_driven_ = 0, without_destination_ = 0, stops_ahead_ = 0;
};

void export_trips(const City& city, const std::string& path, const std::map<std::string, std::string>& settings, DiagnosticList& diagnostics) {
    if (settings.contains("at")) fail("CT-TRAFFIC-031", {path}, "a .rou.xml holds the trips of the whole run: it takes no --at", "leave --at out");
    RecordedTrips(city, settings.at("run")).write(path, diagnostics);
}

const Registration registration{CityExporter{"SUMO route file", {".rou.xml", ".rou.xml.gz"}, export_trips, true}};

}  // namespace
}  // namespace citytwin::traffic
