// GeoTIFF through GDAL 3.6.
#include "geodata/gdal/read_raster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/diagnostic.hpp"
#include "geodata/gdal/gdal_session.hpp"

namespace citytwin::geodata {
namespace {

constexpr double most_cells = 400e6;   // 1.6 GB
constexpr double feet_m = 0.3048;

std::string crs_of(const GDALDataset& dataset) {
    const OGRSpatialReference* system = dataset.GetSpatialRef();
    if (system == nullptr) return {};
    const char *authority = system->GetAuthorityName(nullptr), *code = system->GetAuthorityCode(nullptr);
    if (authority != nullptr && code != nullptr && std::string(authority) == "EPSG") return std::string("EPSG:") + code;
    char* text = nullptr;
    const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
    std::string wkt;
    if (system->exportToWkt(&text, options) == OGRERR_NONE && text != nullptr) wkt = text;
    CPLFree(text);
    return wkt;
}

double largest_of(GDALDataType type) {
    switch (type) {
        case GDT_Byte: return 255;
        case GDT_UInt16: return 65'535;
        case GDT_Int16: return 32'767;
        case GDT_UInt32: return 4'294'967'295.0;
        case GDT_Int32: return 2'147'483'647.0;
        default: return 0;
    }
}

/// Metres a stored unit is.
double unit_of(GDALRasterBand& band, const std::string& path) {
    const std::string unit = band.GetUnitType() != nullptr ? band.GetUnitType() : "";
    if (unit.empty() || unit == "m" || unit == "metre" || unit == "meter" || unit == "metres" || unit == "meters") return 1;
    if (unit == "ft" || unit == "foot" || unit == "feet") return feet_m;
    fail("CT-TERRAIN-003", {path}, fmt::format("the heights' unit is '{}', expected metres or feet", unit), "convert it first (gdal_calc.py)");
}

/// Missing cells to NaN, the others to metres; counts and moments.
void finish(Raster& raster, GDALRasterBand& band, double unit) {
    int has_nodata = 0;
    const double nodata = band.GetNoDataValue(&has_nodata), scale = band.GetScale() * unit, shift = band.GetOffset() * unit;
    double sum = 0;
    std::uint64_t found = 0;
    raster.least = std::numeric_limits<double>::infinity();
    raster.most = -raster.least;
    for (float& value : raster.cell) {
        if ((has_nodata != 0 && value == static_cast<float>(nodata)) || !std::isfinite(value)) {
            value = std::numeric_limits<float>::quiet_NaN();
            ++raster.missing;
            continue;
        }
        if (raster.is_saturated(value)) ++raster.saturated;
        const double metres = value * scale + shift;
        value = static_cast<float>(metres);
        raster.least = std::min(raster.least, metres);
        raster.most = std::max(raster.most, metres);
        sum += metres;
        ++found;
    }
    raster.largest_storable = raster.largest_storable == 0 ? 0 : static_cast<double>(static_cast<float>(raster.largest_storable * scale + shift));   // as the cells are kept
    raster.mean = found == 0 ? 0 : sum / static_cast<double>(found);
}

}  // namespace

Raster read_raster(const std::string& path) {
    GdalSession session;
    constexpr const char* drivers[] = {"GTiff", nullptr};
    const Dataset dataset(static_cast<GDALDataset*>(GDALOpenEx(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, nullptr, nullptr)));
    if (!dataset || dataset->GetRasterCount() < 1) {
        fail("CT-TERRAIN-001", {path}, "the file is no GeoTIFF that can be read" + (session.failure().empty() ? std::string() : ": " + session.failure()), "gdalinfo FILE says more");
    }
    Raster raster;
    raster.file = path;
    raster.crs = crs_of(*dataset);
    raster.columns = static_cast<std::size_t>(dataset->GetRasterXSize());
    raster.rows = static_cast<std::size_t>(dataset->GetRasterYSize());
    raster.bands = dataset->GetRasterCount();
    if (static_cast<double>(raster.columns) * static_cast<double>(raster.rows) > most_cells) {
        fail("CT-TERRAIN-002", {path}, fmt::format("the raster has {} x {} cells, expected at most {:.0f} in all", raster.columns, raster.rows, most_cells), "cut it to the city (gdalwarp -te)");
    }
    if (dataset->GetGeoTransform(raster.place) != CE_None) fail("CT-TERRAIN-003", {path}, "the raster doesn't say where it lies (no geotransform)", "gdal_edit.py -a_ullr writes it");
    GDALRasterBand& band = *dataset->GetRasterBand(1);
    raster.type = GDALGetDataTypeName(band.GetRasterDataType());
    raster.largest_storable = largest_of(band.GetRasterDataType());
    raster.cell.resize(raster.columns * raster.rows);
    const int width = static_cast<int>(raster.columns), height = static_cast<int>(raster.rows);
    if (band.RasterIO(GF_Read, 0, 0, width, height, raster.cell.data(), width, height, GDT_Float32, 0, 0, nullptr) != CE_None) {
        fail("CT-TERRAIN-001", {path}, "the raster can't be read to its end: " + session.failure(), "the file is damaged or cut off");
    }
    finish(raster, band, unit_of(band, path));
    return raster;
}

}  // namespace citytwin::geodata
