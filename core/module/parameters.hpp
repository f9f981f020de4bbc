#pragma once
// What a module declares of its parameters, and a plain source of values for tests and descriptions.
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "core/module/parameter_source.hpp"

namespace citytwin {

/// What `citytwin modules NAME` and the schema print.
struct ParameterInfo {
    std::string name, kind, unit, default_text, sentence;
    double lowest = -std::numeric_limits<double>::infinity(), highest = std::numeric_limits<double>::infinity();
};

/// Parameters from a map of texts: "period" -> "2 s". Lists are separated by commas.
class MapParameters final : public ParameterSource {
public:
    explicit MapParameters(std::map<std::string, std::string, std::less<>> values = {}) : values_(std::move(values)) {}
    [[nodiscard]] bool has(std::string_view key) const override { return values_.contains(key); }
    double quantity(std::string_view key, std::string_view unit, std::string_view fallback) override;
    std::int64_t integer(std::string_view key, std::int64_t fallback) override;
    bool boolean(std::string_view key, bool fallback) override;
    std::string text(std::string_view key, std::string_view fallback) override;
    std::string path(std::string_view key) override { return text(key, ""); }
    std::vector<std::string> texts(std::string_view key, const std::vector<std::string>& fallback) override;
    std::vector<std::string> paths(std::string_view key) override { return texts(key, {}); }
    std::vector<double> quantities(std::string_view key, std::string_view unit, const std::vector<std::string>& fallback) override;
    [[nodiscard]] SourcePlace place(std::string_view /*key*/) const override { return {}; }

private:
    std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace citytwin
