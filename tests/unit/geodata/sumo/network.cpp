// SUMO networks: what is taken, and how wrong files are refused.
#include <catch2/catch.hpp>

#include "geodata/sumo/sumo.hpp"
#include "geodata/sumo/sumo_words.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;

/// Two streets into one with a signal, a side street that waits inside, a sidewalk and a crossing.
const std::string small_net = R"(<?xml version="1.0" encoding="UTF-8"?>
<net version="1.9">
<location netOffset="-100.00,-200.00" convBoundary="0,0,300,100" origBoundary="0,0,1,1" projParameter="+proj=utm +zone=32 +ellps=WGS84 +datum=WGS84 +units=m +no_defs"/>
<edge id=":B_0" function="internal"><lane id=":B_0_0" index="0" speed="12" length="6" shape="97,0 103,0"/></edge>
<edge id=":B_1" function="internal"><lane id=":B_1_0" index="0" speed="6" length="3" shape="100,3 101,1"/></edge>
<edge id=":B_2" function="internal"><lane id=":B_2_0" index="0" speed="6" length="6" shape="101,1 103,0"/></edge>
<edge id=":B_c0" function="crossing"><lane id=":B_c0_0" index="0" speed="1" length="6" shape="97,3 97,-3"/></edge>
<edge id=":B_w0" function="walkingarea"><lane id=":B_w0_0" index="0" speed="1" length="2" shape="97,3 98,4 99,3"/></edge>
<edge id="con" from="A" to="B" function="connector"><lane id="con_0" index="0" speed="1" length="2" shape="0,0 1,0"/></edge>
<edge id="ab" from="A" to="B" priority="12" type="highway.primary" name="Main">
  <lane id="ab_0" index="0" allow="pedestrian" speed="13.89" length="96.5" width="2" shape="0,-5 97,-5"/>
  <lane id="ab_1" index="1" disallow="pedestrian tram" speed="13.89" length="97.25" shape="0,-2 97,-2"/></edge>
<edge id="db" from="D" to="B" priority="3"><lane id="db_0" index="0" speed="8.33" length="50" shape="100,50 100,3"/></edge>
<edge id="bc" from="B" to="C" priority="12" type="highway.primary" shape="100,0 150,10 200,0"><lane id="bc_0" index="0" speed="13.89" length="100" shape="103,0 200,0"/></edge>
<tlLogic id="B" type="static" programID="0" offset="3"><phase duration="30" state="Gr"/><phase duration="3" state="yr"/><phase duration="10" state="rG"/><phase duration="3" state="ry"/></tlLogic>
<tlLogic id="B" type="actuated" programID="night" offset="0"><phase duration="30" minDur="5" maxDur="45" state="Gr"/><phase duration="10" state="rG"/></tlLogic>
<junction id="A" type="dead_end" x="0" y="0" incLanes="" intLanes=""/>
<junction id="B" type="traffic_light" x="100" y="0" incLanes="db_0 ab_0 ab_1" intLanes=":B_2_0 :B_0_0">
  <request index="0" response="10" foes="10" cont="1"/><request index="1" response="00" foes="01" cont="0"/></junction>
<junction id="C" type="dead_end" x="200" y="0" incLanes="bc_0" intLanes=""/>
<junction id="D" type="dead_end" x="100" y="50" incLanes="" intLanes=""/>
<junction id=":B_2_0" type="internal" x="101" y="1" incLanes=":B_1_0 ab_1" intLanes=":B_0_0"/>
<connection from="ab" to="bc" fromLane="1" toLane="0" via=":B_0_0" tl="B" linkIndex="0" dir="s" state="O"/>
<connection from="db" to="bc" fromLane="0" toLane="0" via=":B_1_0" tl="B" linkIndex="1" dir="l" state="o"/>
<connection from=":B_0" to="bc" fromLane="0" toLane="0" dir="s" state="M"/>
<connection from=":B_1" to="bc" fromLane="0" toLane="0" via=":B_2_0" dir="l" state="m"/>
<connection from=":B_2" to="bc" fromLane="0" toLane="0" dir="l" state="M"/>
</net>)";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

std::string first_error(const std::string& text) {
    DiagnosticList diagnostics;
    try {
        (void)parse_sumo_network(text, "test.net.xml", diagnostics);
    } catch (const InputError& error) {
        return error.diagnostics().front().text();
    }
    return "none";
}

