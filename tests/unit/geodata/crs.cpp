// Coordinate systems: spellings, a city's system against its place, transformations there and back.
#include <catch2/catch.hpp>
#include <cmath>

#include "geodata/crs/crs.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;

std::string code_of(const std::string& crs, double lon = -51.2, double lat = -30.03) {
    try {
        city_crs(crs, lon, lat, {"city.toml", 3});
    } catch (const InputError& error) {
        CHECK(error.diagnostics().front().place.line == 3);
        return error.diagnostics().front().code;
    }
    return "none";
}

TEST_CASE("a system is known by all usual spellings") {
    for (const char* text : {"EPSG:31982", "epsg:31982", "urn:ogc:def:crs:EPSG::31982", "http://www.opengis.net/def/crs/EPSG/0/31982",
                             "https://www.opengis.net/def/crs/EPSG/0/31982", "urn:ogc:def:crs,crs:EPSG:6.12:31982,crs:EPSG:6.12:5783"}) {
        CAPTURE(text);
        CHECK(crs_info(text).id == "EPSG:31982");
    }
    CHECK(crs_info("http://www.opengis.net/def/crs/EPSG/6.12/3068").id == "EPSG:3068");
    CHECK(crs_info("https://www.opengis.net/def/crs/EPSG/0/7415").id == "EPSG:28992");  // the horizontal part
    CHECK(crs_info(crs_wkt("EPSG:25833")).id == "EPSG:25833");
}

TEST_CASE("a city without a named system gets its UTM zone") {
    CHECK(city_crs("", -51.2, -30.03) == "EPSG:32722");
    CHECK(city_crs("", 24.94, 60.17) == "EPSG:32635");
    CHECK(utm_crs(180, 10) == "EPSG:32660");
    CHECK(utm_crs(-180, -10) == "EPSG:32701");
}

TEST_CASE("systems that a city can't be measured in are refused with the likely fix") {
    CHECK(code_of("EPSG:31982") == "none");
    CHECK(code_of("EPSG:99999") == "CT-CRS-001");
    CHECK(code_of("no such thing") == "CT-CRS-001");
    CHECK(code_of("EPSG:4326") == "CT-CRS-002");
    CHECK(code_of("EPSG:2263", -73.9, 40.7) == "CT-CRS-003");
    CHECK(code_of("EPSG:3857") == "CT-CRS-004");
    CHECK(code_of("EPSG:25833") == "CT-CRS-005");
    try {
        city_crs("EPSG:25833", 52.5, 13.4);
        FAIL("no error");
    } catch (const InputError& error) {
        CHECK(error.diagnostics().front().hint.find("exchanged") != std::string::npos);
    }
}

TEST_CASE("coordinates go there and back, longitude first") {
    for (const char* crs : {"EPSG:32722", "EPSG:31982"}) {
        std::vector<double> x(10000, -51.2), y(10000, -30.03);
        const auto transform = CoordinateTransform::from_degrees(crs);
        Arena arena(4);
        transform.forward(x, y, &arena);
        CHECK(x[9999] == Approx(480716.2477).margin(0.001));
        CHECK(y[9999] == Approx(6677873.5532).margin(0.001));
        transform.inverse(x, y);
        CHECK(x[5] == Approx(-51.2).margin(1e-9));
        CHECK(y[5] == Approx(-30.03).margin(1e-9));
    }
}

TEST_CASE("the short way to a UTM zone gives what the database gives") {
    std::vector<double> x{24.9, 27.9}, y{60.1, 59.0}, u = x, v = y;
    CoordinateTransform::from_degrees("EPSG:32635").forward(x, y);
    CoordinateTransform("EPSG:4326", "EPSG:32635").forward(u, v);
    for (std::size_t i = 0; i < x.size(); ++i) {
        CHECK(x[i] == Approx(u[i]).margin(1e-6));
        CHECK(y[i] == Approx(v[i]).margin(1e-6));
    }
}

}  // namespace
