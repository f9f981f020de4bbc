// CityJSON against the figures that city.md's definitions give in Python (ref/city/cityjson.json and its tables by building).
// Tolerances are bar 5 of city.md: counts exact; heights 1 mm; areas 0.01 m2 or 1e-6; volumes 1e-6 on closed solids. The tables are
// rounded to 3 digits, which is within all of them except small volumes: half a unit of the last digit is allowed there.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "geodata/cityjson/import.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::geodata;
using Json = nlohmann::json;

namespace {

struct Case {
    const char* file;
    const char* table;
    const char* crs;   // where the file names none
};
constexpr Case cases[] = {{"DenHaag_01.city.json.zip", "DenHaag_01", ""},
                          {"citygml4j_lod2_buildings.city.json", "citygml4j_lod2_buildings", ""},
                          {"delft.city.json", "delft", ""},
                          {"multi_lod.city.json", "multi_lod", "EPSG:28992"},
                          {"rotterdam_subset.city.json", "rotterdam_subset", "EPSG:28992"}};

City read(const Case& one, const std::string& path) {
    Arena arena(2);
    DiagnosticList diagnostics;
    std::map<std::string, std::string> settings;
    if (*one.crs) settings["crs"] = one.crs;
    City city = read_city_json(path, settings, arena, diagnostics);
    diagnostics.throw_if_errors();
    return city;
}

void check_figures(const Json& found, const Json& expected) {
    for (const auto& [key, value] : expected.items()) {
        INFO(key);
        REQUIRE(found.contains(key));
        if (key == "height_min_mean_max") {
            for (std::size_t k = 0; k < 3; ++k) CHECK(found[key][k].get<double>() == Approx(value[k].get<double>()).margin(1e-3).epsilon(0));
        } else if (key == "footprint_x_height_m3_sum") {
            // The reference multiplies footprints and heights after rounding both to 0.001: half a unit of each enters the sum.
            const double buildings = expected["buildings_with_geometry"].get<double>(), tallest_m = expected["height_min_mean_max"][2].get<double>();
            CHECK(found[key].get<double>() == Approx(value.get<double>()).margin(0.0005 * (expected["footprint_union_m2_sum"].get<double>() + buildings * tallest_m)).epsilon(0));
        } else if (value.is_number_float()) {
            CHECK(found[key].get<double>() == Approx(value.get<double>()).epsilon(1e-6).margin(0.01));
        } else {
            CHECK(found[key] == value);
        }
    }
}

void check_buildings(const EntitySet& set, const std::string& table) {
    CsvReader csv(table);
    const auto id = csv.column("id"), lod = csv.column("lod"), height = csv.column("height"), footprint = csv.column("footprint_m2"), ground = csv.column("ground_m2"), volume = csv.column("volume_m3");
    std::size_t row = 0, wrong = 0;
    const auto differs = [](double a, double b, double margin, double relative) { return !(std::abs(a - b) <= std::max(margin, relative * std::abs(b))); };
    while (csv.next()) {
        REQUIRE(row < set.size());
        INFO("building " << csv.text(id));
        const double v = set.get<double>("volume")[row];
        const bool no_volume = csv.text(volume).empty();
        const bool bad = set.ids[row] != csv.text(id) || set.get<std::string>("lod")[row] != csv.text(lod) || differs(set.get<double>("height")[row], csv.number(height), 1e-3, 0) ||
                         differs(set.get<double>("footprint_area")[row], csv.number(footprint), 0.01, 1e-6) || differs(set.get<double>("ground_area")[row], csv.number(ground), 0.01, 1e-6) ||
                         (no_volume ? !std::isnan(v) : differs(v, csv.number(volume), 5.1e-4, 1e-6));
        if (bad && ++wrong <= 5) {
            WARN(csv.text(id) << ": height " << set.get<double>("height")[row] << ", footprint " << set.get<double>("footprint_area")[row] << ", ground " << set.get<double>("ground_area")[row]
                              << ", volume " << v << "; expected " << csv.text(height) << " " << csv.text(footprint) << " " << csv.text(ground) << " " << csv.text(volume));
        }
        ++row;
    }
    CHECK(row == set.size());
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("CityJSON buildings have the counts, heights, areas and volumes of their definitions", "[geodata]") {
    SHARED_OR_SKIP(reference, "ref/city/cityjson.json");
    const Json expected = Json::parse(std::ifstream(reference));
    for (const Case& one : cases) {
        SECTION(one.table) {
            SHARED_OR_SKIP(folder, "data/city/cityjson");
            const City city = read(one, folder + "/" + one.file);
            check_figures(Json::parse(city.info_json)["buildings"], expected[one.file]);
            const std::string tables = reference.substr(0, reference.size() - std::string("cityjson.json").size());
            check_buildings(city.at("building"), tables + "cityjson_" + one.table + "_buildings.csv");
        }
    }
}

TEST_CASE("all 160 solids of Delft are open and say so", "[geodata]") {
    SHARED_OR_SKIP(path, "data/city/cityjson/delft.city.json");
    const City city = read(cases[2], path);
    std::size_t open = 0;
    for (const auto flag : city.at("building").get<std::uint8_t>("open_solid")) open += flag;
    CHECK(open == 160);
    bool warned = false;
    for (const auto& issue : city.issues) warned = warned || (issue.cause == "open_solid" && issue.count == 160 && issue.grade == "warning");
    CHECK(warned);
}

TEST_CASE("a CityJSON file without a coordinate system is refused unless one is named", "[geodata]") {
    SHARED_OR_SKIP(path, "data/city/cityjson/rotterdam_subset.city.json");
    CHECK_THROWS_WITH(read({"", "", ""}, path), Catch::Contains("CT-CITYJSON-010") && Catch::Contains("EPSG:28992"));
}

TEST_CASE("buildings carry the places of their city: the Hague lies in the Hague", "[geodata]") {
    SHARED_OR_SKIP(path, "data/city/cityjson/DenHaag_01.city.json.zip");
    const City city = read(cases[0], path);
    CHECK(city.crs == "EPSG:28992");
    const auto& x = city.at("building").get<double>("x");
    const auto& y = city.at("building").get<double>("y");
    for (std::size_t b = 0; b < x.size(); ++b) REQUIRE((std::abs(x[b]) < 2000 && std::abs(y[b]) < 2000));
}
