// `citytwin city export RUN -o X.rou.xml`: SUMO 1.28 loads the network and the trips of a run of the small town and drives them.
#include <catch2/catch.hpp>
#include <fstream>

#include "support/peers.hpp"
#include "support/program.hpp"
#include "support/shared_data.hpp"
#include "support/town.hpp"

namespace {

std::string first_line(std::string text) { return text.substr(0, text.find('\n')); }

void write_scenario(const std::string& path, const std::string& streams) {
    std::ofstream(path) << "name = \"trips\"\nbase = \"" CITYTWIN_SOURCE_DIR "/scenarios/riverside/baseline.toml\"\n\n[record]\nfields = []\nstreams = ["
                        << streams << "]\ninterval = \"15 min\"\n";
}

void load_in_sumo(const std::string& binary, const std::string& net, const std::string& routes) {
    const auto sumo = citytwin::testing::program({binary, "-n", net, "-r", routes, "--mesosim", "true", "--no-step-log", "--duration-log.statistics",
                                                  "--xml-validation", "never", "-e", "25000"});
    INFO(sumo.out << sumo.err);
    CHECK(sumo.exit_code == 0);
    CHECK(sumo.err.find("Error") == std::string::npos);
    CHECK(sumo.out.find("Inserted: 0") == std::string::npos);
}

/// The run's first hours, with the streams named.
std::string run_with(const std::string& folder, const std::string& name, const std::string& streams) {
    write_scenario(folder + "/" + name + ".toml", streams);
    const auto run = citytwin::testing::citytwin({"run", folder + "/" + name + ".toml", "--until", "6 h", "--no-report", "-o", folder + "/" + name});
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    return folder + "/" + name;
}

}  // namespace

TEST_CASE("a run that recorded no trips exports none, by name") {
    const std::string folder = citytwin::testing::scratch_folder("trips_none");
    const std::string run = run_with(folder, "none", "");
    const auto refused = citytwin::testing::citytwin({"city", "export", run, "-o", folder + "/none.rou.xml"});
    CHECK(refused.exit_code == 3);
    CHECK(refused.err.find("CT-TRAFFIC-030") != std::string::npos);
    CHECK(refused.err.find("link_traversal") != std::string::npos);
    const auto moment = citytwin::testing::citytwin({"city", "export", CITYTWIN_SOURCE_DIR "/geodata/cities/riverside.toml", "-o", folder + "/none.rou.xml"});
    CHECK(moment.exit_code == 3);
}

TEST_CASE("SUMO loads the network and the trips of a run without an error") {
    PEERS_OR_SKIP(python);
    const std::string folder = citytwin::testing::scratch_folder("trips_sumo");
    const std::string binary = first_line(citytwin::testing::program(
        {python, "-c", "import os,sumo;print(os.path.join(os.path.dirname(sumo.__file__),'bin','sumo'))"}).out);
    for (const std::string stream : {"link_traversal", "trip_request"}) {
        CAPTURE(stream);
        const std::string run = run_with(folder, stream, "\"" + stream + "\""), net = folder + "/" + stream + ".net.xml", routes = folder + "/" + stream + ".rou.xml";
        for (const std::string& file : {net, routes}) {
            const auto written = citytwin::testing::citytwin({"city", "export", run, "-o", file});
            INFO(written.err);
            REQUIRE(written.exit_code == 0);
        }
        load_in_sumo(binary, net, routes);
    }
}

TEST_CASE("refuse trucks' stops are in the file, with their times, and SUMO drives to them") {
    PEERS_OR_SKIP(python);
    const std::string folder = citytwin::testing::town("trips_stops", 4000);
    std::ofstream(folder + "/waste.toml") << "name = \"waste\"\nbase = \"base.toml\"\nstart = 2025-06-03T05:45:00\nend = 2025-06-03T07:30:00\n[modules.waste]\n[record]\nfields = []\n"
                                             "streams = [\"link_traversal\", \"trip_request\"]\n";
    const auto run = citytwin::testing::citytwin({"run", folder + "/waste.toml", "--no-report", "-o", folder + "/run"});
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    const std::string binary = first_line(citytwin::testing::program(
        {python, "-c", "import os,sumo;print(os.path.join(os.path.dirname(sumo.__file__),'bin','sumo'))"}).out);
    const std::string net = folder + "/x.net.xml", routes = folder + "/x.rou.xml";
    CHECK(citytwin::testing::citytwin({"city", "export", folder + "/run", "-o", net}).exit_code == 0);
    const auto written = citytwin::testing::citytwin({"city", "export", folder + "/run", "-o", routes});
    CHECK(written.exit_code == 0);
    CHECK_THAT(written.err, Catch::Contains("CT-TRAFFIC-032") && Catch::Contains(" walks"));
    CHECK_THAT(citytwin::testing::contents(routes), Catch::Contains("<stop lane=") && Catch::Contains("type=\"truck\""));
    load_in_sumo(binary, net, routes);
}
