// Networks that go through our reader and writer against SUMO 1.28: the same vehicles arrive; exported OpenStreetMap networks load and run.
#include <catch2/catch.hpp>
#include <map>

#include "geodata/osm/import.hpp"
#include "geodata/road/junctions.hpp"
#include "geodata/sumo/sumo.hpp"
#include "geodata/xml/xml_reader.hpp"
#include "support/peers.hpp"
#include "support/program.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;

/// SUMO's programs beside the peers' Python.
std::string sumo_binary(const std::string& python, const std::string& name) {
    const auto found = citytwin::testing::program({python, "-c", "import os,sumo;print(os.path.join(os.path.dirname(sumo.__file__),'bin'))"});
    std::string folder = found.out;
    while (!folder.empty() && (folder.back() == '\n' || folder.back() == '\r')) folder.pop_back();
    return folder + "/" + name;
}

struct Statistics : XmlHandler {
    void begin(const XmlElement& element) override {
        if (element.name() == "vehicles") loaded = element.number("loaded", 0), inserted = element.number("inserted", 0), running = element.number("running", 0);
        if (element.name() == "vehicleTripStatistics") route_length_m = element.number("routeLength", 0), duration_s = element.number("duration", 0), arrived = element.number("count", 0);
    }
    double loaded = 0, inserted = 0, running = 0, arrived = 0, route_length_m = 0, duration_s = 0;
};

