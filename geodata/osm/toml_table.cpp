#include "geodata/osm/toml_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"
#include "core/base/toml_parser.hpp"
#include "core/base/units.hpp"

namespace citytwin::geodata::osm {

struct TomlTable::Node {
    std::shared_ptr<const toml::table> root;  ///< keeps the document alive
    const toml::table* table;
};

namespace {

[[noreturn]] void wrong_type(const SourcePlace& place, const std::string& key, const char* expected) {
    fail("CT-OSM-023", place, fmt::format("'{}' must be {}", key, expected));
}

TomlTable parse(const std::string& path) {
    if (!std::filesystem::is_regular_file(path)) fail("CT-OSM-020", {path}, "the file does not exist", "check the path; relative paths start at the file that names them");
    try {
        auto root = std::make_shared<const toml::table>(parse_toml(read_file(path, 16ULL << 20), path));
        auto node = std::make_shared<const TomlTable::Node>(TomlTable::Node{root, root.get()});
        return TomlTable(std::move(node), path);
    } catch (const toml::parse_error& error) {
        fail("CT-OSM-020", {path, error.source().begin.line, error.source().begin.column}, std::string("this is no TOML: ") + std::string(error.description()));
    }
}

}  // namespace

TomlFile::TomlFile(const std::string& path) : root_(parse(path)) {}

std::vector<std::string> TomlTable::keys() const {
    std::vector<std::pair<std::size_t, std::string>> found;
    for (const auto& [key, value] : *node_->table) found.emplace_back(key.source().begin.line, std::string(key.str()));
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> names;
    for (auto& entry : found) names.push_back(std::move(entry.second));
    return names;
}

bool TomlTable::has(const std::string& key) const { return node_->table->contains(key); }

SourcePlace TomlTable::place(const std::string& key) const {
    for (const auto& [name, value] : *node_->table) {
        if (name.str() == key) return {path_, name.source().begin.line, name.source().begin.column};
    }
    return {path_};
}

void TomlTable::only(const std::vector<std::string>& known) const {
    for (const auto& key : keys()) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        fail("CT-OSM-022", place(key), fmt::format("unknown key '{}'; {}", key, suggestion(key, known)));
    }
}

std::optional<TomlTable> TomlTable::table(const std::string& key) const {
    const toml::node* value = node_->table->get(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_table()) wrong_type(place(key), key, "a table");
    return TomlTable(std::make_shared<const Node>(Node{node_->root, value->as_table()}), path_);
}

std::string TomlTable::text(const std::string& key, const std::string& otherwise) const {
    const toml::node* value = node_->table->get(key);
    if (value == nullptr) return otherwise;
    if (!value->is_string()) wrong_type(place(key), key, "a text in quotes");
    return value->as_string()->get();
}

bool TomlTable::boolean(const std::string& key, bool otherwise) const {
    const toml::node* value = node_->table->get(key);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) wrong_type(place(key), key, "true or false");
    return value->as_boolean()->get();
}

long long TomlTable::integer(const std::string& key, long long otherwise, long long low, long long high) const {
    const toml::node* value = node_->table->get(key);
    if (value == nullptr) return otherwise;
    if (!value->is_integer()) wrong_type(place(key), key, "a whole number");
    const long long number = value->as_integer()->get();
    if (number < low || number > high) {
        fail("CT-OSM-024", place(key), fmt::format("'{}' is {}, expected {} to {}", key, number, low, high));
    }
    return number;
}

double TomlTable::quantity(const std::string& key, const std::string& unit, double otherwise, double low, double high) const {
    const toml::node* value = node_->table->get(key);
    if (value == nullptr) return otherwise;
    if (!value->is_string()) wrong_type(place(key), key, "a text with its unit, for example \"50 km/h\" or \"3.2 m\"");
    double number = 0;
    try {
        number = parse_quantity(value->as_string()->get(), unit);
    } catch (const InputError& error) {
        Diagnostic first = error.diagnostics().front();
        first.place = place(key);
        throw InputError(std::move(first));
    }
    if (!(number >= low && number <= high)) {
        fail("CT-OSM-024", place(key), fmt::format("'{}' is {:g} {}, expected {:g} to {:g} {}", key, number, unit, low, high, unit));
    }
    return number;
}

}  // namespace citytwin::geodata::osm
