// Vector layers against the figures that geopandas gives (ref/city/zones.json).
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "geodata/crs/crs.hpp"
#include "geodata/vector/vector_geometry.hpp"
#include "geodata/vector/vector_layer.hpp"
#include "geodata/vector/zones.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::geodata;
using Json = nlohmann::json;

namespace {

Json reference(const std::string& path) { return Json::parse(std::ifstream(path)); }

double sum_of(const VectorField& field) {
    double sum = 0;
    for (const double value : field.numbers) sum += std::isnan(value) ? 0 : value;
    return sum;
}

void check_layer(const VectorLayer& layer, const Json& expected) {
    CHECK(layer.size() == expected["features"]);
    CHECK(layer.crs == "EPSG:" + expected["crs"].get<std::string>());
    CHECK(Json(layer.types) == expected["types"]);
    CHECK(layer.invalid == expected["invalid"]);
    double area = 0, length = 0;
    const double infinity = std::numeric_limits<double>::infinity();
    double bounds[4] = {infinity, infinity, -infinity, -infinity};
    for (std::size_t row = 0; row < layer.size(); ++row) {
        area += area_of(layer, row);
        length += length_of(layer, row);
        const Box box = box_of(layer, row);
        bounds[0] = std::min(bounds[0], box.left);
        bounds[1] = std::min(bounds[1], box.bottom);
        bounds[2] = std::max(bounds[2], box.right);
        bounds[3] = std::max(bounds[3], box.top);
    }
    if (!expected["area"].is_null()) CHECK(area == Approx(expected["area"].get<double>()).margin(0.01));
    if (!expected["length"].is_null()) CHECK(length == Approx(expected["length"].get<double>()).margin(0.01));
    for (std::size_t k = 0; k < 4; ++k) CHECK(bounds[k] == Approx(expected["bounds"][k].get<double>()).margin(1e-4));
    for (const auto& [name, sum] : expected["sums"].items()) {
        INFO(name);
        const VectorField* field = layer.find(name);
        REQUIRE(field != nullptr);
        CHECK(field->is_number);
        CHECK(sum_of(*field) == Approx(sum.get<double>()).epsilon(1e-9));
    }
    for (const auto& field : layer.fields) CHECK(field.is_number == expected["sums"].contains(field.name));
}

}  // namespace

TEST_CASE("counts, systems, areas and sums of all zone layers are those of geopandas") {
    SHARED_OR_SKIP(path, "ref/city/zones.json");
    const Json expected = reference(path);
    for (const auto& [file, layers] : expected.items()) {
        const auto found = testing::shared_file("data/city/zones/" + file);
        REQUIRE(found);
        if (file.ends_with(".csv")) {
            const VectorLayer points = read_vector(*found);
            CHECK(points.size() == layers["rows"]);
            for (const auto& [name, sum] : layers["sums"].items()) {
                REQUIRE(points.find(name) != nullptr);
                CHECK(sum_of(*points.find(name)) == sum.get<double>());
            }
            continue;
        }
        CHECK(gdal_plugin().layers(*found).size() == layers.size());
        for (const auto& [name, figures] : layers.items()) {
            INFO(file << " " << name);
            check_layer(read_vector(*found, {name, true}), figures);
        }
    }
}

TEST_CASE("a layer in the web map's system has its true area in the city's") {
    SHARED_OR_SKIP(path, "data/city/zones/dtcc_landuse_testdata.shp");
    VectorLayer layer = read_vector(path);
    Arena arena(2, 16);
    move_to_city(layer, "EPSG:3006", 0, 0, "", arena);
    double area = 0;
    for (std::size_t row = 0; row < layer.size(); ++row) area += area_of(layer, row);
    CHECK(area == Approx(1'288'553).margin(1));  // city.md section 8: 4,424,399 m2 in EPSG:3857
}

TEST_CASE("the hexagons of Porto Alegre keep every resident and job, and their blank cells are counted") {
    SHARED_OR_SKIP(path, "data/city/zones/poa_hexgrid.csv");
    SHARED_OR_SKIP(sums, "ref/city/zones.json");
    City city;
    city.crs = "EPSG:31982";
    Arena arena(2, 16);
    DiagnosticList diagnostics;
    add_zones(city, path, {}, arena, diagnostics);
    const Json info = Json::parse(city.info_json)["population"];
    CHECK(info["zones"] == 1227);
    CHECK(info["sums"] == reference(sums)["poa_hexgrid.csv"]["sums"]);
    CHECK(info["blank_cells"] == Json{{"jobs", 5}, {"healthcare", 5}});
}
