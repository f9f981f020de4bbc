// What a researcher does with a run in Python: the example with plain libraries, and the package over run folders and the command line.
#include <catch2/catch.hpp>
#include <filesystem>

#include "core/base/durable_file.hpp"
#include "support/peers.hpp"
#include "support/program.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;

namespace {

const std::string source = CITYTWIN_SOURCE_DIR, baseline = source + "/scenarios/riverside/baseline.toml";

std::string words_of(const testing::ProgramResult& result) { return result.exit_code == 0 ? result.out : result.out + result.err; }

}  // namespace

TEST_CASE("python: the reading example makes its table and pictures of a run with h5py, xarray, pandas and matplotlib") {
    PEERS_OR_SKIP(python);
    const std::string folder = testing::scratch_folder("python_reading");
    REQUIRE(testing::citytwin({"run", baseline, "-o", folder + "/run", "--until", "7 h", "--progress", "none", "--no-report"}).exit_code == 0);
    const auto result = testing::program({python, source + "/examples/python_reading/read_run.py", folder + "/run", folder + "/out"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(result.out.find("car_trips ") != std::string::npos);
    for (const char* name : {"/out/flow.png", "/out/speed.png", "/out/busiest_links.csv"}) CHECK(std::filesystem::file_size(folder + name) > 200);
}

TEST_CASE("python: the package runs an ensemble, and gives KPIs by seed, fields, streams and ledgers") {
    PEERS_OR_SKIP(python);
    const std::string folder = testing::scratch_folder("python_package");
    write_file(folder + "/check.py", R"(
import sys
sys.path.insert(0, sys.argv[1] + "/python")
import citytwin
ensemble = citytwin.run(sys.argv[2], "ensemble", seeds=2, until="7 h", settings={"record.streams": ["trip_event"]})
assert len(ensemble) == 2 and not ensemble.unfinished, ensemble
seeds = list(ensemble)
kpis = ensemble.kpis()
assert kpis.loc["car_trips"].gt(0).all() and list(kpis.columns) == seeds
run = ensemble[seeds[0]]
assert run.status == "finished" and run.seed == seeds[0]
flow = run.field("road_link.flow")
assert flow.dims == ("time", "id") and flow.attrs["units"] == "1/s" and float(flow.max()) > 0
assert ensemble.field("road_link.flow").dims == ("seed", "time", "id")
trips = run.stream("trip_event")
assert set(trips.kind.astype(str)) >= {"departed", "arrived"}, set(trips.kind.astype(str))
assert run.ledgers().closing_error.abs().max() < 1e-6
drawn = citytwin.map_picture(ensemble, "map.png", base=run, dpi=60)
assert len(drawn) == flow.sizes["id"] and open("map.png", "rb").read(4) == b"\x89PNG"
try:
    run.field("road_link.colour")
    raise SystemExit("a field that wasn't recorded must be refused")
except KeyError as error:
    assert "road_link.flow" in str(error)
try:
    citytwin.compare("nowhere", run)
    raise SystemExit("a folder that isn't there must be refused")
except citytwin.CitytwinError as error:
    assert error.exit_code == 3, error.exit_code
print("good")
)");
    CHECK(words_of(testing::program({"env", std::string("CITYTWIN_PROGRAM=") + CITYTWIN_BINARY_DIR + "/citytwin", python, "check.py", source, baseline}, folder)) == "good\n");
}
