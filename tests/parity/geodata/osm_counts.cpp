// The counted quantities of six real extracts against the reference results (city.md section 3; bar B3).
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "geodata/osm/street_graph.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata::osm;

nlohmann::json counts_of(const std::string& path, int threads) {
    Arena arena(threads);
    OsmData data = read_osm_file(path, threads);
    const LocatedWays located = locate_ways(data.roads, data.nodes, arena);
    const Pieces pieces = cut_ways(located, data.nodes, {}, arena);
    Counts counts = count_streets(data, located, pieces);
    counts.closed_building_way_area_m2 = closed_building_area_m2(data, arena);
    return nlohmann::json::parse(counts_json(counts));
}

TEST_CASE("all six OpenStreetMap extracts are counted exactly as the reference counts them") {
    SHARED_OR_SKIP(reference_file, "ref/city/osm.json");
    const auto reference = nlohmann::json::parse(std::ifstream(reference_file));
    REQUIRE(reference.size() == 6);
    for (const auto& [name, expected] : reference.items()) {
        CAPTURE(name);
        const auto path = citytwin::testing::shared_file("data/city/osm/" + name);
        REQUIRE(path);
        const auto counts = counts_of(*path, 2);
        for (const auto& [key, value] : expected.items()) {
            CAPTURE(key);
            if (key == "closed_building_way_area_m2") {
                CHECK(counts.at(key).get<double>() == Approx(value.get<double>()).margin(0.1001));
            } else {
                CHECK(counts.at(key) == value);
            }
        }
        CHECK(counts.size() == expected.size());
    }
}

TEST_CASE("the counts of an extract are the same for any number of threads") {
    SHARED_OR_SKIP(path, "data/city/osm/helsinki.osm.pbf");
    const auto one = counts_of(path, 1);
    CHECK(counts_of(path, 2) == one);
    CHECK(counts_of(path, 7) == one);
}

}  // namespace
