#include "core/base/hdf5.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <thread>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

namespace {

void write_sample(const std::string& path) {
    Hdf5File file = Hdf5File::create(path);
    file.write("road_link/length", std::vector<double>{1.5, 2.5, 3.5});
    file.write("road_link/matrix", std::vector<std::int32_t>{1, 2, 3, 4, 5, 6}, {2, 3}, {1, 0});
    file.write("road_link/bytes", std::vector<std::uint8_t>{1, 2});
    file.write("road_link/none", std::vector<std::uint32_t>{});
    file.write_texts("road_link/id", std::vector<std::string>{"a", "Größe", ""});
    file.write_texts("road_link/no_text", std::vector<std::string>{});
    file.set_attribute("road_link/length", "units", "m");
    file.set_attribute("road_link/length", "scale", 2.5);
    file.set_attribute("/", "version", std::int64_t{3});
    file.set_attribute("/", "version", std::int64_t{4});
    file.close();
}

}  // namespace

TEST_CASE("what is written to an HDF5 file is read back, with its types and attributes") {
    const std::string path = testing::scratch_folder("hdf5_roundtrip") + "/f.h5";
    write_sample(path);
    Hdf5File file = Hdf5File::open(path);
    CHECK(file.members("road_link") == std::vector<std::string>{"bytes", "id", "length", "matrix", "no_text", "none"});
    CHECK(file.is_group("road_link"));
    CHECK_FALSE(file.is_group("road_link/id"));
    CHECK_FALSE(file.has("road_link/id/deeper"));
    CHECK_FALSE(file.has("nothing/there"));
    CHECK(file.read<double>("road_link/length") == std::vector<double>{1.5, 2.5, 3.5});
    CHECK(file.info("road_link/matrix").shape == std::vector<std::uint64_t>{2, 3});
    CHECK(file.read_rows<std::int32_t>("road_link/matrix", 1, 1) == std::vector<std::int32_t>{4, 5, 6});
    CHECK(file.read_texts("road_link/id") == std::vector<std::string>{"a", "Größe", ""});
    CHECK(file.read_texts("road_link/id", 1, 1) == std::vector<std::string>{"Größe"});
    CHECK(file.read_texts("road_link/no_text").empty());
    CHECK(file.read<std::uint32_t>("road_link/none").empty());
    CHECK(file.text_attribute("road_link/length", "units") == "m");
    CHECK(file.number_attribute("road_link/length", "scale") == 2.5);
    CHECK(file.integer_attribute("/", "version") == 4);
    CHECK_FALSE(file.text_attribute("/", "missing"));
    CHECK(file.attributes("road_link/length") == std::vector<std::string>{"scale", "units"});
    CHECK_THROWS_WITH(file.read<float>("road_link/length"), Catch::Contains("float64") && Catch::Contains("road_link/length"));
    CHECK_THROWS_AS(file.read<double>("road_link/nowhere"), InputError);
}

TEST_CASE("rows appended one by one are the rows that are read, compressed or not") {
    const std::string path = testing::scratch_folder("hdf5_rows") + "/f.h5";
    constexpr std::uint64_t columns = 70'000;  // more than one chunk wide
    {
        Hdf5File file = Hdf5File::create(path);
        file.create_rows("set/flow", Hdf5Type::f64, columns);
        file.create_rows("set/time", Hdf5Type::f64, 0);
        file.create_rows("set/name", Hdf5Type::text, 0);
        for (int step = 0; step < 7; ++step) {
            std::vector<double> row(columns);
            for (std::size_t i = 0; i < row.size(); ++i) row[i] = step * 1000.0 + static_cast<double>(i % 100);
            file.append_rows<double>("set/flow", row);
            file.append_rows<double>("set/time", std::vector<double>{step * 60.0});
            file.append_texts("set/name", std::vector<std::string>{"step " + std::to_string(step)});
        }
        file.close();
    }
    Hdf5File file = Hdf5File::open(path);
    CHECK(file.info("set/flow").shape == std::vector<std::uint64_t>{7, columns});
    CHECK(file.read_rows<double>("set/flow", 5, 1)[142] == 5042.0);
    CHECK(file.read<double>("set/time").back() == 360.0);
    CHECK(file.read_texts("set/name")[6] == "step 6");
    CHECK(std::filesystem::file_size(path) < 7 * columns * 8 / 4);
}

