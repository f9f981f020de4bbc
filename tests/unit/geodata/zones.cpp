#include "geodata/vector/zones.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/durable_file.hpp"
#include "geodata/road/road_network.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::geodata;
using Catch::Contains;

namespace {

/// A grid of n x n nodes, 200 m apart, two-way streets, every movement allowed; origin (478000, 6670000) in EPSG:32722.
City grid_city(Index n) {
    RoadNetwork net;
    net.crs = "EPSG:32722";
    net.origin_x = 478000;
    net.origin_y = 6670000;
    for (Index i = 0; i < n * n; ++i) {
        net.node_id.push_back("n" + std::to_string(i));
        net.node_x.push_back(200.0 * (i % n));
        net.node_y.push_back(200.0 * (i / n));
    }
    net.node_control.resize(n * n);
    net.node_signal.assign(n * n, no_index);
    net.node_flags.resize(n * n);
    const auto add = [&](Index from, Index to) {
        net.link_id.push_back(std::to_string(from) + "-" + std::to_string(to));
        net.link_from.push_back(from);
        net.link_to.push_back(to);
    };
    for (Index i = 0; i < n * n; ++i) {
        for (Index to : {i % n + 1 < n ? i + 1 : no_index, i / n + 1 < n ? i + n : no_index}) {
            if (to == no_index) continue;
            add(i, to);
            add(to, i);
        }
    }
    const std::size_t links = net.links();
    net.link_length_m.assign(links, 200);
    net.link_speed_mps.assign(links, 13.9);
    net.link_lanes.assign(links, 1);
    net.link_class.assign(links, RoadClass::residential);
    net.link_priority.resize(links);
    net.link_permissions.assign(links, vehicle_class::all);
    net.link_flags.resize(links);
    net.link_source_way.resize(links);
    net.link_name.resize(links);
    for (std::size_t l = 0; l < links; ++l) net.link_shape.push_row({});
    for (Index l = 0; l <= links; ++l) net.link_first_lane.push_back(l);
    net.lane_length_m.assign(links, 200);
    net.lane_speed_mps.assign(links, 13.9);
    net.lane_width_m.assign(links, 3.2);
    net.lane_permissions.assign(links, vehicle_class::all);
    for (Index from = 0; from < links; ++from) {
        for (Index to = 0; to < links; ++to) {
            if (net.link_to[from] != net.link_from[to]) continue;
            net.connection_from_link.push_back(from);
            net.connection_to_link.push_back(to);
        }
    }
    const std::size_t connections = net.connections();
    net.connection_from_lane.resize(connections);
    net.connection_to_lane.resize(connections);
    for (std::size_t c = 0; c < connections; ++c) {
        net.connection_node.push_back(net.link_to[net.connection_from_link[c]]);
        net.connection_foes.push_row({});
        net.connection_yields_to.push_row({});
        net.connection_shape.push_row({});
    }
    net.connection_length_m.resize(connections);
    net.connection_speed_mps.resize(connections);
    net.connection_turn.resize(connections);
    net.connection_state.resize(connections);
    net.connection_signal.assign(connections, no_index);
    net.connection_signal_link.assign(connections, -1);
    net.connection_contains_waiting.resize(connections);
    City city;
    city.crs = net.crs;
    city.origin_x = net.origin_x;
    city.origin_y = net.origin_y;
    store_road_network(city, std::move(net));
    return city;
}

const ImportIssue* issue(const City& city, const std::string& cause) {
    for (const auto& candidate : city.issues) {
        if (candidate.cause == cause) return &candidate;
    }
    return nullptr;
}

std::string square(double x, double y, double side) {
    const auto at = [](double px, double py) { return "[" + std::to_string(px) + "," + std::to_string(py) + "]"; };
    return R"({"type":"Polygon","coordinates":[[)" + at(x, y) + "," + at(x + side, y) + "," + at(x + side, y + side) + "," + at(x, y + side) + "," + at(x, y) + "]]}";
}

std::string collection(const std::string& features) {
    return R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:32722"}},"features":[)" + features + "]}";
}

std::string feature(const std::string& geometry, const std::string& properties) {
    return R"({"type":"Feature","properties":)" + properties + R"(,"geometry":)" + geometry + "}";
}

}  // namespace

TEST_CASE("point zones share the links by nearness, and one far away keeps its people and is counted") {
    City city = grid_city(9);
    const std::string path = testing::scratch_folder("zones_csv") + "/z.csv";
    write_file(path, "id,x,y,population,jobs,schools\na,478400,6670400,100,5,1\nb,478800,6670400,50,,2\nc,478400,6670800,7,1,\nd,485000,6670000,3,9,0\n");
    Arena arena(2, 1);
    DiagnosticList diagnostics;
    add_zones(city, path, {}, arena, diagnostics);
    const EntitySet& zone = city.at("zone");
    REQUIRE(zone.size() == 4);
    CHECK(zone.ids[3] == "d");
    CHECK(zone.get<double>("population") == std::vector<double>{100, 50, 7, 3});
    CHECK(zone.get<double>("jobs") == std::vector<double>{5, 0, 1, 9});
    CHECK(zone.get<double>("schools") == std::vector<double>{1, 2, 0, 0});
    CHECK(zone.get<std::uint8_t>("off_network") == std::vector<std::uint8_t>{0, 0, 0, 1});
    const auto& links = zone.ragged<std::uint32_t>("road_links");
    std::vector<int> taken(city.at("road_link").size(), 0);
    for (std::size_t z = 0; z < 4; ++z) {
        CHECK(links[z].size() >= 1);
        if (z == 3) continue;
        for (const auto link : links[z]) {
            ++taken[link];
            CHECK(std::hypot(city.at("road_link").get<double>("x")[link] - zone.get<double>("x")[z], city.at("road_link").get<double>("y")[link] - zone.get<double>("y")[z]) <= 301);
        }
    }
    CHECK(*std::max_element(taken.begin(), taken.end()) == 1);
    REQUIRE(issue(city, "zone_jobs_blank") != nullptr);
    CHECK(issue(city, "zone_jobs_blank")->count == 1);
    CHECK(issue(city, "zone_jobs_blank")->examples == std::vector<std::string>{"line 3"});
    CHECK(issue(city, "zone_schools_blank")->count == 1);
    REQUIRE(issue(city, "zone_off_network") != nullptr);
    CHECK_THAT(issue(city, "zone_off_network")->hint, Contains("3 residents and 9 jobs"));
    const auto info = nlohmann::json::parse(city.info_json)["population"];
    CHECK(info["residents"] == 160);
    CHECK(info["sums"]["schools"] == 3);
    CHECK(info["blank_cells"]["jobs"] == 1);
    CHECK(info["off_network"]["zones"] == 1);
    CHECK_THROWS_WITH(add_zones(city, path, {}, arena, diagnostics), Contains("already has 4"));
}

