// A grid of concentrations as GeoTIFF: GDAL reads place, system and values.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <iterator>

#include "core/base/hdf5.hpp"
#include "core/module/registry.hpp"
#include "geodata/raster/geotiff.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

namespace {

std::string results_of(const std::string& folder) {
    const std::string path = folder + "/results.h5";
    Hdf5File file = Hdf5File::create(path);
    std::vector<double> x, y, values;
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 4; ++column) {
            x.push_back(500'050.0 + 100 * column);
            y.push_back(5'000'050.0 + 100 * row);
        }
    for (int time = 0; time < 2; ++time)
        for (int cell = 0; cell < 12; ++cell) values.push_back((cell + time) * 1e-9);
    file.write("grid_cell/x", x);
    file.write("grid_cell/y", y);
    file.write("grid_cell/concentration_nox", values, {2, 12});
    file.set_attribute("grid_cell", "crs", std::string_view("EPSG:32632"));
    file.close();
    return path;
}

}  // namespace

TEST_CASE("a run's concentrations become a map that GDAL places and reads") {
    const std::string folder = testing::scratch_folder("air_map");
    const Solver* solver = Registry::process().solver_for(results_of(folder));
    REQUIRE(solver != nullptr);
    Arena arena(1);
    DiagnosticList diagnostics;
    solver->solve(folder + "/results.h5", folder, {}, arena, diagnostics);
    std::ifstream in(folder + "/concentration_nox.tif", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    CHECK(bytes.substr(0, 4) == std::string("II*\0", 4));
    const auto info = testing::program({"gdalinfo", "-stats", folder + "/concentration_nox.tif"});
    if (info.exit_code != 0) {
        WARN("skipped: gdalinfo isn't installed");
        return;
    }
    INFO(info.out);
    CHECK(info.out.find("Size is 4, 3") != std::string::npos);
    CHECK(info.out.find("32632") != std::string::npos);
    CHECK(info.out.find("Origin = (500000.0000") != std::string::npos);
    CHECK(info.out.find("5000300.0") != std::string::npos);
    CHECK(info.out.find("Minimum=0.500, Maximum=11.500") != std::string::npos);
    // The north-western cell is the first of the last row.
    const auto corner = testing::program({"gdallocationinfo", "-valonly", folder + "/concentration_nox.tif", "0", "0"});
    CHECK(std::abs(std::stod(corner.out) - 8.5) < 1e-5);
}

TEST_CASE("a run that recorded no concentration is told what to record") {
    const std::string folder = testing::scratch_folder("air_no_map");
    {
        Hdf5File file = Hdf5File::create(folder + "/results.h5");
        file.write("road_link/x", std::vector<double>{1});
        file.close();
    }
    Arena arena(1);
    DiagnosticList diagnostics;
    try {
        Registry::process().solver_for(folder + "/results.h5")->solve(folder + "/results.h5", folder, {}, arena, diagnostics);
        FAIL("a map of nothing");
    } catch (const InputError& error) {
        CHECK(error.diagnostics().front().code == "CT-EMISSIONS-042");
    }
}
