#include "geodata/vector/zones.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"
#include "geodata/import_report/import_report.hpp"
#include "geodata/vector/part_table.hpp"
#include "geodata/vector/zone_links.hpp"

namespace citytwin::geodata {
namespace {

using Json = nlohmann::ordered_json;

/// The column, or all zeros with a line in the report when the file has none and none was named.
std::vector<double> people(PartTable& table, City& city, const std::string& option, std::initializer_list<const char*> usual) {
    if (const VectorField* column = table.field(option, usual)) return table.numbers(*column, 0);
    city.issues.push_back({"CT-ZONE-021", "warning", "zone_" + option + "_missing", "defaulted", table.size(), 0, 1, {},
                           fmt::format("the file has no column '{}': all zones have 0; name it: {} = \"…\"; found: {}", option, option, fmt::join(table.layer().field_names(), ", "))});
    return std::vector<double>(table.size(), 0);
}

double total(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum;
}

double total_where(const std::vector<double>& values, const std::vector<std::uint8_t>& where) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += where[i] ? values[i] : 0;
    return sum;
}

void add_polygon_columns(EntitySet& set, const VectorLayer& layer) {
    if (std::none_of(layer.kind.begin(), layer.kind.end(), [](GeometryKind kind) { return kind == GeometryKind::polygon; })) return;
    std::vector<double> area(layer.size());
    Ragged<double> shape;
    for (std::size_t row = 0; row < layer.size(); ++row) {
        area[row] = area_of(layer, row);
        shape.push_row(outline_of(layer, row));
    }
    set.add("area", "m2", std::move(area), {}, "Area of the outline in the city's system");
    set.add("shape", "m", std::move(shape), {}, "Largest outline x0,y0,x1,y1 … counter-clockwise, not closed, local frame");
}

/// Links of every zone; nothing when the city has no roads. All zones far from every road is an error: the file is misplaced.
ZoneLinks found_links(const City& city, const PartTable& table, const std::vector<double>& x, const std::vector<double>& y, Arena& arena) {
    if (city.find("road_link") == nullptr || city.find("road_link")->size() == 0) return {};
    ZoneLinks found = links_of_zones(load_road_network(city), table.layer(), x, y, arena);
    const double nearest = *std::min_element(found.distance_m.begin(), found.distance_m.end());
    if (nearest > off_network_m) {
        fail("CT-ZONE-007", {table.layer().file}, fmt::format("no zone lies within {:.0f} m of the roads; the nearest is {:.1f} km off", off_network_m, nearest / 1000),
             "check the file's coordinate system (crs = \"…\") and the order of its columns");
    }
    return found;
}

/// Columns road_links, distance_to_road, off_network: zones far from every road are counted, their people keep the nearest link.
std::vector<std::uint8_t> add_links(EntitySet& set, ZoneLinks&& found) {
    std::vector<std::uint8_t> off(set.size(), 0);
    if (found.links.size() != set.size()) return off;
    for (std::size_t i = 0; i < off.size(); ++i) off[i] = found.distance_m[i] > off_network_m;
    set.add("road_links", "1", std::move(found.links), "road_link", "Links its people live and work along");
    set.add("distance_to_road", "m", std::move(found.distance_m), {}, "From the zone's point to the nearest usable link");
    set.add("off_network", "1", off, {}, "1 = farther than 1 km from every usable link");
    return off;
}

void report_off_network(City& city, const EntitySet& set, const std::vector<std::uint8_t>& off, const std::vector<double>& population, const std::vector<double>& jobs) {
    std::vector<std::string> examples;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < off.size(); ++i) {
        if (!off[i]) continue;
        ++count;
        if (examples.size() < 5) examples.push_back(fmt::format("{} ({:.0f} m)", set.ids[i], set.get<double>("distance_to_road")[i]));
    }
    if (count == 0) return;
    city.issues.push_back({"CT-ZONE-022", "warning", "zone_off_network", "read", count, 0, static_cast<double>(count) / static_cast<double>(off.size()), std::move(examples),
                           fmt::format("{:.0f} residents and {:.0f} jobs in zones farther than {:.0f} m from every road; they are kept and use the nearest link", total_where(population, off), total_where(jobs, off), off_network_m)});
}

}  // namespace

void add_zones(City& city, const std::string& path, const PartOptions& options, Arena& arena, DiagnosticList&) {
    require_new_set(city, "zone", path);
    PartTable table(city, "zone", path, options, arena);
    std::vector<double> x, y;
    table.points(x, y);
    std::vector<std::string> ids = table.ids();
    std::vector<double> population = people(table, city, "population", {"population", "pop", "POPULATION", "residents"});
    std::vector<double> jobs = people(table, city, "jobs", {"jobs", "JOBS", "workplaces"});
    ZoneLinks links = found_links(city, table, x, y, arena);
    EntitySet& set = city.add_set("zone", table.size());
    set.resize(table.size());
    set.ids = std::move(ids);
    set.add("x", "m", x, {}, "Point that stands for the zone, local frame");
    set.add("y", "m", y, {}, "Point that stands for the zone, local frame");
    set.add("population", "1", population, {}, "Residents");
    set.add("jobs", "1", jobs, {}, "Jobs");
    if (const VectorField* name = table.field("name", {})) set.add("name", "", table.texts(*name), {}, "Name");
    add_polygon_columns(set, table.layer());
    const std::vector<std::uint8_t> off = add_links(set, std::move(links));
    report_off_network(city, set, off, population, jobs);
    table.add_other_columns(set);
    Json info = {{"zones", table.size()}, {"residents", total(population)}, {"jobs", total(jobs)}};
    Json sums = Json::object(), blanks = Json::object();
    for (const auto& field : table.layer().fields) {
        const Column* column = set.find(field.name);
        if (column && field.is_number && std::holds_alternative<std::vector<double>>(column->data)) sums[field.name] = total(std::get<std::vector<double>>(column->data));
    }
    for (const auto& [column, count] : table.blanks()) blanks[column] = count;
    info["sums"] = sums;
    info["blank_cells"] = blanks;
    info["off_network"] = {{"zones", std::count(off.begin(), off.end(), 1)}, {"residents", total_where(population, off)}, {"jobs", total_where(jobs, off)}};
    set_info_section(city, "population", info.dump());
}

}  // namespace citytwin::geodata
