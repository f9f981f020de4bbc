// One parse with simdjson, one walk: counts of everything, the geometry of buildings, their attributes.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/text.hpp"
#include "geodata/cityjson/boundaries.hpp"
#include "geodata/cityjson/city_model.hpp"
#include "geodata/cityjson/file_places.hpp"
#include "geodata/cityjson/source_text.hpp"

namespace citytwin::geodata::cityjson {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t most_attributes = 200;

class ModelReader {
public:
    ModelReader(const std::string& path, const SourceText& source) : path_(path), source_(source) { model_.file = path; }

    CityModel read(const dom::element& root) {
        read_head(root);
        read_vertices(root);
        dom::object objects;
        if (root["CityObjects"].get(objects)) fail("CT-CITYJSON-003", {path_}, "the file has no member CityObjects, expected an object with the city's objects");
        collect_buildings(objects);
        for (const auto field : objects) read_object(field.key, field.value);
        return std::move(model_);
    }

private:
    void read_head(const dom::element& root) {
        std::string_view type, version;
        if (!root.is_object() || root["type"].get(type) || type != "CityJSON") {
            const bool is_feature = type == "CityJSONFeature";
            fail("CT-CITYJSON-003", {path_}, is_feature ? "the file is a CityJSONSeq (its type is CityJSONFeature), which isn't read in this version"
                                                        : fmt::format("the file's type is '{}', expected 'CityJSON'", type),
                 is_feature ? "join it into one CityJSON file first (cjseq collect)" : "a CityJSON file says \"type\": \"CityJSON\" at its top");
        }
        if (root["version"].get(version) || (version != "1.0" && version != "1.1" && version != "2.0")) {
            fail("CT-CITYJSON-004", {path_, line_of_key(source_, "version")}, fmt::format("the CityJSON version is '{}', expected 1.0, 1.1 or 2.0", version), "cjio upgrade writes 2.0");
        }
        model_.version = version;
        dom::object metadata;
        std::string_view crs;
        if (!root["metadata"].get(metadata) && !metadata["referenceSystem"].get(crs)) model_.crs = crs;
    }

    /// Three numbers of the transform, or their neutral values.
    void read_triple(const dom::element& root, const char* key, double (&values)[3]) {
        dom::object transform;
        dom::array array;
        if (root["transform"].get(transform)) return;
        std::size_t n = 0;
        if (!transform[key].get(array)) {
            for (const auto element : array) {
                if (n < 3 && element.get(values[n])) n = 9;
                ++n;
            }
        }
        if (n != 3) fail("CT-CITYJSON-005", {path_, line_of_key(source_, "transform")}, fmt::format("transform.{} is not three numbers", key));
    }

    void read_vertices(const dom::element& root) {
        double scale[3] = {1, 1, 1}, shift[3] = {0, 0, 0};
        read_triple(root, "scale", scale);
        read_triple(root, "translate", shift);
        dom::array vertices;
        if (root["vertices"].get(vertices)) fail("CT-CITYJSON-005", {path_}, "the file has no array 'vertices'");
        for (const auto element : vertices) {
            dom::array vertex;
            double value[3] = {0, 0, 0};
            std::size_t n = 0;
            bool numbers = !element.get(vertex);
            if (numbers) {
                for (const auto coordinate : vertex) {
                    if (n < 3) numbers = numbers && !coordinate.get(value[n]);
                    ++n;
                }
            }
            for (int k = 0; k < 3; ++k) {
                value[k] = value[k] * scale[k] + shift[k];
                numbers = numbers && std::isfinite(value[k]);
            }
            if (!numbers || n != 3) {
                fail("CT-CITYJSON-005", {path_, line_of_vertex(source_, model_.x.size())}, fmt::format("vertex {} is not three numbers", model_.x.size()), "vertices count from 0");
            }
            model_.x.push_back(value[0]);
            model_.y.push_back(value[1]);
            model_.z.push_back(value[2]);
        }
    }

    static bool is_building(const dom::element& object) {
        std::string_view type;
        return !object["type"].get(type) && (type == "Building" || type == "BuildingPart");
    }

    /// Rows of all buildings and parts first, so that parents are known wherever they stand.
    void collect_buildings(const dom::object& objects) {
        for (const auto field : objects) {
            if (!field.value.is_object() || !is_building(field.value)) continue;
            if (!row_of_.emplace(field.key, static_cast<Index>(model_.object_id.size())).second) {
                fail("CT-CITYJSON-009", place_of(field.key), fmt::format("the object '{}' stands twice in the file", field.key), "ids are unique in a file");
            }
            model_.object_id.emplace_back(field.key);
        }
    }

    [[nodiscard]] SourcePlace place_of(std::string_view id) const { return {path_, line_of_key(source_, id)}; }

