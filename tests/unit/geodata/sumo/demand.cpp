// SUMO demand: vehicles, trips, flows, distributions, stops; and how wrong files are refused.
#include <catch2/catch.hpp>
#include <fstream>

#include "geodata/sumo/sumo.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;

const RoadNetwork& streets() {
    static const RoadNetwork network = [] {
        DiagnosticList diagnostics;
        return parse_sumo_network(R"(<net>
<edge id="ab" from="a" to="b"><lane id="ab_0" index="0" speed="10" length="100" shape="0,0 100,0"/></edge>
<edge id="bc" from="b" to="c"><lane id="bc_0" index="0" speed="10" length="200" disallow="truck" shape="100,0 300,0"/></edge>
<edge id="cd" from="c" to="d"><lane id="cd_0" index="0" speed="10" length="50" shape="300,0 350,0"/></edge>
<tlLogic id="b" type="static" programID="0" offset="0"><phase duration="30" state="G"/></tlLogic>
<junction id="a" x="0" y="0" type="dead_end"/><junction id="b" x="100" y="0" incLanes="ab_0"/><junction id="c" x="300" y="0" incLanes="bc_0"/><junction id="d" x="350" y="0" type="dead_end"/>
<connection from="ab" to="bc" fromLane="0" toLane="0" tl="b" linkIndex="0" dir="s" state="O"/>
<connection from="bc" to="cd" fromLane="0" toLane="0" dir="s" state="M"/></net>)",
                                  "streets.net.xml", diagnostics);
    }();
    return network;
}

SumoDemand demand_of(const std::string& inside, SumoConfiguration configuration = {}, DiagnosticList* list = nullptr, std::uint64_t seed = 1) {
    DiagnosticList own;
    return parse_sumo_demand("<routes>\n" + inside + "\n</routes>", "test.rou.xml", configuration, streets(), seed, list ? *list : own);
}

std::string first_error(const std::string& inside) {
    try {
        (void)demand_of(inside);
    } catch (const InputError& error) {
        return error.diagnostics().front().text();
    }
    return "none";
}

TEST_CASE("vehicles, trips and routes are read, sorted by departure") {
    const auto demand = demand_of(R"x(<vType id="long" vClass="bus" length="18" speedFactor="normc(0.9,0.05,0.2,2)"/>
<route id="r" edges="ab bc cd"><stop lane="cd_0" endPos="-10" duration="20" until="0:05:00"/></route>
<trip id="t" depart="0:00:30" from="ab" to="cd" via="bc" departPos="12.5" arrivalPos="30"/>
<vehicle id="v" type="long" depart="5" route="r"/>
<vehicle id="w" depart="7"><route edges="bc cd"/></vehicle>)x");
    REQUIRE(demand.vehicles.size() == 3);
    CHECK(demand.unsorted == 1);
    CHECK(demand.vehicles[0].id == "v");
    CHECK(demand.vehicles[0].route == std::vector<Index>{0, 1, 2});
    REQUIRE(demand.vehicles[0].stops.size() == 1);
    CHECK(demand.vehicles[0].stops[0].end_m == 40);
    CHECK(demand.vehicles[0].stops[0].until_s == 300);
    CHECK(demand.types[demand.vehicles[0].type].length_m == 18);
    CHECK(demand.types[demand.vehicles[0].type].speed_factor == 0.9);
    CHECK(demand.types[demand.vehicles[0].type].acceleration_mps2 == 1.2);  // a bus, as SUMO 1.28 defaults it
    CHECK(demand.vehicles[1].route == std::vector<Index>{1, 2});
    CHECK(demand.vehicles[2].needs_routing);
    CHECK(demand.vehicles[2].route == std::vector<Index>{0, 1, 2});
    CHECK(demand.vehicles[2].depart_s == 30);
    CHECK(demand.vehicles[2].depart_pos_m == 12.5);
    CHECK(demand.vehicles[2].arrival_pos_m == 30);
}

TEST_CASE("flows depart as in SUMO 1.28: from begin on, while before end") {
    const auto departures = [](const std::string& attributes) {
        std::vector<double> times;
        for (const auto& vehicle : demand_of("<flow id=\"f\" from=\"ab\" to=\"cd\" " + attributes + "/>").vehicles) times.push_back(vehicle.depart_s);
        return times;
    };
    CHECK(departures("begin=\"0\" end=\"10\" period=\"7\"") == std::vector<double>{0, 7});
    CHECK(departures("begin=\"0\" end=\"10\" period=\"100\"") == std::vector<double>{0});
    CHECK(departures("begin=\"0\" end=\"15\" vehsPerHour=\"600\"") == std::vector<double>{0, 6, 12});
    CHECK(departures("begin=\"10\" end=\"40\" number=\"3\"") == std::vector<double>{10, 20, 30});
    CHECK(departures("begin=\"10\" number=\"2\" period=\"5\"") == std::vector<double>{10, 15});
    const auto chance = departures("begin=\"0\" end=\"10000\" probability=\"0.3\"");
    CHECK(static_cast<double>(chance.size()) == Approx(3000).epsilon(0.05));
    CHECK(chance == departures("begin=\"0\" end=\"10000\" probability=\"0.3\""));
    const auto poisson = departures("begin=\"0\" end=\"10000\" period=\"exp(0.5)\"");
    CHECK(static_cast<double>(poisson.size()) == Approx(5000).epsilon(0.05));
}

