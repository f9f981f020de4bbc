// Weather files: what is read, what is refused and in which words; the repeated day.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <functional>

#include "modules/weather/read/epw_gaps.hpp"
#include "modules/weather/weather_source.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::weather;

namespace {

struct Row {
    int year = 2001, month = 1, day = 1, hour = 1;
    std::string temperature = "10", global = "0", direct = "0", diffuse = "0", wind = "3";
    [[nodiscard]] std::string text() const {
        return fmt::format("{},{},{},{},60,?9,{},5,70,100000,0,0,300,{},{},{},0,0,0,0,180,{},5,5,20,77777,9,999999999,10,0.1,0,88,0.2,0,1\n", year, month, day, hour, temperature, global, direct, diffuse, wind);
    }
};

std::string file_of(const std::function<void(std::size_t, Row&)>& edit = {}, const std::string& location = "LOCATION,Place,-,DEU,X,1,50.0,10.0,1.0,100", std::size_t rows = 8760,
                    const std::string& period = "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31") {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::string text = location + "\nDESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\nHOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,a\nCOMMENTS 2,b\n" + period + "\n";
    Row row;
    for (std::size_t h = 0; h < rows; ++h) {
        Row now = row;
        if (edit) edit(h, now);
        text += now.text();
        if (++row.hour > 24) {
            row.hour = 1;
            if (++row.day > days[row.month - 1]) {
                row.day = 1;
                row.month = row.month % 12 + 1;
            }
        }
    }
    return text;
}

/// The first code with which a file is refused; "" if it is read.
std::string refusal(const std::string& text) {
    DiagnosticList found;
    try {
        (void)parse_epw(text, "x.epw", found);
    } catch (const InputError& error) {
        return error.diagnostics().front().code;
    }
    return "";
}

std::string warning(const std::string& text) {
    DiagnosticList found;
    (void)parse_epw(text, "x.epw", found);
    return found.all().empty() ? "" : found.all().front().code;
}

}  // namespace

TEST_CASE("a plain weather file is read, with CRLF, byte order mark and Latin-1 names") {
    std::string text = file_of({}, "LOCATION,Z\xfcrich,-,CHE,X,1,47.48,8.536,1.0,436");
    CHECK(refusal(text) == "");
    DiagnosticList found;
    CHECK(parse_epw(text, "x", found).place == "Z\xc3\xbcrich");
    std::string crlf = "\xef\xbb\xbf";
    for (const char c : text) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
    const EpwYear year = parse_epw(crlf, "x", found);
    CHECK(year.hours() == 8760);
    CHECK(year.site.elevation_m == 436);
    CHECK(found.all().empty());
}

TEST_CASE("each wrong weather file gets its own answer") {
    CHECK(refusal("time,temperature\n1,2\n") == "CT-WEATHER-001");
    CHECK(refusal(file_of({}, "LOCATION,Place,-,DEU")) == "CT-WEATHER-002");
    CHECK(refusal(file_of({}, "LOCATION,Place,-,DEU,X,1,95.0,10.0,1.0,100")) == "CT-WEATHER-002");
    CHECK(refusal(file_of({}, "LOCATION,Denver,CO,USA,X,1,39.8,104.65,-7.0,1650")) == "CT-WEATHER-003");   // the sign is lost
    CHECK(refusal(file_of({}, "LOCATION,Place,-,DEU,X,1,50.0,10.0,1.0,100", 8760, "DATA PERIODS,1,4,Data,Sunday,1/1,12/31")) == "CT-WEATHER-005");
    CHECK(refusal(file_of({}, "LOCATION,Place,-,DEU,X,1,50.0,10.0,1.0,100", 8000)) == "CT-WEATHER-006");
    CHECK(refusal(file_of([](std::size_t, Row& row) { row.hour -= 1; })) == "CT-WEATHER-009");
    CHECK(refusal(file_of([](std::size_t, Row& row) { row.month = (row.month + 5) % 12 + 1; })) == "CT-WEATHER-010");
    CHECK(refusal(file_of([](std::size_t h, Row& row) { if (h == 100) row.hour = row.hour % 24 + 1; })) == "CT-WEATHER-011");
    CHECK(refusal(file_of([](std::size_t h, Row& row) { if (h == 100) row.global = "-5"; })) == "CT-WEATHER-008");
    CHECK(refusal(file_of([](std::size_t h, Row& row) { if (h == 100) row.temperature = "warm"; })) == "CT-WEATHER-008");
    CHECK(refusal(file_of([](std::size_t h, Row& row) { if (h == 100) row.direct = "9999"; })) == "CT-WEATHER-013");
    CHECK(refusal(file_of([](std::size_t h, Row& row) { if (h >= 100 && h < 110) row.temperature = "99.9"; })) == "CT-WEATHER-013");
    std::string cut = file_of();
    cut.replace(cut.rfind("2001,12,31,24"), std::string::npos, "2001,12,31,24,60\n");
    CHECK(refusal(cut) == "CT-WEATHER-007");
}

