// Bar B6: what we write opens unmodified with the tools that people have.
#include <catch2/catch.hpp>
#include <filesystem>

#include "core/base/durable_file.hpp"
#include "core/output/results_writer.hpp"
#include "core/output/run_folder.hpp"
#include "support/peers.hpp"
#include "support/program.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;

namespace {

void write_small_results(const std::string& folder) {
    ResultsSetup setup{folder, "2025-06-03T00:00:00Z", "EPSG:31982", {}, {}};
    setup.sets = {{"road_link", {"way#1", "-way#1", "São João"}, {10, 20, 30}, {1, 2, 3}, {{"flow", "1/s", "vehicles", "time: mean"}, {"queue", "1", "", "time: point"}}}};
    setup.streams = {{"trip_event", {{"when", "s", ResultType::real}, {"kind", "1", ResultType::integer, "", "", {"departed", "arrived"}}, {"who", "", ResultType::text}}}};
    ResultsWriter writer(setup);
    for (int row = 1; row <= 3; ++row) {
        const std::vector<double> flow{0.5 * row, 0.1, 1.0 / row}, queue{1, 2, 3};
        const std::span<const double> fields[] = {flow, queue};
        writer.add_row(0, row * minute + 500 * millisecond, fields);
    }
    const std::vector<double> when{60, 61.25};
    const std::vector<std::int64_t> kind{0, 1};
    const std::vector<std::string> who{"person 1", "person ü"};
    const RecordColumn columns[] = {std::span<const double>(when), std::span<const std::int64_t>(kind), std::span<const std::string>(who)};
    writer.add_records(0, columns);
    writer.finish();
}

std::string python(const std::string& interpreter, const std::string& folder, const std::string& script) {
    write_file(folder + "/check.py", script);
    const auto result = testing::program({interpreter, "check.py"}, folder);
    return result.exit_code == 0 ? result.out : result.out + result.err;
}

}  // namespace

TEST_CASE("results.h5 opens with h5py") {
    PEERS_OR_SKIP(interpreter);
    const std::string folder = testing::scratch_folder("python_h5py");
    write_small_results(folder);
    CHECK(python(interpreter, folder, R"(
import h5py
with h5py.File("results.h5") as f:
    flow = f["road_link/flow"]
    assert flow.shape == (3, 3) and flow.attrs["units"] == "1/s" and flow.attrs["cell_methods"] == "time: mean"
    assert flow[2, 2] == 1.0 / 3.0
    assert list(f["road_link/id"].asstr()[:]) == ["way#1", "-way#1", "São João"]
    assert flow.dims[0][0] == f["road_link/time"] and flow.dims[1][0] == f["road_link/id"]
    assert f["road_link/x"][:].tolist() == [10, 20, 30]
print("good")
)") == "good\n");
}

TEST_CASE("results.h5 opens with xarray, a group at a time, times decoded") {
    PEERS_OR_SKIP(interpreter);
    const std::string folder = testing::scratch_folder("python_xarray");
    write_small_results(folder);
    CHECK(python(interpreter, folder, R"(
import warnings; warnings.simplefilter("error")
import xarray
d = xarray.open_dataset("results.h5", group="road_link", engine="h5netcdf")
assert d.flow.dims == ("time", "id"), d.flow.dims
assert str(d.time.values[0]).startswith("2025-06-03T00:01:00.5"), d.time.values[0]
assert d.flow.sel(id="São João").values.tolist() == [1.0, 0.5, 1.0 / 3.0]
assert float(d.x.sel(id="-way#1")) == 20 and d.attrs["crs"] == "EPSG:31982"
assert d.flow.sel(time="2025-06-03T00:02").values.shape == (1, 3)
print("good")
)") == "good\n");
}

TEST_CASE("streams and kpis.csv become pandas tables") {
    PEERS_OR_SKIP(interpreter);
    const std::string folder = testing::scratch_folder("python_pandas");
    write_small_results(folder);
    const RunFolder run({.folder = folder});
    run.write_kpis({{.id = "travel_time_p90", .name = "travel time, p90", .unit = "min", .more_is = "worse", .value = 812.4},
                    {.id = "ed_wait_p50", .name = "wait", .unit = "min", .more_is = "worse", .coverage = 0, .status = "undefined", .reason = "no arrival"}});
    CHECK(python(interpreter, folder, R"(
import h5py, pandas
with h5py.File("results.h5") as f:
    group = f["streams/trip_event"]
    table = pandas.DataFrame({name: column.asstr()[:] if h5py.check_string_dtype(column.dtype) else column[:] for name, column in group.items()})
    meanings = group["kind"].attrs["flag_meanings"].split()
assert table.when.tolist() == [60, 61.25] and table.who[1] == "person ü" and [meanings[k] for k in table.kind] == ["departed", "arrived"]
kpis = pandas.read_csv("kpis.csv").set_index("id")
assert kpis.loc["travel_time_p90", "value"] == 812.4 and kpis.loc["travel_time_p90", "name"] == "travel time, p90"
assert pandas.isna(kpis.loc["ed_wait_p50", "value"]) and kpis.loc["ed_wait_p50", "reason"] == "no arrival"
print("good")
)") == "good\n");
}
