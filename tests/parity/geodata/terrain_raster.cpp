// GeoTIFF terrain against gdalinfo's figures (ref/city/dem.json): the same cells, so equal to the digits they are printed with.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "geodata/terrain/raster.hpp"
#include "geodata/terrain/terrain.hpp"
#include "geodata/vector/vector_layer.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::geodata;

TEST_CASE("a GeoTIFF has the size, place, range and mean that GDAL says", "[geodata]") {
    SHARED_OR_SKIP(reference, "ref/city/dem.json");
    SHARED_OR_SKIP(folder, "data/city/dem");
    const auto all = nlohmann::json::parse(std::ifstream(reference));
    for (const auto& [file, expected] : all.items()) {
        INFO(file);
        const Raster raster = gdal_plugin().read_raster(folder + "/" + file);
        CHECK(raster.columns == expected["size"][0]);
        CHECK(raster.rows == expected["size"][1]);
        CHECK(raster.type == expected["type"]);
        for (std::size_t k = 0; k < 6; ++k) CHECK(raster.place[k] == Approx(expected["geotransform"][k].get<double>()).epsilon(1e-11));
        CHECK(raster.least == Approx(expected["min"].get<double>()).margin(5e-4));   // printed with three digits
        CHECK(raster.most == Approx(expected["max"].get<double>()).margin(5e-4));
        CHECK(raster.mean == Approx(expected["mean"].get<double>()).margin(5e-4));
    }
}

TEST_CASE("the terrain of Porto Alegre is saturated at 255 m and says so", "[geodata]") {
    SHARED_OR_SKIP(path, "data/city/dem/poa_elevation.tif");
    const Raster raster = gdal_plugin().read_raster(path);
    CHECK(raster.saturated > 0);
    City city;
    city.crs = "EPSG:32722";
    city.origin_x = 480'000;
    city.origin_y = 6'675'000;
    EntitySet& nodes = city.add_set("road_node", 2);
    nodes.ids = {"inside", "in the sea"};
    nodes.add("x", "m", std::vector<double>{0, 900'000});
    nodes.add("y", "m", std::vector<double>{0, 0});
    Arena arena(1);
    DiagnosticList diagnostics;
    add_terrain(city, path, {}, arena, diagnostics);
    const auto& height = city.at("road_node").get<double>("elevation");
    CHECK(std::isfinite(height[0]));
    CHECK(std::isnan(height[1]));
    CHECK(city.issues.front().code == "CT-TERRAIN-010");
    CHECK(nlohmann::json::parse(city.info_json)["terrain"]["saturated_cells"] == raster.saturated);
}