TEST_CASE("a SUMO network is read whole: lanes, internal lanes, requests, programs") {
    DiagnosticList diagnostics;
    const RoadNetwork net = parse_sumo_network(small_net, "test.net.xml", diagnostics);
    REQUIRE(net.nodes() == 4);
    REQUIRE(net.links() == 3);
    CHECK(net.crs == "EPSG:32632");
    CHECK(net.origin_x == 100);
    CHECK(net.link_class[0] == RoadClass::primary);
    CHECK(net.link_length_m[0] == 97.25);  // of the first lane that cars may use
    CHECK(net.link_lanes[0] == 2);
    CHECK(net.lane_permissions[0] == vehicle_class::pedestrian);
    CHECK((net.lane_permissions[1] & vehicle_class::tram) == 0);
    CHECK(net.link_shape[0].size() == 4);  // from node to node where the file gives none
    CHECK(net.link_shape[2].size() == 6);
    REQUIRE(net.connections() == 2);
    CHECK(net.connection_length_m[1] == 9);  // both internal lanes of a movement that waits inside
    CHECK(net.connection_speed_mps[1] == Approx(6));
    CHECK(net.connection_contains_waiting[1] == 1);
    REQUIRE(net.connection_foes[0].size() == 1);
    CHECK(net.connection_foes[0][0] == 1);
    CHECK(net.connection_yields_to[0].empty());
    REQUIRE(net.connection_yields_to[1].size() == 1);
    CHECK(net.connection_yields_to[1][0] == 0);
    REQUIRE(net.signals.size() == 1);
    CHECK(net.signals[0].node == 1);
    CHECK(net.node_signal[1] == 0);
    REQUIRE(net.signals[0].programs.size() == 2);
    CHECK(net.signals[0].active_program == 1);  // the last one read runs
    CHECK(net.signals[0].programs[0].offset_s == 3);
    CHECK(net.signals[0].programs[1].max_duration_s[0] == 45);
    CHECK(net.connection_state[1] == LinkState::off_blinking);
    CHECK(net.connection_turn[1] == Turn::left);
}

TEST_CASE("wrong SUMO networks are refused with file, line, element and hint") {
    CHECK_THAT(first_error("<net/>"), Catch::Contains("CT-SUMO-002"));
    CHECK_THAT(first_error("<routes/>"), Catch::Contains("CT-SUMO-001"));
    CHECK_THAT(first_error(replaced(small_net, "length=\"50\"", "length=\"-1\"")), Catch::Contains("test.net.xml:13:") && Catch::Contains("CT-SUMO-004"));
    CHECK_THAT(first_error(replaced(small_net, "length=\"50\"", "length=\"nan\"")), Catch::Contains("CT-XML-007") && Catch::Contains("db_0"));
    CHECK_THAT(first_error(replaced(small_net, "length=\"50\"", "length=\"1e400\"")), Catch::Contains("CT-XML-007"));
    CHECK_THAT(first_error(replaced(small_net, "<lane id=\"db_0\" index=\"0\" speed=\"8.33\" length=\"50\" shape=\"100,50 100,3\"/>", "")), Catch::Contains("CT-SUMO-003") && Catch::Contains("0 lanes"));
    CHECK_THAT(first_error(replaced(small_net, "to=\"C\"", "to=\"CC\"")), Catch::Contains("CT-SUMO-006") && Catch::Contains("nearest"));
    CHECK_THAT(first_error(replaced(small_net, "id=\"db\"", "id=\"ab\"")), Catch::Contains("CT-SUMO-005"));
    CHECK_THAT(first_error(replaced(small_net, "pedestrian tram", "pedestrain tram")), Catch::Contains("CT-SUMO-007") && Catch::Contains("nearest: 'pedestrian'"));
    CHECK_THAT(first_error(replaced(small_net, "100,0 150,10 200,0", "100,0 150,x 200,0")), Catch::Contains("CT-SUMO-008"));
    CHECK_THAT(first_error(replaced(small_net, "<request index=\"1\" response=\"00\" foes=\"01\" cont=\"0\"/>", "")), Catch::Contains("CT-SUMO-009"));
    CHECK_THAT(first_error(replaced(small_net, "response=\"10\"", "response=\"1\"")), Catch::Contains("CT-SUMO-009"));
    CHECK_THAT(first_error(replaced(small_net, "state=\"yr\"", "state=\"y\"")), Catch::Contains("CT-SUMO-010") && Catch::Contains("'B'"));
    CHECK_THAT(first_error(replaced(small_net, "linkIndex=\"1\"", "linkIndex=\"7\"")), Catch::Contains("CT-SUMO-010") && Catch::Contains("8 links"));
    CHECK_THAT(first_error(replaced(small_net, "duration=\"3\"", "duration=\"0\"")), Catch::Contains("CT-SUMO-011"));
    CHECK_THAT(first_error(replaced(small_net, "tl=\"B\"", "tl=\"X\"")), Catch::Contains("CT-SUMO-006") && Catch::Contains("tlLogic"));
    CHECK_THAT(first_error(replaced(small_net, "fromLane=\"1\"", "fromLane=\"5\"")), Catch::Contains("CT-SUMO-006") && Catch::Contains("lane 5"));
    CHECK_THAT(first_error(replaced(small_net, "via=\":B_2_0\"", "via=\":B_9_0\"")), Catch::Contains("CT-SUMO-006"));
    CHECK_THAT(first_error(small_net.substr(0, 900)), Catch::Contains("CT-XML-002"));
}