Statistics run_sumo(const std::string& sumo, const std::string& configuration, const std::string& net, const std::string& folder) {
    const std::string path = folder + "/statistics.xml";
    const auto result = citytwin::testing::program({sumo, "-c", configuration, "-n", net, "--mesosim", "true", "--meso-junction-control", "true", "--no-step-log", "--no-warnings",
                                                    "--duration-log.statistics", "--statistic-output", path, "--xml-validation", "never"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    Statistics statistics;
    parse_xml_file(path, statistics);
    return statistics;
}

TEST_CASE("a SUMO network written anew carries the same vehicles the same way") {
    PEERS_OR_SKIP(python);
    const std::string sumo = sumo_binary(python, "sumo"), folder = citytwin::testing::scratch_folder("sumo_round_trip");
    for (const std::string name : {"cologne8", "ingolstadt7", "bologna_joined"}) {
        CAPTURE(name);
        const auto configuration_path = citytwin::testing::shared_file("data/traffic/sumo/" + name + "/" + name + ".sumocfg");
        if (!configuration_path) {
            WARN("skipped: the shared SUMO cases are not there");
            return;
        }
        DiagnosticList diagnostics;
        const SumoConfiguration configuration = read_sumo_configuration(*configuration_path, diagnostics);
        const RoadNetwork net = read_sumo_network(configuration.net_file, diagnostics);
        const std::string written = folder + "/" + name + ".net.xml";
        write_sumo_network(net, written);
        const RoadNetwork again = read_sumo_network(written, diagnostics);
        CHECK(again.connections() == net.connections());
        CHECK(again.connection_foes.values == net.connection_foes.values);
        const Statistics theirs = run_sumo(sumo, *configuration_path, configuration.net_file, folder), ours = run_sumo(sumo, *configuration_path, written, folder);
        CHECK(ours.loaded == theirs.loaded);
        CHECK(ours.inserted == Approx(theirs.inserted).epsilon(0.01));
        CHECK(ours.arrived == Approx(theirs.arrived).epsilon(0.01));
        CHECK(ours.route_length_m == Approx(theirs.route_length_m).epsilon(0.01));
        CHECK(ours.duration_s == Approx(theirs.duration_s).epsilon(0.1));
    }
}

TEST_CASE("vehicles written as routes are read and driven by SUMO") {
    PEERS_OR_SKIP(python);
    SHARED_OR_SKIP(configuration_path, "data/traffic/sumo/cologne1/cologne1.sumocfg");
    const std::string folder = citytwin::testing::scratch_folder("sumo_routes");
    DiagnosticList diagnostics;
    const SumoConfiguration configuration = read_sumo_configuration(configuration_path, diagnostics);
    const RoadNetwork net = read_sumo_network(configuration.net_file, diagnostics);
    const SumoDemand demand = read_sumo_demand(configuration, net, 1, diagnostics);
    CHECK(demand.vehicles.size() == 2015);
    write_sumo_routes(demand, net, folder + "/out.rou.xml");
    const auto result = citytwin::testing::program({sumo_binary(python, "sumo"), "-n", configuration.net_file, "-r", folder + "/out.rou.xml", "-b", "25200", "-e", "28800", "--mesosim", "true",
                                                    "--no-step-log", "--no-warnings", "--duration-log.statistics", "--xml-validation", "never"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("Inserted: 2015") != std::string::npos);
}

TEST_CASE("an OpenStreetMap network is exported as a .net.xml that SUMO loads and runs without an error") {
    PEERS_OR_SKIP(python);
    SHARED_OR_SKIP(extract, "data/city/osm/helsinki.osm.pbf");
    const std::string folder = citytwin::testing::scratch_folder("osm_in_sumo"), net_file = folder + "/helsinki.net.xml", routes = folder + "/trips.rou.xml";
    Arena arena(2);
    DiagnosticList diagnostics;
    const RoadNetwork net = load_road_network(import_osm(extract, {}, arena, diagnostics));
    write_sumo_network(net, net_file);
    SumoDemand demand;
    demand.types.resize(1);
    for (Index i = 0; i < 400; ++i) {
        SumoVehicle vehicle;
        vehicle.id = std::to_string(i);
        vehicle.depart_s = i;
        vehicle.needs_routing = true;
        vehicle.route = {static_cast<Index>(i * 7919 % net.links()), static_cast<Index>(i * 104729 % net.links())};
        demand.vehicles.push_back(vehicle);
    }
    write_sumo_routes(demand, net, routes);
    const auto result = citytwin::testing::program({sumo_binary(python, "sumo"), "-n", net_file, "-r", routes, "-e", "1500", "--ignore-route-errors", "true", "--no-step-log",
                                                    "--duration-log.statistics", "--xml-validation", "never"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("Error") == std::string::npos);
    CHECK(result.err.find("collision") == std::string::npos);
    CHECK(result.out.find("Inserted") != std::string::npos);
}

struct PerJunction {
    double connections = 0, arriving_lanes = 0;
};

std::map<std::string, PerJunction> per_junction(const RoadNetwork& net) {
    std::map<std::string, PerJunction> junctions;
    for (const auto& id : net.node_id) junctions[id];
    for (const Index node : net.connection_node) junctions[net.node_id[node]].connections += 1;
    for (std::size_t link = 0; link < net.links(); ++link) junctions[net.node_id[net.link_to[link]]].arriving_lanes += net.link_lanes[link];
    return junctions;
}

TEST_CASE("connections and lanes per shared junction are within 10 % of netconvert's") {
    PEERS_OR_SKIP(python);
    SHARED_OR_SKIP(extract, "data/city/osm/monaco.osm.gz");
    const std::string theirs_file = citytwin::testing::scratch_folder("osm_netconvert") + "/monaco.net.xml";
    const auto made = citytwin::testing::program({sumo_binary(python, "netconvert"), "--osm-files", extract, "-o", theirs_file, "--geometry.remove", "--junctions.join", "--ramps.guess", "--tls.guess-signals",
                                                  "--tls.discard-simple", "--tls.join", "--tls.default-type", "actuated", "--keep-edges.by-vclass", "passenger", "--remove-edges.isolated", "--no-warnings"});
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
    Arena arena(2);
    DiagnosticList diagnostics;
    const auto ours = per_junction(load_road_network(import_osm(extract, {}, arena, diagnostics))), theirs = per_junction(read_sumo_network(theirs_file, diagnostics));
    PerJunction a, b;
    std::size_t shared = 0;
    for (const auto& [id, junction] : ours) {
        const auto other = theirs.find(id);
        if (other == theirs.end()) continue;
        ++shared;
        a.connections += junction.connections, b.connections += other->second.connections;
        a.arriving_lanes += junction.arriving_lanes, b.arriving_lanes += other->second.arriving_lanes;
    }
    CHECK(shared > 200);
    CHECK(a.connections / b.connections == Approx(1).margin(0.1));
    CHECK(a.arriving_lanes / b.arriving_lanes == Approx(1).margin(0.1));
}

}  // namespace
