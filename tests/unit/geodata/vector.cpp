#include "geodata/vector/vector_layer.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "geodata/vector/vector_geometry.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::geodata;
using Catch::Contains;

namespace {

std::string geojson(const std::string& geometries) {
    return R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::25832"}},"features":[)" + geometries + "]}";
}
std::string feature(const std::string& geometry, const std::string& properties = "{}") {
    return R"({"type":"Feature","properties":)" + properties + R"(,"geometry":)" + geometry + "}";
}
std::string polygon(const std::string& rings) { return R"({"type":"Polygon","coordinates":[)" + rings + "]}"; }

}  // namespace

TEST_CASE("polygons keep their holes, lines and points their place") {
    const std::string path = testing::scratch_folder("vector_kinds") + "/f.geojson";
    write_file(path, geojson(feature(polygon("[[0,0],[10,0],[10,10],[0,10],[0,0]],[[2,2],[2,4],[4,4],[4,2],[2,2]]"), R"({"id":"a","n":1})") + "," +
                             feature(R"({"type":"LineString","coordinates":[[0,0],[3,4]]})", R"({"id":"b","n":null})") + "," +
                             feature(R"({"type":"Point","coordinates":[7,8]})", R"({"id":"c","n":2.5})") + "," + feature("null", R"({"id":"d","n":3})")));
    const VectorLayer layer = read_vector(path);
    CHECK(is_gdal_loaded());
    REQUIRE(layer.size() == 4);
    CHECK(layer.crs == "EPSG:25832");
    CHECK(area_of(layer, 0) == 96);
    CHECK(length_of(layer, 1) == 5);
    CHECK(inner_point(layer, 2).y == 8);
    CHECK(layer.kind[3] == GeometryKind::none);
    CHECK(layer.without_geometry == 1);
    CHECK(contains(layer, 0, 1, 1));
    CHECK_FALSE(contains(layer, 0, 3, 3));
    CHECK(layer.find("id")->texts[1] == "b");
    CHECK(layer.find("n")->is_blank(1));
    CHECK(layer.find("n")->numbers[2] == 2.5);
    CHECK(layer.invalid == 0);
    CHECK(outline_of(layer, 0) == std::vector<double>{0, 0, 10, 0, 10, 10, 0, 10});
}

TEST_CASE("a polygon that crosses itself is repaired and counted, one that doesn't isn't") {
    const std::string path = testing::scratch_folder("vector_invalid") + "/f.geojson";
    write_file(path, geojson(feature(polygon("[[0,0],[10,10],[10,0],[0,10],[0,0]]")) + "," + feature(polygon("[[0,0],[10,0],[10,10],[5,10],[0,10],[0,0]]")) + "," +
                             feature(polygon("[[0,0],[10,0],[10,10],[0,10]]"))));
    const VectorLayer layer = read_vector(path);
    CHECK(layer.invalid == 1);
    CHECK(layer.unclosed == 1);
    CHECK(area_of(layer, 0) == Approx(50));
    CHECK(area_of(layer, 1) == Approx(100));
    CHECK(area_of(layer, 2) == Approx(100));
}

TEST_CASE("the point of a bent polygon lies in it") {
    const std::string path = testing::scratch_folder("vector_bent") + "/f.geojson";
    write_file(path, geojson(feature(polygon("[[0,0],[30,0],[30,3],[3,3],[3,30],[0,30],[0,0]]"))));
    const VectorLayer layer = read_vector(path);
    const Point inside = inner_point(layer, 0);
    CHECK(contains(layer, 0, inside.x, inside.y));
}

TEST_CASE("what is wrong with a vector file is told by name") {
    const std::string folder = testing::scratch_folder("vector_bad");
    CHECK_THROWS_WITH(read_vector(folder + "/none.gpkg"), Contains("none.gpkg"));
    write_file(folder + "/text.gpkg", "no database");
    CHECK_THROWS_WITH(read_vector(folder + "/text.gpkg"), Contains("CT-VECTOR-006"));
    write_file(folder + "/broken.geojson", R"({"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polyg)");
    CHECK_THROWS_AS(read_vector(folder + "/broken.geojson"), InputError);
    write_file(folder + "/x.parquet", "PAR1");
    CHECK_THROWS_WITH(read_vector(folder + "/x.parquet"), Contains("GeoPackage"));
    write_file(folder + "/s.shp", "x");
    CHECK_THROWS_WITH(read_vector(folder + "/s.shp"), Contains("'.shx' is missing"));
    write_file(folder + "/no_place.csv", "id,population\na,1\n");
    CHECK_THROWS_WITH(read_vector(folder + "/no_place.csv"), Contains("lon and lat") && Contains("population"));
    write_file(folder + "/swapped.csv", "id,lon,lat\na,48.1,-130.5\n");
    CHECK_THROWS_WITH(read_vector(folder + "/swapped.csv"), Contains("swapped.csv:2") && Contains("swapped"));
    write_file(folder + "/text.csv", "id,lon,lat\na,east,1\n");
    CHECK_THROWS_WITH(read_vector(folder + "/text.csv"), Contains("text.csv:2:3"));
}

TEST_CASE("a layer of several is asked for by name") {
    SHARED_OR_SKIP(path, "data/city/zones/helsinki_population_grid_2020.gpkg");
    CHECK_THROWS_WITH(read_vector(path, {"population_grid_2021", true}), Contains("nearest: 'population_grid_2020'"));
    CHECK(read_vector(path).size() == 92);
}

TEST_CASE("what is written to GeoPackage and FlatGeobuf reads back") {
    const std::string folder = testing::scratch_folder("vector_write");
    write_file(folder + "/f.geojson", geojson(feature(polygon("[[0,0],[10,0],[10,10],[0,10],[0,0]],[[2,2],[2,4],[4,4],[4,2],[2,2]]"), R"({"name":"ä","n":1,"v":0.1})") + "," +
                                              feature(R"({"type":"MultiPolygon","coordinates":[[[[20,0],[30,0],[30,10],[20,0]]],[[[40,0],[50,0],[50,10],[40,0]]]]})", R"({"name":"b","n":null,"v":1e-300})")));
    const VectorLayer before = read_vector(folder + "/f.geojson");
    for (const auto& [driver, file] : {std::pair{"GPKG", "/o.gpkg"}, std::pair{"FlatGeobuf", "/o.fgb"}}) {
        INFO(driver);
        gdal_plugin().write(folder + file, driver, {before}, {{"ATTRIBUTION", "somebody"}});
        const VectorLayer after = read_vector(folder + file);
        REQUIRE(after.size() == 2);
        CHECK(after.crs == "EPSG:25832");
        const bool same_order = after.find("name")->texts[0] == "ä";  // FlatGeobuf sorts by place
        const std::size_t first = same_order ? 0 : 1;
        CHECK(area_of(after, first) == 96);
        CHECK(area_of(after, 1 - first) == 100);
        CHECK(after.find("v")->numbers[1 - first] == 1e-300);
        CHECK(after.find("n")->is_blank(1 - first));
        CHECK(after.find("n")->is_integer);
    }
    CHECK_THROWS_AS(gdal_plugin().write("/nowhere/o.gpkg", "GPKG", {before}, {}), RunError);
}
