#include "modules/population/person_trips.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/city/numbers.hpp"

namespace citytwin::population {

namespace {

TravelMode travel_mode(Mode mode) {
    constexpr TravelMode modes[] = {TravelMode::walk, TravelMode::bicycle, TravelMode::transit, TravelMode::car};
    return modes[static_cast<int>(mode)];
}

Mode mode_of(std::uint32_t kind) { return static_cast<Mode>(kind >> 8); }
Purpose purpose_of(std::uint32_t kind) { return static_cast<Purpose>(kind & 255u); }

double total_of(const City& city, const char* column) {
    const EntitySet* zones = city.find("zone");
    if (zones == nullptr) return 0;
    double sum = 0;
    for (const double v : numbers_of(*zones, column)) sum += v > 0 ? static_cast<double>(static_cast<std::int64_t>(v + 0.5)) : 0;
    return sum;
}

struct Commutes {
    double workers = 0, crow_m = 0;   ///< sum over residents who work
};

Commutes commutes_of(const City& city, const std::vector<std::uint8_t>& reserve) {
    const EntitySet &persons = city.at("person"), &sites = city.at("site");
    const auto& role = persons.get<std::uint8_t>("role");
    const auto &home = persons.get<std::uint32_t>("home"), &work = persons.get<std::uint32_t>("main_place");
    const auto &x = sites.get<double>("x"), &y = sites.get<double>("y");
    Commutes sum;
    for (std::size_t i = 0; i < role.size(); ++i) {
        if (role[i] != static_cast<std::uint8_t>(Role::worker) || reserve[i] != 0) continue;
        ++sum.workers;
        if (work[i] == no_index) continue;
        const double dx = x[work[i]] - x[home[i]], dy = y[work[i]] - y[home[i]];
        sum.crow_m += std::sqrt(dx * dx + dy * dy);
    }
    return sum;
}

}  // namespace

PersonTrips::PersonTrips(Setup& setup, const Parameters& parameters)
    : parameters_(parameters), key_(setup.city().at("person").get<std::int64_t>("key")), home_(setup.city().at("person").get<std::uint32_t>("home")), access_(setup),
      reserve_(setup.city().at("person").get<std::uint8_t>("reserve")), trip_depart_(setup.city().at("person").ragged<std::uint32_t>("trip_depart")),
      trip_site_(setup.city().at("person").ragged<std::uint32_t>("trip_site")), trip_kind_(setup.city().at("person").ragged<std::uint32_t>("trip_kind")),
      active_(setup.attribute("person", "active", "1")), demand_(setup.attribute("person", "demand", "1", 1.0)) {
    for (const std::uint8_t reserve : reserve_) residents_ += reserve == 0;
    groupings_ = person_groupings(setup.city());
    for (const auto& grouping : groupings_) trips_by_group_.emplace_back(grouping.names.size(), 0);
    car_trips_by_group_ = trips_by_group_;
    declare_books(setup);
}

void PersonTrips::declare_books(Setup& setup) {
    const City& city = setup.city();
    Ledger& residents = setup.ledger("residents", "1");
    residents.in = total_of(city, "population");
    residents.stored = residents_;
    residents.lost = residents.in - residents.stored;
    const Commutes commutes = commutes_of(city, reserve_);
    Ledger& jobs = setup.ledger("jobs", "1");
    jobs.in = total_of(city, "jobs");
    jobs.stored = commutes.workers;
    jobs.lost = jobs.in - jobs.stored;
    Kpi& distance = setup.kpi("commute_distance_mean", "km", Kpi::Better::neither, "mean crow-fly distance from home to work of all workers", "Distance to work");
    if (commutes.workers > 0) {
        distance.set(commutes.crow_m / commutes.workers / 1000);
        distance.details.emplace_back("on_the_way_km", *distance.value * parameters_.detour);
    }
    late_warning_ = &setup.warning("CT-POPULATION-030", "A person arrived after the planned time of the next departure and left late");
    redirected_warning_ = &setup.warning("CT-POPULATION-032", "A home, workplace or other place lies on a closed street and is reached from the nearest open one");
    trips_per_resident_ = &setup.kpi("trips_per_resident", "1", Kpi::Better::neither, "trips begun / residents, per simulated run", "Trips per resident");
    non_car_share_ = &setup.kpi("non_car_share", "%", Kpi::Better::more, "trips not by car / trips", "Non-car mode share");
    busiest_hour_ = &setup.kpi("busiest_hour_share", "%", Kpi::Better::neither, "car trips begun in the busiest 60 minutes / car trips", "Car trips in the busiest hour");
    late_share_ = &setup.kpi("late_departures", "1", Kpi::Better::less, "departures after their planned time because the person arrived late", "Late departures");
}

void PersonTrips::prepare(Microseconds local_time_of_start) {
    first_trip_.assign(trip_depart_.offsets.begin(), trip_depart_.offsets.end());
    starts_tour_.assign(trip_depart_.values.size(), 0);
    for (std::size_t i = 0; i < home_.size(); ++i) {
        for (std::size_t t = first_trip_[i]; t < first_trip_[i + 1]; ++t) {
            starts_tour_[t] = t == first_trip_[i] || purpose_of(trip_kind_.values[t - 1]) == Purpose::home;
        }
    }
    travellers_ = std::make_unique<Travellers>(first_trip_, trip_depart_.values, starts_tour_, local_time_of_start);
}

bool PersonTrips::is_active(Index person) const {
    const bool reserve = reserve_[person] != 0, own = active_[person] != 0;
    if (reserve) return own || population::is_active(true, static_cast<std::uint64_t>(key_[person]), demand_[person], parameters_.reserve);
    return own && population::is_active(false, static_cast<std::uint64_t>(key_[person]), demand_[person], parameters_.reserve);
}

std::size_t PersonTrips::active() const {
    std::size_t count = 0;
    for (Index person = 0; person < persons(); ++person) count += is_active(person) ? 1 : 0;
    return count;
}

Index PersonTrips::origin_site(const TripName& trip) const {
    return trip.number == 0 ? home_[trip.person] : trip_site_.values[trip_site_.offsets[trip.person] + trip.number - 1];
}

TripRequest PersonTrips::request(const Departure& departure) const {
    const TripName name{departure.person, departure.day, departure.trip - first_trip_[departure.person]};
    const Index from = origin_site(name), to = destination_site(name);
    TripRequest request;
    request.request_id = name.request_id();
    request.who_set = person_set;
    request.who = departure.person;
    request.mode = travel_mode(mode_of(trip_kind_.values[departure.trip]));
    request.depart = departure.at;
    const SiteAccess::Place start = access_.of(from), end = access_.of(to);
    request.origin = start.link;
    request.origin_offset_m = start.offset_m;
    request.stop_links = {end.link};
    request.stop_offsets_m = {end.offset_m};
    request.stop_service_s = {0.0};
    return request;
}

void PersonTrips::count(const Departure& departure) {
    const std::uint32_t kind = trip_kind_.values[departure.trip];
    ++by_mode_[static_cast<std::size_t>(mode_of(kind))];
    ++by_purpose_[static_cast<std::size_t>(purpose_of(kind))];
    for (std::size_t g = 0; g < groupings_.size(); ++g) {
        const std::uint16_t group = groupings_[g].of_person[departure.person];
        if (group == PersonGrouping::none) continue;
        ++trips_by_group_[g][group];
        car_trips_by_group_[g][group] += mode_of(kind) == Mode::car;
    }
    late_ += departure.late;
    if (departure.late) late_warning_->add("person " + std::to_string(departure.person), departure.at);
    if (mode_of(kind) != Mode::car) return;
    const auto slot = static_cast<std::size_t>(departure.at / (5 * minute));
    if (slot >= car_by_five_minutes_.size()) car_by_five_minutes_.resize(slot + 288, 0);
    ++car_by_five_minutes_[slot];
}

void PersonTrips::update_access(Microseconds now) {
    if (access_.is_current()) return;
    const std::size_t redirected = access_.update();
    if (count_redirected_) redirected_warning_->add("site", now, redirected);
    count_redirected_ = 0;
}

void PersonTrips::go_on(Microseconds until, const SendRequest& send) {
    update_access(travellers_->horizon());
    travellers_->go_on(until, [this](Index person) { return is_active(person); }, [&](const Departure& departure) {
        count(departure);
        send(static_cast<StableId>(key_[departure.person]), request(departure));
    });
}

void PersonTrips::arrived(const TripEvent& event, Microseconds now, const SendRequest& send) {
    update_access(now);
    travellers_->arrived(static_cast<Index>(event.who), event.when, now, [this](Index person) { return is_active(person); }, [&](const Departure& departure) {
        count(departure);
        send(static_cast<StableId>(key_[departure.person]), request(departure));
    });
}

void PersonTrips::tell_groups() {
    for (std::size_t g = 0; g < groupings_.size(); ++g) {
        for (std::size_t group = 0; group < groupings_[g].names.size(); ++group) {
            const double persons = groupings_[g].persons[group], trips = static_cast<double>(trips_by_group_[g][group]);
            if (persons < fewest_persons) continue;
            trips_per_resident_->groups.push_back({groupings_[g].by, groupings_[g].names[group], trips / persons, persons});
            if (trips > 0) non_car_share_->groups.push_back({groupings_[g].by, groupings_[g].names[group], 100 * (trips - static_cast<double>(car_trips_by_group_[g][group])) / trips, persons});
        }
    }
}

void PersonTrips::close() {
    tell_groups();
    const double trips = static_cast<double>(std::accumulate(by_mode_.begin(), by_mode_.end(), std::uint64_t{0}));
    const auto cars = static_cast<double>(by_mode_[static_cast<std::size_t>(Mode::car)]);
    if (residents_ > 0) trips_per_resident_->set(trips / residents_);
    for (int m = 0; m < mode_count; ++m) trips_per_resident_->details.emplace_back(std::string("trips_") + name_of(static_cast<Mode>(m)), by_mode_[static_cast<std::size_t>(m)]);
    for (int p = 0; p < purpose_count; ++p) {
        trips_per_resident_->details.emplace_back(std::string("trips_to_") + name_of(static_cast<Purpose>(p)), by_purpose_[static_cast<std::size_t>(p)]);
    }
    if (trips > 0) non_car_share_->set(100 * (trips - cars) / trips);
    std::uint64_t window = 0, most = 0;
    for (std::size_t k = 0; k < car_by_five_minutes_.size(); ++k) {
        window += car_by_five_minutes_[k];
        if (k >= 12) window -= car_by_five_minutes_[k - 12];
        most = std::max(most, window);
    }
    if (cars > 0) busiest_hour_->set(100 * static_cast<double>(most) / cars);
    late_share_->set(static_cast<double>(late_));
}

void PersonTrips::save(StateWriter& out) const {
    const Travellers::State state = travellers_->state();
    out.column("next_trip", state.next);
    out.column("day", state.day);
    out.column("under_way", state.under_way);
    out.value("horizon", state.horizon);
    out.value("trips_by_mode", by_mode_);
    out.value("trips_by_purpose", by_purpose_);
    out.column("car_by_five_minutes", car_by_five_minutes_);
    for (std::size_t g = 0; g < groupings_.size(); ++g) {
        out.column("trips_by_" + groupings_[g].by, trips_by_group_[g]);
        out.column("car_trips_by_" + groupings_[g].by, car_trips_by_group_[g]);
    }
    out.value("late", late_);
    out.value("count_redirected", count_redirected_);
}

void PersonTrips::load(StateReader& in) {
    Travellers::State state;
    in.column("next_trip", state.next);
    in.column("day", state.day);
    in.column("under_way", state.under_way);
    in.value("horizon", state.horizon);
    travellers_->restore(std::move(state));
    in.value("trips_by_mode", by_mode_);
    in.value("trips_by_purpose", by_purpose_);
    in.column("car_by_five_minutes", car_by_five_minutes_);
    for (std::size_t g = 0; g < groupings_.size(); ++g) {
        in.column("trips_by_" + groupings_[g].by, trips_by_group_[g]);
        in.column("car_trips_by_" + groupings_[g].by, car_trips_by_group_[g]);
    }
    in.value("late", late_);
    in.value("count_redirected", count_redirected_);
}

}  // namespace citytwin::population