TEST_CASE("equal content gives equal HDF5 bytes") {
    const std::string folder = testing::scratch_folder("hdf5_bytes");
    write_sample(folder + "/a.h5");
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // a time stamp would differ by now
    write_sample(folder + "/b.h5");
    CHECK(read_file(folder + "/a.h5") == read_file(folder + "/b.h5"));
}

TEST_CASE("foreign, damaged and cut files are input errors that name the file") {
    const std::string folder = testing::scratch_folder("hdf5_bad");
    write_file(folder + "/text.h5", "this is no HDF5 file");
    CHECK_THROWS_WITH(Hdf5File::open(folder + "/text.h5"), Catch::Contains("text.h5") && Catch::Contains("CT-FILE-020"));
    write_file(folder + "/empty.h5", "");
    CHECK_THROWS_AS(Hdf5File::open(folder + "/empty.h5"), InputError);
    CHECK_THROWS_AS(Hdf5File::open(folder), InputError);
    write_sample(folder + "/whole.h5");
    const std::string whole = read_file(folder + "/whole.h5");
    for (std::size_t size = 0; size < whole.size(); size += 97) {
        write_file(folder + "/cut.h5", whole.substr(0, size));
        CHECK_THROWS_AS(Hdf5File::open(folder + "/cut.h5"), InputError);
    }
}

TEST_CASE("a full disk while writing HDF5 is exit 6 with the path") {
    const std::string path = testing::scratch_folder("hdf5_full") + "/f.h5";
    const pid_t child = fork();
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{100'000, 100'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        int code = 0;
        try {
            Hdf5File file = Hdf5File::create(path);
            file.write("big", std::vector<double>(100'000, 1.0));
            file.close();
        } catch (const RunError& error) {
            code = std::string(error.what()).find(path) == std::string::npos ? 99 : static_cast<int>(error.exit_code());
        }
        _exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == 6);
}

TEST_CASE("several threads may use HDF5 files at the same time") {
    const std::string folder = testing::scratch_folder("hdf5_threads");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] { write_sample(folder + "/" + std::to_string(i) + ".h5"); });
    }
    for (auto& thread : threads) thread.join();
    for (int i = 0; i < 4; ++i) CHECK(Hdf5File::open(folder + "/" + std::to_string(i) + ".h5").read<double>("road_link/length").size() == 3);
}

TEST_CASE("xarray opens a group with dimension scales") {
    const std::string python = CITYTWIN_BINARY_DIR "/peers/bin/python";
    if (!std::filesystem::exists(python)) {
        WARN("skipped: the Python peers are not there (scripts/peers)");
        return;
    }
    const std::string path = testing::scratch_folder("hdf5_xarray") + "/f.h5";
    {
        Hdf5File file = Hdf5File::create(path);
        file.write_texts("road_link/id", std::vector<std::string>{"a", "b", "c"});
        file.create_rows("road_link/time", Hdf5Type::f64, 0);
        file.create_rows("road_link/flow", Hdf5Type::f64, 3);
        file.append_rows<double>("road_link/time", std::vector<double>{0, 60});
        file.append_rows<double>("road_link/flow", std::vector<double>{1, 2, 3, 4, 5, 6});
        file.set_attribute("road_link/time", "units", "seconds since 2025-06-03T00:00:00Z");
        file.set_attribute("road_link/flow", "_FillValue", std::numeric_limits<double>::quiet_NaN());
        file.make_scale("road_link/time", "time");
        file.make_scale("road_link/id", "id");
        file.attach_scale("road_link/flow", 0, "road_link/time");
        file.attach_scale("road_link/flow", 1, "road_link/id");
        file.close();
    }
    const std::string script = "import sys, xarray as xr\nd = xr.open_dataset(sys.argv[1], group='road_link', engine='h5netcdf')\n"
                               "assert d.flow.dims == ('time', 'id'), d.flow.dims\nassert list(d.id.values) == ['a', 'b', 'c']\n"
                               "assert str(d.time.values[1])[:19] == '2025-06-03T00:01:00'\nassert float(d.flow.sel(id='b')[1]) == 5";
    const auto result = testing::program({python, "-c", script, path});
    INFO(result.err);
    CHECK(result.exit_code == 0);
}
