// Times as sensors write them.
#include <catch2/catch.hpp>

#include "core/base/diagnostic.hpp"
#include "core/replay/observation_time.hpp"

using namespace citytwin;

namespace {

const UtcMicroseconds seven = parse_time("2025-06-03T05:00:00Z", "");

std::string code_of(ObservationClock clock, std::string_view text) {
    try {
        clock.read(text, "s");
    } catch (const InputError& error) {
        return error.diagnostics().front().code;
    }
    return "";
}

}  // namespace

TEST_CASE("one instant in every spelling that sensors use", "[replay]") {
    ObservationClock clock("Europe/Berlin");
    for (const char* text : {"2025-06-03T07:00:00+02:00", "2025-06-03T07:00:00+0200", "2025-06-03 07:00:00+02", "2025-06-03T05:00:00Z", "2025-06-02T22:00:00-0700", "2025-06-03T07:00:00",
                             "2025-06-03 07:00:00", "1748926800", "1748926800000", "1748926800000000", "1748926800.0"}) {
        INFO(text);
        CHECK(clock.read(text, "s") == seven);
    }
    CHECK(clock.read("2025-06-03T07:00:00,25+02:00", "s") == seven + 250'000);
    CHECK(ObservationClock("", seven).read("300", "s") == seven + 300 * second);
    CHECK(ObservationClock("", seven).read("0.5", "s") == seven + 500'000);
}

TEST_CASE("an hour that comes twice goes by the order of a sensor's rows", "[replay]") {
    ObservationClock clock("Europe/Berlin");
    const UtcMicroseconds first = parse_time("2025-10-26T00:30:00Z", ""), again = parse_time("2025-10-26T01:30:00Z", "");
    CHECK(clock.read("2025-10-26T02:30:00", "a") == first);
    CHECK(clock.ambiguous() == 1);
    CHECK(clock.read("2025-10-26T02:30:00", "b") == first);
    CHECK(clock.read("2025-10-26T02:30:00", "a") == again);
    CHECK(clock.ambiguous() == 1);
    CHECK(clock.read("2025-10-26T02:30:00+01:00", "a") == again);
}

TEST_CASE("what can't be placed in time is refused", "[replay]") {
    CHECK(code_of(ObservationClock(""), "2025-06-03T07:00:00") == "CT-REPLAY-011");
    CHECK(code_of(ObservationClock("Europe/Berlin"), "2025-03-30T02:30:00") == "CT-REPLAY-012");
    CHECK(code_of(ObservationClock("Europe/Berlin"), "yesterday") == "CT-REPLAY-010");
    CHECK(code_of(ObservationClock("Europe/Berlin"), "2025-13-01T00:00:00Z") == "CT-REPLAY-010");
}
