#include "geodata/export/vector_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"
#include "core/module/registry.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {
namespace {

constexpr std::pair<const char*, const char*> layer_names[] = {{"road_link", "edges"}, {"road_node", "nodes"}, {"signal", "signals"},
                                                                {"zone", "zones"},      {"building", "buildings"}, {"place", "places"}};

std::string layer_name_of(const std::string& set) {
    for (const auto& [name, layer] : layer_names) {
        if (set == name) return layer;
    }
    return set;
}

std::string flag_words(std::uint32_t flags) {
    constexpr std::pair<std::uint32_t, const char*> words[] = {
        {road_flag::defaulted_lanes, "defaulted_lanes"}, {road_flag::defaulted_speed, "defaulted_speed"}, {road_flag::repaired, "repaired"},
        {road_flag::synthetic, "synthetic"}, {road_flag::bridge, "bridge"}, {road_flag::tunnel, "tunnel"}, {road_flag::roundabout, "roundabout"},
        {road_flag::destination_only, "destination_only"}, {road_flag::ignored_for_routing, "ignored_for_routing"}, {road_flag::clipped, "clipped"}};
    std::string text;
    for (const auto& [bit, word] : words) {
        if ((flags & bit) != 0) text += (text.empty() ? "" : ",") + std::string(word);
    }
    return text;
}

const char* control_word(std::uint8_t control) {
    constexpr const char* words[] = {"priority", "traffic_light", "right_before_left", "all_way_stop", "priority_stop", "allway_yield", "zipper", "unregulated", "dead_end"};
    return control < std::size(words) ? words[control] : "unknown";
}

/// Columns whose numbers stand for words; empty when the column is none of them.
std::vector<std::string> worded(const std::string& set, const Column& column) {
    std::vector<std::string> words;
    if (const auto* bits = std::get_if<std::vector<std::uint32_t>>(&column.data); bits && column.name == "flags") {
        for (const auto flags : *bits) words.push_back(flag_words(flags));
    }
    if (const auto* bytes = std::get_if<std::vector<std::uint8_t>>(&column.data)) {
        if (set == "road_link" && column.name == "class") {
            for (const auto value : *bytes) words.emplace_back(value < road_class_count ? name_of(static_cast<RoadClass>(value)) : "unknown");
        }
        if (set == "road_node" && column.name == "control") {
            for (const auto value : *bytes) words.emplace_back(control_word(value));
        }
    }
    return words;
}

/// A column as a field, or nothing for rows of different length.
struct FieldMaker {
    const City& city;
    const Column& column;
    VectorField field;

    template <class T>
    bool operator()(const std::vector<T>& values) {
        field.is_number = true;
        field.is_integer = std::is_integral_v<T>;
        for (const T value : values) field.numbers.push_back(static_cast<double>(value));
        return true;
    }
    bool operator()(const std::vector<std::string>& texts) {
        field.texts = texts;
        return true;
    }
    bool operator()(const std::vector<std::uint32_t>& rows) {
        const EntitySet* target = column.refers_to.empty() ? nullptr : city.find(column.refers_to);
        if (target == nullptr) {
            field.is_number = field.is_integer = true;
            field.numbers.assign(rows.begin(), rows.end());
            return true;
        }
        for (const auto row : rows) field.texts.push_back(row == no_index ? std::string() : target->id_of(row));
        return true;
    }
    template <class T>
    bool operator()(const Ragged<T>&) {
        return false;
    }
};

void add_fields(const City& city, const EntitySet& set, VectorLayer& layer) {
    VectorField id{"id", false, false, {}, {}};
    for (Index row = 0; row < set.size(); ++row) id.texts.push_back(set.id_of(row));
    layer.fields.push_back(std::move(id));
    for (const auto& column : set.columns()) {
        const bool in_degrees = column.name == "lon" || column.name == "lat";
        if (column.name == "x" || column.name == "y" || in_degrees) continue;  // the geometry says it
        FieldMaker maker{city, column, {column_with_unit(column.name, column.unit), false, false, {}, {}}};
        maker.field.texts = worded(set.name(), column);
        if (!maker.field.texts.empty() || std::visit(maker, column.data)) layer.fields.push_back(std::move(maker.field));
    }
}

class ShapeMaker {
public:
    ShapeMaker(const City& city, VectorLayer& layer) : city_(city), layer_(layer) {}

