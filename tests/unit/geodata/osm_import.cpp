// From small OpenStreetMap files to a city: ids, directions, signals, restrictions, overrides, files in disorder, files that are broken.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "geodata/import_report/import_report.hpp"
#include "geodata/osm/import.hpp"
#include "geodata/road/road_network.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;

/// A node some metres east and north of a place near Porto Alegre.
std::string node(int id, double east_m, double north_m, const std::string& tags = {}, int version = 1) {
    char text[200];
    std::snprintf(text, sizeof text, "<node id='%d' version='%d' lat='%.7f' lon='%.7f'>", id, version, -30.0 + north_m / 110850.0, -51.0 + east_m / 96480.0);
    return text + tags + "</node>\n";
}
std::string tag(const std::string& key, const std::string& value) { return "<tag k='" + key + "' v='" + value + "'/>"; }
std::string way(int id, const std::vector<int>& nodes, const std::string& tags, int version = 1) {
    std::string text = "<way id='" + std::to_string(id) + "' version='" + std::to_string(version) + "'>";
    for (int n : nodes) text += "<nd ref='" + std::to_string(n) + "'/>";
    return text + tags + "</way>\n";
}
std::string street(int id, const std::vector<int>& nodes, const std::string& tags = {}) { return way(id, nodes, tag("highway", "residential") + tags); }
std::string document(const std::string& body) { return "<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'>\n" + body + "</osm>\n"; }

std::string written(const std::string& name, const std::string& text) {
    const std::string path = citytwin::testing::scratch_folder("osm_import_" + name) + "/" + name;
    std::ofstream(path) << text;
    return path;
}

City imported(const std::string& text, OsmImportOptions options = {}) {
    Arena arena(2);
    DiagnosticList diagnostics;
    return import_osm(written("streets.osm", text), options, arena, diagnostics);
}

std::string code_of(const std::string& path, OsmImportOptions options = {}) {
    Arena arena(1);
    DiagnosticList diagnostics;
    try {
        import_osm(path, options, arena, diagnostics);
    } catch (const InputError& error) {
        return error.diagnostics().front().code;
    }
    return "none";
}

/// A crossing of two streets at node 5, 200 m arms to nodes 1 (west), 2 (east), 3 (south), 4 (north).
std::string crossing(const std::string& centre_tags = {}, const std::string& street_tags = {}) {
    return node(1, -200, 0) + node(2, 200, 0) + node(3, 0, -200) + node(4, 0, 200) + node(5, 0, 0, centre_tags) + street(10, {1, 5, 2}, street_tags) +
           street(20, {3, 5, 4}, street_tags);
}

const ImportIssue* issue(const City& city, const std::string& cause) {
    for (const auto& candidate : city.issues) {
        if (candidate.cause == cause) return &candidate;
    }
    return nullptr;
}

TEST_CASE("a street becomes one link per direction and piece, named by its way") {
    const RoadNetwork road = load_road_network(imported(document(crossing())));
    REQUIRE(road.links() == 8);
    CHECK(road.link_id[0] == "10#0");
    CHECK(road.link_id[1] == "-10#0");
    CHECK(road.link_id[2] == "10#1");
    CHECK(road.link_source_way[7] == 20);
    CHECK(road.node_id[road.link_from[0]] == "1");
    CHECK(road.node_id[road.link_to[0]] == "5");
    CHECK(road.link_length_m[0] == Approx(200).epsilon(0.005));
    CHECK(road.link_shape[0].size() == 4);
    CHECK(road.crs == "EPSG:32722");
}

TEST_CASE("a one-way street against its drawing has backward links only") {
    const RoadNetwork road = load_road_network(imported(document(node(1, 0, 0) + node(2, 300, 0) + node(3, 600, 0) + street(7, {1, 2}, tag("oneway", "-1")) + street(8, {2, 3}))));
    REQUIRE(road.links() == 3);
    CHECK(road.link_id[0] == "-7#0");
    CHECK(road.node_id[road.link_from[0]] == "2");
}

