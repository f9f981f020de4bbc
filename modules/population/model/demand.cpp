#include "modules/population/model/demand.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/diagnostic.hpp"

namespace citytwin::population {

namespace {

constexpr std::size_t block_size = 4096;  // persons planned together; blocks are joined in order
constexpr std::size_t need_bins = 8192;

/// Car needs lie in [0, inf): need / (1 + need) sorts them into equal bins of [0, 1).
std::size_t bin_of(double need) { return std::min(need_bins - 1, static_cast<std::size_t>(need / (1 + need) * need_bins)); }
double need_at(std::size_t bin) {
    const double x = static_cast<double>(bin) / need_bins;
    return x / (1 - x);
}

struct NeedCount {
    std::vector<std::uint64_t> car_trips = std::vector<std::uint64_t>(need_bins, 0);
    std::uint64_t trips = 0;
};

/// How many trips would go by car at which factor, over the residents.
NeedCount count_needs(const DayPlanner& planner, std::size_t residents, Arena& arena) {
    const std::size_t blocks = (residents + block_size * 16 - 1) / (block_size * 16);
    std::vector<NeedCount> parts(blocks);
    arena.each(blocks, [&](std::size_t b) {
        for (std::size_t i = b * block_size * 16; i < std::min(residents, (b + 1) * block_size * 16); ++i) {
            const DaySketch day = planner.sketch(static_cast<Index>(i));
            parts[b].trips += static_cast<std::uint64_t>(day.trips());
            for (std::size_t t = 0; t < day.count; ++t) {
                if (day.tours[t].car_need >= 0) parts[b].car_trips[bin_of(day.tours[t].car_need)] += static_cast<std::uint64_t>(planner.car_trips(day.tours[t]));
            }
        }
    }, 1);
    NeedCount all;
    for (const NeedCount& part : parts) {
        all.trips += part.trips;
        for (std::size_t k = 0; k < need_bins; ++k) all.car_trips[k] += part.car_trips[k];
    }
    return all;
}

void fit_car_factor(const NeedCount& needs, double car_share, Demand& demand) {
    const auto wanted = static_cast<double>(needs.trips) * car_share;
    double sum = 0;
    demand.car_factor = 0;
    bool reached = wanted <= 0;
    for (std::size_t k = 0; k < need_bins; ++k) {
        sum += static_cast<double>(needs.car_trips[k]);
        if (reached || sum < wanted) continue;
        demand.car_factor = need_at(k + 1);
        reached = true;
    }
    if (!reached) demand.car_factor = std::numeric_limits<double>::max();
    demand.reachable_car_share = needs.trips == 0 ? 0 : sum / static_cast<double>(needs.trips);
}

struct PlanBlock {
    std::vector<PlannedTrip> trips;
    std::vector<std::uint32_t> count;
};

Trips plan_everyone(const DayPlanner& planner, std::size_t persons, double car_factor, Arena& arena) {
    std::vector<PlanBlock> blocks((persons + block_size - 1) / block_size);
    arena.each(blocks.size(), [&](std::size_t b) {
        PlanBlock& block = blocks[b];
        block.trips.reserve(block_size * 3);
        for (std::size_t i = b * block_size; i < std::min(persons, (b + 1) * block_size); ++i) {
            const std::size_t before = block.trips.size();
            planner.schedule(static_cast<Index>(i), planner.sketch(static_cast<Index>(i)), car_factor, block.trips);
            block.count.push_back(static_cast<std::uint32_t>(block.trips.size() - before));
        }
    }, 1);
    std::size_t total = 0;
    for (const PlanBlock& block : blocks) total += block.trips.size();
    Trips trips;
    trips.first_of_person.reserve(persons + 1);
    trips.depart_ms.reserve(total);
    trips.destination_site.reserve(total);
    trips.way_m.reserve(total);
    trips.mode.reserve(total);
    trips.purpose.reserve(total);
    trips.first_of_person.push_back(0);
    for (PlanBlock& block : blocks) {
        for (const std::uint32_t count : block.count) trips.first_of_person.push_back(trips.first_of_person.back() + count);
        for (const PlannedTrip& trip : block.trips) {
            trips.depart_ms.push_back(trip.depart_ms);
            trips.destination_site.push_back(trip.destination_site);
            trips.way_m.push_back(trip.way_m);
            trips.mode.push_back(trip.mode);
            trips.purpose.push_back(trip.purpose);
        }
        block = {};
    }
    return trips;
}

void check_share(DiagnosticList& diagnostics, const char* name, double value, double most) {
    if (value >= 0 && value <= most) return;
    diagnostics.error("CT-POPULATION-001", {}, "population: " + std::string(name) + " is " + std::to_string(value) + ", expected 0 to " + std::to_string(most),
                      "set modules.population." + std::string(name) + " within that range");
}

void check_positive(DiagnosticList& diagnostics, const char* name, double value) {
    if (value > 0 && value < 1e9) return;
    diagnostics.error("CT-POPULATION-002", {}, "population: " + std::string(name) + " is " + std::to_string(value) + ", expected a positive number",
                      "set modules.population." + std::string(name));
}

void check(const Places& places, const Parameters& p) {
    DiagnosticList diagnostics;
    check_share(diagnostics, "car_share", p.car_share, 1);
    check_share(diagnostics, "cars_per_resident", p.cars_per_resident, 2);
    check_share(diagnostics, "reserve", p.reserve, 4);
    check_share(diagnostics, "mobility", p.mobility, 2);
    check_share(diagnostics, "work_attendance", p.work_attendance, 1);
    check_share(diagnostics, "age shares together", p.share_age_0_5 + p.share_age_6_17 + p.share_age_18_24 + p.share_age_65, 1);
    check_positive(diagnostics, "work_decay", p.work_decay_m);
    check_positive(diagnostics, "walk_speed", p.walk_speed_mps);
    check_positive(diagnostics, "bike_speed", p.bike_speed_mps);
    check_positive(diagnostics, "transit_speed", p.transit_speed_mps);
    check_positive(diagnostics, "detour", p.detour);
    if (!(p.residents_per_household > 1)) check_positive(diagnostics, "residents_per_household above 1", -1);
    if (places.zones.size() > most_zones) {
        diagnostics.error("CT-POPULATION-003", {}, "population: the city has " + std::to_string(places.zones.size()) + " zones, expected at most " +
                          std::to_string(most_zones), "aggregate the zones: commuting tables grow with their square");
    }
    diagnostics.throw_if_errors();
}

}  // namespace

Demand make_demand(const Places& places, const Parameters& parameters, Arena& arena) {
    check(places, parameters);
    Demand demand;
    demand.people = make_people(places, parameters, arena);
    const ZoneDistances distances(places.zones, arena);
    demand.workplaces = assign_workplaces(places, parameters, distances, demand.people, arena);
    const DayPlanner planner(places, parameters, distances, demand.people.persons, arena);
    fit_car_factor(count_needs(planner, demand.people.persons.residents, arena), parameters.car_share, demand);
    demand.trips = plan_everyone(planner, demand.people.persons.size(), demand.car_factor, arena);
    return demand;
}

double activation_draw(std::uint64_t person_key) { return static_cast<double>(mix64(person_key ^ 0x414354495645ULL) >> 11) * 0x1.0p-53; }

bool is_active(bool of_reserve, std::uint64_t person_key, double factor, double reserve) {
    if (!of_reserve) return factor >= 1 || activation_draw(person_key) < factor;
    return factor > 1 && reserve > 0 && activation_draw(person_key) < (factor - 1) / reserve;
}

}  // namespace citytwin::population
