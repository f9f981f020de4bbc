#include "core/city/person_groups.hpp"

#include <catch2/catch.hpp>

using namespace citytwin;

namespace {

/// `n` zones on a line from west to east, ten people each, one person row a zone.
City line_of_zones(std::size_t n) {
    City city;
    EntitySet& zones = city.add_set("zone", n);
    std::vector<double> x, y(n, 0.0), people(n, 10.0);
    std::vector<std::uint32_t> zone, household(n, 0);
    for (std::size_t z = 0; z < n; ++z) {
        zones.ids.push_back("z" + std::to_string(z));
        x.push_back(static_cast<double>(z) * 100);
        zone.push_back(static_cast<std::uint32_t>(z));
    }
    zones.add("x", "m", x);
    zones.add("y", "m", y);
    zones.add("population", "1", people);
    EntitySet& persons = city.add_set("person", n);
    persons.add("zone", "1", zone, "zone");
    return city;
}

}  // namespace

TEST_CASE("districts are the zones' own, or the zones, or areas of about equal population", "[person_groups]") {
    City few = line_of_zones(12);
    const auto zones = person_groupings(few);
    REQUIRE(zones.size() == 1);   // neither ages nor households are known
    CHECK(zones[0].by == "district");
    CHECK(zones[0].names.size() == 12);
    CHECK(zones[0].names[3] == "z3");

    few.find("zone")->add("district", "", std::vector<std::string>{"west", "west", "west", "west", "west", "west", "east", "east", "east", "east", "east", ""});
    const auto named = person_groupings(few)[0];
    CHECK(named.names == std::vector<std::string>{"west", "east"});
    CHECK(named.persons == std::vector<double>{6, 5});
    CHECK(named.of_person.back() == PersonGrouping::none);

    const auto areas = person_groupings(line_of_zones(320))[0];
    CHECK(areas.names.size() == 32);
    for (const double persons : areas.persons) CHECK(persons == 10);
    CHECK(areas.names.front() == "1 west");
    CHECK(areas.names.back() == "32 east");
}

TEST_CASE("ages and incomes tell persons apart where the city knows them; the reserve doesn't count", "[person_groups]") {
    City city = line_of_zones(6);
    EntitySet& persons = *city.find("person");
    persons.add("age_group", "1", std::vector<std::uint8_t>{0, 1, 2, 3, 4, 4});
    persons.add("household", "1", std::vector<std::uint32_t>{0, 0, 1, 1, 1, 1}, "household");
    persons.add("reserve", "1", std::vector<std::uint8_t>{0, 0, 0, 0, 0, 1});
    city.add_set("household", 2).add("income_group", "1", std::vector<std::uint8_t>{0, 4});
    const auto all = person_groupings(city);
    REQUIRE(all.size() == 3);
    CHECK(all[1].by == "age");
    CHECK(all[1].persons == std::vector<double>{1, 1, 1, 1, 1});
    CHECK(all[2].by == "income");
    CHECK(all[2].persons == std::vector<double>{2, 0, 0, 0, 3});
}
