// What must hold for every population, whatever its numbers: people are kept, jobs are filled once, days are possible,
// digits don't depend on threads, and more demand leaves everybody else's day alone.
#include <catch2/catch.hpp>

#include <algorithm>

#include "core/base/hash.hpp"
#include "modules/population/model/demand.hpp"
#include "support/sample_places.hpp"

using namespace citytwin;
using namespace citytwin::population;

namespace {

template <class T>
std::span<const T> all(const std::vector<T>& values) { return {values.data(), values.size()}; }

std::string hash_of(const Demand& d) {
    StateHash h;
    h.column(all(d.people.persons.key));
    h.column(all(d.people.persons.home_site));
    h.column(all(d.people.persons.main_site));
    h.column(all(d.people.persons.role));
    h.column(all(d.people.households.cars));
    h.column(all(d.trips.first_of_person));
    h.column(all(d.trips.depart_ms));
    h.column(all(d.trips.destination_site));
    h.column(all(d.trips.way_m));
    h.column(all(d.trips.mode));
    h.column(all(d.trips.purpose));
    return h.hex();
}

}  // namespace

TEST_CASE("every resident of a site is one person and every job one worker") {
    Arena arena(2, 16);
    for (const Index side : {3u, 5u, 8u}) {
        const Places places = testing::sample_places(side);
        Parameters parameters;
        parameters.seed = side;
        const Demand demand = make_demand(places, parameters, arena);
        const Persons& persons = demand.people.persons;
        std::vector<std::int32_t> at_home(places.sites.size(), 0), at_work(places.sites.size(), 0);
        for (std::size_t i = 0; i < persons.residents; ++i) {
            ++at_home[persons.home_site[i]];
            if (persons.role[i] == Role::worker) ++at_work[persons.main_site[i]];
        }
        CHECK(at_home == places.sites.residents);
        CHECK(at_work == places.sites.jobs);
        CHECK(demand.people.unfilled_jobs == 0);
    }
}

TEST_CASE("the same bytes at one, two and seven threads and any grain") {
    const Places places = testing::sample_places(9, 800);
    std::string expected;
    for (const int threads : {1, 2, 7}) {
        for (const std::size_t grain : {1u, 64u, 4096u}) {
            Arena arena(threads, grain);
            const std::string found = hash_of(make_demand(places, Parameters{}, arena));
            if (expected.empty()) expected = found;
            CHECK(found == expected);
        }
    }
}

TEST_CASE("another seed gives another city of people") {
    Arena arena(1);
    Parameters other;
    other.seed = 2;
    CHECK(hash_of(make_demand(testing::sample_places(3), Parameters{}, arena)) != hash_of(make_demand(testing::sample_places(3), other, arena)));
}

TEST_CASE("a person departs after having arrived, comes home at the end, and so does the car") {
    Arena arena(2, 64);
    const Places places = testing::sample_places(8, 600);
    const Parameters p;
    const Demand d = make_demand(places, p, arena);
    const double speed[] = {p.walk_speed_mps, p.bike_speed_mps, p.transit_speed_mps, p.planned_car_speed_mps};
    for (std::size_t i = 0; i < d.people.persons.size(); ++i) {
        const Index home = d.people.persons.home_site[i];
        Index at = home, car_at = home;
        double free_at = 0;
        for (std::size_t t = d.trips.first_of_person[i]; t < d.trips.first_of_person[i + 1]; ++t) {
            const double depart = d.trips.depart_ms[t] / 1000.0;
            REQUIRE(depart >= free_at - 0.01);
            REQUIRE(d.trips.destination_site[t] != at);
            if (d.trips.mode[t] == Mode::car) {
                REQUIRE(car_at == at);
                car_at = d.trips.destination_site[t];
            }
            at = d.trips.destination_site[t];
            free_at = depart + static_cast<double>(d.trips.way_m[t]) / speed[static_cast<int>(d.trips.mode[t])];
        }
        REQUIRE(at == home);
        REQUIRE(car_at == home);
        REQUIRE(free_at < 24 * 3600);
    }
}

TEST_CASE("ten percent more demand keeps everybody else's trips and adds a tenth of the people") {
    Arena arena(2, 64);
    const Places places = testing::sample_places(8, 900);
    const Parameters p;
    const Demand d = make_demand(places, p, arena);
    const Persons& persons = d.people.persons;
    std::size_t base = 0, more = 0, half = 0;
    for (std::size_t i = 0; i < persons.size(); ++i) {
        const bool reserve = i >= persons.residents;
        base += is_active(reserve, persons.key[i], 1.0, p.reserve);
        const bool now = is_active(reserve, persons.key[i], 1.1, p.reserve);
        more += now;
        half += is_active(reserve, persons.key[i], 0.5, p.reserve);
        if (!reserve) REQUIRE(now);  // the trips of a person are a column: active or not, they are the same
    }
    CHECK(base == persons.residents);
    CHECK(static_cast<double>(more) / static_cast<double>(base) == Approx(1.1).margin(0.005));
    CHECK(static_cast<double>(half) / static_cast<double>(base) == Approx(0.5).margin(0.01));
    CHECK(persons.size() - persons.residents >= persons.residents / 5);
}

TEST_CASE("the size of the reserve changes no resident's day") {
    Arena arena(1);
    const Places places = testing::sample_places(5);
    Parameters small, large;
    small.reserve = 0.2;
    large.reserve = 0.6;
    const Demand a = make_demand(places, small, arena), b = make_demand(places, large, arena);
    REQUIRE(a.people.persons.residents == b.people.persons.residents);
    const std::size_t trips = a.trips.first_of_person[a.people.persons.residents];
    REQUIRE(trips == b.trips.first_of_person[b.people.persons.residents]);
    CHECK(std::equal(a.trips.depart_ms.begin(), a.trips.depart_ms.begin() + static_cast<std::ptrdiff_t>(trips), b.trips.depart_ms.begin()));
    CHECK(std::equal(a.trips.destination_site.begin(), a.trips.destination_site.begin() + static_cast<std::ptrdiff_t>(trips), b.trips.destination_site.begin()));
}

TEST_CASE("stable keys of persons are unique") {
    Arena arena(1);
    const Demand d = make_demand(testing::sample_places(8, 900), Parameters{}, arena);
    auto keys = d.people.persons.key;
    std::sort(keys.begin(), keys.end());
    CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}
