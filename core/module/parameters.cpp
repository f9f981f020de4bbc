#include "core/module/parameters.hpp"

#include "core/base/text.hpp"
#include "core/base/units.hpp"

namespace citytwin {

std::string MapParameters::text(std::string_view key, std::string_view fallback) {
    const auto found = values_.find(key);
    return found == values_.end() ? std::string(fallback) : found->second;
}

double MapParameters::quantity(std::string_view key, std::string_view unit, std::string_view fallback) { return parse_quantity(text(key, fallback), unit); }

std::int64_t MapParameters::integer(std::string_view key, std::int64_t fallback) {
    if (!has(key)) return fallback;
    const auto value = parse_integer(text(key, ""));
    if (!value) refuse(key, "CT-PARAMETER-001", "parameter '" + std::string(key) + "' is '" + text(key, "") + "', expected a whole number");
    return *value;
}

bool MapParameters::boolean(std::string_view key, bool fallback) {
    if (!has(key)) return fallback;
    const std::string value = text(key, "");
    if (value != "true" && value != "false") refuse(key, "CT-PARAMETER-002", "parameter '" + std::string(key) + "' is '" + value + "', expected true or false");
    return value == "true";
}

std::vector<std::string> MapParameters::texts(std::string_view key, const std::vector<std::string>& fallback) {
    if (!has(key)) return fallback;
    const std::string all = text(key, "");
    std::vector<std::string> items;
    for (auto item : split(all, ',')) items.emplace_back(trimmed(item));
    return items;
}

std::vector<double> MapParameters::quantities(std::string_view key, std::string_view unit, const std::vector<std::string>& fallback) {
    std::vector<double> values;
    for (const auto& item : texts(key, fallback)) values.push_back(parse_quantity(item, unit));
    return values;
}

}  // namespace citytwin
