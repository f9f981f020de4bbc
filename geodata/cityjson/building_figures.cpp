#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "geodata/cityjson/building_set.hpp"

namespace citytwin::geodata::cityjson {
namespace {

using Json = nlohmann::ordered_json;

struct Sums {
    double footprint = 0, ground = 0, volume = 0, box = 0, height = 0;
    double least = INFINITY, most = -INFINITY;
    std::uint64_t solids = 0, open = 0, negative = 0;
};

Sums sums_of(const Measures& m) {
    Sums s;
    for (std::size_t b = 0; b < m.height_m.size(); ++b) {
        s.footprint += m.footprint_m2[b];
        s.ground += m.ground_m2[b];
        s.box += m.footprint_m2[b] * m.height_m[b];
        s.height += m.height_m[b];
        s.least = std::min(s.least, m.height_m[b]);
        s.most = std::max(s.most, m.height_m[b]);
        s.solids += m.is_solid[b];
        s.open += m.is_open[b];
        if (std::isnan(m.volume_m3[b])) continue;
        s.volume += m.volume_m3[b];
        s.negative += m.volume_m3[b] < 0 ? 1 : 0;
    }
    return s;
}

}  // namespace

std::string building_figures(const CityModel& model, const Measures& measures) {
    const Sums s = sums_of(measures);
    const auto n = model.size();
    Json info;
    info["buildings"] = n;
    info["footprint_m2"] = s.footprint;
    info["version"] = model.version;
    info["crs"] = model.crs.empty() ? Json() : Json(model.crs);
    info["vertices"] = model.x.size();
    info["cityobjects"] = model.city_objects;
    info["types"] = model.types;
    info["geometries"] = model.geometries;
    info["lods"] = model.lods;
    info["semantic_surfaces"] = measures.meanings;
    info["buildings_with_geometry"] = n;
    info["height_min_mean_max"] = n == 0 ? Json() : Json{s.least, s.height / static_cast<double>(n), s.most};
    info["footprint_union_m2_sum"] = s.footprint;
    info["ground_surface_m2_sum"] = s.ground;
    info["solids"] = s.solids;
    info["solids_not_closed"] = s.open;
    info["solids_negative_volume"] = s.negative;
    info["volume_m3_sum_closed"] = s.volume;
    info["footprint_x_height_m3_sum"] = s.box;
    return info.dump();
}

void report_findings(City& city, const CityModel& model, const Measures& measures) {
    const Sums s = sums_of(measures);
    const auto examples = [&](auto&& is_one) {
        std::vector<std::string> found;
        for (std::size_t b = 0; b < model.size() && found.size() < 5; ++b) {
            if (is_one(b)) found.push_back(model.id[b]);
        }
        return found;
    };
    const auto report = [&](const char* code, const char* grade, const char* cause, const char* action, std::uint64_t count, double of, std::vector<std::string> named, const char* hint) {
        if (count != 0) city.issues.push_back({code, grade, cause, action, count, 0, of > 0 ? static_cast<double>(count) / of : 0, std::move(named), hint});
    };
    const auto solids = static_cast<double>(s.solids), all = static_cast<double>(model.object_id.size());
    report("CT-CITYJSON-020", "warning", "open_solid", "read", s.open, solids, examples([&](std::size_t b) { return measures.is_open[b] != 0; }),
           "the shells don't close, so their volume is unknown; where a volume is needed it is footprint times height (column open_solid)");
    report("CT-CITYJSON-021", "warning", "inverted_solid", "read", s.negative, solids, examples([&](std::size_t b) { return measures.volume_m3[b] < 0; }),
           "the faces look inwards: the volume came out negative and is kept so");
    report("CT-CITYJSON-022", "warning", "semantics_value_wrong", "read", model.wrong_semantics, static_cast<double>(model.meaning.size()), {}, "the value names no surface of the semantics; the surface has no meaning");
    report("CT-CITYJSON-023", "warning", "geometry_without_lod", "read", model.without_lod, 0, {}, "it counts as the lowest level of detail");
    report("CT-CITYJSON-024", "note", "geometry_instance_not_read", "dropped", model.instances, 0, {}, "templates (trees, lamps) are counted, not placed");
    report("CT-CITYJSON-025", "note", "building_object_without_geometry", "read", model.without_geometry, all, {}, "a building of parts has its geometry there; others have no place");
}

}  // namespace citytwin::geodata::cityjson
