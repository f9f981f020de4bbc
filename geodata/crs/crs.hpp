#pragma once
// Coordinate reference systems over PROJ: names in all usual spellings, one axis order (x = east or longitude first), no network.
// A city has one projected metric system (city.md section 8): the named one, else the UTM zone of its centre.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/parallel/arena.hpp"

namespace citytwin::geodata {

struct GeographicBox {
    double west = 0, south = 0, east = 0, north = 0;  ///< degrees
    [[nodiscard]] bool contains(double lon, double lat) const { return lon >= west && lon <= east && lat >= south && lat <= north; }
};

struct CrsInfo {
    std::string id;    ///< "EPSG:31982" where it has one, else WKT2
    std::string name;  ///< "SIRGAS 2000 / UTM zone 22S"
    bool is_projected = false, is_geographic = false;
    double metres_per_unit = 1;  ///< of a projected system's axes
    bool has_area = false;
    GeographicBox area_of_use;
};

/// "EPSG:n", "urn:ogc:def:crs:EPSG::n", "http(s)://www.opengis.net/def/crs/EPSG/…/n", compound URNs, WKT, PROJ strings.
/// Throws InputError CT-CRS-001 when PROJ does not know it.
CrsInfo crs_info(const std::string& crs, const SourcePlace& place = {});

/// The WGS 84 UTM zone a place lies in: "EPSG:32722".
std::string utm_crs(double lon, double lat);

/// The system of a city from a name a user gave: projected, in metres, not a web map's, and made for this place.
/// Throws InputError CT-CRS-002..005 with the likely fix. An empty name gives the UTM zone.
std::string city_crs(const std::string& named, double lon, double lat, const SourcePlace& place = {});

/// "+proj=utm +zone=22 +south …" as SUMO's projParameter wants it.
std::string proj_parameter(const std::string& crs);
/// WKT2 text of a system.
std::string crs_wkt(const std::string& crs);

/// From one system to another, x = east/longitude, y = north/latitude on both sides. Degrees for geographic systems.
class CoordinateTransform {
public:
    CoordinateTransform(const std::string& from, const std::string& to, const SourcePlace& place = {});
    /// From WGS 84 degrees. A WGS 84 UTM zone needs no database, which keeps a small import fast.
    static CoordinateTransform from_degrees(const std::string& to, const SourcePlace& place = {});
    ~CoordinateTransform();
    CoordinateTransform(CoordinateTransform&&) noexcept;
    CoordinateTransform& operator=(CoordinateTransform&&) noexcept;

    /// In place; a point that can't be transformed becomes HUGE_VAL. Blocks of points run side by side.
    void forward(std::span<double> x, std::span<double> y, Arena* arena = nullptr) const;
    void inverse(std::span<double> x, std::span<double> y, Arena* arena = nullptr) const;

private:
    struct Handle;
    explicit CoordinateTransform(std::unique_ptr<Handle> handle);
    std::unique_ptr<Handle> handle_;
};

}  // namespace citytwin::geodata
