#include "core/scenario/city_description.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/scenario/schema.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

namespace {

std::string described(const std::string& text) {
    const auto folder = testing::scratch_folder("city_description");
    std::ofstream(folder + "/roads.osm") << "<osm/>";
    std::ofstream(folder + "/hex.csv") << "id\n";
    std::ofstream(folder + "/city.toml") << text;
    return folder + "/city.toml";
}

std::string code_of(const std::string& text) {
    const auto path = described(text);
    try {
        CityDescription::load(path);
    } catch (const InputError& error) {
        return error.diagnostics().front().code;
    }
    return "none";
}

}  // namespace

TEST_CASE("a city description names its parts with their files and columns", "[scenario]") {
    const auto path = described("name = \"x\"\ncrs = \"EPSG:31982\"\nroads = { file = \"roads.osm\", keep = \"largest\" }\nzones = { file = \"hex.csv\", population = \"pop\" }\n");
    const auto city = CityDescription::load(path);
    CHECK(city.crs == "EPSG:31982");
    REQUIRE(city.part("roads") != nullptr);
    CHECK(city.part("roads")->file == std::filesystem::path(path).parent_path().string() + "/roads.osm");
    CHECK(city.part("zones")->option("population") == "pop");
    CHECK(city.part("zones")->places.at("population").line == 4);
    CHECK(city.part("buildings") == nullptr);
}

TEST_CASE("a part may be just a path, and zones may come from several files", "[scenario]") {
    const auto city = CityDescription::load(described("roads = \"roads.osm\"\n[[zones]]\nfile = \"hex.csv\"\njobs = \"j\"\n[[zones]]\nfile = \"hex.csv\"\n"));
    CHECK(city.parts.size() == 3);
}

TEST_CASE("what this version doesn't read of a city is refused by name", "[scenario]") {
    CHECK(code_of("roads = \"roads.osm\"\nterrain = \"dem.tif\"\n") == "CT-SCENARIO-060");
    CHECK(code_of("roads = \"roads.osm\"\nsynthetic = { seed = -1 }\n") == "CT-SCENARIO-015");
    CHECK(code_of("roads = \"roads.osm\"\ntransit = [\"a.zip\"]\n") == "CT-SCENARIO-062");
    CHECK(code_of("roads = \"roads.osm\"\npower = \"synthesise\"\n") == "CT-SCENARIO-063");
    CHECK(code_of("roads = \"roads.osm\"\nwater = \"net.inp\"\n") == "CT-SCENARIO-064");
    CHECK(code_of("roads = \"roads.osm\"\nbins = \"b.csv\"\n") == "CT-SCENARIO-011");
    CHECK(code_of("roads = { file = \"roads.osm\", keep = \"some\" }\n") == "CT-SCENARIO-065");
    CHECK(code_of("roads = \"roads.osm\"\ngenerate = { population = 5 }\n") == "CT-SCENARIO-066");
    CHECK(code_of("name = \"nothing\"\n") == "CT-SCENARIO-067");
    CHECK(code_of("roads = \"other.osm\"\n") == "CT-SCENARIO-060");
    CHECK(code_of("generate = { population = 0 }\n") == "CT-SCENARIO-015");
}

TEST_CASE("files on a command line are a city when their parts are clear", "[scenario]") {
    CHECK(CityDescription::of_files({"a.osm.pbf"}, "EPSG:4326", "d.toml").part("roads")->files.at("defaults") == "d.toml");
    CHECK(CityDescription::load("x.h5").cached == "x.h5");
    const auto three = CityDescription::of_files({"b.city.json", "a.osm.pbf", "dem.tif"}, "", "");
    CHECK(three.parts.size() == 3);
    CHECK(three.part("buildings")->file == "b.city.json");
    CHECK(three.part("terrain")->file == "dem.tif");
    CHECK_THROWS_WITH(CityDescription::of_files({"a.osm.pbf", "b.net.xml"}, "", ""), Catch::Contains("CT-SCENARIO-068"));
    CHECK_THROWS_WITH(CityDescription::of_files({"a.osm.pbf", "b.gpkg"}, "", ""), Catch::Contains("CT-SCENARIO-069"));
}

TEST_CASE("the schemas are JSON Schema 2020-12 and know every key and parameter", "[scenario]") {
    const ModuleSchema traffic{"traffic", "Moves vehicles", {{"period", "quantity", "s", "1 s", "Step"}, {"charging.power", "quantity", "W", "", "Power"}}};
    const auto scenario = nlohmann::json::parse(scenario_schema({traffic}));
    CHECK(scenario["$schema"] == "https://json-schema.org/draft/2020-12/schema");
    CHECK(scenario["properties"]["modules"]["properties"]["traffic"]["properties"]["period"]["default"] == "1 s");
    CHECK(scenario["properties"]["modules"]["properties"]["traffic"]["properties"]["charging"]["properties"].contains("power"));
    CHECK(scenario["properties"]["change"]["items"]["properties"].contains("until"));
    CHECK(scenario["additionalProperties"] == false);
    const auto city = nlohmann::json::parse(city_schema());
    CHECK(city["properties"]["roads"]["oneOf"][1]["properties"].contains("defaults"));
}
