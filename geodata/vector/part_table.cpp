#include "geodata/vector/part_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/base/text.hpp"
#include "core/city/spatial_index.hpp"
#include "geodata/vector/zone_links.hpp"

namespace citytwin::geodata {
namespace {

std::string option(const PartOptions& options, const std::string& name) {
    const auto found = options.find(name);
    return found == options.end() ? std::string() : found->second;
}

VectorLayer read_part(const std::string& path, const PartOptions& options) {
    const bool is_csv = path.ends_with(".csv") || path.ends_with(".CSV") || path.ends_with(".txt") || path.ends_with(".tsv");
    if (is_csv) return read_points_csv(path, {option(options, "lon"), option(options, "lat"), option(options, "x"), option(options, "y")});
    return read_vector(path, {option(options, "layer"), true});
}

/// Features without a shape have no place in a city: dropped, counted by the caller.
void drop_without_geometry(VectorLayer& layer) {
    if (layer.without_geometry == 0) return;
    std::vector<std::size_t> kept;
    for (std::size_t row = 0; row < layer.size(); ++row) {
        if (layer.kind[row] != GeometryKind::none) kept.push_back(row);
    }
    VectorLayer slim = layer;
    slim.kind.clear();
    slim.parts = {0};
    slim.lines.clear();
    for (auto& field : slim.fields) {
        field.numbers.clear();
        field.texts.clear();
    }
    for (const std::size_t row : kept) {  // features without geometry have no parts, so parts and vertices stay as they are
        slim.kind.push_back(layer.kind[row]);
        slim.parts.push_back(layer.parts[row + 1]);
        if (!layer.lines.empty()) slim.lines.push_back(layer.lines[row]);
        for (std::size_t f = 0; f < layer.fields.size(); ++f) {
            if (!layer.fields[f].numbers.empty()) slim.fields[f].numbers.push_back(layer.fields[f].numbers[row]);
            if (!layer.fields[f].texts.empty()) slim.fields[f].texts.push_back(layer.fields[f].texts[row]);
        }
    }
    layer = std::move(slim);
}

}  // namespace

PartTable::PartTable(City& city, std::string set, const std::string& path, const PartOptions& options, Arena& arena)
    : city_(city), set_(std::move(set)), options_(options), layer_(read_part(path, options)) {
    if (layer_.size() == 0) fail("CT-ZONE-001", {path}, "the file has no features for the city's " + set_ + "s");
    report_repairs();
    drop_without_geometry(layer_);
    if (layer_.size() == 0) fail("CT-ZONE-001", {path}, "no feature of the file has a geometry");
    move_to_city(layer_, city.crs, city.origin_x, city.origin_y, option(options, "crs"), arena);
    for (const char* coordinate : {"x", "y", "lon", "lat"}) used_.insert(option(options, coordinate));
}

void PartTable::report_repairs() {
    const auto report = [&](const char* code, const char* cause, const char* action, std::uint64_t count, const char* hint, std::vector<std::string> examples = {}) {
        if (count == 0) return;
        city_.issues.push_back({code, "warning", set_ + "_" + cause, action, count, 0, static_cast<double>(count) / static_cast<double>(layer_.size()), std::move(examples), hint});
    };
    report("CT-ZONE-010", "invalid_polygon", "repaired", layer_.invalid, "self-intersecting outlines were made valid; areas may differ from the file's", layer_.repaired_features);
    report("CT-ZONE-011", "unclosed_ring", "repaired", layer_.unclosed, "open rings were closed", layer_.repaired_features);
    report("CT-ZONE-012", "without_geometry", "dropped", layer_.without_geometry, "features without a geometry have no place in the city");
    if (!layer_.encoding_note.empty()) city_.issues.push_back({"CT-ZONE-013", "note", set_ + "_encoding_guessed", "read", 1, 0, 1, {}, layer_.encoding_note});
}

SourcePlace PartTable::place(std::size_t row) const { return {layer_.file, layer_.lines.empty() ? 0 : layer_.lines[row]}; }

const VectorField* PartTable::field(const std::string& name, std::initializer_list<const char*> usual) {
    const std::string wanted = option(options_, name);
    const VectorField* found = nullptr;
    if (!wanted.empty()) {
        found = layer_.find(wanted);
        if (found == nullptr) fail("CT-ZONE-005", {layer_.file}, fmt::format("there is no column '{}' for {}; {}", wanted, name, suggestion(wanted, layer_.field_names())));
    }
    for (const char* candidate : usual) {
        if (found == nullptr) found = layer_.find(candidate);
    }
    if (found != nullptr) used_.insert(found->name);
    return found;
}

std::vector<std::string> PartTable::ids() {
    const VectorField* column = field("id", {"id", "ID"});
    std::vector<std::string> ids(size());
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t row = 0; row < size(); ++row) {
        ids[row] = column == nullptr ? std::to_string(row + 1) : column->text(row);
        if (ids[row].empty()) fail("CT-ZONE-002", place(row), fmt::format("{} number {} has no id in column '{}'", set_, row + 1, column->name));
        const auto [first, is_new] = seen.emplace(ids[row], row);
        if (!is_new) {
            fail("CT-ZONE-002", place(row), fmt::format("the id '{}' stands twice: {} number {} and {}", ids[row], set_, first->second + 1, row + 1),
                 "ids must be unique; name another column: id = \"…\"");
        }
    }
    return ids;
}

