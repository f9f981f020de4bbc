#include "core/replay/observation_rows.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/replay/gzip_text.hpp"
#include "core/replay/json_observations.hpp"
#include "core/replay/observation_csv.hpp"

namespace citytwin {

std::uint32_t ObservationRows::number_of(std::string_view sensor) {
    if (const auto found = numbers_.find(sensor); found != numbers_.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(sensors.size());
    sensors.emplace_back(sensor);
    numbers_.emplace(std::string(sensor), number);
    return number;
}

void ObservationRows::warn(const char* code, SourcePlace place, std::string message, std::string hint) {
    Diagnostic& warning = warnings.emplace_back();
    warning.severity = Severity::warning;
    warning.code = code;
    warning.place = std::move(place);
    warning.message = std::move(message);
    warning.hint = std::move(hint);
}

bool is_no_value(std::string_view text) {
    if (text.empty()) return true;
    if (text.size() > 4) return false;
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::array<std::string_view, 9> known = {"nan", "null", "none", "na", "n/a", "-", "--", "nil", "."};
    return std::find(known.begin(), known.end(), lower) != known.end();
}

void read_observations_text(std::string text, const std::string& name, const ObservationSettings& settings, ObservationRows& rows) {
    const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first != std::string::npos && (text[first] == '{' || text[first] == '[')) {
        read_observation_json(text, name, settings, rows);
    } else {
        read_observation_csv(std::move(text), name, settings, rows);
    }
}

void read_observations(const std::string& path, const ObservationSettings& settings, ObservationRows& rows) {
    read_observations_text(read_text_or_gzip(path), path, settings, rows);
}

}  // namespace citytwin
