#include "core/city/city_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/hdf5.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

namespace {

City sample_city() {
    City city;
    city.name = "Prüfstadt";
    city.crs = "EPSG:31982";
    city.origin_x = 478000;
    city.origin_y = 6676000.5;
    city.sources = {{"a.osm.pbf", "abc", 12}, {"zones.csv", "def", 34}};
    city.issues = {{"CT-ROAD-001", "warning", "lanes_from_default", "defaulted", 3, 12.5, 0.25, {"way 1 (1.0, 2.0)"}, "see"}};
    city.info_json = R"({"network":{"nodes":2}})";
    city.import_settings = "crs = 1";
    EntitySet& node = city.add_set("road_node", 2);
    node.ids = {"n1", "n2"};
    node.add("x", "m", std::vector<double>{0, 1.5});
    EntitySet& link = city.add_set("road_link", 3);
    link.ids = {"z#0", "-z#0", "ü"};
    link.add("to", "1", std::vector<std::uint32_t>{0, 1, no_index}, "road_node", "Where it ends");
    link.add("from", "1", std::vector<std::uint32_t>{1, 0, 1}, "road_node");
    link.add("lanes", "1", std::vector<std::int32_t>{1, 2, 3});
    link.add("way", "1", std::vector<std::int64_t>{1LL << 40, -1, 0});
    link.add("active", "1", std::vector<std::uint8_t>{1, 0, 1});
    link.add("name", "", std::vector<std::string>{"Straße", "", "c"});
    Ragged<double> shape;
    shape.push_row(std::vector<double>{0, 0, 1, 1});
    shape.push_row({});
    shape.push_row(std::vector<double>{2});
    link.add("shape", "m", shape);
    Ragged<std::uint32_t> nodes;
    for (std::uint32_t i = 0; i < 3; ++i) nodes.push_row(std::vector<std::uint32_t>(i, 1u));
    link.add("nodes", "1", nodes, "road_node");
    city.add_set("zone", 0);
    return city;
}

void check_equal(const City& a, const City& b) {
    CHECK(a.name == b.name);
    CHECK(a.crs == b.crs);
    CHECK(a.origin_x == b.origin_x);
    CHECK(a.origin_y == b.origin_y);
    CHECK(a.info_json == b.info_json);
    CHECK(a.import_settings == b.import_settings);
    REQUIRE(a.sources.size() == b.sources.size());
    REQUIRE(a.issues.size() == b.issues.size());
    CHECK(a.issues[0].cause == b.issues[0].cause);
    CHECK(a.issues[0].examples == b.issues[0].examples);
    REQUIRE(a.sets().size() == b.sets().size());
    for (std::size_t s = 0; s < a.sets().size(); ++s) {
        CHECK(a.sets()[s].name() == b.sets()[s].name());
        CHECK(a.sets()[s].ids == b.sets()[s].ids);
        REQUIRE(a.sets()[s].columns().size() == b.sets()[s].columns().size());
        for (std::size_t c = 0; c < a.sets()[s].columns().size(); ++c) {
            const Column &one = a.sets()[s].columns()[c], &other = b.sets()[s].columns()[c];
            CHECK(one.name == other.name);
            CHECK(one.unit == other.unit);
            CHECK(one.refers_to == other.refers_to);
            CHECK(one.long_name == other.long_name);
            CHECK(one.data == other.data);
        }
    }
}

}  // namespace

TEST_CASE("a cached city is read as it was written, sets and columns in their order") {
    const std::string path = testing::scratch_folder("city_file") + "/c.h5";
    write_city(sample_city(), path);
    check_equal(sample_city(), read_city(path));
    CHECK(is_city_file(path));
    CHECK_FALSE(std::filesystem::exists(path + ".part"));
    const std::string first = read_file(path);
    write_city(sample_city(), path);
    CHECK(first == read_file(path));
}

TEST_CASE("a cached city says why it can't be used again") {
    const std::string path = testing::scratch_folder("city_header") + "/c.h5";
    City city = sample_city();
    write_city(city, path);
    const CityHeader header = read_city_header(path);
    CHECK(differences(header, city.sources, city.import_settings).empty());
    CHECK(differences(header, city.sources, "crs = 2").size() == 1);
    city.sources[1].sha256 = "other";
    const auto reasons = differences(header, city.sources, city.import_settings);
    REQUIRE(reasons.size() == 1);
    CHECK_THAT(reasons[0], Catch::Contains("zones.csv"));
}

TEST_CASE("a city of another format is refused and named") {
    const std::string folder = testing::scratch_folder("city_version");
    write_city(sample_city(), folder + "/c.h5");
    std::string other = read_file(folder + "/c.h5");
    other.replace(other.find("format 2"), 8, "format 9");
    write_file(folder + "/c.h5", other);
    CHECK_THROWS_WITH(read_city(folder + "/c.h5"), Catch::Contains("format 9") && Catch::Contains("CT-CITY-002"));
    {
        Hdf5File file = Hdf5File::create(folder + "/foreign.h5");
        file.write("x", std::vector<double>{1});
        file.close();
    }
    CHECK_THROWS_WITH(read_city(folder + "/foreign.h5"), Catch::Contains("not a cached city"));
    write_file(folder + "/text.h5", "x");
    CHECK_THROWS_AS(read_city(folder + "/text.h5"), InputError);
    CHECK_FALSE(is_city_file(folder + "/text.h5"));
    CHECK_FALSE(is_city_file(folder + "/foreign.h5"));
}

TEST_CASE("any changed byte and any cut of a city's file is found") {
    const std::string folder = testing::scratch_folder("city_damage");
    write_city(sample_city(), folder + "/c.h5");
    const std::string whole = read_file(folder + "/c.h5");
    for (std::size_t at = 512; at < whole.size(); at += 53) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        write_file(folder + "/d.h5", changed);
        CHECK_THROWS_AS(read_city(folder + "/d.h5"), InputError);
        write_file(folder + "/d.h5", whole.substr(0, at));
        CHECK_THROWS_AS(read_city(folder + "/d.h5"), InputError);
    }
}

TEST_CASE("a reference beyond its set is refused") {
    const std::string path = testing::scratch_folder("city_reference") + "/c.h5";
    City city = sample_city();
    city.find("road_link")->add("to", "1", std::vector<std::uint32_t>{0, 1, 2}, "road_node");
    write_city(city, path);
    CHECK_THROWS_WITH(read_city(path), Catch::Contains("road_link.to") && Catch::Contains("row 2"));
}

TEST_CASE("whatever fails while a city is written, the old one stays whole") {
    const std::string path = testing::scratch_folder("city_faults") + "/c.h5";
    const City city = sample_city();
    std::int64_t operations = 0;
    {
        const FileFault none(0);
        write_city(city, path);
        operations = none.operations();
    }
    for (std::int64_t n = 1; n <= operations; n += 3) {
        write_city(city, path);
        try {
            const FileFault fault(n);
            write_city(sample_city(), path);
        } catch (const RunError& error) {
            CHECK(error.exit_code() == ExitCode::out_of_resources);
        }
        CHECK(read_city(path).name == "Prüfstadt");
        CHECK_FALSE(std::filesystem::exists(path + ".part"));
    }
}
