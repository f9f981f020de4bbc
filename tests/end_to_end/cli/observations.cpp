// Sensor history through the whole program: scored, resolved, forced.
#include <catch2/catch.hpp>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/peers.hpp"
#include "tests/support/program.hpp"
#include "tests/support/town.hpp"

using citytwin::testing::contents;
using nlohmann::json;

namespace {

citytwin::testing::ProgramResult program(const std::vector<std::string>& words) { return citytwin::testing::citytwin(words); }

json json_file(const std::string& path) {
    std::ifstream in(path);
    return json::parse(in);
}

}  // namespace

TEST_CASE("a run is scored against counts that another run of the same town recorded", "[cli][replay]") {
    PEERS_OR_SKIP(python);
    const auto folder = citytwin::testing::town("cli_observations");
    REQUIRE(program({"run", folder + "/base.toml", "-o", folder + "/truth", "-q", "--no-report"}).exit_code == 0);
    std::ofstream(folder + "/counts.py") << "import h5py, sys\n"
                                            "with h5py.File(sys.argv[1] + '/truth/results.h5') as f:\n"
                                            "    road = f['road_link']; ids = [i.decode() for i in road['id'][:]]; flow = road['flow'][:]; times = road['time'][:]\n"
                                            "busiest = sorted(range(len(ids)), key=lambda i: -flow[:, i].sum())[:20]\n"
                                            "with open(sys.argv[1] + '/counts.csv', 'w') as rows, open(sys.argv[1] + '/map.csv', 'w') as places:\n"
                                            "    rows.write('time,sensor,value\\n'); places.write('sensor,set,id,field,unit\\n')\n"
                                            "    for i in busiest:\n"
                                            "        places.write(f'at {ids[i]},road_link,{ids[i]},flow,veh\\n')\n"
                                            "        for k, t in enumerate(times):\n"
                                            "            rows.write(f'2025-06-03T07:{15 * k:02d}:00,at {ids[i]},{flow[k, i] * 900:.17g}\\n')\n";
    REQUIRE(std::system((python + " " + folder + "/counts.py " + folder).c_str()) == 0);
    std::ofstream(folder + "/scored.toml") << "name = \"scored\"\nbase = \"base.toml\"\n[[observations]]\nname = \"counts\"\nfile = \"counts.csv\"\nmap = \"map.csv\"\n";
    const auto same = program({"run", folder + "/scored.toml", "-o", folder + "/same", "-q"});
    INFO(same.err);
    REQUIRE(same.exit_code == 0);
    const auto fit = json_file(folder + "/same/sensor_fit.json")["observations"][0]["fit"][0];
    CHECK(fit["sensors"] == 20);
    CHECK(fit["n"] == 80);
    CHECK(fit["coverage"] == 1.0);
    CHECK(fit["rmse"].get<double>() < 1e-9);
    CHECK(fit["share_geh_below_5"] == 1.0);
    CHECK(contents(folder + "/same/inputs.lock").find("counts.csv") != std::string::npos);

    REQUIRE(program({"run", folder + "/scored.toml", "-o", folder + "/other", "-q", "--seed", "2"}).exit_code == 0);
    CHECK(json_file(folder + "/other/sensor_fit.json")["observations"][0]["fit"][0]["rmse"].get<double>() > 0.5);
    const auto again = program({"run", folder + "/same/scenario.resolved.toml", "-o", folder + "/again", "-q"});
    INFO(again.err);
    REQUIRE(again.exit_code == 0);
    for (const char* file : {"sensor_fit.json", "sensor_fit.csv", "sensor_fit_hours.csv", "sensor_geh.csv", "sensor_cells.csv", "results.h5"}) CHECK(contents(folder + "/again/" + file) == contents(folder + "/same/" + file));

    std::ofstream(folder + "/forced.toml") << "name = \"forced\"\nbase = \"base.toml\"\nseed = 2\n[[observations]]\nname = \"counts\"\nfile = \"counts.csv\"\nmap = \"map.csv\"\nuse = \"force\"\n";
    const auto forced = program({"run", folder + "/forced.toml", "-o", folder + "/forced", "-q", "--no-report"});
    INFO(forced.err);
    REQUIRE(forced.exit_code == 0);
    std::ofstream(folder + "/forced.py") << "import csv, h5py, sys\n"
                                            "with h5py.File(sys.argv[1] + '/forced/results.h5') as f:\n"
                                            "    road = f['road_link']; ids = [i.decode() for i in road['id'][:]]; flow = road['flow'][:]\n"
                                            "counted = {}\n"
                                            "for row in csv.DictReader(open(sys.argv[1] + '/counts.csv')): counted.setdefault(row['sensor'][3:], []).append(float(row['value']))\n"
                                            "assert counted and all(abs(flow[k, ids.index(i)] * 900 - v) < 1e-9 for i, values in counted.items() for k, v in enumerate(values))\n";
    CHECK(std::system((python + " " + folder + "/forced.py " + folder).c_str()) == 0);
    CHECK(json_file(folder + "/forced/run.json").dump().find("\"observation\"") == std::string::npos);   // no other module reads the flow here
}
