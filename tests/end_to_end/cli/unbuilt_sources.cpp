// What interfaces.md knows and this version doesn't read is refused by name, exit 3.
#include <catch2/catch.hpp>

#include <fstream>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

TEST_CASE("CityGML, GTFS and OpenDSS files are refused by name with exit 3", "[cli]") {
    SHARED_OR_SKIP(gml, "data/city/citygml/lod2_buildings_v3.gml");
    SHARED_OR_SKIP(gtfs, "data/city/gtfs_bad/sample-feed-fixed.zip");
    const auto folder = testing::scratch_folder("unbuilt_sources");
    std::ofstream(folder + "/grid.dss") << "New Circuit.a\n";
    for (const auto& [file, name] : {std::pair<std::string, std::string>{gml, "CityGML"}, {gtfs, "GTFS"}, {folder + "/grid.dss", "OpenDSS"}}) {
        INFO(file);
        const auto result = testing::citytwin({"city", "import", file, "-o", folder + "/out.h5"});
        CHECK(result.exit_code == 3);
        CHECK_THAT(result.err, Catch::Contains("CT-CITY-034") && Catch::Contains(name));
    }
    std::ofstream(folder + "/city.toml") << "generate = { population = 1000 }\nbuildings = \"" << gml << "\"\n";
    const auto result = testing::citytwin({"check", folder + "/city.toml"});
    CHECK(result.exit_code == 3);
    CHECK_THAT(result.err, Catch::Contains("city.toml:2") && Catch::Contains("CityGML"));
}

TEST_CASE("a CityJSON file is a city of buildings whose figures city info prints", "[cli]") {
    SHARED_OR_SKIP(path, "data/city/cityjson/delft.city.json");
    const auto folder = testing::scratch_folder("cityjson_import");
    const auto imported = testing::citytwin({"city", "import", path, "-o", folder + "/delft.h5"});
    INFO(imported.err);
    REQUIRE(imported.exit_code == 0);
    const auto info = testing::citytwin({"city", "info", folder + "/delft.h5", "--json"});
    CHECK(info.exit_code == 0);
    CHECK_THAT(info.out, Catch::Contains("\"solids_not_closed\": 160") || Catch::Contains("\"solids_not_closed\":160"));
}
