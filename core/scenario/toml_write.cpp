// Tables as TOML text, in one fixed order: equal tables give equal bytes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/scenario/document.hpp"

namespace citytwin {
namespace {

bool is_bare_key(std::string_view key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

std::string key_text(std::string_view key) { return is_bare_key(key) ? std::string(key) : toml_quoted(key); }

std::string time_text(const ParsedTime& time) {
    const CivilTime& c = time.civil;
    auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
    if (c.microsecond != 0) text += fmt::format(".{:06}", c.microsecond);
    if (!time.offset_s) return text;
    const int offset = std::abs(*time.offset_s);
    if (offset == 0) return text + "Z";
    return text + fmt::format("{}{:02}:{:02}", *time.offset_s < 0 ? '-' : '+', offset / 3600, offset % 3600 / 60);
}

std::string time_of_day_text(const TimeOfDay& time) {
    const Microseconds t = time.since_midnight;
    auto text = fmt::format("{:02}:{:02}:{:02}", t / hour, t % hour / minute, t % minute / second);
    if (t % second != 0) text += fmt::format(".{:06}", t % second);
    return text;
}

std::vector<const Table::Entry*> sorted(const Table& table) {
    std::vector<const Table::Entry*> entries;
    for (const auto& entry : table.entries()) entries.push_back(&entry);
    std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
    return entries;
}

std::string inline_table(const Table& table) {
    std::string text = "{";
    for (const auto* entry : sorted(table)) {
        text += (text.size() > 1 ? ", " : " ") + key_text(entry->key) + " = " + to_toml_value(entry->value);
    }
    return text + (text.size() > 1 ? " }" : "}");
}

void write_table(const Table& table, const std::string& path, std::string& out) {
    const auto entries = sorted(table);
    const auto is_section = [](const Value& value) { return value.table() != nullptr || value.is_list_of_tables(); };
    for (const auto* entry : entries) {
        if (!is_section(entry->value)) out += key_text(entry->key) + " = " + to_toml_value(entry->value) + "\n";
    }
    for (const auto* entry : entries) {
        const std::string name = path.empty() ? key_text(entry->key) : path + "." + key_text(entry->key);
        if (const Table* below = entry->value.table()) {
            out += "\n[" + name + "]\n";
            write_table(*below, name, out);
        } else if (entry->value.is_list_of_tables()) {
            for (const auto& element : *entry->value.list()) {
                out += "\n[[" + name + "]]\n";
                write_table(*element.table(), name, out);
            }
        }
    }
}

}  // namespace

std::string toml_quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (c == '\t') {
            result += "\\t";
        } else if (byte < 0x20 || byte == 0x7f) {
            result += fmt::format("\\u{:04X}", byte);
        } else {
            result += c;
        }
    }
    return result + "\"";
}

std::string toml_number(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    std::string text = fmt::format("{}", number);  // the shortest text that reads back as the same number
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

std::string to_toml_value(const Value& value) {
    struct Writer {
        std::string operator()(bool v) const { return v ? "true" : "false"; }
        std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
        std::string operator()(double v) const { return toml_number(v); }
        std::string operator()(const std::string& v) const { return toml_quoted(v); }
        std::string operator()(const ParsedTime& v) const { return time_text(v); }
        std::string operator()(const TimeOfDay& v) const { return time_of_day_text(v); }
        std::string operator()(const Table& v) const { return inline_table(v); }
        std::string operator()(const List& v) const {
            std::string text = "[";
            for (const auto& element : v) text += (text.size() > 1 ? ", " : "") + to_toml_value(element);
            return text + "]";
        }
    };
    return std::visit(Writer{}, value.data);
}

std::string to_toml(const Table& table) {
    std::string out;
    write_table(table, "", out);
    return out;
}

}  // namespace citytwin
