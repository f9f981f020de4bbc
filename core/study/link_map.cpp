#include "core/study/link_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "core/base/diagnostic.hpp"
#include "core/output/json_text.hpp"
#include "core/study/link_shapes.hpp"
#include "core/study/packing.hpp"
#include "core/study/time_frames.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t most_links = 60000;
constexpr std::size_t most_seeds = 20;
constexpr std::uint16_t no_data = 65535;

/// What the map can show: the recorded unit times `factor`, kept in steps of 1/`scale`.
struct MapField {
    const char* name;
    const char* label;
    const char* unit;
    double factor, scale;
};
constexpr MapField map_fields[] = {{"flow", "Flow", "veh/h", 3600, 1}, {"speed", "Mean speed", "km/h", 3.6, 1}, {"queue", "Vehicles queued", "vehicles", 1, 1}};

std::string packed_values(const std::vector<double>& means, std::size_t entities, const std::vector<std::uint32_t>& rows, const MapField& field) {
    std::vector<std::uint16_t> values;
    values.reserve(means.size() / std::max<std::size_t>(entities, 1) * rows.size());
    for (std::size_t first = 0; first < means.size(); first += entities) {
        for (const std::uint32_t row : rows) {
            const double shown = means[first + row] * field.factor * field.scale;
            values.push_back(std::isnan(shown) ? no_data : static_cast<std::uint16_t>(std::lround(std::clamp(shown, 0.0, 65534.0))));
        }
    }
    return packed_u16(values);
}

/// All links, or for a very large city those with most traffic, in their order.
std::vector<std::uint32_t> shown_links(std::size_t links, const std::vector<double>& means, std::vector<std::string>& remarks) {
    std::vector<std::uint32_t> rows(links);
    std::iota(rows.begin(), rows.end(), 0u);
    if (links <= most_links) return rows;
    std::vector<double> total(links, 0.0);
    for (std::size_t i = 0; i < means.size(); ++i) total[i % links] += std::isnan(means[i]) ? 0 : means[i];
    std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return total[a] > total[b]; });
    rows.resize(most_links);
    std::sort(rows.begin(), rows.end());
    remarks.push_back(fmt::format("the map shows the {} busiest of {} links", most_links, links));
    return rows;
}

Json shapes_json(const PackedShapes& shapes) {
    return {{"lines", shapes.lines}, {"points", shapes.points}, {"metresPerUnit", shapes.metres_per_unit},
            {"counts", shapes.counts}, {"x", shapes.x}, {"y", shapes.y}};
}

std::string first_missing(const std::vector<StudyRun>& runs, const std::vector<StudyRun>& base, const std::string& city) {
    if (runs.empty()) return "no seed is finished";
    for (const auto* side : {&runs, &base}) {
        for (const StudyRun& one : *side) {
            if (fs::exists(one.folder + "/results.h5")) continue;
            if (!one.record.days.empty()) return fmt::format("{} is made of representative days; each day's folder has its own report", one.folder);
            return fmt::format("{}/results.h5 isn't there: the run isn't finished or recorded nothing; `citytwin recover` joins what was committed", one.folder);
        }
    }
    if (city.empty() || !fs::exists(city)) return fmt::format("the city file '{}' isn't there, so the links have no place", city);
    return {};
}

Json names_json(const EntitySet& links, const std::vector<std::uint32_t>& rows, const char* column) {
    Json names = Json::array();
    const Column* found = links.find(column);
    const auto* texts = found == nullptr ? nullptr : std::get_if<std::vector<std::string>>(&found->data);
    for (const std::uint32_t row : rows) names.push_back(texts == nullptr ? std::string() : (*texts)[row]);
    return names;
}

/// Distinct names once, and which one each link has: many links share a street's name.
Json street_names(const EntitySet& links, const std::vector<std::uint32_t>& rows) {
    const Json all = names_json(links, rows, "name");
    std::vector<std::string> distinct;
    for (const Json& name : all) distinct.push_back(name.get<std::string>());
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    std::vector<std::uint16_t> which;
    for (const Json& name : all) {
        const auto at = std::lower_bound(distinct.begin(), distinct.end(), name.get<std::string>()) - distinct.begin();
        which.push_back(static_cast<std::uint16_t>(std::min<std::ptrdiff_t>(at, 65535)));
    }
    if (distinct.size() > 65535) distinct.resize(65535), distinct.emplace_back();
    return {{"texts", distinct}, {"of", packed_u16(which)}};
}

}  // namespace

LinkMap make_link_map(const std::vector<StudyRun>& runs, const std::vector<StudyRun>& base, const City& city, const std::string& city_file) {
    LinkMap map;
    map.why_missing = first_missing(runs, base, city_file);
    if (!map.why_missing.empty()) return map;
    const EntitySet* links = city.find("road_link");
    const StudyRun& run = runs.front();
    Hdf5File results = Hdf5File::open(run.folder + "/results.h5");
    const bool recorded = std::any_of(std::begin(map_fields), std::end(map_fields), [&](const MapField& field) { return results.has(std::string("road_link/") + field.name); });
    if (links == nullptr || !links->has("shape") || !recorded) {
        map.why_missing = "flow, speed or queue of the road links were not recorded (add \"road_link.flow\" to [record] fields)";
        return map;
    }
    if (results.info("road_link/id").rows() != links->size()) {
        map.why_missing = fmt::format("{} has other road links than the results", city_file);
        return map;
    }
    if (runs.size() > most_seeds) map.remarks.push_back(fmt::format("the map shows the mean of the first {} of {} seeds", most_seeds, runs.size()));
    else if (runs.size() > 1) map.remarks.push_back(fmt::format("the map shows the mean of {} seeds", runs.size()));
    const TimeFrames frames = TimeFrames::over(parse_time(run.record.end_utc, "Etc/UTC") - parse_time(run.record.start_utc, "Etc/UTC"));
    Json fields = Json::array();
    std::vector<std::uint32_t> rows;
    for (const MapField& field : map_fields) {
        if (!results.has(std::string("road_link/") + field.name)) continue;
        const std::vector<double> means = mean_of_runs(runs, "road_link", field.name, frames, most_seeds);
        if (rows.empty()) rows = shown_links(links->size(), means, map.remarks);
        Json one = {{"name", field.name}, {"label", field.label}, {"unit", field.unit}, {"scale", field.scale}};
        one["run"] = packed_values(means, links->size(), rows, field);
        const std::vector<double> before = mean_of_runs(base, "road_link", field.name, frames, most_seeds);
        if (!before.empty()) one["base"] = packed_values(before, links->size(), rows, field);
        fields.push_back(std::move(one));
    }
    Json ids = Json::array();
    for (const std::uint32_t row : rows) ids.push_back(links->id_of(row));
    Json json = {{"frames", frame_labels(run.record, frames)}, {"shapes", shapes_json(pack_shapes(*links, rows))}, {"ids", base64(deflated(json_line(ids)))},
                 {"names", street_names(*links, rows)}, {"fields", std::move(fields)}, {"run", run.label}};
    if (!base.empty()) json["base"] = base.front().label;
    map.json = json_line(json);
    return map;
}

}  // namespace citytwin
