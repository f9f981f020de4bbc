#include "geodata/export/vector_export.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "core/base/durable_file.hpp"
#include "geodata/road/road_network.hpp"
#include "geodata/vector/vector_geometry.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::geodata;

namespace {

City small_city() {
    City city;
    city.crs = "EPSG:32722";
    city.origin_x = 478000;
    city.origin_y = 6670000;
    city.sources = {{"poa.osm.pbf", "", 0}};
    EntitySet& node = city.add_set("road_node", 2);
    node.ids = {"n1", "n2"};
    node.add("x", "m", std::vector<double>{0, 100});
    node.add("y", "m", std::vector<double>{0, 0});
    EntitySet& link = city.add_set("road_link", 2);
    link.ids = {"7#0", "-7#0"};
    link.add("x", "m", std::vector<double>{50, 50});
    link.add("y", "m", std::vector<double>{0, 0});
    link.add("from", "1", std::vector<std::uint32_t>{0, 1}, "road_node");
    link.add("to", "1", std::vector<std::uint32_t>{1, 0}, "road_node");
    link.add("speed_limit", "m s-1", std::vector<double>{13.9, 8.3});
    link.add("class", "1", std::vector<std::uint8_t>{0, 11});
    link.add("flags", "1", std::vector<std::uint32_t>{road_flag::bridge | road_flag::defaulted_lanes, 0});
    link.add("source_way", "1", std::vector<std::int64_t>{7, 7});
    link.add("name", "", std::vector<std::string>{"Avenida São João", ""});
    Ragged<double> shape;
    shape.push_row(std::vector<double>{0, 0, 50, 10, 100, 0});
    shape.push_row({});
    link.add("shape", "m", shape);
    EntitySet& zone = city.add_set("zone", 1);
    zone.ids = {"z"};
    zone.add("x", "m", std::vector<double>{50});
    zone.add("y", "m", std::vector<double>{50});
    zone.add("population", "1", std::vector<double>{12});
    Ragged<double> outline;
    outline.push_row(std::vector<double>{0, 0, 100, 0, 100, 100, 0, 100});
    zone.add("shape", "m", outline);
    return city;
}

}  // namespace

TEST_CASE("a city exported to GeoPackage has its layers, ids, units, words and attribution") {
    const std::string path = testing::scratch_folder("export_gpkg") + "/c.gpkg";
    DiagnosticList diagnostics;
    export_vector(small_city(), path, {}, diagnostics);
    CHECK(gdal_plugin().layers(path) == std::vector<std::string>{"edges", "nodes", "zones"});
    const VectorLayer edges = read_vector(path, {"edges", true});
    CHECK(edges.crs == "EPSG:32722");
    CHECK(edges.find("id")->texts == std::vector<std::string>{"7#0", "-7#0"});
    CHECK(edges.find("from")->texts[0] == "n1");
    CHECK(edges.find("speed_limit_mps")->numbers[0] == 13.9);
    CHECK(edges.find("class")->texts[1] == "residential");
    CHECK(edges.find("flags")->texts[0] == "defaulted_lanes,bridge");
    CHECK(edges.find("name")->texts[0] == "Avenida São João");
    CHECK(edges.find("source_way")->is_integer);
    CHECK(edges.x[0] == 478000);
    CHECK(length_of(edges, 1) == 100);
    const VectorLayer zones = read_vector(path, {"zones", true});
    CHECK(area_of(zones, 0) == 10000);
    CHECK(zones.find("population")->numbers[0] == 12);
    CHECK(read_file(path).find("OpenStreetMap contributors") != std::string::npos);
    CHECK_THROWS_AS(export_vector(small_city(), path, {{"layer", "lakes"}}, diagnostics), InputError);
    export_vector(small_city(), path, {{"layer", "zones"}}, diagnostics);
    CHECK(gdal_plugin().layers(path).size() == 1);
}

TEST_CASE("FlatGeobuf takes a file for each layer and says where OpenStreetMap is the source") {
    const std::string folder = testing::scratch_folder("export_fgb");
    DiagnosticList diagnostics;
    export_vector(small_city(), folder + "/c.fgb", {}, diagnostics);
    CHECK(read_vector(folder + "/c.fgb").size() == 2);
    CHECK(read_vector(folder + "/c_nodes.fgb").size() == 2);
    CHECK(area_of(read_vector(folder + "/c_zones.fgb"), 0) == 10000);
    CHECK(read_file(folder + "/c.fgb.attribution.txt") == "© OpenStreetMap contributors, ODbL\n");
    City own = small_city();
    own.sources.clear();
    CHECK(attribution_of(own).empty());
}

TEST_CASE("ogrinfo opens the exported GeoPackage") {
    const std::string path = testing::scratch_folder("export_ogrinfo") + "/c.gpkg";
    DiagnosticList diagnostics;
    export_vector(small_city(), path, {}, diagnostics);
    const auto result = testing::program({"ogrinfo", "-ro", "-so", path, "edges"});
    if (result.exit_code == 127) {
        WARN("skipped: ogrinfo (gdal-bin) is not there");
        return;
    }
    CHECK(result.exit_code == 0);
    CHECK_THAT(result.out, Catch::Contains("Line String") && Catch::Contains("Feature Count: 2") && Catch::Contains("speed_limit_mps"));
}
