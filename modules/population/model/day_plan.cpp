#include "modules/population/model/day_plan.hpp"

#include <algorithm>
#include <cmath>

#include "modules/population/model/day_sketch.hpp"

namespace citytwin::population {

namespace {

constexpr double day_end_s = 23.4 * 3600;      // no tour is planned to come home later
constexpr double between_tours_s = 600;
constexpr double walked_outing_m = 1'000;      // short outings from work are walked, the car stays

enum class Attraction { shop, leisure, business };

/// Attraction of zones: shops follow jobs (and a little the residents), leisure both, business jobs alone.
std::vector<double> attraction_of(const Places& places, Attraction kind) {
    std::vector<double> result(places.zones.size(), 0);
    for (std::size_t s = 0; s < places.sites.size(); ++s) {
        const double jobs = places.sites.jobs[s], residents = places.sites.residents[s];
        const double value = kind == Attraction::shop ? jobs + 0.1 * residents : kind == Attraction::leisure ? 0.5 * jobs + 0.5 * residents : jobs;
        result[places.sites.zone[s]] += value;
    }
    return result;
}

/// A table by distance of the way: the value of the first row whose limit exceeds it.
struct DistanceRow {
    double below_m, value;
};
template <std::size_t N>
double by_distance(const DistanceRow (&table)[N], double way_m) {
    for (const auto& row : table) {
        if (way_m < row.below_m) return row.value;
    }
    return table[N - 1].value;
}

// Mode tables by the way to the tour's main activity: stated defaults in the usual shape of travel surveys.
constexpr DistanceRow walk_share[] = {{500, 0.95}, {1'000, 0.85}, {2'000, 0.55}, {3'000, 0.25}, {5'000, 0.06}, {1e12, 0.005}};
constexpr DistanceRow bike_share_of_rest[] = {{5'000, 0.10}, {10'000, 0.05}, {1e12, 0.01}};

}  // namespace

const char* name_of(Purpose purpose) {
    constexpr const char* names[] = {"home", "work", "school", "shop", "leisure", "business", "accompany"};
    return names[static_cast<int>(purpose)];
}

const char* name_of(Mode mode) {
    constexpr const char* names[] = {"walk", "bike", "transit", "car"};
    return names[static_cast<int>(mode)];
}

int DaySketch::trips() const {
    int sum = 0;
    for (int t = 0; t < count; ++t) {
        sum += tours[static_cast<std::size_t>(t)].count + 1;
    }
    return sum;
}

DayPlanner::DayPlanner(const Places& places, const Parameters& p, const ZoneDistances& distances, const Persons& persons, Arena& arena)
    : places_(places), p_(p), persons_(persons), what_(p.seed, "population.what"), where_(p.seed, "population.where"), when_(p.seed, "population.when"),
      how_(p.seed, "population.how"), sites_(places), shop_attraction_(attraction_of(places, Attraction::shop)),
      leisure_attraction_(attraction_of(places, Attraction::leisure)), business_attraction_(attraction_of(places, Attraction::business)),
      shop_(distances, shop_attraction_, p.shop_decay_m, arena), leisure_(distances, leisure_attraction_, p.leisure_decay_m, arena),
      business_(distances, business_attraction_, p.business_decay_m, arena), nearby_(distances, leisure_attraction_, p.stop_decay_m, arena) {}

double DayPlanner::way(Index from, Index to) const {
    const double dx = static_cast<double>(places_.sites.x_m[from]) - static_cast<double>(places_.sites.x_m[to]);
    const double dy = static_cast<double>(places_.sites.y_m[from]) - static_cast<double>(places_.sites.y_m[to]);
    return p_.detour * std::sqrt(dx * dx + dy * dy);
}

double DayPlanner::seconds(Mode mode, double way_m) const {
    const double speed[] = {p_.walk_speed_mps, p_.bike_speed_mps, p_.transit_speed_mps, p_.planned_car_speed_mps};
    return std::max(60.0, way_m / speed[static_cast<int>(mode)]);
}

DaySketch DayPlanner::sketch(Index person) const {
    const SketchContext context{places_, p_, persons_, what_, where_, when_, how_, sites_, shop_, leisure_, business_, nearby_};
    return DaySketcher(context, person).make();
}

Mode DayPlanner::tour_mode(const Tour& tour, Index home, double car_factor) const {
    if (tour.car_need >= 0 && tour.car_need < car_factor) return Mode::car;
    const double way_m = way(home, tour.stops[tour.main].site);
    const double walk = by_distance(walk_share, way_m);
    if (tour.mode_draw < walk) return Mode::walk;
    const double rest = (tour.mode_draw - walk) / (1 - walk);
    return rest < by_distance(bike_share_of_rest, way_m) ? Mode::bike : Mode::transit;
}

/// One movement of a tour: to which place, by which mode, and how long the person stays there at least.
struct DayPlanner::Leg {
    Index from, to;
    Purpose purpose;
    Mode mode;
    double way_m, stay_s;
};

int DayPlanner::car_trips(const Tour& tour) const {
    int trips = 1;  // home
    for (int s = 0; s < tour.count; ++s) {
        const auto stop = static_cast<std::size_t>(s);
        const bool walked = s > 0 && (tour.stops[stop].outing || tour.stops[stop - 1].outing) &&
                            way(tour.stops[stop - 1].site, tour.stops[stop].site) < walked_outing_m;
        trips += !walked;
    }
    return trips;
}

void DayPlanner::schedule(Index person, const DaySketch& sketch, double car_factor, std::vector<PlannedTrip>& out) const {
    const Index home = persons_.home_site[person];
    double free_from = 0;
    for (std::size_t t = 0; t < sketch.count; ++t) {
        const Tour& tour = sketch.tours[t];
        const Mode mode = tour_mode(tour, home, car_factor);
        std::array<Leg, 6> legs;
        Index at = home;
        for (std::size_t s = 0; s <= tour.count; ++s) {
            const bool last = s == tour.count;
            const Index to = last ? home : tour.stops[s].site;
            const double way_m = way(at, to);
            const bool outing = (!last && tour.stops[s].outing) || (s > 0 && tour.stops[s - 1].outing);
            const Mode leg_mode = outing && way_m < walked_outing_m ? Mode::walk : mode;
            legs[s] = {at, to, last ? Purpose::home : tour.stops[s].purpose, leg_mode, way_m, last ? 0.0 : static_cast<double>(tour.stops[s].stay_s)};
            at = to;
        }
        double to_main = 0, whole = 0;
        for (std::size_t s = 0; s <= tour.count; ++s) {
            whole += seconds(legs[s].mode, legs[s].way_m);
            if (s == tour.main) to_main = whole;
            whole += legs[s].stay_s;
        }
        const double wished = tour.arrive_s >= 0 ? tour.arrive_s - to_main : tour.start_s;
        double now = std::max(wished, free_from);
        if (now + whole > day_end_s) continue;
        for (std::size_t s = 0; s <= tour.count; ++s) {
            out.push_back({static_cast<std::int32_t>(now * 1000), legs[s].to, static_cast<float>(legs[s].way_m), legs[s].mode, legs[s].purpose});
            now += seconds(legs[s].mode, legs[s].way_m) + legs[s].stay_s;
        }
        free_from = now + between_tours_s;
    }
}

}  // namespace citytwin::population
