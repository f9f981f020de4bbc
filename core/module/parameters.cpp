#include "core/module/parameters.hpp"

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"

namespace citytwin {

std::optional<std::string> MapParameters::text(const std::string& key) {
    const auto found = values_.find(key);
    if (found == values_.end()) return std::nullopt;
    return found->second;
}

std::optional<std::string> MapParameters::path(const std::string& key) { return text(key); }

std::optional<double> MapParameters::quantity(const std::string& key, const std::string& unit) {
    const auto found = text(key);
    if (!found) return std::nullopt;
    return parse_quantity(*found, unit);
}

std::optional<std::int64_t> MapParameters::integer(const std::string& key) {
    const auto found = text(key);
    if (!found) return std::nullopt;
    const auto value = parse_integer(*found);
    if (!value) fail("CT-PARAMETER-001", {}, "parameter '" + key + "' is '" + *found + "', expected a whole number");
    return *value;
}

std::optional<bool> MapParameters::flag(const std::string& key) {
    const auto found = text(key);
    if (!found) return std::nullopt;
    if (*found != "true" && *found != "false") fail("CT-PARAMETER-002", {}, "parameter '" + key + "' is '" + *found + "', expected true or false");
    return *found == "true";
}

std::optional<std::vector<std::string>> MapParameters::list(const std::string& key) {
    const auto found = text(key);
    if (!found) return std::nullopt;
    std::vector<std::string> items;
    for (auto item : split(*found, ',')) items.emplace_back(trimmed(item));
    return items;
}

}  // namespace citytwin