TEST_CASE("polygon zones take the links that lie in them") {
    City city = grid_city(5);
    const std::string path = testing::scratch_folder("zones_polygon") + "/z.geojson";
    write_file(path, collection(feature(square(478000 - 10, 6670000 - 10, 420), R"({"zone_id":"west","people":10,"work":4})") + "," +
                                feature(square(478000 + 410, 6670000 - 10, 420), R"({"zone_id":"east","people":20,"work":null})")));
    Arena arena(1);
    DiagnosticList diagnostics;
    add_zones(city, path, {{"id", "zone_id"}, {"population", "people"}, {"jobs", "work"}}, arena, diagnostics);
    const EntitySet& zone = city.at("zone");
    CHECK(zone.ids == std::vector<std::string>{"west", "east"});
    CHECK(zone.get<double>("population")[1] == 20);
    CHECK(zone.get<double>("area")[0] == Approx(420 * 420));
    CHECK(zone.ragged<double>("shape")[0].size() == 8);
    CHECK(zone.ragged<std::uint32_t>("road_links")[0].size() == 24);  // 3 x 3 nodes: 12 streets, both ways
    CHECK(zone.ragged<std::uint32_t>("road_links")[1].size() == 20);  // 4 streets north-south, 6 east-west, both ways
}

TEST_CASE("what is wrong with a zone file is told with its line") {
    City city = grid_city(3);
    Arena arena(1);
    DiagnosticList diagnostics;
    const std::string folder = testing::scratch_folder("zones_bad");
    const auto refused = [&](const std::string& text, const PartOptions& options, const std::string& part) {
        write_file(folder + "/z.csv", text);
        INFO(text);
        CHECK_THROWS_WITH(add_zones(city, folder + "/z.csv", options, arena, diagnostics), Contains(part));
    };
    refused("id,lon,lat,population\na,-51.2,-30.1,-4\n", {}, "z.csv:2: error[CT-ZONE-004]");
    refused("id,lon,lat,population\na,-51.2,-30.1,many\n", {}, "'many'");
    refused("id,lon,lat\na,-51.2,-30.1\na,-51.2,-30.2\n", {}, "stands twice");
    refused("id,lon,lat\n,-51.2,-30.1\n", {}, "has no id");
    refused("id,lon,lat,population\na,-51.2,-30.1,4\n", {{"population", "pop"}}, "no column 'pop'");
    refused("id,lon,lat\n", {}, "no features");
    refused("id,lon,lat\na,10,50\n", {}, "no zone lies within 1000 m");
    CHECK(city.find("zone") == nullptr);
}

TEST_CASE("buildings get floors, zone and road access") {
    City city = grid_city(5);
    const std::string folder = testing::scratch_folder("buildings");
    Arena arena(2, 1);
    DiagnosticList diagnostics;
    write_file(folder + "/z.geojson", collection(feature(square(477990, 6669990, 420), R"({"id":"w","population":1,"jobs":1})") + "," + feature(square(478410, 6669990, 420), R"({"id":"e","population":1,"jobs":1})")));
    add_zones(city, folder + "/z.geojson", {}, arena, diagnostics);
    write_file(folder + "/b.geojson", collection(feature(square(478050, 6670010, 10), R"({"id":"b1","height":9.2,"use":"school"})") + "," + feature(square(478550, 6670210, 20), R"({"id":"b2","height":null,"use":""})")));
    add_buildings(city, folder + "/b.geojson", {}, arena, diagnostics);
    const EntitySet& building = city.at("building");
    CHECK(building.get<std::int32_t>("floors") == std::vector<std::int32_t>{3, 1});
    CHECK(building.get<double>("floor_area")[0] == Approx(300));
    CHECK(building.get<double>("height")[1] == 3);
    CHECK(building.get<std::uint32_t>("zone") == std::vector<std::uint32_t>{0, 1});
    CHECK(issue(city, "building_height_unknown")->count == 1);
    const Index link = building.get<std::uint32_t>("road_link")[0];
    CHECK(city.at("road_link").ids[link] == "0-1");
    CHECK(building.get<double>("road_offset")[0] == Approx(55));
    write_file(folder + "/p.csv", "id,x,y,kind\nh,478300,6670390,hospital\n");
    add_places(city, folder + "/p.csv", {}, arena, diagnostics);
    CHECK(city.at("place").get<std::string>("kind")[0] == "hospital");
    CHECK(city.at("place").get<double>("road_offset")[0] == Approx(100));
}
