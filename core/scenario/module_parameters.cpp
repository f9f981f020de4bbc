#include "core/scenario/module_parameters.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "core/base/text.hpp"
#include "core/scenario/table_reader.hpp"

namespace citytwin {
namespace {

template <class T>
Value value_of(T data) {
    Value value;
    value.data = std::move(data);
    return value;
}

Value list_of(const std::vector<std::string>& texts) {
    List list;
    for (const auto& text : texts) list.push_back(value_of(text));
    return value_of(std::move(list));
}

Value quantity_value(std::string_view text) { return value_of(std::string(text)); }

/// Adds `key` ("charging.power") to the tables below `table`.
void set_below(Table& table, std::string_view key, Value value) {
    const auto dot = key.find('.');
    if (dot == std::string_view::npos) {
        table.set(std::string(key), std::move(value));
        return;
    }
    const std::string head(key.substr(0, dot));
    Value* below = table.find(head);
    if (below == nullptr || below->table() == nullptr) below = &table.set(head, value_of(Table{}));
    set_below(*below->table(), key.substr(dot + 1), std::move(value));
}

}  // namespace

ModuleParameters::ModuleParameters(std::string module, Table values, SourcePlace place)
    : module_(std::move(module)), values_(std::move(values)), place_(std::move(place)) {}

const Value* ModuleParameters::find(std::string_view key) const {
    const Table* table = &values_;
    for (auto dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.')) {
        const Value* below = table->find(key.substr(0, dot));
        if (below == nullptr || below->table() == nullptr) return nullptr;
        table = below->table();
        key.remove_prefix(dot + 1);
    }
    return table->find(key);
}

const Value* ModuleParameters::ask(std::string_view key, Value fallback) {
    const Value* given = find(key);
    asked_.insert_or_assign(std::string(key), given != nullptr ? *given : std::move(fallback));
    return given;
}

double ModuleParameters::quantity(std::string_view key, std::string_view unit, std::string_view fallback) {
    const Value* given = ask(key, quantity_value(fallback));
    return quantity_of(given != nullptr ? *given : quantity_value(fallback), key, unit);
}

std::int64_t ModuleParameters::integer(std::string_view key, std::int64_t fallback) {
    const Value* given = ask(key, value_of(fallback));
    return given != nullptr ? integer_of(*given, key) : fallback;
}

bool ModuleParameters::boolean(std::string_view key, bool fallback) {
    const Value* given = ask(key, value_of(fallback));
    return given != nullptr ? boolean_of(*given, key) : fallback;
}

std::string ModuleParameters::text(std::string_view key, std::string_view fallback) {
    const Value* given = ask(key, value_of(std::string(fallback)));
    return given != nullptr ? text_of(*given, key) : std::string(fallback);
}

std::string ModuleParameters::path(std::string_view key) {
    const Value* given = ask(key, value_of(std::string()));
    if (given == nullptr || (given->text() != nullptr && given->text()->empty())) return {};
    std::string path = std::filesystem::absolute(path_in(*given, key)).lexically_normal().string();
    asked_.insert_or_assign(std::string(key), value_of(path));
    files_.push_back(path);
    return path;
}

std::vector<std::string> ModuleParameters::texts(std::string_view key, const std::vector<std::string>& fallback) {
    const Value* given = ask(key, list_of(fallback));
    return given != nullptr ? texts_of(*given, key) : fallback;
}

std::vector<std::string> ModuleParameters::paths(std::string_view key) {
    const Value* given = ask(key, value_of(List{}));
    if (given == nullptr) return {};
    auto paths = paths_in(*given, key);
    for (auto& path : paths) path = std::filesystem::absolute(path).lexically_normal().string();
    asked_.insert_or_assign(std::string(key), list_of(paths));
    files_.insert(files_.end(), paths.begin(), paths.end());
    return paths;
}

std::vector<double> ModuleParameters::quantities(std::string_view key, std::string_view unit, const std::vector<std::string>& fallback) {
    const Value* given = ask(key, list_of(fallback));
    return quantities_of(given != nullptr ? *given : list_of(fallback), key, unit);
}

SourcePlace ModuleParameters::place(std::string_view key) const {
    const Value* given = find(key);
    return given != nullptr ? given->place : place_;
}

void ModuleParameters::report_unknown(DiagnosticList& errors) const {
    std::vector<std::string> known;
    for (const auto& [key, value] : asked_) known.push_back(key);
    // a table counts as known where something below it was asked for; then its own keys are looked at
    const auto visit = [&](const auto& self, const Table& table, const std::string& prefix) -> void {
        for (const auto& entry : table.entries()) {
            const std::string key = prefix + entry.key;
            if (asked_.contains(key)) continue;
            const auto below = asked_.lower_bound(key + ".");
            const bool asked_below = below != asked_.end() && below->first.rfind(key + ".", 0) == 0;
            if (asked_below && entry.value.table() != nullptr) {
                self(self, *entry.value.table(), key + ".");
                continue;
            }
            errors.error("CT-SCENARIO-011", entry.key_place.line != 0 ? entry.key_place : entry.value.place,
                         fmt::format("module '{}' has no parameter '{}'; {}", module_, key, suggestion(key, known)),
                         fmt::format("`citytwin modules {}` lists its parameters", module_));
        }
    };
    visit(visit, values_, "");
}

Table ModuleParameters::resolved() const {
    Table table = values_;
    for (const auto& [key, value] : asked_) {
        if (value.text() != nullptr && value.text()->empty() && find(key) == nullptr) continue;  // a file that isn't given
        set_below(table, key, value);
    }
    return table;
}

}  // namespace citytwin
