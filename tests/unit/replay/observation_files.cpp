// Sensor history in every format, and each line of the list of bad inputs.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

#include "core/replay/observation_rows.hpp"
#include "core/replay/sensor_map.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

namespace {

ObservationRows read(const std::string& text, const ObservationSettings& settings = {}) {
    ObservationRows rows;
    read_observations_text(text, "counts.csv", settings, rows);
    return rows;
}

Diagnostic refusal(const std::string& text, const ObservationSettings& settings = {}) {
    try {
        read(text, settings);
    } catch (const InputError& error) {
        return error.diagnostics().front();
    }
    return {};
}

const UtcMicroseconds seven = parse_time("2025-06-03T05:00:00Z", "");

ObservationSettings in_berlin() {
    ObservationSettings settings;
    settings.zone = "Europe/Berlin";
    return settings;
}

}  // namespace

TEST_CASE("long CSV: columns in any order, BOM, CRLF, receive times, values that are none", "[replay]") {
    const auto rows = read("\xEF\xBB\xBFvalue,sensor,time,received\r\n12.5,a,2025-06-03T05:00:00Z,2025-06-03T05:00:09Z\r\n,b,2025-06-03T05:00:00Z,\r\nnull,b,2025-06-03T05:15:00Z,\r\nNaN,a,2025-06-03T05:15:00Z,\r\n-,a,2025-06-03T05:30:00Z,\r\n");
    REQUIRE(rows.rows.size() == 5);
    CHECK(rows.sensors == std::vector<std::string>{"a", "b"});
    CHECK(rows.rows[0] == Observation{0, seven, seven + 9 * second, 12.5, 0});
    for (std::size_t i = 1; i < 5; ++i) CHECK(std::isnan(rows.rows[i].value));
    CHECK(rows.rows[1].received == rows.rows[1].event);
}

TEST_CASE("wide CSV, with times and without", "[replay]") {
    ObservationSettings settings = in_berlin();
    settings.columns.time = "Datetime";
    const auto rows = read("Datetime,north,south\n2025-06-03 07:00:00,1,2\n2025-06-03 07:15:00,3,4\n", settings);
    REQUIRE(rows.rows.size() == 4);
    CHECK(rows.rows[3] == Observation{1, seven + 15 * minute, seven + 15 * minute, 4, 0});
    settings.origin = seven;
    settings.period = 5 * minute;
    const auto without = read("north,south\n1,2\n3,4\n", settings);
    REQUIRE(without.rows.size() == 4);
    CHECK(without.rows[2].event == seven + 5 * minute);
}

TEST_CASE("decimal commas are read where they are declared, and refused with their line elsewhere", "[replay]") {
    const std::string text = "time;sensor;value\n2025-06-03T05:00:00Z;a;12,5\n";
    ObservationSettings settings;
    settings.decimal_comma = true;
    CHECK(read(text, settings).rows.front().value == 12.5);
    const auto comma = refusal(text);
    CHECK(comma.code == "CT-REPLAY-013");
    CHECK(comma.place.line == 2);
    CHECK(comma.hint.find("decimal_comma") != std::string::npos);
    CHECK(refusal("time;sensor;value\n2025-06-03T05:00:00Z;a;1.234,5\n", settings).code == "CT-REPLAY-013");
    CHECK(refusal("time,sensor,value\n2025-06-03T05:00:00Z,a,\"1,234\"\n").code == "CT-REPLAY-013");
}

TEST_CASE("a half-written last line is left out with a warning; a last line without its end isn't", "[replay]") {
    const auto torn = read("time,sensor,value\n2025-06-03T05:00:00Z,a,1\n2025-06-03T05:15:0");
    CHECK(torn.rows.size() == 1);
    REQUIRE(torn.warnings.size() == 1);
    CHECK(torn.warnings.front().code == "CT-REPLAY-014");
    CHECK(torn.warnings.front().place.line == 3);
    CHECK(read("time,sensor,value\n2025-06-03T05:00:00Z,a,1\n2025-06-03T05:15:00Z,a,2").rows.size() == 2);
}