TEST_CASE("short gaps, mixed years and far zones are told, not refused") {
    CHECK(warning(file_of([](std::size_t h, Row& row) { if (h >= 100 && h < 103) row.temperature = "99.9"; })) == "CT-WEATHER-014");
    CHECK(warning(file_of([](std::size_t h, Row& row) { if (h >= 100) row.year = 2002; })) == "CT-WEATHER-012");
    CHECK(warning(file_of([](std::size_t, Row& row) { row.year = 2000 + row.month; })) == "");   // a typical year
    CHECK(warning(file_of({}, "LOCATION,Kashgar,-,CHN,X,1,39.5,76.0,8.0,1290")) == "CT-WEATHER-004");
    DiagnosticList found;
    const EpwYear bridged = parse_epw(file_of([](std::size_t h, Row& row) { row.temperature = h == 100 ? "99.9" : h == 101 ? "20" : "10"; }), "x", found);
    CHECK(bridged.temperature_C[100] == Approx(15));
}

TEST_CASE("up to twenty errors are collected") {
    DiagnosticList found;
    try {
        (void)parse_epw(file_of([](std::size_t, Row& row) { row.global = "-1"; }), "x.epw", found);
        FAIL("read");
    } catch (const InputError& error) {
        CHECK(error.diagnostics().size() == 20);
        CHECK(error.diagnostics().front().place.line == 9);
        CHECK(error.diagnostics().front().place.column == 14);
    }
}

TEST_CASE("sunshine at night says that the hours are shifted") {
    SHARED_OR_SKIP(epw, "data/buildings/weather/Shanghai-Hongqiao_1956_2023_TMYx.epw");
    DiagnosticList found;
    EpwYear year = read_epw(epw, found);
    CHECK(night_share(year) == Approx(0.0048213365).epsilon(1e-6));   // by another sun algorithm (Astronomical Almanac, low precision) too: hours at dusk
    year.time_zone_h = 0;   // read as UTC
    CHECK(night_share(year) > 0.3);
}

TEST_CASE("hours are found by local standard date, 29 February by the 28th, half-hour zones between") {
    DiagnosticList found;
    EpwSource source(parse_epw(file_of([](std::size_t h, Row& row) { row.temperature = std::to_string(static_cast<int>(h % 60)); }), "x", found));
    const auto utc = [](const char* text) { return parse_time(text, "Etc/UTC"); };
    CHECK(source.row_at(utc("2025-01-01T00:00:00+01:00")) == 0);
    CHECK(source.row_at(utc("2025-12-31T23:30:00+01:00")) == 8759);
    CHECK(source.row_at(utc("2024-02-29T05:00:00+01:00")) == source.row_at(utc("2024-02-28T05:00:00+01:00")));
    CHECK(source.is_substitute(utc("2024-02-29T05:00:00+01:00")));
    CHECK(source.row_at(utc("2024-03-01T00:00:00+01:00")) == 59 * 24);
    EpwYear india = source.year();
    india.time_zone_h = 5.5;
    WeatherHours hours(std::make_unique<EpwSource>(india), Plane(30, 180), 0.2);
    CHECK(hours.begin_of_hour(utc("2025-01-01T10:45:00+05:30")) == utc("2025-01-01T10:00:00+05:30"));
}

TEST_CASE("a clear sky's year is Haurwitz's") {
    // Reference: pvlib's Haurwitz model over 2015 at Zurich's weather station, 1866.243 kWh/m2 (5r1c_summary.json).
    const Site zurich{47.48, 8.536, 436};
    double sum = 0;
    for (int h = 0; h < 8760; ++h) sum += clear_sky_global(sun_position(days_from_civil(2015, 1, 1) * day + (h - 1) * hour + 30 * minute, zurich).apparent_elevation_deg) * 1e-3;
    CHECK(sum == Approx(1866.243).epsilon(1e-6));
    CHECK(standard_pressure_Pa(0) == Approx(101325).epsilon(1e-4));
}

TEST_CASE("beam, sky and ground by hand: overcast is isotropic without sun, a wall sees half the sky") {
    SunPosition night;
    night.apparent_elevation_deg = night.elevation_deg = -10;
    const FaceIrradiance wall = Sky({100, 0, 100}, night, 1).on(Plane(90, 0));
    CHECK(wall.beam == 0);
    CHECK(wall.sky == Approx(50));
    CHECK(wall.ground == Approx(0.2 * 100 / 2));
    SunPosition south;
    south.apparent_elevation_deg = south.elevation_deg = 30;
    south.azimuth_deg = 180;
    const Sky sunny({500, 800, 100}, south, 80);
    CHECK(sunny.on(Plane(90, 180)).beam == Approx(800 * std::cos(30 * 3.14159265358979 / 180)));
    CHECK(sunny.on(Plane(90, 0)).beam == 0);
    CHECK(sunny.on(Plane(0, 0)).beam == Approx(400));
}
