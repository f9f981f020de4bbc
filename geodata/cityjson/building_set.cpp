#include "geodata/cityjson/building_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/text.hpp"
#include "geodata/crs/crs.hpp"
#include "geodata/import_report/import_report.hpp"
#include "geodata/vector/part_table.hpp"

namespace citytwin::geodata::cityjson {
namespace {

constexpr double floor_height_m = 3.0;  // city.md section 10
const double unknown = std::numeric_limits<double>::quiet_NaN();

/// Signed area and centroid of a ring x0,y0,x1,y1,… that isn't closed.
struct RingCentre {
    double area = 0, x = 0, y = 0;
};

RingCentre centre_of(std::span<const double> ring) {
    RingCentre c;
    const std::size_t n = ring.size() / 2;
    double sum_x = 0, sum_y = 0, mean_x = 0, mean_y = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t k = (i + 1) % n;
        const double ax = ring[2 * i] - ring[0], ay = ring[2 * i + 1] - ring[1], bx = ring[2 * k] - ring[0], by = ring[2 * k + 1] - ring[1];
        const double cross = ax * by - bx * ay;
        c.area += cross / 2;
        sum_x += (ax + bx) * cross;
        sum_y += (ay + by) * cross;
        mean_x += ax / static_cast<double>(n);
        mean_y += ay / static_cast<double>(n);
    }
    const bool flat = std::abs(c.area) < 1e-6;
    c.x = ring[0] + (flat ? mean_x : sum_x / (6 * c.area));
    c.y = ring[1] + (flat ? mean_y : sum_y / (6 * c.area));
    return c;
}

/// The ring that stands for each building, in the city's local frame, counter-clockwise.
Ragged<double> outlines_of(const City& city, const CityModel& model, const Measures& measures, const Placement& placement, Arena& arena) {
    std::vector<double> x, y;
    std::vector<std::size_t> first{0};
    for (const std::uint64_t ring : measures.outline) {
        for (auto c = model.corners[ring]; c < model.corners[ring + 1]; ++c) {
            x.push_back(model.x[model.vertex[c]]);
            y.push_back(model.y[model.vertex[c]]);
        }
        first.push_back(x.size());
    }
    if (!placement.in_city_system) CoordinateTransform(placement.source, city.crs, {model.file}).forward(x, y, &arena);
    Ragged<double> outlines;
    std::vector<double> ring;
    for (std::size_t b = 0; b + 1 < first.size(); ++b) {
        ring.clear();
        for (std::size_t i = first[b]; i < first[b + 1]; ++i) {
            if (!std::isfinite(x[i] + y[i])) fail("CT-CITYJSON-012", {model.file}, fmt::format("building '{}' has no place in the city's system {}", model.id[b], city.crs.substr(0, 60)), "check the file's coordinate system");
            ring.push_back(x[i] - city.origin_x);
            ring.push_back(y[i] - city.origin_y);
        }
        if (!ring.empty() && centre_of(ring).area < 0) {
            for (std::size_t a = 0, z = ring.size() / 2 - 1; a < z; ++a, --z) {
                std::swap(ring[2 * a], ring[2 * z]);
                std::swap(ring[2 * a + 1], ring[2 * z + 1]);
            }
        }
        outlines.push_row(ring);
    }
    return outlines;
}

/// Attributes by building: its own, else its parent's.
class AttributeReader {
public:
    AttributeReader(const CityModel& model, const std::map<std::string, std::string>& options) : model_(model), options_(options) {}

