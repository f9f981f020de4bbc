#include "core/scenario/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/base/text.hpp"

namespace citytwin {
namespace {

/// What tells one file from another, whatever way leads to it.
std::string identity(const std::string& path) {
    std::error_code ignored;
    const auto canonical = std::filesystem::weakly_canonical(path, ignored);
    return ignored ? path : canonical.string();
}

Value read_base(const Value& named, const DocumentLimits& limits) {
    if (named.text() == nullptr) {
        fail("CT-SCENARIO-012", named.place, fmt::format("'base' is {}, expected the path of a scenario file", named.kind()), {});
    }
    const std::string path = named.path_of(*named.text());
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        fail("CT-SCENARIO-001", named.place, fmt::format("the base '{}' isn't there (looked at {})", *named.text(), path),
             "relative paths start at the file that names them");
    }
    return read_toml_file(path, limits);
}

void merge_tables(Table& lower, Table& upper) {
    for (auto& entry : upper.entries()) {
        if (Value* below = lower.find(entry.key)) {
            merge(*below, std::move(entry.value));
        } else {
            lower.entries().push_back(std::move(entry));
        }
    }
}

/// What stands behind '=' of an override, read as TOML where it is TOML, else as text.
Value typed_value(std::string_view typed, const std::string& name) {
    const std::string text(trimmed(typed));
    Value value;
    value.data = text;
    if (!text.empty() && text.find('\n') == std::string::npos) {
        try {
            Value line = read_toml_text("value = " + text, name);
            if (line.table()->entries().size() == 1) value = std::move(line.table()->entries().front().value);
        } catch (const InputError&) {
            // not TOML: "2 s", "queue" and the like are texts without the quotes that a shell took away
        }
    }
    value.place = {name};
    value.typed = text;
    return value;
}

[[noreturn]] void bad_override(const std::string& name, const std::string& message) {
    fail("CT-SCENARIO-005", {name}, message, "write --set table.key=value, e.g. --set modules.traffic.period=\"2 s\"");
}

/// "change.0.until" as its keys. `name`: what the user wrote, for errors.
std::vector<std::string> keys_of(std::string_view path, const std::string& name) {
    std::vector<std::string> keys;
    for (const auto key : split(trimmed(path), '.')) {
        keys.emplace_back(trimmed(key));
        if (keys.back().empty()) bad_override(name, "a key is empty");
        if (keys.size() > 16) bad_override(name, "more than 16 keys within one another");
    }
    return keys;
}

Value& step_into(Value& at, const std::string& key, const std::string& name) {
    if (auto* list = std::get_if<List>(&at.data)) {
        const auto index = parse_integer(key);
        if (!index || *index < 0 || static_cast<std::size_t>(*index) >= list->size()) {
            bad_override(name, fmt::format("'{}' is not an element of this list: it has {} (the first is 0)", key, list->size()));
        }
        return (*list)[static_cast<std::size_t>(*index)];
    }
    if (at.table() == nullptr) bad_override(name, fmt::format("'{}' can't be looked up in {}", key, at.kind()));
    if (Value* found = at.table()->find(key)) return *found;
    Value empty;
    empty.data = Table{};
    empty.place = {name};
    return at.table()->set(key, std::move(empty), {name});
}

/// The value at a dotted path, made where it isn't there.
Value& value_at(Value& root, std::string_view path, const std::string& name) {
    Value* at = &root;
    for (const auto& key : keys_of(path, name)) at = &step_into(*at, key, name);
    return *at;
}

}  // namespace

const Value* Table::find(std::string_view key) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
    return found == entries_.end() ? nullptr : &found->value;
}

Value* Table::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

Value& Table::set(std::string key, Value value, SourcePlace key_place) {
    if (Value* found = find(key)) return *found = std::move(value);
    entries_.push_back({std::move(key), std::move(value), std::move(key_place)});
    return entries_.back().value;
}

bool Table::erase(std::string_view key) {
    return std::erase_if(entries_, [&](const Entry& entry) { return entry.key == key; }) != 0;
}

std::vector<std::string> Table::keys() const {
    std::vector<std::string> names;
    for (const auto& entry : entries_) names.push_back(entry.key);
    return names;
}

bool Value::is_list_of_tables() const {
    const List* elements = list();
    return elements != nullptr && !elements->empty() &&
           std::all_of(elements->begin(), elements->end(), [](const Value& element) { return element.table() != nullptr; });
}

const char* Value::kind() const {
    static constexpr const char* names[] = {"a boolean", "a whole number", "a number", "a text", "a time", "a time of day", "a list", "a table"};
    return names[data.index()];
}

std::string Value::path_of(std::string_view text) const {
    const std::filesystem::path path(text);
    if (path.is_absolute() || !folder || folder->empty()) return path.lexically_normal().string();
    return (std::filesystem::path(*folder) / path).lexically_normal().string();
}

void merge(Value& lower, Value upper) {
    if (lower.table() != nullptr && upper.table() != nullptr) {
        merge_tables(*lower.table(), *upper.table());
        lower.place = upper.place;
    } else if (lower.is_list_of_tables() && upper.is_list_of_tables()) {
        auto& below = std::get<List>(lower.data);
        for (auto& element : std::get<List>(upper.data)) below.push_back(std::move(element));
    } else {
        lower = std::move(upper);
    }
}

Document load_document(const std::string& path, const DocumentLimits& limits) {
    Document document;
    std::vector<Value> chain;  // the named file first, its deepest base last
    std::vector<std::string> seen{identity(path)};
    chain.push_back(read_toml_file(path, limits));
    document.files.push_back(path);
    while (const Value* base = chain.back().table()->find("base")) {
        Value below = read_base(*base, limits);
        const std::string file = below.place.file;
        if (std::find(seen.begin(), seen.end(), identity(file)) != seen.end()) {
            fail("CT-SCENARIO-004", base->place, fmt::format("the bases form a circle: '{}' is reached again", file),
                 "one of the files must stand on its own");
        }
        if (seen.size() >= limits.bases) fail("CT-SCENARIO-003", base->place, fmt::format("more than {} bases in a chain", limits.bases));
        seen.push_back(identity(file));
        document.files.push_back(file);
        chain.push_back(std::move(below));
    }
    if (chain.size() > 1) document.own = paths_below(*chain.front().table());
    std::erase(document.own, "base");
    document.root = std::move(chain.back());
    for (std::size_t i = chain.size() - 1; i-- > 0;) merge(document.root, std::move(chain[i]));
    document.root.table()->erase("base");
    return document;
}

std::vector<std::string> paths_below(const Table& table) {
    std::vector<std::string> paths;
    for (const auto& entry : table.entries()) {
        if (const Table* below = entry.value.table()) {
            for (const auto& path : paths_below(*below)) paths.push_back(entry.key + "." + path);
        } else if (entry.value.is_list_of_tables()) {
            for (const auto& element : *entry.value.list()) {
                const Value* name = element.table()->find("name");
                paths.push_back(fmt::format("{}[{}]", entry.key, name != nullptr && name->text() != nullptr ? *name->text() : "?"));
            }
        } else {
            paths.push_back(entry.key);
        }
    }
    return paths;
}

void apply_override(Value& root, std::string_view assignment) {
    const std::string name = fmt::format("--set {}", assignment);
    const auto equals = assignment.find('=');
    if (equals == std::string_view::npos) bad_override(name, "there is no '=' in it");
    value_at(root, assignment.substr(0, equals), name) = typed_value(assignment.substr(equals + 1), name);
}

void set_value(Value& root, std::string_view path, Value value) {
    value_at(root, path, std::string(path)) = std::move(value);
}

}  // namespace citytwin
