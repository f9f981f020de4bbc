#include "modules/waste/truck_fleet.hpp"

#include <algorithm>

namespace citytwin::waste {
namespace {

constexpr std::int64_t first_request = std::int64_t{1} << 60;   ///< persons' requests lie below

double sum(const MassByFraction& mass) {
    double total = 0;
    for (double kg : mass) total += kg;
    return total;
}

}  // namespace

TruckFleet::TruckFleet(Setup& setup, const WasteChoices& choices)
    : choices_(choices), city_(setup.city()), requests_(setup.sends(trip_request_schema())), events_(setup.receives(trip_event_schema())),
      removed_(setup.warning("CT-WASTE-034", "refuse trucks were taken off the network; their load is unloaded with the next tour")),
      payload_(setup.writes("truck", "payload", "kg").described("Mass aboard")) {}

void TruckFleet::prepare(const CityRows& rows) {
    rows_ = rows;
    trucks_.assign(city_.at("truck").size(), {});
    tours_.assign(trucks_.size(), {});
}

std::vector<Index> TruckFleet::idle() const {
    std::vector<Index> list;
    for (Index t = 0; t < trucks_.size(); ++t) {
        if (!trucks_[t].busy) list.push_back(t);
    }
    return list;
}

TripRequest TruckFleet::request(const Step& now, const Tour& tour, const Bins& bins) const {
    const auto &site_offset_m = city_.at("waste_site").get<double>("road_offset"), &bin_offset_m = city_.at("bin").get<double>("road_offset");
    const Index depot = (*rows_.truck_depot)[tour.truck];
    TripRequest request;
    request.request_id = first_request + static_cast<std::int64_t>(tour.truck) * 65536 + trucks_[tour.truck].tour % 65536;
    request.who_set = truck_set;
    request.who = tour.truck;
    request.mode = TravelMode::truck;
    request.depart = now.to;
    request.origin = (*rows_.site_link)[depot];
    request.origin_offset_m = site_offset_m[depot];
    for (Index stop : tour.stops) {
        const bool site = stop >= site_offset;
        request.stop_links.push_back(site ? (*rows_.site_link)[stop - site_offset] : (*rows_.bin_link)[stop]);
        request.stop_offsets_m.push_back(site ? site_offset_m[stop - site_offset] : bin_offset_m[stop]);
        request.stop_service_s.push_back(site ? (*rows_.unloading_s)[stop - site_offset] : choices_.service_s(bins.known_kg(stop)));
        if (!site) request.payload_kg += 0.5 * std::min(bins.known_kg(stop), choices_.capacity_kg);
    }
    request.payload_kg = std::min(request.payload_kg, 0.5 * choices_.capacity_kg);   // on the way it is half full on average
    request.stop_links.push_back(request.origin);
    request.stop_offsets_m.push_back(request.origin_offset_m);
    request.stop_service_s.push_back(0);
    return request;
}

void TruckFleet::depart(const Step& now, Tour tour, const Bins& bins) {
    Truck& truck = trucks_[tour.truck];
    truck.busy = 1;
    truck.next_stop = 0;
    truck.departed = now.to;
    ++truck.tour;
    if (choices_.by_traffic) {
        const TripRequest trip = request(now, tour, bins);
        send(requests_, now.to, static_cast<StableId>(trip.request_id), trip);
    }
    const Index row = tour.truck;
    tours_[row] = std::move(tour);
}

void TruckFleet::follow(const Step& now, Bins& bins, Plants& plants) {
    if (choices_.by_traffic) {
        const StreamTable& records = events_.records();
        for (std::size_t r = 0; r < records.size(); ++r) {
            const TripEvent event = trip_event_at(records, r);
            if (event.who_set != truck_set || event.request_id < first_request) continue;
            const auto row = static_cast<Index>(event.who);
            if (event.kind == TripEventKind::stop_reached) reach(row, event.when, bins, plants);
            if (event.kind == TripEventKind::removed) removed_.add(city_.at("truck").id_of(row), event.when);
            if (event.kind != TripEventKind::arrived && event.kind != TripEventKind::removed) continue;
            trucks_[row].distance_m += event.distance_m;
            trucks_[row].busy = 0;
        }
        return;
    }
    for (Index t = 0; t < trucks_.size(); ++t) {
        while (trucks_[t].busy && trucks_[t].departed + from_seconds(tours_[t].expected_s[trucks_[t].next_stop]) < now.to) {
            if (trucks_[t].next_stop < tours_[t].stops.size()) reach(t, now.to, bins, plants);
            else trucks_[t].busy = 0;
        }
    }
}

// The truck is at its next stop: it takes what fits, or unloads.
void TruckFleet::reach(Index t, Microseconds now, Bins& bins, Plants& plants) {
    Truck& truck = trucks_[t];
    if (truck.next_stop >= tours_[t].stops.size()) return;
    const Index stop = tours_[t].stops[truck.next_stop++];
    if (stop >= site_offset) {
        plants.receive(stop - site_offset, truck.load);
        truck.load = {};
        return;
    }
    truck.load[bins.fraction_of(stop)] += bins.empty(stop, std::max(0.0, choices_.capacity_kg - sum(truck.load)), now);
}

void TruckFleet::write() {
    for (std::size_t t = 0; t < trucks_.size(); ++t) payload_[t] = sum(trucks_[t].load);
}

double TruckFleet::aboard_kg(std::size_t fraction) const {
    double aboard = 0;
    for (const auto& truck : trucks_) aboard += truck.load[fraction];
    return aboard;
}

double TruckFleet::distance_m() const {
    double sum_m = 0;
    for (const auto& truck : trucks_) sum_m += truck.distance_m;
    return sum_m;
}

void TruckFleet::save(StateWriter& out) const {
    out.column("trucks", trucks_);
    Ragged<Index> stops;
    Ragged<double> times;
    for (const Tour& tour : tours_) stops.push_row(tour.stops), times.push_row(tour.expected_s);
    out.column("tour_stops", stops);
    out.column("tour_times", times);
}

void TruckFleet::load(StateReader& in) {
    in.column("trucks", trucks_);
    Ragged<Index> stops;
    Ragged<double> times;
    in.column("tour_stops", stops);
    in.column("tour_times", times);
    for (std::size_t t = 0; t < tours_.size(); ++t) {
        tours_[t].truck = static_cast<Index>(t);
        tours_[t].stops.assign(stops[t].begin(), stops[t].end());
        tours_[t].expected_s.assign(times[t].begin(), times[t].end());
    }
}

}  // namespace citytwin::waste