TEST_CASE("speeds and lanes by direction reach the right links") {
    const std::string tags = tag("maxspeed:forward", "60") + tag("maxspeed", "40") + tag("lanes", "3") + tag("lanes:forward", "2") + tag("name", "Rua A") + tag("bridge", "yes");
    const RoadNetwork road = load_road_network(imported(document(node(1, 0, 0) + node(2, 300, 0) + street(7, {1, 2}, tags))));
    REQUIRE(road.links() == 2);
    CHECK(road.link_speed_mps[0] == Approx(60 / 3.6));
    CHECK(road.link_speed_mps[1] == Approx(40 / 3.6));
    CHECK(road.link_lanes[0] == 2);
    CHECK(road.link_lanes[1] == 1);
    CHECK(road.link_name[0] == "Rua A");
    CHECK((road.link_flags[0] & road_flag::bridge) != 0);
    CHECK((road.link_flags[0] & (road_flag::defaulted_lanes | road_flag::defaulted_speed)) == 0);
}

TEST_CASE("ways that cars may not use are counted but not simulated") {
    const City city = imported(document(crossing() + node(6, 0, 400) + street(30, {4, 6}, tag("motor_vehicle", "no"))));
    CHECK(city.at("road_link").size() == 8);
    CHECK(nlohmann::json::parse(city.info_json)["network"]["ways"] == 3);
    REQUIRE(issue(city, "no_access_for_cars") != nullptr);
    CHECK(issue(city, "no_access_for_cars")->count == 1);
    CHECK(issue(city, "no_access_for_cars")->examples.front().substr(0, 6) == "way 30");
}

TEST_CASE("a signal node on an approach controls the junction it stands before") {
    const std::string signal = tag("highway", "traffic_signals");
    const City city = imported(document(node(1, -200, 0) + node(2, 200, 0) + node(3, 0, -200) + node(4, 0, 200) + node(5, 0, 0) + node(6, -15, 0, signal) +
                                        node(7, 15, 0, signal) + node(8, 0, -15, signal) + node(9, 0, 15, signal) + street(10, {1, 6, 5, 7, 2}) + street(20, {3, 8, 5, 9, 4})));
    const RoadNetwork road = load_road_network(city);
    CHECK(road.links() == 8);  // no cut at the stop lines
    REQUIRE(road.signals.size() == 1);
    CHECK(road.node_id[road.signals[0].node] == "5");
    CHECK(city.at("signal_head").size() == 4);
    for (const auto signal_row : city.at("signal_head").get<std::uint32_t>("signal")) CHECK(signal_row == 0);
}

TEST_CASE("a signal between junctions stands alone and the street is cut there") {
    const City city = imported(document(node(1, -300, 0) + node(6, -100, 0, tag("highway", "traffic_signals")) + node(5, 0, 0) + node(2, 200, 0) + node(4, 0, 200) +
                                        street(10, {1, 6, 5, 2}) + street(20, {5, 4})));
    const RoadNetwork road = load_road_network(city);
    CHECK(nlohmann::json::parse(city.info_json)["network"]["directed_edges"] == 6);  // the counts know nothing of the cut
    CHECK(road.links() == 8);
    REQUIRE(road.signals.size() == 1);
    CHECK(road.node_id[road.signals[0].node] == "6");
    REQUIRE(issue(city, "signal_between_junctions") != nullptr);
}

TEST_CASE("the crossings of a dual carriageway under signals are one controller") {
    const std::string signal = tag("highway", "traffic_signals"), oneway = tag("oneway", "yes");
    const City city = imported(document(node(1, -200, 0) + node(2, 200, 0) + node(3, 200, 15) + node(4, -200, 15) + node(5, 0, 0, signal) + node(6, 0, 15, signal) +
                                        node(7, 0, -200) + node(8, 0, 200) + street(10, {1, 5, 2}, oneway) + street(11, {3, 6, 4}, oneway) + street(20, {7, 5, 6, 8})));
    const RoadNetwork road = load_road_network(city);
    REQUIRE(road.signals.size() == 1);
    std::size_t under_signal = 0;
    for (const Index row : road.node_signal) under_signal += row == 0;
    CHECK(under_signal == 2);
}

