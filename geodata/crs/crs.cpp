#include "geodata/crs/crs.hpp"

#include <fmt/format.h>
#include <proj.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "core/base/text.hpp"
#include "geodata/crs/proj_handle.hpp"

namespace citytwin::geodata {
namespace {

/// The EPSG code of the horizontal part in the spellings that PROJ reads only partly, else the text itself.
std::string plain_name(const std::string& crs) {
    static const std::regex compound_urn("urn:ogc:def:crs,crs:EPSG:[^:]*:([0-9]+),crs:EPSG:[^:]*:[0-9]+", std::regex::icase);
    static const std::regex urn("urn:(?:ogc|x-ogc):def:crs:EPSG:[^:]*:([0-9]+)", std::regex::icase);
    static const std::regex address("https?://www\\.opengis\\.net/(?:def/crs/EPSG/[^/]+/|gml/srs/epsg\\.xml#)([0-9]+)/?", std::regex::icase);
    static const std::regex code("epsg: *([0-9]+)", std::regex::icase);
    if (crs.size() > 200) return crs;  // WKT
    const std::string text(trimmed(crs));
    std::smatch found;
    for (const auto* spelling : {&code, &urn, &address, &compound_urn}) {
        if (std::regex_match(text, found, *spelling)) return "EPSG:" + found[1].str();
    }
    return text;
}

std::string id_of(const ProjContext& context, const PJ* crs) {
    const char *authority = proj_get_id_auth_name(crs, 0), *code = proj_get_id_code(crs, 0);
    if (authority != nullptr && code != nullptr) return std::string(authority) + ":" + code;
    const char* wkt = proj_as_wkt(context.get(), crs, PJ_WKT2_2019, nullptr);
    return wkt != nullptr ? wkt : "";
}

/// Of a compound or bound system the horizontal part, of a three-dimensional geographic one itself.
ProjObject horizontal(const ProjContext& context, ProjObject crs) {
    if (proj_get_type(crs.get()) == PJ_TYPE_BOUND_CRS) crs = ProjObject(proj_get_source_crs(context.get(), crs.get()));
    if (proj_get_type(crs.get()) == PJ_TYPE_COMPOUND_CRS) crs = ProjObject(proj_crs_get_sub_crs(context.get(), crs.get(), 0));
    return crs;
}

ProjObject open_crs(const ProjContext& context, const std::string& crs, const SourcePlace& place) {
    const std::string name = plain_name(crs);
    ProjObject object(proj_create(context.get(), name.starts_with("+") ? (name + " +type=crs").c_str() : name.c_str()));
    if (!object || proj_is_crs(object.get()) == 0) {
        fail("CT-CRS-001", place, fmt::format("coordinate reference system '{}' is not known", name.substr(0, 200)),
             "name it as EPSG:n, for example EPSG:32722; https://epsg.org lists them");
    }
    return object;
}

double metres_per_unit(const ProjContext& context, const PJ* crs) {
    const ProjObject system(proj_crs_get_coordinate_system(context.get(), crs));
    double factor = 1;
    if (system) proj_cs_get_axis_info(context.get(), system.get(), 0, nullptr, nullptr, nullptr, &factor, nullptr, nullptr, nullptr);
    return factor;
}

/// Where the coordinates make more sense with longitude and latitude exchanged.
bool looks_swapped(const CrsInfo& info, double lon, double lat) { return info.area_of_use.contains(lat, lon); }

}  // namespace

CrsInfo crs_info(const std::string& crs, const SourcePlace& place) {
    const ProjContext context;
    const ProjObject object = horizontal(context, open_crs(context, crs, place));
    CrsInfo info;
    info.id = id_of(context, object.get());
    info.name = proj_get_name(object.get());
    const PJ_TYPE type = proj_get_type(object.get());
    info.is_projected = type == PJ_TYPE_PROJECTED_CRS;
    info.is_geographic = type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
    if (info.is_projected) info.metres_per_unit = metres_per_unit(context, object.get());
    auto& box = info.area_of_use;
    info.has_area = proj_get_area_of_use(context.get(), object.get(), &box.west, &box.south, &box.east, &box.north, nullptr) != 0 && box.west > -1000;
    return info;
}

std::string utm_crs(double lon, double lat) {
    const int zone = std::clamp(static_cast<int>(std::floor((lon + 180) / 6)) + 1, 1, 60);
    return fmt::format("EPSG:{}", (lat < 0 ? 32700 : 32600) + zone);
}

std::string city_crs(const std::string& named, double lon, double lat, const SourcePlace& place) {
    if (named.empty()) return utm_crs(lon, lat);
    if (plain_name(named) == utm_crs(lon, lat)) return utm_crs(lon, lat);
    const CrsInfo info = crs_info(named, place);
    const std::string hint = fmt::format("{} fits this place; without crs it is taken by itself", utm_crs(lon, lat));
    if (!info.is_projected) {
        fail("CT-CRS-002", place, fmt::format("'{}' ({}) is not a projected system: a city is measured in metres", info.id.substr(0, 60), info.name), hint);
    }
    if (std::abs(info.metres_per_unit - 1) > 1e-9) {
        fail("CT-CRS-003", place, fmt::format("'{}' ({}) is not in metres (one unit is {} m)", info.id.substr(0, 60), info.name, info.metres_per_unit), hint);
    }
    if (info.id == "EPSG:3857" || info.name.find("Pseudo-Mercator") != std::string::npos) {
        fail("CT-CRS-004", place, fmt::format("'{}' ({}) is for pictures: lengths are wrong by {:.2f} times here", info.id, info.name,
                                              1 / std::cos(lat * 3.14159265358979 / 180)), hint);
    }
    const auto& box = info.area_of_use;
    constexpr double margin = 1;  // degrees: extracts reach over borders
    const GeographicBox wide{box.west - margin, box.south - margin, box.east + margin, box.north + margin};
    if (info.has_area && box.west <= box.east && !wide.contains(lon, lat)) {
        fail("CT-CRS-005", place,
             fmt::format("the centre of the input (lon {:.4f}, lat {:.4f}) lies outside the area of use of '{}' ({}): lon {:.2f} to {:.2f}, lat {:.2f} to {:.2f}",
                         lon, lat, info.id.substr(0, 60), info.name, box.west, box.east, box.south, box.north),
             looks_swapped(info, lon, lat) ? "longitude and latitude of the input look exchanged" : hint);
    }
    return info.id;
}

std::string proj_parameter(const std::string& crs) {
    const ProjContext context;
    const ProjObject object = horizontal(context, open_crs(context, crs, {}));
    const char* text = proj_as_proj_string(context.get(), object.get(), PJ_PROJ_4, nullptr);
    if (text == nullptr) return "!";
    std::string parameter = text;
    if (const auto type = parameter.find(" +type=crs"); type != std::string::npos) parameter.erase(type, 10);
    return parameter;
}

std::string crs_wkt(const std::string& crs) {
    const ProjContext context;
    const ProjObject object = open_crs(context, crs, {});
    const char* wkt = proj_as_wkt(context.get(), object.get(), PJ_WKT2_2019, nullptr);
    return wkt != nullptr ? wkt : "";
}

}  // namespace citytwin::geodata
