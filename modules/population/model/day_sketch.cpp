#include "modules/population/model/day_sketch.hpp"

#include <algorithm>
#include <cmath>

#include "core/random/distributions.hpp"

namespace citytwin::population {

namespace {

constexpr double hour_s = 3600;

/// Start and length of work in hours: shares of shifts, stated defaults. Each start spreads around its mean.
struct Shift {
    double up_to, start_h, deviation_h;
};
constexpr Shift shifts[] = {{0.12, 6.7, 0.45}, {0.79, 8.2, 0.67}, {0.91, 10.0, 0.9}, {1.0, 13.6, 0.7}};
constexpr double full_time_share = 0.78;

/// Chance of taking the car by the way to the main activity; the city's car factor scales it.
double car_chance(double way_m) {
    if (way_m < 500) return 0.08;
    if (way_m < 1'000) return 0.25;
    if (way_m < 2'000) return 0.5;
    return way_m < 5'000 ? 0.75 : 0.9;
}

}  // namespace

DaySketcher::DaySketcher(const SketchContext& context, Index person)
    : c_(context), p_(context.parameters), person_(person), home_(context.persons.home_site[person]), key_(context.persons.key[person]) {}

double DaySketcher::bell_hours(int counter, double mean_h, double deviation_h) const {
    return (mean_h + deviation_h * bell_shaped(c_.when, key_, static_cast<std::uint64_t>(counter))) * hour_s;
}

DaySketch DaySketcher::make() {
    switch (c_.persons.role[person_]) {
        case Role::worker: worker_day(); break;
        case Role::pupil:
        case Role::student: learner_day(); break;
        case Role::adult: free_day(p_.first_tour_adult, p_.second_tour_adult); break;
        case Role::retired: free_day(p_.first_tour_retired, p_.second_tour_retired); break;
        case Role::child: child_day(); break;
    }
    return day_;
}

void DaySketcher::worker_day() {
    const bool at_work = what(0) < p_.work_attendance && work_tour(1);
    if (!at_work) {
        free_day(p_.first_tour_adult, p_.second_tour_adult);
        return;
    }
    if (what(1) >= p_.evening_tour * p_.mobility) return;
    const double begins = day_.tours[0].arrive_s;
    if (begins < 12.5 * hour_s) {
        free_tour(2, std::max(bell_hours(21, 19.0, 1.0), 16.5 * hour_s), true);
    } else {  // the late shift has its errands before work
        const Tour work = day_.tours[0];
        day_.count = 0;
        free_tour(2, bell_hours(21, 9.5, 0.8), true);
        day_.tours[day_.count++] = work;
    }
}

bool DaySketcher::work_tour(int t) {
    const Index work = c_.persons.main_site[person_];
    if (work == no_index || work == home_) return false;
    Tour tour;
    stop_on_the_way(tour, t, 0, p_.stop_before_work, what(2) < 0.7 ? Purpose::accompany : Purpose::shop, home_zone());
    const double u = what(3);
    std::size_t shift = 0;
    while (u >= shifts[shift].up_to && shift + 1 < std::size(shifts)) ++shift;
    const double start = bell_hours(1, shifts[shift].start_h, shifts[shift].deviation_h);
    double length = what(4) < full_time_share ? bell_hours(2, 8.6, 0.8) : bell_hours(2, 4.7, 0.7);
    length = std::max(2 * hour_s, std::min(length, 22.4 * hour_s - start));
    tour.main = tour.count;
    tour.arrive_s = start;
    add_stop(tour, {work, Purpose::work, false, static_cast<float>(length)});
    midday_outing(tour, t);
    stop_on_the_way(tour, t, 3, p_.stop_after_work, what(5) < 0.6 ? Purpose::shop : Purpose::leisure, home_zone());
    finish(tour, t, true);
    return true;
}

/// work -> lunch, shop or business -> work; the two halves of work keep their whole length.
void DaySketcher::midday_outing(Tour& tour, int t) {
    if (what(6) >= p_.midday_outing * p_.mobility) return;
    Activity& work = tour.stops[tour.main];
    const Purpose purpose = what(7) < 0.5 ? Purpose::business : Purpose::shop;
    const Index zone = c_.places.sites.zone[work.site];
    const Index site = site_for(purpose, zone, purpose == Purpose::business ? c_.business : c_.nearby, t * 100 + 20);
    if (site == no_index || site == work.site) return;
    work.stay_s /= 2;
    const Activity second_half = work;
    add_stop(tour, {site, purpose, true, stay_for(purpose, t * 100 + 21)});
    add_stop(tour, second_half);
}

void DaySketcher::learner_day() {
    const bool student = c_.persons.role[person_] == Role::student;
    const bool at_school = what(0) < p_.school_attendance && school_tour(1);
    if (!at_school) {
        free_day(p_.second_tour_pupil, 0);
        return;
    }
    if (what(1) >= p_.second_tour_pupil * p_.mobility) return;
    if (day_.tours[0].arrive_s < 11 * hour_s) {
        free_tour(2, bell_hours(21, student ? 18.0 : 16.0, 1.2), student);
    } else {
        const Tour school = day_.tours[0];
        day_.count = 0;
        free_tour(2, bell_hours(21, 9.6, 0.6), student);
        day_.tours[day_.count++] = school;
    }
}

bool DaySketcher::school_tour(int t) {
    const Index school = c_.persons.main_site[person_];
    if (school == no_index || school == home_) return false;
    const bool student = c_.persons.role[person_] == Role::student;
    const bool morning = what(3) < 0.65;
    Tour tour;
    tour.arrive_s = morning ? bell_hours(1, student ? 8.6 : 7.7, student ? 0.7 : 0.25) : bell_hours(1, student ? 17.8 : 13.2, student ? 0.6 : 0.2);
    add_stop(tour, {school, Purpose::school, false, static_cast<float>(bell_hours(2, student ? 3.9 : 4.7, 0.5))});
    stop_on_the_way(tour, t, 3, 0.08, Purpose::leisure, home_zone());
    finish(tour, t, student);
    return true;
}

void DaySketcher::free_day(double first_chance, double second_chance) {
    if (what(10) >= first_chance * p_.mobility) return;
    const bool morning = what(11) < 0.55;
    free_tour(1, morning ? bell_hours(11, 9.8, 1.1) : bell_hours(11, 15.2, 1.6), true);
    if (what(12) >= second_chance * p_.mobility / std::max(1e-9, first_chance)) return;
    free_tour(2, morning ? bell_hours(21, 16.2, 1.6) : bell_hours(21, 19.2, 0.8), true);
}

/// Small children leave home with somebody: they walk or ride along, no car is theirs.
void DaySketcher::child_day() {
    if (what(10) < p_.first_tour_child * p_.mobility) free_tour(1, bell_hours(11, 14.0, 2.2), false);
}

void DaySketcher::free_tour(int t, double start_s, bool by_car) {
    const double u = what(t * 100 + 1);
    const Purpose purpose = u < 0.45 ? Purpose::shop : u < 0.86 ? Purpose::leisure : u < 0.93 ? Purpose::business : Purpose::accompany;
    const ZoneChoice& choice = purpose == Purpose::shop ? c_.shop : purpose == Purpose::leisure ? c_.leisure : purpose == Purpose::business ? c_.business : c_.nearby;
    const Index site = site_for(purpose, home_zone(), choice, t * 100 + 2);
    if (site == no_index || site == home_ || day_.count == day_.tours.size()) return;
    Tour tour;
    tour.start_s = start_s;
    add_stop(tour, {site, purpose, false, stay_for(purpose, t * 100 + 3)});
    stop_on_the_way(tour, t, 1, p_.stop_on_tour, what(t * 100 + 4) < 0.6 ? Purpose::shop : Purpose::leisure, home_zone());
    finish(tour, t, by_car);
}

void DaySketcher::add_stop(Tour& tour, const Activity& activity) { tour.stops[tour.count++] = activity; }

void DaySketcher::stop_on_the_way(Tour& tour, int t, int s, double chance, Purpose purpose, Index around_zone) {
    const int counter = t * 100 + 40 + s * 10;
    if (what(counter) >= chance * p_.mobility) return;
    const Index site = site_for(purpose, around_zone, purpose == Purpose::shop ? c_.shop : c_.nearby, counter + 1);
    const Index before = tour.count == 0 ? home_ : tour.stops[tour.count - 1].site;
    if (site == no_index || site == before || site == home_ || site == c_.persons.main_site[person_]) return;
    add_stop(tour, {site, purpose, false, stay_for(purpose, counter + 2)});
}

void DaySketcher::finish(Tour& tour, int t, bool by_car) {
    const auto counter = static_cast<std::uint64_t>(t);
    tour.mode_draw = c_.how.uniform(key_, 2 * counter);
    if (by_car && c_.persons.has_car[person_]) {
        const auto& sites = c_.places.sites;
        const Index main = tour.stops[tour.main].site;
        const double dx = static_cast<double>(sites.x_m[home_]) - static_cast<double>(sites.x_m[main]);
        const double dy = static_cast<double>(sites.y_m[home_]) - static_cast<double>(sites.y_m[main]);
        tour.car_need = c_.how.uniform(key_, 2 * counter + 1) / car_chance(p_.detour * std::sqrt(dx * dx + dy * dy));
    }
    day_.tours[day_.count++] = tour;
}

Index DaySketcher::site_for(Purpose purpose, Index around_zone, const ZoneChoice& choice, int counter) const {
    const auto number = static_cast<std::uint64_t>(counter);
    const Index zone = choice.choose(around_zone, c_.where.uniform(key_, 4 * number));
    if (zone == no_index) return no_index;
    const double draw = c_.where.uniform(key_, 4 * number + 1);
    const bool visit = purpose == Purpose::accompany || (purpose == Purpose::leisure && c_.where.uniform(key_, 4 * number + 2) < 0.4);
    return visit ? c_.sites.by_residents(zone, draw) : c_.sites.by_jobs(zone, draw);
}

float DaySketcher::stay_for(Purpose purpose, int counter) const {
    const double u = c_.when.uniform(key_, 1000 + static_cast<std::uint64_t>(counter));
    switch (purpose) {
        case Purpose::shop: return static_cast<float>(600 + 2'700 * u);
        case Purpose::leisure: return static_cast<float>(2'400 + 6'600 * u);
        case Purpose::business: return static_cast<float>(1'800 + 3'600 * u);
        default: return static_cast<float>(180 + 300 * u);
    }
}

}  // namespace citytwin::population