std::string restriction(int id, const std::string& kind, int from, int via, int to, const std::string& more = {}) {
    const auto member = [](const char* type, int ref, const char* role) {
        return "<member type='" + std::string(type) + "' ref='" + std::to_string(ref) + "' role='" + role + "'/>";
    };
    return "<relation id='" + std::to_string(id) + "' version='1'>" + member("way", from, "from") + member("node", via, "via") + member("way", to, "to") +
           tag("type", "restriction") + tag("restriction", kind) + more + "</relation>\n";
}

/// Four streets of their own ways that meet at node 5.
std::string star() {
    return node(1, -200, 0) + node(2, 200, 0) + node(3, 0, -200) + node(4, 0, 200) + node(5, 0, 0) + street(11, {1, 5}) + street(12, {5, 2}) + street(13, {3, 5}) + street(14, {5, 4});
}

bool is_connected(const RoadNetwork& road, const std::string& from, const std::string& to) {
    for (std::size_t c = 0; c < road.connections(); ++c) {
        if (road.link_id[road.connection_from_link[c]] == from && road.link_id[road.connection_to_link[c]] == to) return true;
    }
    return false;
}

TEST_CASE("a forbidden turn has no connection, an only-turn is the single one") {
    const RoadNetwork free = load_road_network(imported(document(star())));
    CHECK(is_connected(free, "11#0", "14#0"));
    const RoadNetwork no_left = load_road_network(imported(document(star() + restriction(1, "no_left_turn", 11, 5, 14))));
    CHECK_FALSE(is_connected(no_left, "11#0", "14#0"));
    CHECK(is_connected(no_left, "11#0", "12#0"));
    const RoadNetwork only = load_road_network(imported(document(star() + restriction(1, "only_straight_on", 11, 5, 12))));
    CHECK(is_connected(only, "11#0", "12#0"));
    CHECK_FALSE(is_connected(only, "11#0", "14#0"));
    CHECK_FALSE(is_connected(only, "11#0", "-13#0"));
}

TEST_CASE("restrictions that can't be applied are counted by cause") {
    const City city = imported(document(star() + restriction(1, "no_left_turn", 11, 1, 14) + restriction(2, "no_left_turn", 11, 5, 14, tag("except", "motorcar;psv")) +
                                        restriction(3, "unclear", 11, 5, 14)));
    CHECK(issue(city, "turn_restriction_without_its_roads")->count == 1);
    CHECK(issue(city, "turn_restriction_not_for_cars")->count == 1);
    CHECK(issue(city, "turn_restriction_incomplete")->count == 1);
}

TEST_CASE("files in disorder and with several versions give what the ordered file gives") {
    const std::string ordered = document(crossing());
    const std::string disorder = document(street(20, {3, 5, 4}) + way(10, {1, 2}, tag("highway", "residential"), 1) + node(5, 0, 0, "", 2) + node(2, 200, 0) + node(1, -200, 0) +
                                          way(10, {1, 5, 2}, tag("highway", "residential"), 3) + node(5, 90, 90, "", 1) + node(4, 0, 200) + node(3, 0, -200));
    const City plain = imported(ordered), mixed = imported(disorder);
    const auto counts = [](const City& city) { return nlohmann::json::parse(city.info_json)["network"]; };
    CHECK(counts(mixed) == counts(plain));
    CHECK(issue(mixed, "file_not_sorted") != nullptr);
    CHECK(issue(mixed, "duplicate_nodes")->count == 1);
    CHECK(issue(mixed, "duplicate_ways")->count == 1);
    CHECK(issue(plain, "file_not_sorted") == nullptr);
}

TEST_CASE("references to nodes that aren't in the file are dropped and counted") {
    const City city = imported(document(crossing() + street(30, {4, 98, 99}) + street(31, {1, 97, 3})));
    const auto network = nlohmann::json::parse(city.info_json)["network"];
    CHECK(network["missing_node_refs"] == 3);
    CHECK(network["ways"] == 3);
    CHECK(issue(city, "missing_node_refs")->count == 3);
    CHECK(issue(city, "ways_without_two_located_nodes")->count == 1);
}

