#include <catch2/catch.hpp>

#include <set>

#include "core/base/diagnostic.hpp"
#include "modules/population/model/demand.hpp"
#include "support/sample_places.hpp"

using namespace citytwin;
using namespace citytwin::population;

TEST_CASE("a day makes more than two trips a resident and has its peak in rush hours") {
    Arena arena(2, 64);
    const Places places = testing::sample_places();
    const Parameters parameters;
    const Demand demand = make_demand(places, parameters, arena);
    const DemandSummary s = summarise(demand, places, parameters);
    CHECK(s.trips_per_resident > 2.1);
    CHECK(s.trips_per_resident < 2.9);
    CHECK(s.busiest_hour_share > 0.08);
    CHECK(static_cast<double>(s.trips_by_mode[static_cast<int>(Mode::car)]) / static_cast<double>(s.trips) == Approx(0.19).margin(0.01));
    CHECK(s.trips_by_purpose[static_cast<int>(Purpose::work)] > s.workers * 8 / 10);
}

TEST_CASE("a car share beyond the cars there are is reached as far as they go and says so") {
    Arena arena(1);
    const Places places = testing::sample_places(4);
    Parameters parameters;
    parameters.car_share = 0.95;
    const Demand demand = make_demand(places, parameters, arena);
    const DemandSummary s = summarise(demand, places, parameters);
    const double share = static_cast<double>(s.trips_by_mode[static_cast<int>(Mode::car)]) / static_cast<double>(s.trips);
    CHECK(demand.reachable_car_share < 0.95);
    CHECK(share == Approx(demand.reachable_car_share).margin(0.01));
}

TEST_CASE("a parameter out of range is refused by name") {
    Arena arena(1);
    Parameters parameters;
    parameters.car_share = 1.5;
    parameters.walk_speed_mps = -1;
    try {
        (void)make_demand(testing::sample_places(2), parameters, arena);
        FAIL("accepted");
    } catch (const InputError& error) {
        REQUIRE(error.diagnostics().size() == 2);
        CHECK(error.diagnostics()[0].code == "CT-POPULATION-001");
        CHECK(error.diagnostics()[0].message.find("car_share") != std::string::npos);
        CHECK(error.diagnostics()[1].code == "CT-POPULATION-002");
    }
}

TEST_CASE("more jobs than adults leave jobs unfilled and count them") {
    Arena arena(1);
    const Places places = testing::sample_places(4, 100, 400);
    const Demand demand = make_demand(places, Parameters{}, arena);
    const DemandSummary s = summarise(demand, places, Parameters{});
    CHECK(s.unfilled_jobs > 0);
    CHECK(static_cast<std::int64_t>(s.workers) + s.unfilled_jobs == s.jobs);
}

TEST_CASE("only adults work, only the young go to school, small children never drive") {
    Arena arena(1);
    const Demand demand = make_demand(testing::sample_places(), Parameters{}, arena);
    const Persons& persons = demand.people.persons;
    for (std::size_t i = 0; i < persons.size(); ++i) {
        if (persons.role[i] == Role::worker) REQUIRE((persons.age[i] == AgeGroup::from_18_to_24 || persons.age[i] == AgeGroup::from_25_to_64));
        if (persons.role[i] == Role::pupil) REQUIRE(persons.age[i] == AgeGroup::from_6_to_17);
        for (std::size_t t = demand.trips.first_of_person[i]; t < demand.trips.first_of_person[i + 1]; ++t) {
            if (demand.trips.mode[t] == Mode::car) REQUIRE(persons.has_car[i] == 1);
        }
    }
}

TEST_CASE("a household has no more drivers than cars and no car without an adult") {
    Arena arena(1);
    const Demand demand = make_demand(testing::sample_places(), Parameters{}, arena);
    const Households& households = demand.people.households;
    for (std::size_t h = 0; h < households.size(); ++h) {
        int drivers = 0;
        for (Index i = households.first_person[h]; i < households.first_person[h + 1]; ++i) {
            REQUIRE(demand.people.persons.household[i] == h);
            drivers += demand.people.persons.has_car[i];
        }
        REQUIRE(drivers == households.cars[h]);
        REQUIRE(households.first_person[h] < households.first_person[h + 1]);
    }
}
