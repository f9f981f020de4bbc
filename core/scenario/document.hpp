#pragma once
// TOML as values that remember where they stand: file, line, column, and the folder from which their relative paths start.
// `base` files are merged below (tables merge, lists of tables append), `--set a.b.c=v` on top.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {

struct Value;

/// A time of day without a date ("07:00:00").
struct TimeOfDay {
    Microseconds since_midnight = 0;
    bool operator==(const TimeOfDay&) const = default;
};

/// Keys in file order; later files' new keys come behind.
class Table {
public:
    struct Entry;
    [[nodiscard]] const Value* find(std::string_view key) const;
    [[nodiscard]] Value* find(std::string_view key);
    /// Adds the key or replaces its value. `key_place`: where the key's name stands.
    Value& set(std::string key, Value value, SourcePlace key_place = {});
    bool erase(std::string_view key);
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    [[nodiscard]] std::vector<Entry>& entries() { return entries_; }
    [[nodiscard]] std::vector<std::string> keys() const;
    [[nodiscard]] bool empty() const { return entries_.empty(); }

private:
    std::vector<Entry> entries_;
};

using List = std::vector<Value>;

struct Value {
    std::variant<bool, std::int64_t, double, std::string, ParsedTime, TimeOfDay, List, Table> data;
    SourcePlace place;
    std::shared_ptr<const std::string> folder;  ///< relative paths start here; null = the working folder
    std::string typed;                          ///< what was typed, for values of `--set`: "7" may be meant as a text

    [[nodiscard]] const Table* table() const { return std::get_if<Table>(&data); }
    [[nodiscard]] Table* table() { return std::get_if<Table>(&data); }
    [[nodiscard]] const List* list() const { return std::get_if<List>(&data); }
    [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&data); }
    [[nodiscard]] bool is_list_of_tables() const;
    /// "a text", "a whole number", "a table" …: for messages.
    [[nodiscard]] const char* kind() const;
    /// The text as a path: absolute, or from the folder of the file it stands in.
    [[nodiscard]] std::string path_of(std::string_view text) const;
};

struct Table::Entry {
    std::string key;
    Value value;
    SourcePlace key_place;
};

struct DocumentLimits {
    std::uint64_t file_bytes = 16ULL << 20;
    std::size_t depth = 64;         ///< tables and lists within one another
    std::size_t values = 500'000;   ///< per file
    std::size_t keys = 10'000;      ///< per table
    std::size_t bases = 16;         ///< files in a chain of `base`
};

/// One TOML file. Throws InputError CT-FILE-001/004 (can't be read, too large), CT-SCENARIO-002 (isn't TOML), -003 (over a
/// cap), with file and line.
Value read_toml_file(const std::string& path, const DocumentLimits& limits = {});
/// The same from memory; `name` stands in messages.
Value read_toml_text(std::string_view text, const std::string& name, const DocumentLimits& limits = {});

struct Document {
    Value root;
    std::vector<std::string> files;  ///< everything that was read: the file itself, then its bases
    std::vector<std::string> own;    ///< what the file itself says over its base, as dotted paths; empty without a base
};

/// A TOML file with its chain of `base` files merged below it. Throws as above, CT-SCENARIO-001 for
/// a base that can't be read and -004 for a cycle of bases.
Document load_document(const std::string& path, const DocumentLimits& limits = {});

/// `upper` over `lower`: tables merge, lists of tables append, everything else is replaced.
void merge(Value& lower, Value upper);

/// "modules.traffic.period=2 s": numbers, booleans, times, lists and inline tables as in TOML, everything else is text.
/// A number in the path picks an element of a list ("change.0.until=…"). Throws InputError CT-SCENARIO-005.
void apply_override(Value& root, std::string_view assignment);
/// The same with a value that was read from a file: it keeps its place and the folder from which its paths start.
void set_value(Value& root, std::string_view path, Value value);

/// Dotted paths of all values below the table; an element of a list of tables is shown by its name: "change[close Main Street]".
std::vector<std::string> paths_below(const Table& table);

/// The table as TOML: keys sorted, scalars before tables. Equal tables give equal bytes.
std::string to_toml(const Table& table);
/// One value as it stands behind "key = ".
std::string to_toml_value(const Value& value);
std::string toml_quoted(std::string_view text);
std::string toml_number(double number);

}  // namespace citytwin
