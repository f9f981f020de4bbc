#include "geodata/buildings/lay_buildings.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <numeric>

#include "core/city/city_file.hpp"
#include "geodata/buildings/zone_buildings.hpp"
#include "geodata/generate/city_generator.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::geodata;

namespace {

/// A generated city whose buildings were taken away: roads and zones with people and jobs.
City bare_city(Arena& arena) {
    CityGeneratorOptions options;
    options.population = 4'000;
    options.seed = 3;
    City city = generate_city(options, arena);
    auto& sets = city.sets();
    for (auto& set : sets) {
        if (set.name() == "building" || set.name() == "place") set = EntitySet(set.name(), 0);
    }
    return city;
}

std::vector<double> by_zone(const City& city, const char* column) {
    std::vector<double> sums(city.at("zone").size(), 0);
    const auto& zone = city.at("building").get<Index>("zone");
    const auto& values = city.at("building").get<std::int32_t>(column);
    for (std::size_t b = 0; b < zone.size(); ++b) sums[zone[b]] += values[b];
    return sums;
}

}  // namespace

TEST_CASE("laid-out buildings hold exactly their zones' residents and jobs", "[geodata]") {
    Arena arena(2);
    City city = bare_city(arena);
    REQUIRE(needs_buildings(city));
    lay_buildings(city, 1, arena);
    CHECK(by_zone(city, "residents") == city.at("zone").get<double>("population"));
    CHECK(by_zone(city, "jobs") == city.at("zone").get<double>("jobs"));
    CHECK_FALSE(needs_buildings(city));
}

TEST_CASE("zones whose people are whole numbers in the file get the same buildings as those with real numbers", "[geodata]") {
    Arena arena(2);
    City real = bare_city(arena), whole = bare_city(arena);
    for (const char* column : {"population", "jobs"}) {
        EntitySet& zones = *whole.find("zone");
        const auto values = zones.get<double>(column);
        zones.add(column, "1", std::vector<std::int64_t>(values.begin(), values.end()));
    }
    REQUIRE(needs_buildings(whole));
    lay_buildings(real, 1, arena);
    lay_buildings(whole, 1, arena);
    CHECK(whole.at("building").ids == real.at("building").ids);
    CHECK(by_zone(whole, "residents") == by_zone(real, "residents"));
    CHECK(by_zone(whole, "jobs") == by_zone(real, "jobs"));
}

TEST_CASE("laid-out buildings are marked synthetic and stand beside the street they are reached from", "[geodata]") {
    Arena arena(1);
    City city = bare_city(arena);
    lay_buildings(city, 1, arena);
    const EntitySet& set = city.at("building");
    const auto& synthetic = set.get<std::uint8_t>("synthetic");
    CHECK(std::accumulate(synthetic.begin(), synthetic.end(), std::size_t{0}) == set.size());
    const EntitySet& links = city.at("road_link");
    for (std::size_t b = 0; b < set.size(); ++b) {
        const Index link = set.get<Index>("road_link")[b];
        REQUIRE(link < links.size());
        CHECK(set.get<double>("road_offset")[b] >= 0);
        CHECK(set.get<double>("road_offset")[b] <= links.get<double>("length")[link]);
        CHECK(set.get<double>("floor_area")[b] == Approx(set.get<double>("footprint_area")[b] * set.get<std::int32_t>("floors")[b]));
    }
}

TEST_CASE("the same city and seed give the same buildings for any number of threads, another seed others", "[geodata]") {
    const auto years = [](std::uint64_t seed, int threads) {
        Arena arena(threads, 1);
        City city = bare_city(arena);
        lay_buildings(city, seed, arena);
        return city.at("building").get<std::int32_t>("year");
    };
    CHECK(years(1, 1) == years(1, 2));
    CHECK(years(1, 1) != years(2, 1));
}

TEST_CASE("a zone's dwellings decide the type of its homes", "[geodata]") {
    using namespace geodata::buildings;
    const Random random(1, "synthetic.building");
    CHECK(std::string(plan_zone({7, 23, 0}, 40, random).type.front()->name) == "detached_house");
    CHECK(std::string(plan_zone({7, 2'300, 0}, 40, random).type.front()->name) == "apartment_block");
    const ZoneBuildings crowded = plan_zone({7, 100'000, 0}, 2, random);
    CHECK(crowded.size() == 2);
    CHECK(crowded.residents[0] + crowded.residents[1] == 100'000);
    CHECK(plan_zone({7, 10, 10}, 0, random).size() == 0);
    const ZoneBuildings one_lot = plan_zone({7, 10, 10}, 1, random);
    CHECK(one_lot.size() == 2);
}
