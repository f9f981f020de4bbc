#pragma once
// Small text helpers: what was probably meant, and numbers that are read strictly.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace citytwin {

/// Levenshtein distance.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, or nothing when none is near enough to be a plausible slip.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "nearest: 'X'" or "known: a, b, c": the tail of an error about an unknown name.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

/// The whole text as a finite number, else nothing (no locale, no trailing characters).
std::optional<double> parse_number(std::string_view text);
std::optional<long long> parse_integer(std::string_view text);

std::string_view trimmed(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

/// XML/HTML text with & < > " ' escaped.
std::string escaped_markup(std::string_view text);

}  // namespace citytwin
