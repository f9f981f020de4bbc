#include "modules/population/build_people.hpp"

#include <fmt/format.h>

#include "modules/population/model/demand.hpp"
#include "modules/population/parameter_table.hpp"
#include "modules/population/places_of_city.hpp"
#include "modules/population/store_people.hpp"

namespace citytwin::population {

namespace {

void note(City& city, const char* code, const char* grade, const char* cause, const char* action, std::int64_t count, std::int64_t all, std::string hint,
          std::vector<std::string> examples = {}) {
    if (count == 0) return;
    ImportIssue issue;
    issue.code = code;
    issue.grade = grade;
    issue.cause = cause;
    issue.action = action;
    issue.count = static_cast<std::uint64_t>(count);
    issue.share = all > 0 ? static_cast<double>(count) / static_cast<double>(all) : 0;
    issue.examples = std::move(examples);
    issue.hint = std::move(hint);
    city.issues.push_back(std::move(issue));
}

void report_places(City& city, const PlacesReport& report) {
    const auto zones = static_cast<std::int64_t>(city.at("zone").size());
    note(city, "CT-POPULATION-020", "warning", "zones_off_usable_links", "read", report.zones_off_network, zones,
         fmt::format("{} residents and {} jobs more than 1 km off every link that cars can use and leave again; they are kept and use the nearest one",
                     report.residents_off_network, report.jobs_off_network), report.examples);
    note(city, "CT-POPULATION-023", "warning", "zones_blank_population", "defaulted", report.blank_population, zones, "a blank cell counts as nobody");
    note(city, "CT-POPULATION-024", "warning", "zones_blank_jobs", "defaulted", report.blank_jobs, zones, "a blank cell counts as no job");
}

void report_demand(CityBuilder& builder, const Demand& demand, const Parameters& parameters) {
    City& city = builder.city;
    note(city, "CT-POPULATION-025", "warning", "jobs_unfilled", "dropped", demand.people.unfilled_jobs, demand.people.jobs, "more jobs than residents between 18 and 64");
    note(city, "CT-POPULATION-026", "note", "pupils_without_school", "defaulted", demand.workplaces.pupils_without_school,
         static_cast<std::int64_t>(demand.people.persons.residents), "the city has no place of kind school; pupils stay without a school");
    const double wished = parameters.mean_commute_m, got = demand.workplaces.fitted_mean_m;
    if (wished > 0 && (got < 0.99 * wished || got > 1.01 * wished)) {
        builder.diagnostics.warning("CT-POPULATION-027", builder.parameters.place("mean_commute"),
                                    fmt::format("population: the mean distance to work can't be {:.0f} m in this city; it is {:.0f} m", wished, got),
                                    "its zones lie too close together or too far apart for that");
    }
    if (parameters.car_share > demand.reachable_car_share) {
        builder.diagnostics.warning("CT-POPULATION-028", builder.parameters.place("car_share"),
                                    fmt::format("population: a car share of {:.3f} needs more cars; at most {:.3f} of the trips can go by car", parameters.car_share, demand.reachable_car_share),
                                    "raise cars_per_resident");
    }
}

}  // namespace

void build_people(CityBuilder& builder) {
    const Parameters parameters = read_parameters(builder.parameters, builder.seed);
    PlacesReport report;
    Places places = places_of(builder.city, report, builder.arena);
    report_places(builder.city, report);
    if (report.residents == 0) fail("CT-POPULATION-013", {}, "the city's zones have nobody whom the road network reaches", "check the zones' population and coordinates, and the city's crs");
    Demand demand = make_demand(places, parameters, builder.arena);
    report_demand(builder, demand, parameters);
    store_people(builder.city, std::move(places), std::move(demand), parameters);
}

}  // namespace citytwin::population
