#include "modules/water/read/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/text.hpp"

namespace citytwin::water {
namespace {

/// As strtod would: a leading '+' and a trailing '.' are fine.
std::optional<double> plain_number(std::string_view word) {
    if (word.starts_with('+')) word.remove_prefix(1);
    double value = 0;
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (problem != std::errc{} || end != word.data() + word.size() || word.empty()) return std::nullopt;
    return value - value == 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

bool NameTable::add(std::string_view id, Index index, std::size_t line) { return entries_.emplace(id, Entry{index, line}).second; }

Index NameTable::find(std::string_view id) const {
    const auto found = entries_.find(id);
    return found == entries_.end() ? no_index : found->second.index;
}

std::size_t NameTable::line_of(std::string_view id) const {
    const auto found = entries_.find(id);
    return found == entries_.end() ? 0 : found->second.line;
}

std::string NameTable::nearest_id(std::string_view id) const {
    std::vector<std::string> known;
    known.reserve(entries_.size());
    for (const auto& [name, entry] : entries_)
        if (name.size() + 3 > id.size() && id.size() + 3 > name.size()) known.emplace_back(name);
    std::sort(known.begin(), known.end());
    const auto found = nearest(id, known);
    return found ? fmt::format("nearest id: '{}'", *found) : std::string{};
}

namespace {

/// Longer than any study, and seconds and microseconds of it still fit into 64 bits.
constexpr double most_hours = 1e8;

std::optional<double> unbounded_hours(std::string_view time, std::string_view unit) {
    const auto parts = split(time, ':');
    double value[3] = {0, 0, 0};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = plain_number(parts[i]);
        if (!number) return std::nullopt;
        if (i < 3) value[i] = *number;
    }
    const double hours = value[0] + value[1] / 60 + value[2] / 3600;
    if (unit.empty()) return hours;
    if (parts.size() == 1) {
        if (begins_with(unit, "SEC")) return value[0] / 3600;
        if (begins_with(unit, "MIN")) return value[0] / 60;
        if (begins_with(unit, "HOU")) return value[0];
        if (begins_with(unit, "DAY")) return value[0] * 24;
    }
    if (hours >= 13) return std::nullopt;
    if (begins_with(unit, "AM")) return hours >= 12 ? hours - 12 : hours;
    if (begins_with(unit, "PM")) return hours >= 12 ? hours : hours + 12;
    return std::nullopt;
}

}  // namespace

std::optional<double> hours_of(std::string_view time, std::string_view unit) {
    const auto hours = unbounded_hours(time, unit);
    return hours && std::abs(*hours) <= most_hours ? hours : std::nullopt;
}

std::optional<double> RowReader::number(std::size_t i, const char* what) {
    const auto value = plain_number((*this)[i]);
    if (!value) error("CT-WATER-010", fmt::format("{} of '{}' is '{}', not a number", what, (*this)[0], (*this)[i]));
    return value;
}

std::optional<double> RowReader::positive(std::size_t i, const char* what) {
    const auto value = number(i, what);
    if (!value || *value > 0) return value;
    error("CT-WATER-011", fmt::format("{} of '{}' is {}; it must be above zero", what, (*this)[0], (*this)[i]));
    return std::nullopt;
}

std::optional<double> RowReader::not_negative(std::size_t i, const char* what) {
    const auto value = number(i, what);
    if (!value || *value >= 0) return value;
    error("CT-WATER-011", fmt::format("{} of '{}' is {}; it must not be negative", what, (*this)[0], (*this)[i]));
    return std::nullopt;
}

Index RowReader::id(std::size_t i, const NameTable& names, const char* kind) {
    const Index found = names.find((*this)[i]);
    if (found == no_index) error("CT-WATER-012", fmt::format("[{}] names the unknown {} '{}'", name_of(row_.section), kind, (*this)[i]), names.nearest_id((*this)[i]));
    return found;
}

bool RowReader::at_least(std::size_t words, const char* expected) {
    if (size() >= words) return true;
    error("CT-WATER-013", fmt::format("the line of '{}' in [{}] has {} words", (*this)[0], name_of(row_.section), size()), expected);
    return false;
}

void RowReader::error(const char* code, std::string message, std::string hint) { diagnostics_.error(code, place(), std::move(message), std::move(hint)); }
void RowReader::warning(const char* code, std::string message, std::string hint) { diagnostics_.warning(code, place(), std::move(message), std::move(hint)); }

}  // namespace citytwin::water