TEST_CASE("several errors of a network are said together") {
    DiagnosticList diagnostics;
    const std::string text = replaced(replaced(small_net, "length=\"50\"", "length=\"-1\""), "duration=\"3\"", "duration=\"0\"");
    try {
        (void)parse_sumo_network(text, "test.net.xml", diagnostics);
        FAIL("accepted");
    } catch (const InputError& error) {
        CHECK(error.diagnostics().size() >= 2);
    }
}

TEST_CASE("speed 0 closes a lane, an all-red program and a net without internal lanes are warned of") {
    DiagnosticList diagnostics;
    const auto count = [&](const char* code) { return std::count_if(diagnostics.all().begin(), diagnostics.all().end(), [&](const Diagnostic& d) { return d.code == code; }); };
    const RoadNetwork net = parse_sumo_network(replaced(replaced(small_net, "speed=\"8.33\"", "speed=\"0\""), " via=\":B_0_0\"", ""), "test.net.xml", diagnostics);
    CHECK(net.link_permissions[1] == 0);
    CHECK(net.connection_length_m[0] == 0);
    CHECK(count("CT-SUMO-016") == 1);
    CHECK(count("CT-SUMO-014") == 1);
    std::string red = small_net;
    for (const char* state : {"state=\"Gr\"", "state=\"yr\"", "state=\"rG\"", "state=\"ry\""}) red = replaced(red, state, "state=\"rr\"");
    (void)parse_sumo_network(red, "test.net.xml", diagnostics);
    CHECK(count("CT-SUMO-012") == 1);
}

TEST_CASE("SUMO's words go there and back") {
    std::string unknown;
    CHECK(sumo_permissions("bus taxi", {}, unknown) == (vehicle_class::bus | vehicle_class::taxi));
    CHECK(sumo_permissions({}, "all", unknown) == 0u);
    CHECK(sumo_class_names(vehicle_class::bus | vehicle_class::passenger) == "passenger bus");
    CHECK(sumo_time("1:00:30") == 3630.0);
    CHECK(sumo_time("1:0:0:1") == 86401.0);
    CHECK(sumo_time("12.5") == 12.5);
    CHECK_FALSE(sumo_time("noon"));
    CHECK(sumo_words("a.xml, b.xml c.xml") == std::vector<std::string_view>{"a.xml", "b.xml", "c.xml"});
    CHECK(vehicle_class_bit("bus") == vehicle_class::bus);
    CHECK(vehicle_class_bit("horse") == 0);
    CHECK(std::string(name_of(RoadClass::trunk_link)) == "trunk_link");
}

TEST_CASE("a written network reads back the same") {
    DiagnosticList diagnostics;
    const RoadNetwork net = parse_sumo_network(small_net, "test.net.xml", diagnostics);
    const std::string path = citytwin::testing::scratch_folder("sumo_write") + "/out.net.xml.gz";
    write_sumo_network(net, path);
    const RoadNetwork again = read_sumo_network(path, diagnostics);
    CHECK(again.link_id == net.link_id);
    CHECK(again.lane_length_m == net.lane_length_m);
    CHECK(again.lane_permissions == net.lane_permissions);
    CHECK(again.node_x == net.node_x);
    CHECK(again.origin_x == net.origin_x);
    CHECK(again.crs == net.crs);
    CHECK(again.connection_from_link == net.connection_from_link);
    CHECK(again.connection_length_m == net.connection_length_m);
    CHECK(again.connection_foes == net.connection_foes);
    CHECK(again.connection_yields_to == net.connection_yields_to);
    CHECK(again.connection_signal_link == net.connection_signal_link);
    CHECK(again.signals[0].programs[1].state == net.signals[0].programs[1].state);
    CHECK(again.signals[0].active_program == net.signals[0].active_program);
}

}  // namespace
