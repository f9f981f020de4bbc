// A user's grid in a city and out again: sources that become one upstream slack, buildings at the nearest bus, refusals.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

#include "modules/energy/city/grid_sets.hpp"
#include "modules/energy/model/grid_solver.hpp"
#include "modules/energy/read/matpower_case.hpp"
#include "tests/support/grid_town.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::testing;
using namespace citytwin::energy;

namespace {

/// Two sources at 1.02 and 0.99 p.u., the second turned by 5 degrees, loads between them; a radial spur to a pump.
constexpr const char* two_sources = R"(function mpc = two
mpc.version = '2';
mpc.baseMVA = 10;
mpc.bus = [
 1 3 0 0 0 0 1 1 0 20 1 1.1 0.9;
 2 3 0 0 0 0 1 1 5 20 1 1.1 0.9;
 3 1 1 0.2 0.01 -0.02 1 1 0 20 1 1.1 0.9;
 4 1 2 0.4 0 0 1 1 0 0.4 1 1.1 0.9;
];
mpc.gen = [
 1 0 0 99 -99 1.02 10 1 99 -99;
 2 0 0 99 -99 0.99 10 1 99 -99;
];
mpc.branch = [
 1 3 0.02 0.05 0.01 5 5 5 0 0 1;
 2 3 0.03 0.06 0.00 5 5 5 0 0 1;
 3 4 0.01 0.08 0.00 5 5 5 0.98 0 1;
];
)";

struct FileTown {
    explicit FileTown(const std::string& name, Values more = {}) : folder(scratch_folder(name)) {
        std::ofstream(folder + "/two.m") << two_sources;
        Values values{{"network", "file"}, {"network_file", folder + "/two.m"}};
        values.merge(more);
        city = grid_town(1'000, values);
    }
    std::string folder;
    std::shared_ptr<const City> city;
};

}  // namespace

TEST_CASE("a grid from a file serves every building, by the file's share of the load") {
    const FileTown town("grid_in_file");
    const EntitySet &buses = town.city->at("power_bus"), &connections = town.city->at("power_connection");
    CHECK(buses.ids == std::vector<std::string>{"1", "2", "3", "4"});
    std::vector<double> buildings(4, 0);
    for (const Index c : town.city->at("building").get<Index>("power_connection")) buildings[connections.get<Index>("power_bus")[c]] += 1;
    const double all = static_cast<double>(town.city->at("building").size());
    CHECK(buildings[0] == 0);
    CHECK(buildings[1] == 0);
    CHECK(buildings[2] == Approx(all / 3).margin(1));
    CHECK(buildings[3] == Approx(all * 2 / 3).margin(1));
    CHECK(town.city->at("power_branch").get<std::string>("kind") == std::vector<std::string>{"line", "line", "transformer"});
}

TEST_CASE("buildings go to the nearest bus that has a place") {
    const std::string folder = scratch_folder("grid_places");
    std::ofstream(folder + "/places.csv") << "bus,x,y\n3,0,0\n4,500,0\n";
    CHECK_THROWS_WITH(FileTown("grid_places_unknown", {{"bus_places", "/nowhere/places.csv"}}), Catch::Contains("places.csv"));
    const FileTown town("grid_places_known", {{"bus_places", folder + "/places.csv"}});
    const auto& bus = town.city->at("power_connection").get<Index>("power_bus");
    for (const Index c : town.city->at("building").get<Index>("power_connection")) CHECK(bus[c] == 3);   // consumers hang on the lowest voltage that has places
}

TEST_CASE("several sources are exported as one slack behind an upstream bus, with the same voltages") {
    const FileTown town("grid_export");
    City city = *town.city;
    city.find("power_bus")->add("at.load_power", "W", std::vector<double>{0, 0, 1.5e6, 2.5e6});
    city.find("power_bus")->add("at.voltage", "1", std::vector<double>{1, 1, 1, 1});
    city.find("power_bus")->add("at.load_reactive_power", "W", std::vector<double>{0, 0, 3e5, 6e5});
    city.find("power_branch")->add("at.in_service", "1", std::vector<double>{1, 1, 1});
    city.find("power_branch")->add("at.tap_ratio", "1", std::vector<double>{1, 1, 0.98});
    DiagnosticList diagnostics;
    const std::string path = town.folder + "/out.m";
    Registry::process().exporter_for(path)->write(city, path, {}, diagnostics);
    CHECK(diagnostics.all().empty());
    const PowerNetwork own = network_of(city), written = to_network(read_matpower(path), diagnostics);
    CHECK(written.buses.size() == 5);
    CHECK(written.branches.size() == 5);
    GridSolver ours(own);
    REQUIRE(ours.solve(std::vector<Complex>{{}, {}, {0.15, 0.03}, {0.25, 0.06}}));
    PowerFlow theirs(written);
    REQUIRE(theirs.solve(Start::given).converged);
    for (std::size_t b = 0; b < 4; ++b) {
        CHECK(theirs.voltage[b] == Approx(ours.voltage[b]).margin(1e-6));   // 1e-7 of reactance at about 1 p.u. of current
        CHECK(theirs.angle_rad[b] == Approx(ours.angle_rad[b]).margin(1e-6));
    }
}

TEST_CASE("network and network_file that don't fit are refused") {
    CHECK_THROWS_WITH(grid_town(1'000, {{"network", "file"}}), Catch::Contains("CT-ENERGY-042"));
    CHECK_THROWS_WITH(grid_town(1'000, {{"network_file", "grid.m"}}), Catch::Contains("CT-ENERGY-042"));
}
