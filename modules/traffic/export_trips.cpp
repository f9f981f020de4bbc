// A run's vehicles as SUMO's .rou.xml (`city export RUN -o X.rou.xml`): routes as driven from the recorded stream link_traversal, else trips
// with their stops on the way from trip_request. Times are seconds since the run's start; walkers and cyclists aren't vehicles here.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "core/base/diagnostic.hpp"
#include "core/base/hdf5.hpp"
#include "core/module/registry.hpp"
#include "geodata/sumo/sumo.hpp"
#include "modules/traffic/vehicle_trips.hpp"

namespace citytwin::traffic {

namespace {

using geodata::SumoDemand;
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

    void write(const std::string& path) {
        Hdf5File results = Hdf5File::open(file_);
        if (results.has("streams/link_traversal/link")) {
            take_routes(results);
        } else if (results.has("streams/trip_request/stop_links")) {
            take_trips(results);
        } else {
            fail("CT-TRAFFIC-030", {file_}, "the run recorded no trips",
                 "run it again with streams = [\"link_traversal\"] (routes as driven) or [\"trip_request\"] (from and to) under [record]");
        }
        std::stable_sort(demand_.vehicles.begin(), demand_.vehicles.end(),
                         [](const SumoVehicle& a, const SumoVehicle& b) { return a.depart_s < b.depart_s; });
        geodata::write_sumo_routes(demand_, network_, path);
    }

private:
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

    void take_trips(Hdf5File& results) {
        const std::string at = "streams/trip_request/";
        const auto request = results.read<std::int64_t>(at + "request_id"), origin = results.read<std::int64_t>(at + "origin");
        const auto depart = results.read<std::int64_t>(at + "depart"), mode = results.read<std::int64_t>(at + "mode");
        const auto stops = results.read_texts(at + "stop_links");
        for (std::size_t i = 0; i < request.size(); ++i) {
            if (type_of(mode[i]) == demand_.types.size()) continue;
            SumoVehicle v = vehicle(request[i], type_of(mode[i]), depart[i]);
            v.needs_routing = true;
            v.route.push_back(static_cast<Index>(origin[i]));
            const char* text = stops[i].data();
            const char* const end = text + stops[i].size();
            while (text != end) {
                Index link = no_index;
                const auto read = std::from_chars(text, end, link);
                if (read.ec == std::errc{}) v.route.push_back(link);
                text = read.ec == std::errc{} ? read.ptr : text + 1;
            }
            if (v.route.size() > 1) demand_.vehicles.push_back(std::move(v));
        }
    }

    geodata::RoadNetwork network_;
    std::string file_;
    SumoDemand demand_;
};

void export_trips(const City& city, const std::string& path, const std::map<std::string, std::string>& settings, DiagnosticList& /*diagnostics*/) {
    if (settings.contains("at")) fail("CT-TRAFFIC-031", {path}, "a .rou.xml holds the trips of the whole run: it takes no --at", "leave --at out");
    RecordedTrips(city, settings.at("run")).write(path);
}

const Registration registration{CityExporter{"SUMO route file", {".rou.xml", ".rou.xml.gz"}, export_trips, true}};

}  // namespace
}  // namespace citytwin::traffic
