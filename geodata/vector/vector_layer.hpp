#pragma once
// A layer of features as columns: what GeoPackage, FlatGeobuf, shapefile, GeoJSON and CSV files become, and what exports
// are made of. Geometry is flat: features -> parts (rings, lines, points) -> vertices.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace citytwin::geodata {

enum class GeometryKind : std::uint8_t { none, point, line, polygon };

struct VectorField {
    std::string name;
    bool is_number = false;
    bool is_integer = false;           ///< a number without fraction, by the file's declaration
    std::vector<double> numbers;       ///< NaN = blank; empty for text fields
    std::vector<std::string> texts;    ///< text fields and whole numbers as written; "" = blank
    [[nodiscard]] std::string text(std::size_t row) const;
    [[nodiscard]] bool is_blank(std::size_t row) const;
};

struct VectorLayer {
    std::string file, name;
    std::string crs;                   ///< "EPSG:n" or WKT2; empty = the file says nothing
    std::string encoding_note;         ///< not empty: the text's encoding was guessed, and how
    std::vector<GeometryKind> kind;    ///< by feature
    std::vector<std::uint64_t> parts{0};     ///< size features + 1
    std::vector<std::uint64_t> vertices{0};  ///< size parts + 1
    std::vector<std::uint8_t> is_hole;       ///< by part
    std::vector<double> x, y;          ///< x = east or longitude; rings closed (first point again at the end)
    std::vector<VectorField> fields;
    std::vector<std::size_t> lines;    ///< line in the file by feature (CSV); else empty

    std::map<std::string, std::uint64_t> types;  ///< "Polygon", "MultiPolygon", … as stored
    std::uint64_t invalid = 0;                   ///< polygons that were not valid and were repaired
    std::uint64_t unclosed = 0;                  ///< rings that were closed
    std::uint64_t without_geometry = 0;
    std::vector<std::string> repaired_features;  ///< up to 5, by feature number

    [[nodiscard]] std::size_t size() const { return kind.size(); }
    [[nodiscard]] const VectorField* find(std::string_view field) const;
    [[nodiscard]] std::vector<std::string> field_names() const;
};

struct VectorReadOptions {
    std::string layer;   ///< "" = the only one, or an error that lists them
    bool check_validity = true;
};

struct Raster;   // geodata/terrain/raster.hpp

/// The libraries that do the reading; filled by the plugin that links GDAL.
struct GdalPlugin {
    int version = 0;
    VectorLayer (*read)(const std::string& path, const VectorReadOptions& options) = nullptr;
    std::vector<std::string> (*layers)(const std::string& path) = nullptr;
    /// `driver`: "GPKG" or "FlatGeobuf" (one layer). `notes`: metadata of the file, key to text.
    void (*write)(const std::string& path, const std::string& driver, const std::vector<VectorLayer>& layers,
                  const std::map<std::string, std::string>& notes) = nullptr;
    /// The first band of a GeoTIFF. Throws InputError CT-TERRAIN-00x.
    Raster (*read_raster)(const std::string& path) = nullptr;
};
inline constexpr int gdal_plugin_version = 2;
/// Loads the plugin at the first call. Throws RunError when it can't be found.
const GdalPlugin& gdal_plugin();
/// True once GDAL is in memory.
bool is_gdal_loaded();

/// Columns of a CSV that hold the place: degrees (lon, lat) or projected metres (x, y). All empty = found by their names.
struct CsvCoordinates {
    std::string lon, lat, x, y;
};

/// Any vector file, by its extension: .csv by ourselves, the others through GDAL. Throws InputError CT-VECTOR-00x.
VectorLayer read_vector(const std::string& path, const VectorReadOptions& options = {});
/// Points from a CSV with columns lon and lat (or longitude, latitude), or x and y in a projected system.
VectorLayer read_points_csv(const std::string& path, const CsvCoordinates& columns = {});
/// ".gpkg", ".csv", …: what `read_vector` takes.
const std::vector<std::string>& vector_extensions();

}  // namespace citytwin::geodata