TEST_CASE("what a file lacks is named with its place", "[replay]") {
    CHECK(refusal("when,sensor,value\n1,a,2\n").code == "CT-CSV-006");
    CHECK(refusal("when,north\n1,a\n").code == "CT-REPLAY-015");
    CHECK(refusal("time,sensor,value\n2025-06-03T05:00:00,a,2\n").code == "CT-REPLAY-011");
    CHECK(refusal("time,sensor,value\nsoon,a,2\n").place.line == 2);
    CHECK(refusal("time,sensor,value\n1748926800,,2\n").code == "CT-REPLAY-017");
    CHECK(refusal("{\"value\": [").code == "CT-REPLAY-018");
    CHECK(refusal("{\"hello\": 1}").code == "CT-REPLAY-019");
}

TEST_CASE("SensorThings: Datastreams with Observations, Observations with their Datastream, a dataArray", "[replay]") {
    const auto expanded = read(R"({"value":[{"@iot.id":7,"name":"north","Observations":[{"phenomenonTime":"2025-06-03T05:00:00Z","resultTime":"2025-06-03T05:00:09Z","result":12.5},{"phenomenonTime":"2025-06-03T05:15:00Z/2025-06-03T05:30:00Z","resultTime":null,"result":null}]}]})");
    REQUIRE(expanded.rows.size() == 2);
    CHECK(expanded.sensors == std::vector<std::string>{"north"});
    CHECK(expanded.rows[0] == Observation{0, seven, seven + 9 * second, 12.5, 0});
    CHECK(std::isnan(expanded.rows[1].value));
    const auto rows = read(R"({"value":[{"phenomenonTime":"2025-06-03T05:00:00Z","result":"3","Datastream":{"@iot.id":7}}]})");
    CHECK(rows.sensors == std::vector<std::string>{"7"});
    CHECK(rows.rows.front().value == 3);
    const auto array = read(R"([{"Datastream":{"@iot.id":7},"components":["phenomenonTime","result"],"dataArray":[["2025-06-03T05:00:00Z",1],["2025-06-03T05:15:00Z",2]]}])");
    CHECK(array.rows.size() == 2);
}

TEST_CASE("NGSI-LD: an entity's measured properties, single and as a history", "[replay]") {
    const auto rows = read(R"([{"id":"urn:a","type":"TrafficFlowObserved","intensity":[{"type":"Property","value":10,"observedAt":"2025-06-03T05:00:00Z"},{"type":"Property","value":11,"observedAt":"2025-06-03T05:15:00Z"}]},
                              {"id":"urn:b","type":"WeatherObserved","temperature":{"value":20,"observedAt":"2025-06-03T05:00:00Z"},"humidity":{"value":0.5,"observedAt":"2025-06-03T05:00:00Z"}}])");
    REQUIRE(rows.rows.size() == 4);
    CHECK(rows.sensors == std::vector<std::string>{"urn:a", "urn:b#humidity", "urn:b#temperature"});
}

TEST_CASE("the map: units of counting, moved and renamed sensors, a sensor in two places", "[replay]") {
    const std::string folder = citytwin::testing::scratch_folder("sensor_map");
    ObservationSettings settings = in_berlin();
    settings.map = folder + "/map.csv";
    const auto map = [&](const std::string& lines, std::vector<Diagnostic>& warnings) {
        std::ofstream(settings.map) << "sensor,set,id,field,unit,period,valid_from,valid_until\n" << lines;
        return read_sensor_map(settings, warnings);
    };
    std::vector<Diagnostic> warnings;
    const auto places = map("a,road_link,L1,flow,veh/h,5 min,,2025-06-03\na,road_link,L2,flow,veh,,2025-06-03,\nb,road_link,L2,flow,1,,,\n", warnings);
    REQUIRE(places.size() == 3);
    CHECK(places[0].unit == "1/h");
    CHECK(places[0].period == 5 * minute);
    CHECK(places[1].unit == "1");
    REQUIRE(warnings.size() == 2);
    CHECK(warnings[0].code == "CT-REPLAY-023");
    CHECK(warnings[1].code == "CT-REPLAY-024");
    const auto code = [&](const std::string& lines) -> std::string {
        try {
            map(lines, warnings);
        } catch (const InputError& error) {
            return error.diagnostics().front().code;
        }
        return "";
    };
    CHECK(code("a,road_link,L1,flow,,,,\na,road_link,L2,flow,,,,\n") == "CT-REPLAY-022");
    CHECK(code("a,road_link,,flow,,,,\n") == "CT-REPLAY-020");
    CHECK(code("a,road_link,L1,flow,furlongs per,,,\n") == "CT-REPLAY-021");
    CHECK(code("a,road_link,L1,flow,1,often,,\n") == "CT-REPLAY-021");
}
