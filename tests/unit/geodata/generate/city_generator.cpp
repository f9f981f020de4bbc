#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <set>

#include "core/base/diagnostic.hpp"
#include "geodata/generate/building_plan.hpp"
#include "geodata/generate/city_generator.hpp"
#include "geodata/generate/street_plan.hpp"

using namespace citytwin;
using namespace citytwin::geodata;

namespace {

CityGeneratorOptions sized(std::uint64_t population, std::uint64_t seed = 1) {
    CityGeneratorOptions options;
    options.population = population;
    options.seed = seed;
    return options;
}

std::size_t reached_from_first(const RoadNetwork& network) {
    std::vector<std::vector<Index>> out(network.nodes());
    for (std::size_t link = 0; link < network.links(); ++link) out[network.link_from[link]].push_back(network.link_to[link]);
    std::vector<Index> stack{0};
    std::vector<char> seen(network.nodes(), 0);
    seen[0] = 1;
    std::size_t count = 1;
    while (!stack.empty()) {
        const Index node = stack.back();
        stack.pop_back();
        for (const Index next : out[node]) {
            if (seen[next]) continue;
            seen[next] = 1;
            ++count;
            stack.push_back(next);
        }
    }
    return count;
}

template <class T>
double total(const City& city, const char* set, const char* column) {
    const auto& values = city.at(set).get<T>(column);
    return std::accumulate(values.begin(), values.end(), 0.0, [](double sum, T v) { return sum + static_cast<double>(v); });
}

}  // namespace

TEST_CASE("a generated street network is in one piece, with a river that several bridges cross") {
    for (const std::uint64_t population : {1'000u, 20'000u, 150'000u}) {
        for (const std::uint64_t seed : {1u, 2u, 3u}) {
            const StreetPlan plan = plan_streets(sized(population, seed));
            const RoadNetwork network = network_of(plan, sized(population, seed));
            CHECK(reached_from_first(network) == network.nodes());
            const auto bridges = std::count_if(plan.streets.begin(), plan.streets.end(), [](const Street& s) { return s.bridge; });
            CHECK(bridges >= (population < 10'000 ? 1 : 3));
            for (const double length : network.link_length_m) CHECK(length > 30);
        }
    }
}

TEST_CASE("every rank of street is there and large crossings have signals") {
    const RoadNetwork network = network_of(plan_streets(sized(20'000)), sized(20'000));
    const std::set<RoadClass> classes(network.link_class.begin(), network.link_class.end());
    CHECK(classes == std::set<RoadClass>{RoadClass::primary, RoadClass::secondary, RoadClass::tertiary, RoadClass::residential});
    CHECK(std::count(network.node_control.begin(), network.node_control.end(), NodeControl::traffic_light) > 10);
    CHECK(std::count(network.link_name.begin(), network.link_name.end(), "Main Street") > 10);
}

TEST_CASE("zones and buildings hold exactly the people and jobs that were asked for") {
    Arena arena(2);
    for (const std::uint64_t population : {1'000u, 1'003u, 20'000u}) {
        const City city = generate_city(sized(population), arena);
        CHECK(total<double>(city, "zone", "population") == static_cast<double>(population));
        CHECK(total<std::int32_t>(city, "building", "residents") == static_cast<double>(population));
        CHECK(total<double>(city, "zone", "jobs") == Approx(population * 0.45).margin(1));
        const auto& dwellings = city.at("building").get<std::int32_t>("dwellings");
        const auto& residents = city.at("building").get<std::int32_t>("residents");
        for (std::size_t b = 0; b < dwellings.size(); ++b) CHECK(residents[b] >= dwellings[b]);
    }
}

TEST_CASE("buildings stand on the right side of their street and within its length") {
    Arena arena(1);
    const City city = generate_city(sized(20'000), arena);
    const StreetPlan plan = plan_streets(sized(20'000));
    const RoadNetwork network = network_of(plan, sized(20'000));
    const EntitySet& buildings = city.at("building");
    const auto& link = buildings.get<std::uint32_t>("road_link");
    const auto &x = buildings.get<double>("x"), &y = buildings.get<double>("y"), &offset = buildings.get<double>("road_offset");
    for (std::size_t b = 0; b < buildings.size(); ++b) {
        const Index from = network.link_from[link[b]], to = network.link_to[link[b]];
        const double dx = plan.x[to] - plan.x[from], dy = plan.y[to] - plan.y[from];
        REQUIRE(dx * (y[b] - plan.y[from]) - dy * (x[b] - plan.x[from]) < 0);
        REQUIRE(offset[b] > 0);
        REQUIRE(offset[b] < network.link_length_m[link[b]]);
    }
}

TEST_CASE("the places a city needs are there") {
    Arena arena(1);
    const City city = generate_city(sized(20'000), arena);
    const auto& kinds = city.at("place").get<std::string>("kind");
    for (const char* kind : {"school", "hospital", "depot", "substation", "reservoir", "landfill", "fire_station", "wastewater_plant"}) {
        INFO(kind);
        CHECK(std::count(kinds.begin(), kinds.end(), kind) >= 1);
    }
    CHECK(std::count(kinds.begin(), kinds.end(), "school") == 8);
}

TEST_CASE("a population out of range is refused") {
    Arena arena(1);
    CHECK_THROWS_AS(generate_city(sized(10), arena), InputError);
    CHECK_THROWS_AS(generate_city(sized(50'000'000), arena), InputError);
}

TEST_CASE("the same seed gives the same city at any thread count, another seed another one") {
    Arena one(1), two(2, 1), seven(7, 1);
    const auto columns_of = [](const City& city) {
        std::vector<ColumnData> all;
        for (const auto& set : city.sets()) {
            for (const auto& column : set.columns()) all.push_back(column.data);
        }
        return all;
    };
    const auto first = columns_of(generate_city(sized(30'000), one));
    CHECK(columns_of(generate_city(sized(30'000), two)) == first);
    CHECK(columns_of(generate_city(sized(30'000), seven)) == first);
    CHECK(columns_of(generate_city(sized(30'000, 2), one)) != first);
}
