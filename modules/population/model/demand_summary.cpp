#include <algorithm>
#include <cmath>

#include "modules/population/model/demand.hpp"

namespace citytwin::population {

namespace {

/// Largest share of one hour, over windows that start every five minutes.
double busiest_hour(const std::vector<std::size_t>& by_five_minutes) {
    std::size_t all = 0, window = 0, most = 0;
    for (std::size_t k = 0; k < by_five_minutes.size(); ++k) {
        all += by_five_minutes[k];
        window += by_five_minutes[k];
        if (k >= 12) window -= by_five_minutes[k - 12];
        most = std::max(most, window);
    }
    return all == 0 ? 0 : static_cast<double>(most) / static_cast<double>(all);
}

double crow_m(const Sites& sites, Index a, Index b) {
    const double dx = static_cast<double>(sites.x_m[a]) - static_cast<double>(sites.x_m[b]);
    const double dy = static_cast<double>(sites.y_m[a]) - static_cast<double>(sites.y_m[b]);
    return std::sqrt(dx * dx + dy * dy);
}

}  // namespace

DemandSummary summarise(const Demand& demand, const Places& places, const Parameters& parameters) {
    const Persons& persons = demand.people.persons;
    const Trips& trips = demand.trips;
    DemandSummary s;
    s.residents = persons.residents;
    s.jobs = demand.people.jobs;
    s.unfilled_jobs = demand.people.unfilled_jobs;
    double commute = 0, car_way = 0;
    std::vector<std::size_t> by_five_minutes(24 * 12, 0);
    for (std::size_t i = 0; i < persons.residents; ++i) {
        if (persons.role[i] == Role::worker && persons.main_site[i] != no_index) {
            ++s.workers;
            commute += crow_m(places.sites, persons.home_site[i], persons.main_site[i]);
        }
        for (std::size_t t = trips.first_of_person[i]; t < trips.first_of_person[i + 1]; ++t) {
            ++s.trips_by_mode[static_cast<std::size_t>(trips.mode[t])];
            ++s.trips_by_purpose[static_cast<std::size_t>(trips.purpose[t])];
            ++s.trips;
            if (trips.mode[t] != Mode::car) continue;
            car_way += static_cast<double>(trips.way_m[t]);
            const auto slot = std::min<std::size_t>(24 * 12 - 1, static_cast<std::size_t>(trips.depart_ms[t]) / 300'000);
            ++by_five_minutes[slot];
            ++s.car_trips_by_hour[slot / 12];
        }
    }
    const auto cars = s.trips_by_mode[static_cast<std::size_t>(Mode::car)];
    s.trips_per_resident = s.residents == 0 ? 0 : static_cast<double>(s.trips) / static_cast<double>(s.residents);
    s.busiest_hour_share = busiest_hour(by_five_minutes);
    s.mean_commute_crow_m = s.workers == 0 ? 0 : commute / static_cast<double>(s.workers);
    s.mean_commute_way_m = s.mean_commute_crow_m * parameters.detour;
    s.mean_car_way_m = cars == 0 ? 0 : car_way / static_cast<double>(cars);
    return s;
}

}  // namespace citytwin::population
