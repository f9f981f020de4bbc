#include "core/time/calendar.hpp"

#include <catch2/catch.hpp>

#include "core/base/diagnostic.hpp"

using namespace citytwin;

namespace {

std::string code_of(const std::string& text, const std::string& zone) {
    try {
        parse_time(text, zone);
    } catch (const InputError& error) {
        return error.diagnostics().front().code;
    }
    return "none";
}

std::string message_of(const std::string& text, const std::string& zone) {
    try {
        parse_time(text, zone);
    } catch (const InputError& error) {
        return error.diagnostics().front().text();
    }
    return {};
}

}  // namespace

TEST_CASE("a local time means its zone, a time with an offset means itself", "[time]") {
    CHECK(format_utc(parse_time("2025-06-03T00:00:00", "Europe/Berlin")) == "2025-06-02T22:00:00Z");
    CHECK(format_utc(parse_time("2025-01-03T00:00:00", "Europe/Berlin")) == "2025-01-02T23:00:00Z");
    CHECK(format_utc(parse_time("2025-06-03T00:00:00Z", "Europe/Berlin")) == "2025-06-03T00:00:00Z");
    CHECK(format_utc(parse_time("2025-06-03T00:00:00-03:00", "")) == "2025-06-03T03:00:00Z");
    CHECK(format_utc(parse_time("2025-06-03 07:30", "America/Sao_Paulo")) == "2025-06-03T10:30:00Z");
    CHECK(format_utc(parse_time("2025-06-03", "Etc/UTC")) == "2025-06-03T00:00:00Z");
}

TEST_CASE("fractions of a second are kept to the microsecond", "[time]") {
    CHECK(parse_time("1970-01-01T00:00:00.25Z", "") == 250'000);
    CHECK(parse_time("1970-01-01T00:00:00.000001Z", "") == 1);
    CHECK(format_utc(250'000) == "1970-01-01T00:00:00.250000Z");
    CHECK(format_utc(-1) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("an hour that the clocks skip or that comes twice is refused with the two ways to write it", "[time]") {
    CHECK(code_of("2025-03-30T02:30:00", "Europe/Berlin") == "CT-TIME-004");
    CHECK(code_of("2025-10-26T02:30:00", "Europe/Berlin") == "CT-TIME-005");
    const auto text = message_of("2025-10-26T02:30:00", "Europe/Berlin");
    CHECK(text.find("2025-10-26T02:30:00+02:00 or 2025-10-26T02:30:00+01:00") != std::string::npos);
    CHECK(code_of("2025-10-26T02:30:00+01:00", "Europe/Berlin") == "none");
}

TEST_CASE("what isn't a time is refused by what is wrong with it", "[time]") {
    CHECK(code_of("tomorrow", "Etc/UTC") == "CT-TIME-001");
    CHECK(code_of("2025-6-3", "Etc/UTC") == "CT-TIME-001");
    CHECK(code_of("2025-06-03T00:00:00ZZ", "Etc/UTC") == "CT-TIME-001");
    CHECK(code_of("2025-06-03T00:00:00.", "Etc/UTC") == "CT-TIME-001");
    CHECK(code_of("2025-02-29", "Etc/UTC") == "CT-TIME-002");
    CHECK(code_of("2025-06-03T24:00:00", "Etc/UTC") == "CT-TIME-002");
    CHECK(code_of("2025-06-03T00:00:00+19:00", "Etc/UTC") == "CT-TIME-002");
    CHECK(code_of("2025-06-03T00:00:00", "") == "CT-TIME-006");
    CHECK(code_of("2045-06-03T00:00:00", "Europe/Berlin") == "CT-TIME-007");
    CHECK(code_of("2045-06-03T00:00:00", "America/Sao_Paulo") == "none");
}

TEST_CASE("a misspelt zone is answered with the nearest one", "[time]") {
    CHECK(message_of("2025-06-03", "Europe/Berlim").find("Europe/Berlin") != std::string::npos);
    CHECK(is_zone("America/Sao_Paulo"));
    CHECK_FALSE(is_zone(""));
    CHECK_FALSE(is_zone("../etc/passwd"));
}

TEST_CASE("engine time becomes the local time of day, day of week and date", "[time]") {
    const Calendar calendar(parse_time("2025-06-03T00:00:00", "Europe/Berlin"), "Europe/Berlin");  // a Tuesday
    CHECK(calendar.time_of_day(0) == 0);
    CHECK(calendar.seconds_of_day(90 * minute) == 5400.0);
    CHECK(calendar.day_of_week(0) == 1);
    CHECK(calendar.day_of_week(5 * day) == 6);
    CHECK(calendar.day_of_year(0) == 154);
    CHECK(calendar.local(25 * hour) == CivilTime{2025, 6, 4, 1, 0, 0, 0});
    CHECK(calendar.utc_text(0) == "2025-06-02T22:00:00Z");
    CHECK(calendar.local_text(7 * hour) == "2025-06-03T07:00:00+02:00");
    CHECK(calendar.parse("2025-06-03T07:00:00") == 7 * hour);
}

TEST_CASE("the local clock jumps where the zone's does", "[time]") {
    const Calendar calendar(parse_time("2025-03-30T00:00:00", "Europe/Berlin"), "Europe/Berlin");
    CHECK(calendar.time_of_day(2 * hour - 1) == 2 * hour - 1);
    CHECK(calendar.time_of_day(2 * hour) == 3 * hour);
    CHECK(calendar.next_midnight(0) == 23 * hour);
    const Calendar autumn(parse_time("2025-10-26T00:00:00", "Europe/Berlin"), "Europe/Berlin");
    CHECK(autumn.next_midnight(0) == 25 * hour);
    CHECK(autumn.next_midnight(25 * hour) == 49 * hour);
}

TEST_CASE("a midnight that the clocks skip starts the day at the first instant after it", "[time]") {
    const Calendar calendar(parse_time("2025-04-24T12:00:00", "Africa/Cairo"), "Africa/Cairo");  // 25 April 00:00 -> 01:00
    CHECK(calendar.next_midnight(0) == 12 * hour);
    CHECK(calendar.time_of_day(12 * hour) == hour);
}