TEST_CASE("distributions draw by vehicle: the same for a seed, near their weights") {
    std::string text = R"(<vTypeDistribution id="d"><vType id="x" probability="3"/><vType id="y" probability="1"/></vTypeDistribution>
<routeDistribution id="rd"><route id="r1" edges="ab bc" probability="1"/><route id="r2" edges="bc cd" probability="3"/></routeDistribution>)";
    for (int i = 0; i < 4000; ++i) text += "<vehicle id=\"" + std::to_string(i) + "\" depart=\"0\" type=\"d\" route=\"rd\"/>";
    const auto a = demand_of(text), b = demand_of(text), c = demand_of(text, {}, nullptr, 2);
    int x = 0, first = 0, equal = 0;
    for (std::size_t i = 0; i < 4000; ++i) {
        x += a.types[a.vehicles[i].type].id == "x";
        first += a.vehicles[i].route.front() == 0;
        CHECK(a.vehicles[i].type == b.vehicles[i].type);
        equal += a.vehicles[i].type == c.vehicles[i].type;
    }
    CHECK(x == Approx(3000).epsilon(0.05));
    CHECK(first == Approx(1000).epsilon(0.1));
    CHECK(equal < 3500);
}

TEST_CASE("wrong demand is refused with file, line, vehicle and the nearest name") {
    CHECK_THAT(first_error("<vehicle id=\"v\" depart=\"0\"><route edges=\"ab bcc\"/></vehicle>"), Catch::Contains("test.rou.xml:2") && Catch::Contains("CT-SUMO-033") && Catch::Contains("'v'") && Catch::Contains("nearest: 'bc'"));
    CHECK_THAT(first_error("\n<vehicle id=\"v\" depart=\"0\"><route edges=\"ab cd\"/></vehicle>"), Catch::Contains("test.rou.xml:3") && Catch::Contains("CT-SUMO-038") && Catch::Contains("from edge 'ab' to edge 'cd'"));
    CHECK_THAT(first_error("<vType id=\"t\" vClass=\"truck\"/><vehicle id=\"v\" type=\"t\" depart=\"0\"><route edges=\"ab bc\"/></vehicle>"), Catch::Contains("CT-SUMO-038") && Catch::Contains("truck"));
    CHECK_THAT(first_error("<trip id=\"v\" type=\"carr\" depart=\"0\" from=\"ab\" to=\"cd\"/><vType id=\"car\"/>"), Catch::Contains("CT-SUMO-030") && Catch::Contains("nearest: 'car'"));
    CHECK_THAT(first_error("<trip id=\"v\" depart=\"0\" from=\"ab\" to=\"cd\"/>\n<trip id=\"v\" depart=\"0\" from=\"ab\" to=\"cd\"/>"), Catch::Contains("test.rou.xml:3") && Catch::Contains("CT-SUMO-036"));
    CHECK_THAT(first_error("<vehicle id=\"v\" depart=\"0\" route=\"none\"/>"), Catch::Contains("CT-SUMO-035"));
    CHECK_THAT(first_error("<trip id=\"v\" depart=\"NaN\" from=\"ab\" to=\"cd\"/>"), Catch::Contains("CT-XML-007"));
    CHECK_THAT(first_error("<trip id=\"v\" depart=\"-5\" from=\"ab\" to=\"cd\"/>"), Catch::Contains("CT-SUMO-031"));
    CHECK_THAT(first_error("<trip id=\"v\" depart=\"triggered\" from=\"ab\" to=\"cd\"/>"), Catch::Contains("CT-SUMO-039"));
    CHECK_THAT(first_error("<trip id=\"v\" depart=\"0\" fromTaz=\"1\" toTaz=\"2\"/>"), Catch::Contains("CT-SUMO-039"));
    CHECK_THAT(first_error("<vType id=\"t\" length=\"-4\"/>"), Catch::Contains("CT-SUMO-031"));
    CHECK_THAT(first_error("<vType id=\"t\" vClass=\"buss\"/>"), Catch::Contains("CT-SUMO-007") && Catch::Contains("nearest: 'bus'"));
    CHECK_THAT(first_error("<vType id=\"t\"/><vType id=\"t\"/>"), Catch::Contains("CT-SUMO-005"));
    CHECK_THAT(first_error("<flow id=\"f\" from=\"ab\" to=\"cd\" begin=\"0\" end=\"9\"/>"), Catch::Contains("CT-SUMO-034"));
    CHECK_THAT(first_error("<flow id=\"f\" from=\"ab\" to=\"cd\" begin=\"0\" end=\"1e9\" period=\"0.001\"/>"), Catch::Contains("CT-SUMO-034"));
    CHECK_THAT(first_error("<vTypeDistribution id=\"d\" vTypes=\"a b\"/>"), Catch::Contains("CT-SUMO-030"));
    CHECK_THAT(first_error("<vehicle id=\"v\" depart=\"0\"><route edges=\"ab bc\"/><stop busStop=\"s\" duration=\"5\"/></vehicle>"), Catch::Contains("CT-SUMO-037"));
    CHECK_THAT(first_error("<busStop id=\"s\" lane=\"ab_7\"/>"), Catch::Contains("CT-SUMO-033"));
    CHECK_THAT(first_error("<tlLogic id=\"b\"><phase duration=\"5\" state=\"\"/></tlLogic>"), Catch::Contains("CT-XML-006"));
    CHECK_THAT(first_error("<tlLogic id=\"zz\"><phase duration=\"5\" state=\"G\"/></tlLogic>"), Catch::Contains("CT-SUMO-006"));
}

