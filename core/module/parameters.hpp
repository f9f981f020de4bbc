#pragma once
// A module's parameters: what it declares (name, unit, default, range, a sentence) and where the values come from.
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace citytwin {

/// A module's table in a scenario. Getters return nothing where the key is absent and throw InputError with file and line
/// where the value is of another kind. core/scenario implements it; tests use MapParameters.
class ParameterSource {
public:
    virtual ~ParameterSource() = default;
    virtual std::optional<double> quantity(const std::string& key, const std::string& unit) = 0;   ///< unit "1" = a plain number
    virtual std::optional<std::int64_t> integer(const std::string& key) = 0;
    virtual std::optional<bool> flag(const std::string& key) = 0;
    virtual std::optional<std::string> text(const std::string& key) = 0;
    virtual std::optional<std::string> path(const std::string& key) = 0;                           ///< made absolute
    virtual std::optional<std::vector<std::string>> list(const std::string& key) = 0;
    /// "file:line: " of a key, for a module's own errors about its value.
    [[nodiscard]] virtual std::string place_of(const std::string& /*key*/) const { return {}; }
};

/// Parameters from a map of texts, for tests and for describing a module without a scenario.
class MapParameters final : public ParameterSource {
public:
    explicit MapParameters(std::map<std::string, std::string> values = {}) : values_(std::move(values)) {}
    std::optional<double> quantity(const std::string& key, const std::string& unit) override;
    std::optional<std::int64_t> integer(const std::string& key) override;
    std::optional<bool> flag(const std::string& key) override;
    std::optional<std::string> text(const std::string& key) override;
    std::optional<std::string> path(const std::string& key) override;
    std::optional<std::vector<std::string>> list(const std::string& key) override;

private:
    std::map<std::string, std::string> values_;
};

/// What `citytwin modules NAME` and the schema print.
struct ParameterInfo {
    std::string name, kind, unit, default_text, sentence;
    double lowest = -std::numeric_limits<double>::infinity(), highest = std::numeric_limits<double>::infinity();
};

}  // namespace citytwin
