// The demand files of a scenario as one set of trips in the order of departure.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/base/text.hpp"
#include "geodata/demand/od_matrix.hpp"
#include "geodata/sumo/sumo.hpp"
#include "modules/population/model/destinations.hpp"
#include "modules/population/model/od_split.hpp"
#include "modules/population/places_of_city.hpp"
#include "modules/population/scheduled_trips.hpp"
#include "modules/population/store_people.hpp"

namespace citytwin::population {

namespace {

struct TripColumns {
    std::vector<std::string> id;
    std::vector<double> depart_s, origin_offset_m, destination_offset_m;
    std::vector<std::uint32_t> origin, destination;
    std::vector<std::uint8_t> mode;
    std::vector<std::vector<std::uint32_t>> route, via;

    void push(std::string name, double depart, Index from, double from_m, Index to, double to_m, TravelMode by, std::vector<Index> whole_route, std::vector<Index> stops) {
        id.push_back(std::move(name));
        depart_s.push_back(depart);
        origin.push_back(from);
        origin_offset_m.push_back(from_m);
        destination.push_back(to);
        destination_offset_m.push_back(to_m);
        mode.push_back(static_cast<std::uint8_t>(by));
        route.push_back(std::move(whole_route));
        via.push_back(std::move(stops));
    }
};

bool ends_with(std::string_view text, std::string_view end) { return text.size() >= end.size() && text.substr(text.size() - end.size()) == end; }

// --- OD matrices

void add_matrix(CityBuilder& builder, const std::string& file, TripColumns& trips) {
    const geodata::OdMatrix matrix = geodata::read_od_matrix(file);
    PlacesReport report;
    const Places places = places_of(builder.city, report, builder.arena, false);
    EntitySet& zones = *builder.city.find("zone");
    zones.build_id_index();
    const SiteChoice sites(places);
    std::vector<OdDemand> cells;
    std::vector<std::pair<Index, Index>> ends;
    std::vector<std::string> known = zones.ids;
    for (const auto& cell : matrix.cells) {
        const Index from = zones.row_of(cell.origin), to = zones.row_of(cell.destination);
        const auto check = [&](const std::string& id, Index zone, const char* which) {
            if (zone == no_index) {
                builder.diagnostics.error("CT-POPULATION-040", {file, cell.line}, fmt::format("{} '{}' isn't a zone of the city", which, id), suggestion(id, known));
            } else if (places.zones.first_site[zone] == places.zones.first_site[zone + 1]) {
                builder.diagnostics.error("CT-POPULATION-041", {file, cell.line}, fmt::format("{} '{}' has no road", which, id), "check the zone's coordinates");
            } else {
                return true;
            }
            return false;
        };
        if (!check(cell.origin, from, "origin") || !check(cell.destination, to, "destination")) continue;
        cells.push_back({hash_text(fmt::format("{}>{}@{}", cell.origin, cell.destination, cell.from_s)), cell.trips, cell.from_s, cell.to_s});
        ends.emplace_back(from, to);
    }
    builder.diagnostics.throw_if_errors();
    for (const OdTrip& trip : split_matrix(cells, builder.seed)) {
        const Index from = sites.by_residents(ends[trip.cell].first, trip.origin_draw), to = sites.by_jobs(ends[trip.cell].second, trip.destination_draw);
        const auto& s = places.sites;
        const auto& cell = matrix.cells[trip.cell];
        trips.push(fmt::format("{}>{}@{:.0f}#{}", cell.origin, cell.destination, cell.from_s, trip.number), trip.depart_s, s.road_link[from], static_cast<double>(s.offset_m[from]),
                   s.road_link[to], static_cast<double>(s.offset_m[to]), TravelMode::car, {}, {});
    }
}

// --- SUMO

TravelMode mode_of(const geodata::SumoVehicleType& type) {
    const std::uint32_t c = type.vehicle_class;
    if (c == geodata::vehicle_class::bicycle) return TravelMode::bicycle;
    if (c == geodata::vehicle_class::pedestrian) return TravelMode::walk;
    if (c & (geodata::vehicle_class::truck | geodata::vehicle_class::trailer | geodata::vehicle_class::delivery)) return TravelMode::truck;
    if (c & (geodata::vehicle_class::bus | geodata::vehicle_class::coach)) return TravelMode::bus;
    return c & geodata::vehicle_class::emergency ? TravelMode::emergency : TravelMode::car;
}

void add_sumo(CityBuilder& builder, const std::string& file, const geodata::RoadNetwork& network, TripColumns& trips) {
    geodata::SumoConfiguration configuration;
    configuration.path = file;
    if (ends_with(file, ".sumocfg")) configuration = geodata::read_sumo_configuration(file, builder.diagnostics);
    else configuration.route_files = {file};
    const geodata::SumoDemand demand = geodata::read_sumo_demand(configuration, network, builder.seed, builder.diagnostics);
    builder.diagnostics.throw_if_errors();
    for (const auto& v : demand.vehicles) {
        if (v.route.empty()) continue;
        const Index last = v.route.back();
        const double end = v.arrival_pos_m >= 0 ? v.arrival_pos_m : network.link_length_m[last];
        std::vector<Index> via;
        if (v.needs_routing && v.route.size() > 2) via.assign(v.route.begin() + 1, v.route.end() - 1);
        trips.push(v.id, v.depart_s, v.route.front(), v.depart_pos_m, last, end, mode_of(demand.types[v.type]), v.needs_routing ? std::vector<Index>{} : v.route, std::move(via));
    }
}

bool is_sumo(const std::string& file) {
    return ends_with(file, ".sumocfg") || ends_with(file, ".xml") || ends_with(file, ".xml.gz");
}

template <class T>
std::vector<T> in_order(const std::vector<Index>& order, const std::vector<T>& values) {
    std::vector<T> sorted;
    sorted.reserve(values.size());
    for (const Index row : order) sorted.push_back(values[row]);
    return sorted;
}

Ragged<std::uint32_t> ragged_in_order(const std::vector<Index>& order, const std::vector<std::vector<std::uint32_t>>& rows) {
    Ragged<std::uint32_t> sorted;
    for (const Index row : order) sorted.push_row(rows[row]);
    return sorted;
}

}  // namespace

void add_scheduled_trips(CityBuilder& builder, const std::vector<std::string>& files) {
    TripColumns trips;
    const bool any_sumo = std::any_of(files.begin(), files.end(), is_sumo);
    const geodata::RoadNetwork network = any_sumo ? geodata::load_road_network(builder.city) : geodata::RoadNetwork{};
    for (const std::string& file : files) {
        if (is_sumo(file)) add_sumo(builder, file, network, trips);
        else add_matrix(builder, file, trips);
    }
    std::vector<Index> order(trips.id.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return trips.depart_s[a] < trips.depart_s[b]; });
    EntitySet& set = fresh_set(builder.city, "scheduled_trip", order.size());
    set.ids = in_order(order, trips.id);
    set.add("depart", "s", in_order(order, trips.depart_s), {}, "Departure after local midnight of the first day");
    set.add("origin", "1", in_order(order, trips.origin), "road_link", "Where it begins");
    set.add("origin_offset", "m", in_order(order, trips.origin_offset_m), {}, "Metres from the link's start");
    set.add("destination", "1", in_order(order, trips.destination), "road_link", "Where it leads");
    set.add("destination_offset", "m", in_order(order, trips.destination_offset_m), {}, "Metres from the link's start");
    set.add("mode", "1", in_order(order, trips.mode), {}, "0 car, 1 walk, 2 bicycle, 3 transit, 4 truck, 5 bus, 6 emergency");
    set.add("route", "1", ragged_in_order(order, trips.route), "road_link", "The whole route where the file gives it");
    set.add("via", "1", ragged_in_order(order, trips.via), "road_link", "Links to pass on the way");
    set.add("active", "1", std::vector<std::uint8_t>(order.size(), 1), {}, "0 = isn't made; changes may set it");
}

}  // namespace citytwin::population
