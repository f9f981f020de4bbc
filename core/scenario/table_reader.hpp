#pragma once
// Reads one table of a document with its declared keys: wrong kinds, missing keys and unknown keys are collected as errors
// with their place, and the next key is read. One list of keys serves the reader and the JSON Schema.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/scenario/document.hpp"

namespace citytwin {

enum class KeyKind { text, path, texts, paths, boolean, integer, number, quantity, time, table, tables, any };

struct KeySpec {
    const char* name;
    KeyKind kind;
    const char* unit;         ///< of a quantity, else ""
    const char* description;  ///< one sentence, for the schema
    bool required = false;
};

class TableReader {
public:
    /// `where` names the table in messages ("[record]"). Unknown keys are reported at once, with the nearest known one.
    TableReader(const Table& table, SourcePlace place, std::string where, std::span<const KeySpec> keys, DiagnosticList& errors);

    [[nodiscard]] bool has(std::string_view key) const { return table_.find(key) != nullptr; }
    [[nodiscard]] const Value* find(std::string_view key) const { return table_.find(key); }
    [[nodiscard]] SourcePlace place_of(std::string_view key) const;
    [[nodiscard]] const SourcePlace& place() const { return place_; }

    // Nothing where the key is missing or wrong; what is wrong is in the list of errors.
    std::optional<std::string> text(std::string_view key);
    std::optional<std::string> path(std::string_view key);
    std::vector<std::string> texts(std::string_view key);
    std::vector<std::string> paths(std::string_view key);
    std::optional<bool> boolean(std::string_view key);
    std::optional<std::int64_t> integer(std::string_view key);
    std::optional<double> number(std::string_view key);
    std::optional<double> quantity(std::string_view key, std::string_view unit);
    std::optional<Microseconds> duration(std::string_view key);  ///< > 0
    std::optional<UtcMicroseconds> time(std::string_view key, std::string_view zone);
    const Table* table(std::string_view key);
    std::vector<const Value*> tables(std::string_view key);

    void error(std::string code, std::string_view key, std::string message, std::string hint = {});

private:
    const Table& table_;
    SourcePlace place_;
    std::string where_;
    DiagnosticList& errors_;
};

// The same for single values: each throws InputError with the value's place. `name` is the key, for the message.
// CT-SCENARIO-012 wrong kind, -013 not a quantity or of another unit, -014 not a time.
std::string text_of(const Value& value, std::string_view name);
std::string path_in(const Value& value, std::string_view name);
std::vector<std::string> texts_of(const Value& value, std::string_view name);  ///< one text, or a list of them
std::vector<std::string> paths_in(const Value& value, std::string_view name);
bool boolean_of(const Value& value, std::string_view name);
std::int64_t integer_of(const Value& value, std::string_view name);
double number_of(const Value& value, std::string_view name);
double quantity_of(const Value& value, std::string_view name, std::string_view unit);
std::vector<double> quantities_of(const Value& value, std::string_view name, std::string_view unit);
UtcMicroseconds time_of(const Value& value, std::string_view name, std::string_view zone);

}  // namespace citytwin
