#include "geodata/cityjson/placement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "geodata/crs/crs.hpp"

namespace citytwin::geodata::cityjson {
namespace {

struct Box {
    double left = 0, bottom = 0, right = 0, top = 0;
};

Box box_of(const CityModel& model) {
    const auto [left, right] = std::minmax_element(model.x.begin(), model.x.end());
    const auto [bottom, top] = std::minmax_element(model.y.begin(), model.y.end());
    return {*left, *bottom, *right, *top};
}

/// Systems whose coordinates look like these; only a hint, never taken.
std::string candidates(const Box& box) {
    const auto within = [&](double left, double right, double bottom, double top) { return box.left >= left && box.right <= right && box.bottom >= bottom && box.top <= top; };
    if (within(-180, 180, -90, 90)) return "they could be degrees (EPSG:4326), or metres of a local drawing";
    if (within(0, 300'000, 289'000, 640'000)) return "they could be the Dutch grid (EPSG:28992, with heights EPSG:7415)";
    if (within(2'480'000, 2'840'000, 1'070'000, 1'300'000)) return "they could be the Swiss grid (EPSG:2056)";
    if (within(100'000, 900'000, 0, 10'000'000)) return "they could be a UTM zone (EPSG:326nn north, 327nn south, 258nn in Europe)";
    return "ask the file's publisher";
}

CrsInfo source_info(const CityModel& model, const std::string& named) {
    const std::string source = named.empty() ? model.crs : named;
    if (model.x.empty()) fail("CT-CITYJSON-005", {model.file}, "the file has no vertices");
    if (source.empty()) {
        const Box box = box_of(model);
        fail("CT-CITYJSON-010", {model.file},
             fmt::format("the file names no coordinate system (metadata.referenceSystem); x runs from {:.1f} to {:.1f}, y from {:.1f} to {:.1f}", box.left, box.right, box.bottom, box.top),
             candidates(box) + "; name it: --crs EPSG:n, or buildings = { file = …, crs = \"EPSG:n\" }");
    }
    CrsInfo info = crs_info(source, {model.file});
    if (!info.is_projected && !info.is_geographic) {
        fail("CT-CITYJSON-011", {model.file}, fmt::format("the coordinate system '{}' ({}) is neither projected nor geographic", source.substr(0, 80), info.name), "reproject the file first (cjio crs_reproject)");
    }
    return info;
}

bool is_web_map(const CrsInfo& info) { return info.id == "EPSG:3857" || info.name.find("Pseudo-Mercator") != std::string::npos; }
bool is_metric(const CrsInfo& info) { return info.is_projected && std::abs(info.metres_per_unit - 1) < 1e-9 && !is_web_map(info); }

struct Degrees {
    double lon = 0, lat = 0;
};

/// The model's centre on Earth. Throws where its coordinates have no place in the system, or lie outside the area it is made for.
Degrees centre(const CityModel& model, const CrsInfo& info) {
    const Box box = box_of(model);
    double x[1] = {(box.left + box.right) / 2}, y[1] = {(box.bottom + box.top) / 2};
    if (info.is_projected) CoordinateTransform::from_degrees(info.id, {model.file}).inverse(x, y);
    else if (info.id != "EPSG:4326") CoordinateTransform(info.id, "EPSG:4326", {model.file}).forward(x, y);
    if (!std::isfinite(x[0] + y[0]) || std::abs(x[0]) > 180 || std::abs(y[0]) > 90) {
        fail("CT-CITYJSON-012", {model.file}, fmt::format("the middle of the file (x {:.3f}, y {:.3f}) has no place in '{}' ({})", (box.left + box.right) / 2, (box.bottom + box.top) / 2, info.id.substr(0, 60), info.name),
             "the system is wrong, or its axes stand in another order than east, north");
    }
    if (is_metric(info)) city_crs(info.id, x[0], y[0], {model.file});
    return {x[0], y[0]};
}

}  // namespace

void settle_city(City& city, const CityModel& model, const std::string& source_crs, const std::string& named) {
    const CrsInfo info = source_info(model, source_crs);
    const Degrees middle = centre(model, info);
    city.crs = city_crs(!named.empty() ? named : is_metric(info) ? info.id : "", middle.lon, middle.lat, {model.file});
    double x[1] = {middle.lon}, y[1] = {middle.lat};
    CoordinateTransform::from_degrees(city.crs, {model.file}).forward(x, y);
    city.origin_x = std::round(x[0] / 1000) * 1000;
    city.origin_y = std::round(y[0] / 1000) * 1000;
}

Placement place_model(CityModel& model, const City& city, const std::string& source_crs, Arena& arena) {
    const CrsInfo info = source_info(model, source_crs);
    centre(model, info);
    if (city.crs.empty()) fail("CT-CITYJSON-013", {model.file}, "the city's roads have no coordinate system, so the buildings can't be placed", "name it with crs");
    if (is_metric(info)) return {info.id, info.id == city.crs};
    CoordinateTransform(info.id, city.crs, {model.file}).forward(model.x, model.y, &arena);
    for (std::size_t v = 0; v < model.x.size(); ++v) {
        if (!std::isfinite(model.x[v] + model.y[v])) fail("CT-CITYJSON-012", {model.file}, fmt::format("vertex {} has no place in the city's system {}", v, city.crs.substr(0, 60)), "check the file's coordinate system");
    }
    if (info.is_projected && !is_web_map(info)) {   // feet: heights are taken to be in the unit of the axes
        for (double& z : model.z) z *= info.metres_per_unit;
    }
    return {city.crs, true};
}

}  // namespace citytwin::geodata::cityjson
