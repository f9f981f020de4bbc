// Buildings and places from vector files.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "geodata/import_report/import_report.hpp"
#include "geodata/vector/part_table.hpp"

namespace citytwin::geodata {
namespace {

constexpr double floor_height_m = 3.0;  // city.md section 10: floors = max(1, round(height / 3 m))
const double unknown = std::numeric_limits<double>::quiet_NaN();

void add_text(PartTable& table, EntitySet& set, const std::string& option, std::initializer_list<const char*> usual, const std::string& sentence, bool always) {
    if (const VectorField* column = table.field(option, usual)) {
        set.add(option, "", table.texts(*column), {}, sentence);
    } else if (always) {
        set.add(option, "", std::vector<std::string>(set.size()), {}, sentence);
    }
}

void add_count(PartTable& table, EntitySet& set, const std::string& option, std::initializer_list<const char*> usual, const std::string& column_name, const std::string& sentence) {
    if (const VectorField* column = table.field(option, usual)) set.add(column_name, "1", table.numbers(*column, 0), {}, sentence);
}

/// Height and floors: each from the other by 3 m a floor where one is unknown, one floor where both are; counted.
void add_heights(City& city, PartTable& table, EntitySet& set, const std::vector<double>& footprint) {
    const VectorField* height_column = table.field("height", {"height", "height_m", "HEIGHT"});
    const VectorField* floor_column = table.field("levels", {"levels", "floors", "building:levels", "storeys"});
    std::vector<double> height = height_column ? table.numbers(*height_column, unknown) : std::vector<double>(table.size(), unknown);
    const std::vector<double> levels = floor_column ? table.numbers(*floor_column, unknown) : std::vector<double>(table.size(), unknown);
    std::vector<std::int32_t> floors(table.size());
    std::vector<double> floor_area(table.size());
    std::uint64_t without = 0;
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (std::isnan(height[i]) && std::isnan(levels[i])) ++without;
        const double known = !std::isnan(levels[i]) ? levels[i] : !std::isnan(height[i]) ? std::round(height[i] / floor_height_m) : 1;
        floors[i] = static_cast<std::int32_t>(std::clamp(known, 1.0, 300.0));
        if (std::isnan(height[i])) height[i] = floors[i] * floor_height_m;
        floor_area[i] = footprint[i] * floors[i];
    }
    if (without != 0) {
        city.issues.push_back({"CT-BUILDING-001", "warning", "building_height_unknown", "defaulted", without, 0, static_cast<double>(without) / static_cast<double>(table.size()), {}, "buildings without height and levels were taken as one floor of 3 m"});
    }
    set.add("height", "m", std::move(height), {}, "Height above ground");
    set.add("floors", "1", std::move(floors), {}, "Floors above ground");
    set.add("floor_area", "m2", std::move(floor_area), {}, "Footprint times floors");
}

std::vector<double> add_footprints(EntitySet& set, const VectorLayer& layer) {
    std::vector<double> area(layer.size());
    Ragged<double> shape;
    for (std::size_t row = 0; row < layer.size(); ++row) {
        area[row] = area_of(layer, row);
        shape.push_row(outline_of(layer, row));
    }
    set.add("footprint_area", "m2", area, {}, "Area of the footprint");
    set.add("shape", "m", std::move(shape), {}, "Footprint x0,y0,x1,y1 …, counter-clockwise, not closed, local frame");
    return area;
}

EntitySet& start_set(City& city, const std::string& name, PartTable& table, std::vector<double>& x, std::vector<double>& y) {
    table.points(x, y);
    std::vector<std::string> ids = table.ids();
    EntitySet& set = city.add_set(name, table.size());
    set.resize(table.size());
    set.ids = std::move(ids);
    set.add("x", "m", x, {}, "Local frame");
    set.add("y", "m", y, {}, "Local frame");
    return set;
}

}  // namespace

void add_buildings(City& city, const std::string& path, const PartOptions& options, Arena& arena, DiagnosticList&) {
    require_new_set(city, "building", path);
    PartTable table(city, "building", path, options, arena);
    std::vector<double> x, y;
    EntitySet& set = start_set(city, "building", table, x, y);
    add_text(table, set, "use", {"use", "building", "usage", "function"}, "What the building is used for", true);
    const std::vector<double> footprint = add_footprints(set, table.layer());
    add_heights(city, table, set, footprint);
    if (const VectorField* year = table.field("year", {"year", "built", "year_of_construction"})) {
        const std::vector<double> values = table.numbers(*year, 0);
        set.add("year", "1", std::vector<std::int32_t>(values.begin(), values.end()), {}, "Year of construction, 0 = unknown");
    }
    add_count(table, set, "population", {"population", "residents"}, "residents", "Residents at night");
    add_count(table, set, "jobs", {"jobs"}, "jobs", "Jobs");
    add_zone_of(city, set, x, y);
    add_road_access(city, set, x, y, arena);
    table.add_other_columns(set);
    double area = 0;
    for (const double footprint_area : footprint) area += footprint_area;
    set_info_section(city, "buildings", nlohmann::json{{"buildings", table.size()}, {"footprint_m2", area}}.dump());
}

void add_places(City& city, const std::string& path, const PartOptions& options, Arena& arena, DiagnosticList&) {
    require_new_set(city, "place", path);
    PartTable table(city, "place", path, options, arena);
    std::vector<double> x, y;
    EntitySet& set = start_set(city, "place", table, x, y);
    add_text(table, set, "kind", {"kind", "type", "amenity"}, "School, hospital, depot, substation …", true);
    add_text(table, set, "name", {"name"}, "Name", false);
    add_count(table, set, "capacity", {"capacity", "beds"}, "capacity", "Pupils, beds, vehicles, MVA, m3: by kind");
    if (!set.has("capacity")) set.add("capacity", "1", std::vector<double>(table.size(), 0), {}, "Pupils, beds, vehicles, MVA, m3: by kind; 0 = unknown");
    add_zone_of(city, set, x, y);
    add_road_access(city, set, x, y, arena);
    table.add_other_columns(set);
}

}  // namespace citytwin::geodata