TEST_CASE("two nodes at one place make a link of 10 cm, counted as repaired") {
    const City city = imported(document(node(1, 0, 0) + node(2, 100, 0) + node(3, 100, 0) + node(4, 300, 0) + street(1, {1, 2}) + street(2, {2, 3}) + street(3, {3, 4})));
    CHECK(issue(city, "link_shorter_than_10_cm")->count == 2);
    for (const double length : city.at("road_link").get<double>("length")) CHECK(length >= 0.1);
}

TEST_CASE("only the largest connected part stays when that is asked for") {
    const std::string island = node(50, 5000, 0) + node(51, 5100, 0) + street(40, {50, 51});
    OsmImportOptions options;
    CHECK(imported(document(crossing() + island)).at("road_link").size() == 10);
    options.largest_component_only = true;
    const City city = imported(document(crossing() + island), options);
    CHECK(city.at("road_link").size() == 8);
    CHECK(issue(city, "nodes_outside_the_largest_component")->count == 2);
}

TEST_CASE("overrides change lanes, speed, direction and signals, and take ways out") {
    OsmImportOptions options;
    options.overrides = written("overrides.toml", "[way.10]\nlanes = 4\nspeed = \"80 km/h\"\n[way.20]\noneway = \"yes\"\n[node.5]\nsignal = true\n");
    const RoadNetwork road = load_road_network(imported(document(crossing()), options));
    REQUIRE(road.links() == 6);
    CHECK(road.link_lanes[0] == 2);
    CHECK(road.link_speed_mps[1] == Approx(80 / 3.6));
    CHECK(road.link_id[4] == "20#0");
    CHECK(road.link_id[5] == "20#1");
    CHECK(road.signals.size() == 1);
    options.overrides = written("delete.toml", "[way.20]\ndelete = true\n");
    CHECK(imported(document(crossing()), options).at("road_link").size() == 4);
}

TEST_CASE("an override that matches nothing is an error with its line") {
    OsmImportOptions options;
    options.overrides = written("wrong.toml", "# corrections\n[way.10]\nlanes = 2\n[way.99]\nlanes = 2\n");
    try {
        imported(document(crossing()), options);
        FAIL("no error");
    } catch (const InputError& error) {
        CHECK(error.diagnostics().front().code == "CT-OSM-030");
        CHECK(error.diagnostics().front().place.line == 4);
    }
}

TEST_CASE("wrong defaults and overrides are refused with file and line") {
    const std::string streets = written("plain.osm", document(crossing()));
    OsmImportOptions options;
    options.defaults = written("defaults.toml", "[class.residential]\nlanes = 1\nsped = \"30 km/h\"\n");
    CHECK(code_of(streets, options) == "CT-OSM-022");
    options.defaults = written("bare.toml", "[class.residential]\nspeed = 30\n");
    CHECK(code_of(streets, options) == "CT-OSM-023");
    options.defaults = written("unit.toml", "[class.residential]\nspeed = \"30 kg\"\n");
    CHECK(code_of(streets, options) != "none");
    options.defaults = written("high.toml", "[class.residential]\nlanes = 99\n");
    CHECK(code_of(streets, options) == "CT-OSM-024");
    options.defaults = "missing.toml";
    CHECK(code_of(streets, options) == "CT-OSM-020");
    options.defaults = "urban";
    options.crs = "EPSG:4326";
    CHECK(code_of(streets, options) == "CT-CRS-002");
    options.crs = "EPSG:25832";
    CHECK(code_of(streets, options) == "CT-CRS-005");
}

TEST_CASE("a defaults file changes single values of its base") {
    OsmImportOptions options;
    options.defaults = written("thirty.toml", "base = \"sumo\"\n[class.residential]\nspeed = \"30 km/h\"\nlanes = 2\n");
    const RoadNetwork road = load_road_network(imported(document(crossing()), options));
    CHECK(road.link_speed_mps[0] == Approx(30 / 3.6));
    CHECK(road.link_lanes[0] == 2);
}

