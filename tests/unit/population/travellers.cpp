#include <catch2/catch.hpp>

#include "modules/population/model/travellers.hpp"

using namespace citytwin;
using namespace citytwin::population;

namespace {

/// Person 0: one tour of two trips (08:00, 17:00); person 1: two tours (09:00, 10:00; 18:00, 19:00); person 2 stays at home.
struct TwoPeople {
    std::vector<std::uint32_t> first{0, 2, 6, 6};
    std::vector<std::uint32_t> depart_ms = {8 * 3'600'000u, 17 * 3'600'000u, 9 * 3'600'000u, 10 * 3'600'000u, 18 * 3'600'000u, 19 * 3'600'000u};
    std::vector<std::uint8_t> starts_tour{1, 0, 1, 0, 1, 0};
    std::vector<Departure> out;
    bool active = true;
    Travellers travellers;

    explicit TwoPeople(Microseconds start_of_day = 0) : travellers(first, depart_ms, starts_tour, start_of_day) {}
    void go_on(Microseconds until) {
        travellers.go_on(until, [this](Index) { return active; }, [this](const Departure& d) { out.push_back(d); });
    }
    void arrived(Index person, Microseconds when) {
        travellers.arrived(person, when, when, [this](Index) { return active; }, [this](const Departure& d) { out.push_back(d); });
    }
};

}  // namespace

TEST_CASE("trips go out in the order of their planned times, each after the one before has arrived") {
    TwoPeople t;
    t.go_on(9 * hour + 1);
    REQUIRE(t.out.size() == 2);
    CHECK(t.out[0].person == 0);
    CHECK(t.out[0].at == 8 * hour);
    CHECK(t.out[1].person == 1);
    CHECK(t.travellers.under_way() == 2);
    t.arrived(1, 9 * hour + 10 * minute);
    CHECK(t.out.size() == 2);
    CHECK_FALSE(t.travellers.is_at_home(1));
    t.go_on(10 * hour + 1);
    REQUIRE(t.out.size() == 3);
    CHECK(t.out[2].trip == 3);
    CHECK_FALSE(t.out[2].late);
}

TEST_CASE("who arrives after the next departure was due leaves a minute later, and is called late") {
    TwoPeople t;
    t.go_on(11 * hour);
    REQUIRE(t.out.size() == 2);
    t.arrived(1, 10 * hour + 30 * minute);
    REQUIRE(t.out.size() == 3);
    CHECK(t.out[2].trip == 3);
    CHECK(t.out[2].at == 10 * hour + 31 * minute);
    CHECK(t.out[2].late);
}

TEST_CASE("somebody inactive starts no tour but finishes the one begun") {
    TwoPeople t;
    t.go_on(9 * hour + 1);
    t.active = false;
    t.arrived(1, 9 * hour + minute);
    t.go_on(10 * hour + 1);
    REQUIRE(t.out.size() == 3);   // the way home
    t.arrived(1, 10 * hour + 5 * minute);
    t.go_on(20 * hour);
    CHECK(t.out.size() == 3);
    CHECK(t.travellers.is_at_home(1));
}

TEST_CASE("who is made active during the day begins with the next tour") {
    TwoPeople t;
    t.active = false;
    t.go_on(12 * hour);
    CHECK(t.out.empty());
    t.active = true;
    t.go_on(19 * hour);
    REQUIRE(t.out.size() == 1);
    CHECK(t.out[0].person == 1);
    CHECK(t.out[0].at == 18 * hour);
}

TEST_CASE("the plan repeats on the next day, also for who comes home after midnight") {
    TwoPeople t;
    t.go_on(18 * hour);
    t.arrived(0, 17 * hour);       // at work by 17:00: the way home is late
    REQUIRE(t.out.size() == 3);
    t.go_on(24 * hour);
    t.arrived(0, 25 * hour);
    t.go_on(32 * hour + 1);
    CHECK(t.out.back().person == 0);
    CHECK(t.out.back().day == 1);
    CHECK(t.out.back().at == 32 * hour);
}

TEST_CASE("a run that starts at noon leaves out the tours before noon") {
    TwoPeople t(12 * hour);
    t.go_on(8 * hour);
    REQUIRE(t.out.size() == 1);
    CHECK(t.out[0].person == 1);
    CHECK(t.out[0].at == 6 * hour);   // 18:00 local
    t.go_on(20 * hour + 1);           // 08:00 of the next day
    CHECK(t.out.back().person == 0);
    CHECK(t.out.back().day == 1);
}

TEST_CASE("the state alone continues a day") {
    TwoPeople a, b;
    a.go_on(10 * hour);
    b.travellers.restore(a.travellers.state());
    CHECK(b.travellers.under_way() == a.travellers.under_way());
    a.out.clear();
    for (TwoPeople* t : {&a, &b}) {
        t->arrived(0, 10 * hour);
        t->arrived(1, 10 * hour + minute);
        t->go_on(20 * hour);
    }
    REQUIRE(a.out.size() == b.out.size());
    for (std::size_t k = 0; k < a.out.size(); ++k) {
        CHECK(a.out[k].trip == b.out[k].trip);
        CHECK(a.out[k].at == b.out[k].at);
    }
}
