#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/base/csv.hpp"
#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"
#include "geodata/vector/vector_layer.hpp"

namespace citytwin::geodata {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// The first header name that is one of `names`, whatever its case.
std::optional<std::size_t> any_of(const CsvReader& csv, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        for (std::size_t i = 0; i < csv.header().size(); ++i) {
            if (lower(csv.header()[i]) == name) return i;
        }
    }
    return std::nullopt;
}

struct CoordinateColumns {
    std::size_t x, y;
    bool degrees;
};

CoordinateColumns coordinate_columns(const CsvReader& csv, const CsvCoordinates& named) {
    if (!named.lon.empty() || !named.lat.empty()) {
        return {csv.column(named.lon.empty() ? "lon" : named.lon), csv.column(named.lat.empty() ? "lat" : named.lat), true};
    }
    if (!named.x.empty() || !named.y.empty()) {
        return {csv.column(named.x.empty() ? "x" : named.x), csv.column(named.y.empty() ? "y" : named.y), false};
    }
    const auto lon = any_of(csv, {"lon", "longitude", "lng", "long"}), lat = any_of(csv, {"lat", "latitude"});
    if (lon && lat) return {*lon, *lat, true};
    const auto x = any_of(csv, {"x", "easting"}), y = any_of(csv, {"y", "northing"});
    if (x && y) return {*x, *y, false};
    fail("CT-VECTOR-003", {csv.name(), 1},
         "the file has no columns of coordinates: expected lon and lat (degrees) or x and y (in the city's system); found " +
             fmt::format("{}", fmt::join(csv.header(), ", ")),
         "name them: lon = \"…\", lat = \"…\"");
}

/// A column is numeric when every field of it that isn't blank is a number.
void add_fields(VectorLayer& layer, const std::vector<std::string>& header, std::vector<std::vector<std::string>>& texts, std::size_t x, std::size_t y) {
    for (std::size_t c = 0; c < header.size(); ++c) {
        if (c == x || c == y) continue;
        VectorField field{header[c], true, true, {}, {}};
        for (const auto& text : texts[c]) {
            const auto value = parse_number(text);
            if (!text.empty() && !value) {
                field.is_number = field.is_integer = false;
                break;
            }
            if (value && *value != std::floor(*value)) field.is_integer = false;
            field.numbers.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
        }
        const bool all_blank = std::all_of(texts[c].begin(), texts[c].end(), [](const std::string& text) { return text.empty(); });
        if (all_blank && !texts[c].empty()) field.is_integer = false;
        if (!field.is_number) field.numbers.clear();
        field.texts = std::move(texts[c]);
        layer.fields.push_back(std::move(field));
    }
}

/// The parts without which a shapefile can't be read; OGR's own words for this are hard to act on.
void check_shapefile_parts(const std::string& path) {
    for (const char* extension : {"shx", "dbf"}) {
        bool there = false;
        for (const std::string& spelling : {std::string(extension), std::string(extension) == "shx" ? std::string("SHX") : std::string("DBF")}) {
            there = there || std::filesystem::exists(std::filesystem::path(path).replace_extension(spelling));
        }
        if (!there) {
            fail("CT-VECTOR-004", {path}, fmt::format("the shapefile's part '.{}' is missing", extension),
                 "a shapefile is .shp, .shx and .dbf (and .prj, .cpg) together; copy all of them");
        }
    }
}

}  // namespace

VectorLayer read_points_csv(const std::string& path, const CsvCoordinates& columns) {
    CsvReader csv(path);
    const CoordinateColumns at = coordinate_columns(csv, columns);
    VectorLayer layer;
    layer.file = path;
    layer.name = std::filesystem::path(path).stem().string();
    if (at.degrees) layer.crs = "EPSG:4326";
    std::vector<std::vector<std::string>> texts(csv.header().size());
    while (csv.next()) {
        const double x = csv.number(at.x), y = csv.number(at.y);
        if (at.degrees && (std::abs(x) > 180 || std::abs(y) > 90)) {
            fail("CT-VECTOR-005", csv.place(std::abs(x) > 180 ? at.x : at.y), fmt::format("lon {}, lat {} is no place in degrees", x, y),
                 std::abs(y) <= 180 && std::abs(x) <= 90 ? "lon and lat look swapped" : "coordinates in metres belong in columns x and y");
        }
        layer.kind.push_back(GeometryKind::point);
        layer.x.push_back(x);
        layer.y.push_back(y);
        layer.is_hole.push_back(0);
        layer.vertices.push_back(layer.x.size());
        layer.parts.push_back(layer.is_hole.size());
        layer.lines.push_back(csv.line());
        for (std::size_t c = 0; c < texts.size(); ++c) texts[c].emplace_back(csv.text(c));
    }
    layer.types["Point"] = layer.size();
    add_fields(layer, csv.header(), texts, at.x, at.y);
    return layer;
}

const std::vector<std::string>& vector_extensions() {
    static const std::vector<std::string> extensions{".gpkg", ".fgb", ".shp", ".geojson", ".json", ".geojsonl", ".csv"};
    return extensions;
}

VectorLayer read_vector(const std::string& path, const VectorReadOptions& options) {
    const std::string extension = lower(std::filesystem::path(path).extension().string());
    if (extension == ".csv" || extension == ".txt" || extension == ".tsv") return read_points_csv(path);
    if (extension == ".parquet" || extension == ".geoparquet") {
        fail("CT-VECTOR-002", {path}, "GeoParquet can't be read here", "convert it to GeoPackage or FlatGeobuf first (ogr2ogr)");
    }
    if (!std::filesystem::is_regular_file(path)) fail("CT-FILE-001", {path}, "the file can't be read: it isn't there or is no file");
    if (extension == ".shp") check_shapefile_parts(path);
    return gdal_plugin().read(path, options);
}

}  // namespace citytwin::geodata
