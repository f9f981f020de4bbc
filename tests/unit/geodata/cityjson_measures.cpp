#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

#include "geodata/cityjson/import.hpp"
#include "geodata/cityjson/union_area.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::geodata;

namespace {

using Ring = std::vector<std::pair<double, double>>;

double area_of_union(const std::vector<Ring>& polygons) {
    cityjson::UnionArea area;
    for (std::uint32_t p = 0; p < polygons.size(); ++p) {
        const Ring& ring = polygons[p];
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const auto& [x0, y0] = ring[i];
            const auto& [x1, y1] = ring[(i + 1) % ring.size()];
            area.add_edge(p, x0, y0, x1, y1);
        }
    }
    return area.area();
}

const char* const faces = "[[[0,3,2,1]],[[4,5,6,7]],[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]],[[3,0,4,7]]]";

std::string box_file(const std::string& name, const std::string& boundaries, const std::string& crs) {
    const auto path = testing::scratch_folder("cityjson_" + name) + "/box.city.json";
    std::ofstream(path) << "{\"type\": \"CityJSON\", \"version\": \"1.1\", \"metadata\": {\"referenceSystem\": \"" << crs << "\"},\n"
                        << "\"transform\": {\"scale\": [1, 1, 1], \"translate\": [84000, 447000, 0]},\n"
                        << "\"CityObjects\": {\"a\": {\"type\": \"BuildingPart\", \"parents\": [\"p\"], \"geometry\": [{\"type\": \"Solid\", \"lod\": \"1\", \"boundaries\": [" << boundaries
                        << "], \"semantics\": {\"surfaces\": [{\"type\": \"GroundSurface\"}], \"values\": [[0, null, null, null, null, 7]]}}]},\n"
                        << "\"p\": {\"type\": \"Building\", \"attributes\": {\"yearOfConstruction\": 1931, \"function\": \"office\"}, \"children\": [\"a\"]}},\n"
                        << "\"vertices\": [[0,0,2],[10,0,2],[10,20,2],[0,20,2],[0,0,11],[10,0,11],[10,20,11],[0,20,11]]}\n";
    return path;
}

City read(const std::string& path) {
    Arena arena(1);
    DiagnosticList diagnostics;
    return read_city_json(path, {}, arena, diagnostics);
}

}  // namespace

TEST_CASE("the union of overlapping, equal, touching and crossing outlines counts each place once", "[geodata]") {
    const Ring square{{0, 0}, {2, 0}, {2, 2}, {0, 2}}, shifted{{1, 1}, {3, 1}, {3, 3}, {1, 3}}, beside{{2, 0}, {4, 0}, {4, 2}, {2, 2}};
    const Ring turned{{1, -1}, {3, 1}, {1, 3}, {-1, 1}};
    CHECK(area_of_union({square}) == Approx(4));
    CHECK(area_of_union({square, square}) == Approx(4));
    CHECK(area_of_union({square, shifted}) == Approx(7));
    CHECK(area_of_union({square, beside}) == Approx(8));
    CHECK(area_of_union({square, turned}) == Approx(8));   // the diamond covers the square but for nothing
    CHECK(area_of_union({}) == 0);
}

TEST_CASE("a box has its height, footprint, ground and volume, and the attributes of the building it is a part of", "[geodata]") {
    const City city = read(box_file("whole", faces, "EPSG:7415"));
    const EntitySet& set = city.at("building");
    REQUIRE(set.size() == 1);
    CHECK(set.get<double>("height")[0] == 9);
    CHECK(set.get<double>("lowest_z")[0] == 2);
    CHECK(set.get<double>("footprint_area")[0] == Approx(200));
    CHECK(set.get<double>("ground_area")[0] == Approx(200));
    CHECK(set.get<double>("volume")[0] == Approx(1800));
    CHECK(set.get<std::int32_t>("floors")[0] == 3);
    CHECK(set.get<std::int32_t>("year")[0] == 1931);
    CHECK(set.get<std::string>("use")[0] == "office");
    CHECK(set.get<std::string>("parent")[0] == "p");
    CHECK(set.get<std::uint8_t>("open_solid")[0] == 0);
    bool counted = false;
    for (const auto& issue : city.issues) counted = counted || (issue.code == "CT-CITYJSON-022" && issue.count == 1);
    CHECK(counted);
}

TEST_CASE("a box without its roof is open and has no volume; turned inside out it is negative", "[geodata]") {
    const City open = read(box_file("open", "[[[0,3,2,1]],[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]],[[3,0,4,7]]]", "EPSG:7415"));
    CHECK(open.at("building").get<std::uint8_t>("open_solid")[0] == 1);
    CHECK(std::isnan(open.at("building").get<double>("volume")[0]));
    const City inverted = read(box_file("inverted", "[[[1,2,3,0]],[[7,6,5,4]],[[4,5,1,0]],[[5,6,2,1]],[[6,7,3,2]],[[7,4,0,3]]]", "EPSG:7415"));
    CHECK(inverted.at("building").get<double>("volume")[0] == Approx(-1800));
}

TEST_CASE("buildings in a web map's system are measured in the city's, not in theirs", "[geodata]") {
    const auto path = testing::scratch_folder("cityjson_web") + "/web.city.json";
    std::ofstream(path) << "{\"type\": \"CityJSON\", \"version\": \"2.0\", \"metadata\": {\"referenceSystem\": \"EPSG:3857\"},\n"
                        << "\"CityObjects\": {\"a\": {\"type\": \"Building\", \"geometry\": [{\"type\": \"MultiSurface\", \"lod\": 1, \"boundaries\": [[[0,1,2,3]]]}]}},\n"
                        << "\"vertices\": [[480000,6800000,0],[480100,6800000,0],[480100,6800100,0],[480000,6800100,0]]}\n";
    const City city = read(path);
    CHECK(city.crs == "EPSG:32631");
    // 1 / cosh(y / R)^2, R = 6378137 m: the square of the map's scale at this latitude, within the ellipsoid's and UTM's 1 %.
    const double scale = std::cosh(6'800'050.0 / 6'378'137.0);
    CHECK(city.at("building").get<double>("footprint_area")[0] == Approx(10'000 / (scale * scale)).epsilon(0.01));
}