std::vector<double> PartTable::numbers(const VectorField& column, double blank, bool may_be_negative) {
    std::vector<double> values(size(), blank);
    std::vector<std::string> examples;
    std::uint64_t blanks = 0;
    for (std::size_t row = 0; row < size(); ++row) {
        if (column.is_blank(row)) {
            ++blanks;
            if (examples.size() < 5) examples.push_back(layer_.lines.empty() ? fmt::format("row {}", row + 1) : fmt::format("line {}", layer_.lines[row]));
            continue;
        }
        const auto value = column.is_number ? std::optional<double>(column.numbers[row]) : parse_number(column.texts[row]);
        if (!value) fail("CT-ZONE-003", place(row), fmt::format("{} number {}: '{}' in column '{}' is not a number", set_, row + 1, column.texts[row], column.name));
        if (*value < 0 && !may_be_negative) fail("CT-ZONE-004", place(row), fmt::format("{} number {}: column '{}' is {}, expected 0 or more", set_, row + 1, column.name, *value));
        values[row] = *value;
    }
    if (blanks != 0) {
        blanks_[column.name] = blanks;
        city_.issues.push_back({"CT-ZONE-020", "warning", fmt::format("{}_{}_blank", set_, column.name), "defaulted", blanks, 0, static_cast<double>(blanks) / static_cast<double>(size()), std::move(examples),
                                std::isnan(blank) ? "blank cells are kept as unknown" : fmt::format("blank cells were taken as {}", blank)});
    }
    return values;
}

std::vector<std::string> PartTable::texts(const VectorField& column) {
    std::vector<std::string> result(size());
    for (std::size_t row = 0; row < size(); ++row) result[row] = column.text(row);
    return result;
}

void PartTable::add_other_columns(EntitySet& set) {
    for (const auto& column : layer_.fields) {
        if (used_.contains(column.name)) continue;
        std::string name = column.name;
        std::replace(name.begin(), name.end(), '/', '_');
        if (set.has(name) || name == "id" || name.empty()) name = "file_" + name;
        if (column.is_number) {
            set.add(name, "1", numbers(column, 0, true), {}, "Column '" + column.name + "' of the file");
        } else {
            set.add(name, "", texts(column), {}, "Column '" + column.name + "' of the file");
        }
    }
}

void PartTable::points(std::vector<double>& x, std::vector<double>& y) const {
    x.resize(size());
    y.resize(size());
    for (std::size_t row = 0; row < size(); ++row) {
        const Point point = inner_point(layer_, row);
        x[row] = point.x;
        y[row] = point.y;
    }
}

void add_road_access(City& city, EntitySet& set, const std::vector<double>& x, const std::vector<double>& y, Arena& arena) {
    if (city.find("road_link") == nullptr) return;
    const RoadNetwork network = load_road_network(city);
    const SpatialIndex index(lines_of(network), links_to_live_along(network));
    std::vector<std::uint32_t> link(x.size(), no_index);
    std::vector<double> offset(x.size(), 0);
    arena.each(x.size(), [&](std::size_t i) {
        const auto near = index.nearest(x[i], y[i]);
        if (!near) return;
        link[i] = near->item;
        offset[i] = std::min(near->offset_m, network.link_length_m[near->item]);  // the driving length may be shorter than the picture
    }, 256);
    set.add("road_link", "1", std::move(link), "road_link", "Street it is reached from: the nearest usable link");
    set.add("road_offset", "m", std::move(offset), {}, "Metres from the link's start");
}

void add_zone_of(City& city, EntitySet& set, const std::vector<double>& x, const std::vector<double>& y) {
    const EntitySet* zones = city.find("zone");
    if (zones == nullptr || zones->size() == 0) return;
    const SpatialIndex centres(zones->get<double>("x"), zones->get<double>("y"));
    const Ragged<double>* shapes = zones->has("shape") ? &zones->ragged<double>("shape") : nullptr;
    std::vector<std::uint32_t> zone(x.size(), no_index);
    const auto is_in = [&](Index candidate, double px, double py) {
        const auto ring = (*shapes)[candidate];
        bool inside = false;
        for (std::size_t i = 0, k = ring.size() / 2 - 1; i < ring.size() / 2; k = i++) {
            const double ax = ring[2 * k], ay = ring[2 * k + 1], bx = ring[2 * i], by = ring[2 * i + 1];
            if ((ay > py) != (by > py) && px < ax + (py - ay) / (by - ay) * (bx - ax)) inside = !inside;
        }
        return inside;
    };
    for (std::size_t i = 0; i < x.size(); ++i) {
        const auto near = centres.near(x[i], y[i], shapes ? 16 : 1, std::numeric_limits<double>::infinity());
        if (!near.empty()) zone[i] = near.front().item;
        for (const auto& candidate : near) {
            if (!shapes || (*shapes)[candidate.item].empty() || !is_in(candidate.item, x[i], y[i])) continue;
            zone[i] = candidate.item;
            break;
        }
    }
    set.add("zone", "1", std::move(zone), "zone", "Zone it lies in, else the nearest");
}

void require_new_set(const City& city, const std::string& set, const std::string& path) {
    const EntitySet* there = city.find(set);
    if (there != nullptr && there->size() != 0) {
        fail("CT-ZONE-006", {path}, fmt::format("the city already has {} entities in '{}'", there->size(), set), "a city takes one file for each kind");
    }
}

}  // namespace citytwin::geodata