    /// The attribute that the option names (must be there), else the first of `usual` that is there, else null.
    const AttributeColumn* column(const std::string& option, std::initializer_list<const char*> usual) {
        const AttributeColumn* found = nullptr;
        if (const auto named = options_.find(option); named != options_.end() && !named->second.empty()) {
            found = model_.attributes.find(named->second);
            if (found == nullptr) {
                std::vector<std::string> names;
                for (const auto& one : model_.attributes.columns()) names.push_back(one.name);
                fail("CT-CITYJSON-014", {model_.file}, fmt::format("no building has an attribute '{}' for {}; {}", named->second, option, suggestion(named->second, names)));
            }
        }
        for (const char* name : usual) {
            if (found == nullptr) found = model_.attributes.find(name);
        }
        return found;
    }
    [[nodiscard]] Index place(const AttributeColumn& column, std::size_t building, bool of_parent = true) const {
        const Index own = column.at(model_.object[building]);
        return own == no_index && of_parent && model_.parent[building] != no_index ? column.at(model_.parent[building]) : own;
    }
    [[nodiscard]] std::vector<double> numbers(const AttributeColumn& column, bool of_parent = true) const {
        std::vector<double> values(model_.size(), unknown);
        for (std::size_t b = 0; b < values.size(); ++b) {
            const Index at = place(column, b, of_parent);
            if (at != no_index) values[b] = std::isnan(column.number[at]) ? parse_number(column.text[at]).value_or(unknown) : column.number[at];
        }
        return values;
    }
    [[nodiscard]] std::vector<std::string> texts(const AttributeColumn& column) const {
        std::vector<std::string> values(model_.size());
        for (std::size_t b = 0; b < values.size(); ++b) {
            const Index at = place(column, b);
            if (at != no_index) values[b] = column.text[at];
        }
        return values;
    }

private:
    const CityModel& model_;
    const std::map<std::string, std::string>& options_;
};

void add_floors(EntitySet& set, AttributeReader& attributes, const Measures& measures) {
    const AttributeColumn* column = attributes.column("levels", {"storeysAboveGround", "storeys", "floors", "levels"});
    const std::vector<double> levels = column ? attributes.numbers(*column) : std::vector<double>(set.size(), unknown);
    std::vector<std::int32_t> floors(set.size());
    std::vector<double> floor_area(set.size());
    for (std::size_t b = 0; b < set.size(); ++b) {
        const double known = levels[b] > 0 ? levels[b] : std::round(measures.height_m[b] / floor_height_m);
        floors[b] = static_cast<std::int32_t>(std::clamp(known, 1.0, 300.0));
        floor_area[b] = measures.footprint_m2[b] * floors[b];
    }
    set.add("floors", "1", std::move(floors), {}, "Floors above ground: the file's storeys, else height / 3 m");
    set.add("floor_area", "m2", std::move(floor_area), {}, "Footprint times floors");
}

/// "1965", 1965 or "1965-01-01".
void add_year(EntitySet& set, AttributeReader& attributes) {
    const AttributeColumn* column = attributes.column("year", {"yearOfConstruction", "dateOfConstruction", "year", "bouwjaar"});
    if (column == nullptr) return;
    std::vector<std::int32_t> year(set.size(), 0);
    const auto texts = attributes.texts(*column);
    for (std::size_t b = 0; b < year.size(); ++b) {
        const auto value = parse_number(texts[b].substr(0, 4));
        if (value && *value >= 1 && *value <= 2500) year[b] = static_cast<std::int32_t>(*value);
    }
    set.add("year", "1", std::move(year), {}, "Year of construction, 0 = unknown");
}

/// People are never taken over from a parent: its parts would each have all of them.
void add_people(EntitySet& set, AttributeReader& attributes) {
    for (const auto& [option, name, sentence] : {std::tuple{"population", "residents", "Residents at night"}, {"jobs", "jobs", "Jobs"}}) {
        const AttributeColumn* column = attributes.column(option, {name});
        if (column == nullptr) continue;
        std::vector<double> people = attributes.numbers(*column, false);
        for (double& value : people) value = value > 0 ? value : 0;
        set.add(name, "1", std::move(people), {}, sentence);
    }
}

void add_measures(EntitySet& set, const CityModel& model, const Measures& measures) {
    set.add("footprint_area", "m2", measures.footprint_m2, {}, "Area of the union of all surfaces, seen from above, in the file's system");
    set.add("ground_area", "m2", measures.ground_m2, {}, "Area of its ground surfaces, seen from above");
    set.add("height", "m", measures.height_m, {}, "Highest minus lowest vertex");
    set.add("lowest_z", "m", measures.lowest_m, {}, "Lowest vertex, in the file's heights");
    set.add("volume", "m3", measures.volume_m3, {}, "Of closed solids; not a number = unknown");
    set.add("open_solid", "1", measures.is_open, {}, "1 = its shell doesn't close");
    set.add("lod", "", model.lod, {}, "Level of detail that was measured");
    set.add("kind", "", model.type, {}, "Building or BuildingPart");
    std::vector<std::string> parent(set.size());
    for (std::size_t b = 0; b < set.size(); ++b) {
        if (model.parent[b] != no_index) parent[b] = model.object_id[model.parent[b]];
    }
    set.add("parent", "", std::move(parent), {}, "Building that it is a part of");
}

void add_other_attributes(EntitySet& set, const CityModel& model, const AttributeReader& attributes) {
    for (const auto& column : model.attributes.columns()) {
        std::string name = column.name;
        std::replace(name.begin(), name.end(), '/', '_');
        if (set.has(name) || name == "id" || name.empty()) name = "file_" + name;
        if (set.has(name)) continue;
        const std::string sentence = "Attribute '" + column.name + "' of the file";
        if (column.is_number) set.add(name, "1", attributes.numbers(column), {}, sentence);
        else set.add(name, "", attributes.texts(column), {}, sentence);
    }
}

}  // namespace

void store_buildings(City& city, const CityModel& model, const Measures& measures, const Placement& placement, const std::map<std::string, std::string>& options, Arena& arena) {
    if (model.size() == 0) fail("CT-CITYJSON-015", {model.file}, "the file has no building with a geometry", "objects of type Building or BuildingPart are read");
    Ragged<double> outlines = outlines_of(city, model, measures, placement, arena);
    std::vector<double> x(model.size()), y(model.size());
    for (std::size_t b = 0; b < model.size(); ++b) {
        const auto ring = outlines[b];
        if (ring.empty()) continue;
        const RingCentre c = centre_of(ring);
        x[b] = c.x;
        y[b] = c.y;
    }
    EntitySet& set = city.add_set("building", model.size());
    set.resize(model.size());
    set.ids = model.id;
    AttributeReader attributes(model, options);
    set.add("x", "m", x, {}, "Centre of the outline, local frame");
    set.add("y", "m", y, {}, "Centre of the outline, local frame");
    const AttributeColumn* use = attributes.column("use", {"function", "usage", "use"});
    set.add("use", "", use ? attributes.texts(*use) : std::vector<std::string>(set.size()), {}, "What the building is used for");
    add_measures(set, model, measures);
    add_floors(set, attributes, measures);
    add_year(set, attributes);
    add_people(set, attributes);
    set.add("shape", "m", std::move(outlines), {}, "Its largest ground surface (else largest surface) x0,y0,x1,y1 …, counter-clockwise, not closed, local frame");
    add_zone_of(city, set, x, y);
    add_road_access(city, set, x, y, arena);
    add_other_attributes(set, model, attributes);
    report_findings(city, model, measures);
    set_info_section(city, "buildings", building_figures(model, measures));
}

}  // namespace citytwin::geodata::cityjson
