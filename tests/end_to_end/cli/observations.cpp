// Sensor history through the whole program: scored, resolved, forced.
#include <catch2/catch.hpp>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/json_file.hpp"
#include "tests/support/peers.hpp"
#include "tests/support/program.hpp"
#include "tests/support/town.hpp"

using citytwin::testing::contents;
using citytwin::testing::json_file;
using nlohmann::json;

namespace {

citytwin::testing::ProgramResult program(const std::vector<std::string>& words) { return citytwin::testing::citytwin(words); }

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

TEST_CASE("calibrate finds a district's demand again, and its scenario runs", "[cli][replay]") {
    PEERS_OR_SKIP(python);
    const auto folder = citytwin::testing::town("cli_calibrate", 6000);
    REQUIRE(program({"run", folder + "/base.toml", "-o", folder + "/plan", "-q", "--no-report", "--set", "record.fields=[\"zone.demand_factor\"]"}).exit_code == 0);
    std::ofstream(folder + "/make.py") << "import h5py, sys\n"
                                          "folder, step = sys.argv[1], sys.argv[2]\n"
                                          "if step == 'factors':\n"
                                          "    zones = [z.decode() for z in h5py.File(folder + '/plan/results.h5')['zone/id'][:]]\n"
                                          "    with open(folder + '/truth.csv', 'w') as f, open(folder + '/districts.csv', 'w') as d:\n"
                                          "        f.write('zone,factor\\n'); d.write('zone,district\\n')\n"
                                          "        for i, z in enumerate(zones): f.write(f'{z},{0.3 if i < len(zones) // 2 else 1.4}\\n'); d.write(f'{z},{int(i < len(zones) // 2)}\\n')\n"
                                          "else:\n"
                                          "    road = h5py.File(folder + '/truth/results.h5')['road_link']; ids = [i.decode() for i in road['id'][:]]; flow = road['flow'][:]\n"
                                          "    with open(folder + '/counts.csv', 'w') as rows, open(folder + '/map.csv', 'w') as places:\n"
                                          "        rows.write('time,sensor,value\\n'); places.write('sensor,set,id,field,unit\\n')\n"
                                          "        for i in range(0, len(ids), 2):\n"
                                          "            places.write(f's{i},road_link,{ids[i]},flow,veh\\n')\n"
                                          "            for k in range(4): rows.write(f'2025-06-03T07:{15 * k:02d}:00,s{i},{round(flow[k, i] * 900)}\\n')\n";
    REQUIRE(std::system((python + " " + folder + "/make.py " + folder + " factors").c_str()) == 0);
    std::ofstream(folder + "/truth.toml") << "name = \"truth\"\nbase = \"base.toml\"\n[modules.traffic]\ndemand_factors = \"truth.csv\"\n";
    REQUIRE(program({"run", folder + "/truth.toml", "-o", folder + "/truth", "-q", "--no-report"}).exit_code == 0);
    REQUIRE(std::system((python + " " + folder + "/make.py " + folder + " counts").c_str()) == 0);
    std::ofstream(folder + "/model.toml") << "name = \"model\"\nbase = \"base.toml\"\n[modules.traffic]\ndemand_districts = \"districts.csv\"\n[[observations]]\nname = \"counts\"\nfile = \"counts.csv\"\nmap = \"map.csv\"\nuse = \"assimilate\"\n";
    const auto calibrated = program({"calibrate", folder + "/model.toml", "-o", folder + "/calibration", "--iterations", "4", "--json"});
    INFO(calibrated.err);
    REQUIRE(calibrated.exit_code == 0);
    const auto found = json_file(folder + "/calibration/calibration.json");
    const auto& runs = found["runs"];
    CHECK(runs[found["best"].get<std::size_t>()]["withheld"]["rmse"].get<double>() < 0.6 * runs[0]["withheld"]["rmse"].get<double>());
    CHECK(runs[0]["withheld"]["sensors"].get<int>() > 10);
    const auto again = program({"run", folder + "/calibration/calibrated.toml", "-o", folder + "/again", "-q", "--no-report"});
    INFO(again.err);
    CHECK(again.exit_code == 0);
    const auto refused = program({"calibrate", folder + "/base.toml", "-o", folder + "/none"});
    CHECK(refused.exit_code == 3);
    CHECK(refused.err.find("CT-STUDY-020") != std::string::npos);
    std::ofstream(folder + "/voltage.toml") << "name = \"v\"\nbase = \"model.toml\"\n[[observations]]\nname = \"speeds\"\nfile = \"counts.csv\"\nmap = \"speed_map.csv\"\nuse = \"assimilate\"\n";
    {
        std::ifstream map(folder + "/map.csv");
        std::string head, first;
        std::getline(map, head);
        std::getline(map, first);
        const auto begin = first.find("road_link,") + 10;
        std::ofstream(folder + "/speed_map.csv") << "sensor,set,id,field,unit\ns0,road_link," << first.substr(begin, first.find(',', begin) - begin) << ",speed,km/h\n";
    }
    const auto no_taker = program({"run", folder + "/voltage.toml", "-o", folder + "/v", "-q"});
    CHECK(no_taker.exit_code == 3);
    CHECK(no_taker.err.find("CT-REPLAY-045") != std::string::npos);
    CHECK(program({"compare", folder + "/plan", folder + "/truth", "-q"}).exit_code == 5);   // other demand, declared by no change
}
