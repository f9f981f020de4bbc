// citytwin solve RUN/results.h5 -o DIR: the recorded concentrations of the grid's cells as GeoTIFF maps, the mean over the run's recorded
// rows, a file a field: concentration_nox.tif, concentration_pm25.tif in ug/m3; and summary.json.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/hdf5.hpp"
#include "core/module/registry.hpp"
#include "geodata/raster/geotiff.hpp"

namespace citytwin::emissions {
namespace {

int epsg_of(const std::string& crs) {
    int code = 0;
    if (crs.starts_with("EPSG:")) std::from_chars(crs.data() + 5, crs.data() + crs.size(), code);
    return code;
}

/// Mean over time of each cell; rows of one set lie at equal intervals but for the last.
std::vector<double> mean_over_time(Hdf5File& file, const std::string& dataset, std::size_t cells) {
    const std::uint64_t rows = file.info(dataset).rows();
    std::vector<double> sum(cells, 0.0);
    std::uint64_t counted = 0;
    for (std::uint64_t row = 0; row < rows; ++row) {
        const std::vector<double> values = file.read_rows<double>(dataset, row, 1);
        if (values.empty() || std::isnan(values.front())) continue;
        ++counted;
        for (std::size_t c = 0; c < cells; ++c) sum[c] += values[c];
    }
    for (double& value : sum) value = counted > 0 ? value / static_cast<double>(counted) : std::numeric_limits<double>::quiet_NaN();
    return sum;
}

geodata::FloatGrid grid_of(const std::vector<double>& x, const std::vector<double>& y, const std::string& path) {
    geodata::FloatGrid raster;
    const auto [west, east] = std::minmax_element(x.begin(), x.end());
    const auto north = std::max_element(y.begin(), y.end());
    raster.columns = 1;
    while (raster.columns < x.size() && x[raster.columns] > x[raster.columns - 1]) ++raster.columns;
    raster.rows = x.size() / raster.columns;
    if (raster.columns < 2 || raster.rows * raster.columns != x.size()) {
        fail("CT-EMISSIONS-041", {path}, "the cells don't lie in a grid of whole rows", "maps are made of the emission module's own grid (air_cell)");
    }
    raster.cell = (*east - *west) / static_cast<double>(raster.columns - 1);
    raster.left = *west - raster.cell / 2;
    raster.top = *north + raster.cell / 2;
    return raster;
}

void solve(const std::string& path, const std::string& folder, const std::map<std::string, std::string>& options, Arena& /*arena*/, DiagnosticList& /*diagnostics*/) {
    if (!options.empty()) fail("CT-EMISSIONS-040", {}, "unknown option '" + options.begin()->first + "'", "maps of a run have no options");
    Hdf5File file = Hdf5File::open(path);
    nlohmann::json summary{{"solver", "concentration maps"}, {"maps", nlohmann::json::array()}};
    const auto members = file.has("grid_cell") ? file.members("grid_cell") : std::vector<std::string>{};
    for (const std::string& field : members) {
        if (!field.starts_with("concentration_")) continue;
        const auto x = file.read<double>("grid_cell/x"), y = file.read<double>("grid_cell/y");
        geodata::FloatGrid raster = grid_of(x, y, path);
        raster.epsg = epsg_of(file.text_attribute("grid_cell", "crs").value_or(""));
        raster.description = field + ", mean of the recorded rows, ug/m3";
        raster.values.resize(x.size());
        const std::vector<double> mean = mean_over_time(file, "grid_cell/" + field, x.size());
        for (std::size_t r = 0; r < raster.rows; ++r)   // cells begin in the south, images in the north
            for (std::size_t c = 0; c < raster.columns; ++c) raster.values[r * raster.columns + c] = static_cast<float>(1e9 * mean[(raster.rows - 1 - r) * raster.columns + c]);
        const std::string name = field + ".tif";
        write_geotiff((std::filesystem::path(folder) / name).string(), raster);
        summary["maps"].push_back({{"file", name}, {"columns", raster.columns}, {"rows", raster.rows}, {"cell_m", raster.cell}, {"unit", "ug/m3"}});
    }
    if (summary["maps"].empty()) {
        fail("CT-EMISSIONS-042", {path}, "no concentration was recorded", "add \"grid_cell.concentration_nox\" to fields of [record] and run again");
    }
    std::ofstream((std::filesystem::path(folder) / "summary.json").string()) << summary.dump(2) << '\n';
}

bool is_results(const std::string& path) { return std::filesystem::path(path).filename() == "results.h5"; }

const Registration registration{Solver{"maps of a run's concentrations (GeoTIFF)", {".h5"}, {}, solve, is_results}};

}  // namespace
}  // namespace citytwin::emissions