TEST_CASE("files that can't be read are refused by name") {
    CHECK(code_of("nowhere.osm.pbf") == "CT-OSM-001");
    CHECK(code_of(written("streets.txt", "x")) == "CT-OSM-002");
    CHECK(code_of(written("cut.osm", "<?xml version='1.0'?>\n<osm version='0.6'>\n<node id='1' lat='0'")) == "CT-OSM-003");
    CHECK(code_of(written("bomb.osm", "<?xml version='1.0'?>\n<!DOCTYPE osm [<!ENTITY a 'aaaa'>]>\n<osm version='0.6'>&a;</osm>")) != "none");
    CHECK(code_of(written("noise.osm.pbf", "this is no protocol buffer at all, but long enough to be read as one")) == "CT-OSM-004");
    CHECK(code_of(written("empty.osm", document(""))) == "CT-OSM-005");
    CHECK(code_of(written("empty.osm.pbf", "")) != "none");
}

TEST_CASE("a broken XML file names the line") {
    Arena arena(1);
    DiagnosticList diagnostics;
    try {
        import_osm(written("line.osm", "<?xml version='1.0'?>\n<osm version='0.6'>\n<node id='1' lat='1' lon='1'/>\n<way></node>\n</osm>\n"), {}, arena, diagnostics);
        FAIL("no error");
    } catch (const InputError& error) {
        CHECK(error.diagnostics().front().place.line == 4);
    }
}

TEST_CASE("the report says what was assumed, first lines first") {
    const City city = imported(document(crossing()));
    const std::string text = import_report_text(city);
    CHECK(text.find("roads: ") == 0);
    CHECK(text.find("defaulted: lanes on 100.0 %, speeds on 100.0 %") != std::string::npos);
    CHECK(text.find("EPSG:32722") != std::string::npos);
    const auto report = nlohmann::json::parse(import_report_json(city));
    CHECK(report["summary"]["import"]["defaulted"]["lanes_from_default"]["count"] == 2);
    CHECK(report["issues"].size() == city.issues.size());
}

TEST_CASE("building ways become footprints with height and floors") {
    const auto square = [](int first, double east) { return node(first, east, 20) + node(first + 1, east + 10, 20) + node(first + 2, east + 10, 40) + node(first + 3, east, 40); };
    const std::string text = document(crossing() + square(60, 20) + square(70, 60) + square(80, 100) +
                                      way(90, {60, 61, 62, 63, 60}, tag("building", "school") + tag("building:levels", "3")) +
                                      way(91, {70, 73, 72, 71, 70}, tag("building", "yes") + tag("height", "7.5 m")) + way(92, {80, 81, 82, 83}, tag("building", "yes")));
    City city = imported(text);
    Arena arena(1);
    add_osm_buildings(city, written("houses.osm", text), arena);
    const EntitySet& set = city.at("building");
    REQUIRE(set.size() == 2);
    CHECK(set.ids[0] == "90");
    CHECK(set.get<std::string>("use")[0] == "school");
    CHECK(set.get<double>("footprint_area")[0] == Approx(200).epsilon(0.01));
    CHECK(set.get<double>("height")[0] == Approx(9));
    CHECK(set.get<std::int32_t>("floors")[1] == 3);
    CHECK(set.get<double>("height")[1] == Approx(7.5));
    CHECK(set.get<double>("x")[0] - set.get<double>("x")[1] == Approx(-40).epsilon(0.01));
    CHECK(set.has("road_link"));
    CHECK(issue(city, "building_outline_not_closed")->count == 1);
}

TEST_CASE("an import is the same for any number of threads") {
    SHARED_OR_SKIP(path, "data/city/osm/helsinki.osm.pbf");
    const auto hash = [&](int threads) {
        Arena arena(threads, 64);
        DiagnosticList diagnostics;
        const RoadNetwork road = load_road_network(import_osm(path, {}, arena, diagnostics));
        std::string text;
        for (std::size_t link = 0; link < road.links(); ++link) text += road.link_id[link] + std::to_string(road.link_length_m[link]);
        for (std::size_t c = 0; c < road.connections(); ++c) text += std::to_string(road.connection_to_link[c]) + ",";
        return text;
    };
    CHECK(hash(1) == hash(4));
}

}  // namespace