    void add_point(double x, double y) {
        layer_.kind.push_back(GeometryKind::point);
        add_vertex(x, y);
        end_part();
        layer_.parts.push_back(layer_.is_hole.size());
    }
    void add_line(std::span<const double> shape) { add_path(shape, GeometryKind::line); }
    void add_ring(std::span<const double> shape) { add_path(shape, GeometryKind::polygon); }

private:
    void add_path(std::span<const double> shape, GeometryKind kind) {
        layer_.kind.push_back(kind);
        for (std::size_t i = 0; i + 1 < shape.size(); i += 2) add_vertex(shape[i], shape[i + 1]);
        if (kind == GeometryKind::polygon) add_vertex(shape[0], shape[1]);
        end_part();
        layer_.parts.push_back(layer_.is_hole.size());
    }
    void add_vertex(double x, double y) {
        layer_.x.push_back(x + city_.origin_x);
        layer_.y.push_back(y + city_.origin_y);
    }
    void end_part() {
        layer_.is_hole.push_back(0);
        layer_.vertices.push_back(layer_.x.size());
    }
    const City& city_;
    VectorLayer& layer_;
};

/// Both ends of a link whose shape is empty.
std::array<double, 4> straight_line(const City& city, const EntitySet& links, std::size_t row) {
    const EntitySet& nodes = city.at("road_node");
    const auto from = links.get<std::uint32_t>("from")[row], to = links.get<std::uint32_t>("to")[row];
    const auto &x = nodes.get<double>("x"), &y = nodes.get<double>("y");
    return {x[from], y[from], x[to], y[to]};
}

void add_shapes(const City& city, const EntitySet& set, VectorLayer& layer) {
    ShapeMaker maker(city, layer);
    const Column* shape = set.find("shape");
    const auto* shapes = shape ? std::get_if<Ragged<double>>(&shape->data) : nullptr;
    const bool has_point = set.has("x") && set.has("y");
    for (std::size_t row = 0; row < set.size(); ++row) {
        const auto outline = shapes ? (*shapes)[row] : std::span<const double>{};
        if (set.name() == "road_link") {
            if (outline.size() >= 4) maker.add_line(outline);
            else maker.add_line(straight_line(city, set, row));
        } else if (outline.size() >= 6) {
            maker.add_ring(outline);
        } else if (has_point) {
            maker.add_point(set.get<double>("x")[row], set.get<double>("y")[row]);
        }
    }
}

bool has_place(const EntitySet& set) {
    const auto is_real = [&](const char* column) {
        const Column* found = set.find(column);
        return found && std::holds_alternative<std::vector<double>>(found->data);
    };
    return set.size() != 0 && is_real("x") && is_real("y");
}

}  // namespace

std::string column_with_unit(const std::string& name, const std::string& unit) {
    constexpr std::pair<const char*, const char*> short_units[] = {{"m s-1", "mps"}, {"m/s", "mps"}, {"m/s2", "mps2"}, {"1/s", "per_s"}, {"1/m", "per_m"},
                                                                   {"m3/s", "m3ps"}, {"degree", "deg"}, {"kg/s", "kgps"}};
    std::string suffix;
    if (!unit.empty() && unit != "1") {
        suffix = unit;
        for (const auto& [long_form, short_form] : short_units) {
            if (unit == long_form) suffix = short_form;
        }
        suffix = "_" + suffix;
    }
    std::string result = name + suffix;
    for (char& c : result) {
        if (!std::isalnum(static_cast<unsigned char>(c)) && static_cast<unsigned char>(c) < 0x80) c = '_';
    }
    return result;
}

std::string attribution_of(const City& city) {
    for (const auto& source : city.sources) {
        for (const char* extension : {".osm.pbf", ".osm", ".osm.gz", ".osm.bz2", ".pbf"}) {
            if (source.path.ends_with(extension)) return "© OpenStreetMap contributors, ODbL";
        }
    }
    return {};
}

std::vector<VectorLayer> layers_of(const City& city) {
    std::vector<VectorLayer> layers;
    for (const auto& set : city.sets()) {
        if (!has_place(set)) continue;
        VectorLayer layer;
        layer.name = layer_name_of(set.name());
        layer.crs = city.crs;
        add_shapes(city, set, layer);
        add_fields(city, set, layer);
        layers.push_back(std::move(layer));
    }
    const auto rank = [](const VectorLayer& layer) {
        const auto* found = std::find_if(std::begin(layer_names), std::end(layer_names), [&](const auto& pair) { return layer.name == pair.second; });
        return found - std::begin(layer_names);
    };
    std::stable_sort(layers.begin(), layers.end(), [&](const VectorLayer& a, const VectorLayer& b) { return rank(a) < rank(b); });
    return layers;
}

void export_vector(const City& city, const std::string& path, const std::map<std::string, std::string>& settings, DiagnosticList&) {
    std::vector<VectorLayer> layers = layers_of(city);
    std::vector<std::string> names;
    for (const auto& layer : layers) names.push_back(layer.name);
    if (const auto wanted = settings.find("layer"); wanted != settings.end()) {
        std::erase_if(layers, [&](const VectorLayer& layer) { return layer.name != wanted->second; });
        if (layers.empty()) fail("CT-VECTOR-021", {path}, fmt::format("the city has no layer '{}'; {}", wanted->second, suggestion(wanted->second, names)));
    }
    if (layers.empty()) fail("CT-VECTOR-021", {path}, "the city has nothing with a place to write");
    std::map<std::string, std::string> notes{{"SOFTWARE", "citytwin"}, {"CITY", city.name}};
    const std::string attribution = attribution_of(city);
    if (!attribution.empty()) notes["ATTRIBUTION"] = attribution;
    if (path.ends_with(".gpkg")) {
        gdal_plugin().write(path, "GPKG", layers, notes);
        return;
    }
    const std::string stem = path.substr(0, path.size() - std::string_view(".fgb").size());
    for (std::size_t i = 0; i < layers.size(); ++i) {  // the format holds one layer a file
        gdal_plugin().write(i == 0 ? path : stem + "_" + layers[i].name + ".fgb", "FlatGeobuf", {layers[i]}, notes);
    }
    if (!attribution.empty()) write_file(path + ".attribution.txt", attribution + "\n");  // FlatGeobuf has no place for it in GDAL 3.6
}

namespace {

const Registration vector_exporter{CityExporter{"GeoPackage and FlatGeobuf", {".gpkg", ".fgb"}, export_vector}};

}  // namespace
}  // namespace citytwin::geodata
