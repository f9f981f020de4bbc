#include "core/scenario/table_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/text.hpp"
#include "core/base/units.hpp"

namespace citytwin {
namespace {

[[noreturn]] void wrong_kind(const Value& value, std::string_view name, std::string_view expected, std::string hint = {}) {
    fail("CT-SCENARIO-012", value.place, fmt::format("'{}' is {}, expected {}", name, value.kind(), expected), std::move(hint));
}

/// Adds the value's place to errors of the unit and time functions, which know no place.
template <class Function>
auto placed(const Value& value, std::string_view name, const char* code, Function&& function) {
    try {
        return function();
    } catch (const InputError& error) {
        const auto& first = error.diagnostics().front();
        fail(code, value.place, fmt::format("'{}': {}", name, first.message), first.hint);
    }
}

}  // namespace

std::string text_of(const Value& value, std::string_view name) {
    if (const auto* text = value.text()) return *text;
    if (!value.typed.empty() && value.table() == nullptr && value.list() == nullptr) return value.typed;
    wrong_kind(value, name, "a text", "put it in double quotes");
}

std::string path_in(const Value& value, std::string_view name) {
    const std::string text = text_of(value, name);
    if (text.empty()) fail("CT-SCENARIO-012", value.place, fmt::format("'{}' is an empty text, expected a path", name));
    if (text.find('\0') != std::string::npos) fail("CT-SCENARIO-012", value.place, fmt::format("'{}' holds a zero byte, expected a path", name));
    return value.path_of(text);
}

std::vector<std::string> texts_of(const Value& value, std::string_view name) {
    if (value.list() == nullptr) return {text_of(value, name)};
    std::vector<std::string> texts;
    for (const auto& element : *value.list()) texts.push_back(text_of(element, name));
    return texts;
}

std::vector<std::string> paths_in(const Value& value, std::string_view name) {
    if (value.list() == nullptr) return {path_in(value, name)};
    std::vector<std::string> paths;
    for (const auto& element : *value.list()) paths.push_back(path_in(element, name));
    return paths;
}

bool boolean_of(const Value& value, std::string_view name) {
    if (const auto* boolean = std::get_if<bool>(&value.data)) return *boolean;
    wrong_kind(value, name, "true or false");
}

std::int64_t integer_of(const Value& value, std::string_view name) {
    if (const auto* integer = std::get_if<std::int64_t>(&value.data)) return *integer;
    wrong_kind(value, name, "a whole number");
}

double number_of(const Value& value, std::string_view name) {
    if (const auto* integer = std::get_if<std::int64_t>(&value.data)) return static_cast<double>(*integer);
    const auto* number = std::get_if<double>(&value.data);
    if (number == nullptr) wrong_kind(value, name, "a number");
    if (!std::isfinite(*number)) fail("CT-SCENARIO-012", value.place, fmt::format("'{}' is not a finite number", name));
    return *number;
}

double quantity_of(const Value& value, std::string_view name, std::string_view unit) {
    const bool is_number = std::holds_alternative<double>(value.data) || std::holds_alternative<std::int64_t>(value.data);
    if (is_number && is_same_unit(unit, "1")) return number_of(value, name);
    if (is_number) {
        const std::string text = to_toml_value(value);
        fail("CT-SCENARIO-013", value.place, fmt::format("'{}' is the bare number {}, expected a quantity in a unit like '{}'", name, text, unit),
             fmt::format("write {} = \"{} {}\"", name, text, unit));
    }
    if (value.text() == nullptr) wrong_kind(value, name, fmt::format("a quantity in a unit like '{}'", unit), fmt::format("write {} = \"1 {}\"", name, unit));
    const double result = placed(value, name, "CT-SCENARIO-013", [&] { return parse_quantity(*value.text(), unit); });
    if (!std::isfinite(result)) fail("CT-SCENARIO-013", value.place, fmt::format("'{}' is not a finite quantity", name));
    return result;
}

std::vector<double> quantities_of(const Value& value, std::string_view name, std::string_view unit) {
    if (value.list() == nullptr) return {quantity_of(value, name, unit)};
    std::vector<double> quantities;
    for (const auto& element : *value.list()) quantities.push_back(quantity_of(element, name, unit));
    return quantities;
}

UtcMicroseconds time_of(const Value& value, std::string_view name, std::string_view zone) {
    return placed(value, name, "CT-SCENARIO-014", [&] {
        if (const auto* time = std::get_if<ParsedTime>(&value.data)) return to_utc(*time, zone);
        if (const auto* text = value.text()) return parse_time(*text, zone);
        wrong_kind(value, name, "a date and time", "write it like 2025-06-03T07:00:00");
    });
}

TableReader::TableReader(const Table& table, SourcePlace place, std::string where, std::span<const KeySpec> keys, DiagnosticList& errors)
    : table_(table), place_(std::move(place)), where_(std::move(where)), errors_(errors) {
    std::vector<std::string> names;
    for (const auto& key : keys) names.emplace_back(key.name);
    for (const auto& entry : table.entries()) {
        if (std::find(names.begin(), names.end(), entry.key) != names.end()) continue;
        errors_.error("CT-SCENARIO-011", entry.key_place, fmt::format("unknown key '{}' in {}; {}", entry.key, where_, suggestion(entry.key, names)),
                      "keys are never ignored: correct it or take it out");
    }
    for (const auto& key : keys) {
        if (key.required && !has(key.name)) {
            errors_.error("CT-SCENARIO-010", place_, fmt::format("{} has no '{}'", where_, key.name), fmt::format("add {} = …: {}", key.name, key.description));
        }
    }
}

SourcePlace TableReader::place_of(std::string_view key) const {
    const Value* value = table_.find(key);
    return value == nullptr ? place_ : value->place;
}

void TableReader::error(std::string code, std::string_view key, std::string message, std::string hint) {
    errors_.error(std::move(code), place_of(key), std::move(message), std::move(hint));
}

namespace {

/// The function's result, or nothing with its errors in the list.
template <class Function>
auto collected(DiagnosticList& errors, const Value* value, Function&& function) -> std::optional<decltype(function(*value))> {
    if (value == nullptr) return std::nullopt;
    std::vector<Diagnostic> found;
    try {
        return function(*value);
    } catch (const InputError& error) {
        found = error.diagnostics();
    }
    for (auto& diagnostic : found) errors.add(std::move(diagnostic));
    return std::nullopt;
}

}  // namespace

std::optional<std::string> TableReader::text(std::string_view key) {
    return collected(errors_, find(key), [&](const Value& v) { return text_of(v, key); });
}

std::optional<std::string> TableReader::path(std::string_view key) {
    return collected(errors_, find(key), [&](const Value& v) { return path_in(v, key); });
}

std::vector<std::string> TableReader::texts(std::string_view key) {
    return collected(errors_, find(key), [&](const Value& v) { return texts_of(v, key); }).value_or(std::vector<std::string>{});
}

std::vector<std::string> TableReader::paths(std::string_view key) {
    return collected(errors_, find(key), [&](const Value& v) { return paths_in(v, key); }).value_or(std::vector<std::string>{});
}

std::optional<bool> TableReader::boolean(std::string_view key) {
    return collected(errors_, find(key), [&](const Value& v) { return boolean_of(v, key); });
}

std::optional<std::int64_t> TableReader::integer(std::string_view key) {
    return collected(errors_, find(key), [&](const Value& v) { return integer_of(v, key); });
}

std::optional<double> TableReader::number(std::string_view key) {
    return collected(errors_, find(key), [&](const Value& v) { return number_of(v, key); });
}

std::optional<double> TableReader::quantity(std::string_view key, std::string_view unit) {
    return collected(errors_, find(key), [&](const Value& v) { return quantity_of(v, key, unit); });
}

std::optional<Microseconds> TableReader::duration(std::string_view key) {
    return collected(errors_, find(key), [&](const Value& v) {
        constexpr double longest_s = 1e12 / 3;  // 10,000 years: far from the end of the integer clock
        const double seconds = quantity_of(v, key, "s");
        const Microseconds duration = seconds > 0 && seconds < longest_s ? from_seconds(seconds) : 0;
        if (duration <= 0) fail("CT-SCENARIO-015", v.place, fmt::format("'{}' must be a duration of at least a microsecond", key));
        return duration;
    });
}

std::optional<UtcMicroseconds> TableReader::time(std::string_view key, std::string_view zone) {
    return collected(errors_, find(key), [&](const Value& v) { return time_of(v, key, zone); });
}

const Table* TableReader::table(std::string_view key) {
    const auto found = collected(errors_, find(key), [&](const Value& v) {
        if (v.table() == nullptr) wrong_kind(v, key, "a table");
        return v.table();
    });
    return found.value_or(nullptr);
}

std::vector<const Value*> TableReader::tables(std::string_view key) {
    return collected(errors_, find(key), [&](const Value& v) {
               std::vector<const Value*> elements;
               if (v.list() == nullptr) wrong_kind(v, key, "a list of tables", fmt::format("write each as [[{}]]", key));
               for (const auto& element : *v.list()) {
                   if (element.table() == nullptr) wrong_kind(element, key, "a table", fmt::format("write each as [[{}]]", key));
                   elements.push_back(&element);
               }
               return elements;
           })
        .value_or(std::vector<const Value*>{});
}

}  // namespace citytwin
