#include "geodata/terrain/terrain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "geodata/crs/crs.hpp"
#include "geodata/import_report/import_report.hpp"
#include "geodata/vector/vector_layer.hpp"

namespace citytwin::geodata {
namespace {

struct Finding {
    std::uint64_t unknown = 0, saturated = 0;
    std::vector<std::string> unknown_ids, saturated_ids;
};

class Sampler {
public:
    Sampler(const City& city, const Raster& raster, const std::string& system) : city_(city), raster_(raster), system_(system) {}

    std::vector<double> heights(const EntitySet& set, Finding& finding, Arena& arena) const {
        std::vector<double> x = set.get<double>("x"), y = set.get<double>("y");
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] += city_.origin_x;
            y[i] += city_.origin_y;
        }
        if (system_ == "EPSG:4326") CoordinateTransform::from_degrees(city_.crs, {raster_.file}).inverse(x, y, &arena);
        else if (system_ != city_.crs) CoordinateTransform(city_.crs, system_, {raster_.file}).forward(x, y, &arena);
        std::vector<double> height(x.size());
        std::vector<std::uint8_t> saturated(x.size(), 0);
        arena.each(x.size(), [&](std::size_t i) {
            bool at_limit = false;
            height[i] = height_at(raster_, x[i], y[i], at_limit);
            saturated[i] = at_limit ? 1 : 0;
        });
        for (Index i = 0; i < height.size(); ++i) {
            if (std::isnan(height[i])) {
                if (++finding.unknown <= 5) finding.unknown_ids.push_back(set.id_of(i));
            } else if (saturated[i] != 0) {
                if (++finding.saturated <= 5) finding.saturated_ids.push_back(set.id_of(i));
            }
        }
        return height;
    }

private:
    const City& city_;
    const Raster& raster_;
    const std::string& system_;
};

/// Rise over driving length; unknown where an end is.
std::vector<double> slopes(const EntitySet& links, const std::vector<double>& node_height) {
    const auto& from = links.get<std::uint32_t>("from");
    const auto& to = links.get<std::uint32_t>("to");
    const auto& length = links.get<double>("length");
    std::vector<double> slope(links.size());
    for (std::size_t l = 0; l < slope.size(); ++l) {
        const double rise = node_height[to[l]] - node_height[from[l]];
        slope[l] = length[l] > 0 ? rise / length[l] : rise == 0 ? 0 : std::numeric_limits<double>::quiet_NaN();
    }
    return slope;
}

void report(City& city, const std::string& set, std::size_t size, Finding&& finding, const Raster& raster) {
    const auto share = [&](std::uint64_t count) { return static_cast<double>(count) / static_cast<double>(size); };
    if (finding.unknown != 0) {
        city.issues.push_back({"CT-TERRAIN-010", "warning", set + "_elevation_unknown", "read", finding.unknown, 0, share(finding.unknown), std::move(finding.unknown_ids),
                               fmt::format("they lie outside the raster or on one of its {} missing cells; their height is unknown, not 0", raster.missing)});
    }
    if (finding.saturated != 0) {
        city.issues.push_back({"CT-TERRAIN-011", "warning", set + "_elevation_saturated", "read", finding.saturated, 0, share(finding.saturated), std::move(finding.saturated_ids),
                               fmt::format("{} cells of the raster stand at {:.0f}, the most that its type {} can store: the ground may be higher there", raster.saturated, raster.largest_storable, raster.type)});
    }
}

std::string system_of(const Raster& raster, const std::map<std::string, std::string>& options) {
    const auto named = options.find("crs");
    const std::string text = named != options.end() && !named->second.empty() ? named->second : raster.crs;
    if (text.empty()) fail("CT-TERRAIN-004", {raster.file}, "the raster names no coordinate system", "name it: terrain = { file = …, crs = \"EPSG:n\" }");
    return crs_info(text, {raster.file}).id;
}

void add_figures(City& city, const Raster& raster, const std::string& system) {
    nlohmann::ordered_json info;
    info["crs"] = system.substr(0, 200);
    info["size"] = {raster.columns, raster.rows};
    info["type"] = raster.type;
    info["min"] = raster.least;
    info["max"] = raster.most;
    info["mean"] = raster.mean;
    info["missing_cells"] = raster.missing;
    info["saturated_cells"] = raster.saturated;
    set_info_section(city, "terrain", info.dump());
    if (raster.bands > 1) {
        city.issues.push_back({"CT-TERRAIN-012", "note", "terrain_further_bands", "dropped", static_cast<std::uint64_t>(raster.bands - 1), 0, 0, {}, "heights are taken from the first band"});
    }
}

}  // namespace

void add_terrain(City& city, const std::string& path, const std::map<std::string, std::string>& options, Arena& arena, DiagnosticList&) {
    if (city.crs.empty()) fail("CT-TERRAIN-005", {path}, "the city has no coordinate system, so the terrain can't be laid under it", "name one for the roads: crs = \"EPSG:n\"");
    const Raster raster = gdal_plugin().read_raster(path);
    const std::string system = system_of(raster, options);
    const Sampler sampler(city, raster, system);
    std::size_t sampled = 0, unknown = 0;
    for (const char* name : {"road_node", "building", "place", "zone"}) {
        EntitySet* set = city.find(name);
        if (set == nullptr || set->size() == 0 || !set->has("x") || !set->has("y")) continue;
        Finding finding;
        std::vector<double> height = sampler.heights(*set, finding, arena);
        sampled += set->size();
        unknown += finding.unknown;
        report(city, name, set->size(), std::move(finding), raster);
        EntitySet* links = city.find("road_link");
        if (std::string_view(name) == "road_node" && links != nullptr) {
            links->add("slope", "1", slopes(*links, height), {}, "Rise over length from its start to its end; not a number = unknown");
        }
        set->add("elevation", "m", std::move(height), {}, "Height of the ground from the terrain; not a number = unknown");
    }
    if (sampled != 0 && unknown == sampled) {
        fail("CT-TERRAIN-006", {path}, "the raster covers no place of the city", "check its coordinate system (crs = …) and its corners (gdalinfo)");
    }
    add_figures(city, raster, system);
    refresh_import_info(city);
}

}  // namespace citytwin::geodata