    void read_object(std::string_view id, const dom::element& object) {
        std::string_view type;
        if (!object.is_object() || object["type"].get(type)) fail("CT-CITYJSON-003", place_of(id), fmt::format("the object '{}' has no type", id));
        ++model_.city_objects;
        ++model_.types[std::string(type)];
        dom::array geometries;
        const bool has_geometry = !object["geometry"].get(geometries) && geometries.size() != 0;
        dom::element best;
        const int best_number = has_geometry ? count_geometries(id, geometries, best) : -1;
        if (!is_building(object)) return;
        const Index row = row_of_.at(id);
        read_attributes(object, row);
        if (best_number < 0) {
            ++model_.without_geometry;
            return;
        }
        add_building(id, type, object, best, best_number, row);
    }

    /// "2", "2.2" or a number, as the file writes it; its value for the choice of the highest.
    std::string lod_text(const dom::element& geometry, double& value) {
        std::string_view text;
        double number = 0;
        std::int64_t whole = 0;
        value = -1;
        if (!geometry["lod"].get(text)) {
            value = parse_number(text).value_or(-1);
            return std::string(text);
        }
        if (!geometry["lod"].get(whole)) {
            value = static_cast<double>(whole);
            return std::to_string(whole);
        }
        if (!geometry["lod"].get(number)) {
            value = number;
            return number == std::floor(number) ? fmt::format("{:.1f}", number) : fmt::format("{}", number);
        }
        ++model_.without_lod;
        return {};
    }

    /// Counts all geometries of an object; the one with the highest level of detail, the first if equal. -1 = none with surfaces.
    int count_geometries(std::string_view id, const dom::array& geometries, dom::element& best) {
        double best_lod = -2;
        int number = 0, chosen = -1;
        for (const auto geometry : geometries) {
            std::string_view type;
            if (!geometry.is_object() || geometry["type"].get(type)) fail("CT-CITYJSON-007", place_of(id), fmt::format("geometry {} of '{}' has no type", number, id));
            ++model_.geometries[std::string(type)];
            GeometryType kind = GeometryType::multi_surface;
            if (type == "GeometryInstance") {
                ++model_.instances;
            } else {
                double lod = -1;
                const std::string text = lod_text(geometry, lod);
                ++model_.lods[text];
                if (geometry_type(type, kind) && lod > best_lod) {
                    best_lod = lod;
                    best = geometry;
                    chosen = number;
                    best_text_ = text;
                }
            }
            ++number;
        }
        return chosen;
    }

    void add_building(std::string_view id, std::string_view type, const dom::element& object, const dom::element& geometry, int number, Index row) {
        BoundaryReader boundaries(model_, {path_, 0}, id, number);
        try {
            if (!boundaries.read(geometry)) {
                ++model_.without_geometry;
                return;
            }
        } catch (const InputError& error) {   // the line costs a search through the text, so it is looked up only now
            Diagnostic diagnostic = error.diagnostics().front();
            diagnostic.place = place_of(id);
            throw InputError(std::move(diagnostic));
        }
        model_.id.emplace_back(id);
        model_.type.emplace_back(type);
        model_.lod.push_back(best_text_);
        model_.object.push_back(row);
        model_.parent.push_back(parent_of(object));
    }

    [[nodiscard]] Index parent_of(const dom::element& object) const {
        dom::array parents;
        std::string_view first;
        if (object["parents"].get(parents) || parents.size() == 0 || parents.at(0).get(first)) return no_index;
        const auto found = row_of_.find(first);
        return found == row_of_.end() ? no_index : found->second;
    }

    void read_attributes(const dom::element& object, Index row) {
        dom::object attributes;
        if (object["attributes"].get(attributes)) return;
        for (const auto field : attributes) {
            if (model_.attributes.find(field.key) == nullptr && model_.attributes.columns().size() >= most_attributes) continue;
            double number = std::numeric_limits<double>::quiet_NaN();
            std::string_view text;
            bool truth = false;
            if (field.value.is_null()) continue;
            if (!field.value.get(text)) model_.attributes.add(row, field.key, number, std::string(text), false);
            else if (!field.value.get(number)) model_.attributes.add(row, field.key, number, simdjson::minify(field.value), true);
            else if (!field.value.get(truth)) model_.attributes.add(row, field.key, truth ? 1 : 0, truth ? "true" : "false", true);
        }   // lists and objects inside attributes have no column
    }

    const std::string& path_;
    const SourceText& source_;
    CityModel model_;
    std::unordered_map<std::string_view, Index> row_of_;
    std::string best_text_;
};

}  // namespace

CityModel read_city_model(const std::string& path) {
    const SourceText source = read_source_text(path);
    dom::parser parser(source.size + 1);
    dom::element root;
    const auto error = parser.parse(source.padded.data(), source.size, false).get(root);
    if (error) fail("CT-CITYJSON-002", place_of_syntax_error(path, source), fmt::format("the file is no JSON that can be read: {}", simdjson::error_message(error)), "a download that was cut off is the usual cause");
    return ModelReader(path, source).read(root);
}

}  // namespace citytwin::geodata::cityjson