TEST_CASE("routes that can't be driven are kept and counted under ignore-route-errors") {
    SumoConfiguration configuration;
    configuration.ignore_route_errors = true;
    DiagnosticList diagnostics;
    const auto demand = demand_of("<vehicle id=\"v\" depart=\"0\"><route edges=\"ab cd\"/></vehicle><vehicle id=\"w\" depart=\"0\"><route edges=\"ab bc\"/></vehicle>", configuration, &diagnostics);
    REQUIRE(demand.vehicles.size() == 2);
    CHECK_FALSE(demand.vehicles[0].has_valid_route);
    CHECK(demand.vehicles[1].has_valid_route);
    CHECK_FALSE(diagnostics.all().empty());
}

TEST_CASE("what no model reads yet is skipped with everything inside it, and named") {
    DiagnosticList diagnostics;
    const auto demand = demand_of("<person id=\"p\" depart=\"0\"><walk edges=\"ab\"/><stop busStop=\"none\"/></person><trip id=\"t\" depart=\"0\" from=\"ab\" to=\"cd\"/>", {}, &diagnostics);
    CHECK(demand.vehicles.size() == 1);
    CHECK(demand.ignored.at("person") == 1);
    CHECK(diagnostics.all().back().message.find("person") != std::string::npos);
}

TEST_CASE("a configuration lists its files by comma and blank, under either root") {
    const std::string folder = citytwin::testing::scratch_folder("sumocfg"), path = folder + "/c.sumocfg";
    std::ofstream(path) << R"(<sumoConfiguration><input><net-file value="n.net.xml"/><route-files value="a.rou.xml, b.rou.xml c.rou.xml"/><additional-files value="x.add.xml"/></input>
<time><begin value="0:10:00"/><end value="1200"/></time><processing><ignore-route-errors value="true"/></processing><output><tripinfo-output value="t.xml"/></output></sumoConfiguration>)";
    DiagnosticList diagnostics;
    const auto configuration = read_sumo_configuration(path, diagnostics);
    CHECK(configuration.net_file == folder + "/n.net.xml");
    CHECK(configuration.route_files.size() == 3);
    CHECK(configuration.begin_s == 600);
    CHECK(configuration.end_s == 1200);
    CHECK(configuration.ignore_route_errors);
    CHECK(configuration.ignored_options == std::vector<std::string>{"tripinfo-output"});
    CHECK(diagnostics.all().size() == 1);
    std::ofstream(path) << "<configuration><time><begin value=\"5\"/></time></configuration>";
    CHECK_THROWS_WITH(read_sumo_configuration(path, diagnostics), Catch::Contains("CT-SUMO-020"));
    std::ofstream(path) << "<configuration><net-file value=\"n\"/><begin value=\"50\"/><end value=\"5\"/></configuration>";
    CHECK_THROWS_WITH(read_sumo_configuration(path, diagnostics), Catch::Contains("CT-SUMO-021"));
    std::ofstream(path) << "<net/>";
    CHECK_THROWS_WITH(read_sumo_configuration(path, diagnostics), Catch::Contains("CT-SUMO-001"));
}

}  // namespace
