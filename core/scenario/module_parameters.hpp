#pragma once
// One [modules.NAME] table as a source of parameters: remembers what was asked for and with which value it went into the run.
#include <map>
#include <string>
#include <vector>

#include "core/module/parameter_source.hpp"
#include "core/scenario/document.hpp"

namespace citytwin {

class ModuleParameters final : public ParameterSource {
public:
    /// `values` may be empty (a module with all defaults) and is copied.
    ModuleParameters(std::string module, Table values, SourcePlace place);

    [[nodiscard]] const std::string& module() const { return module_; }
    [[nodiscard]] bool has(std::string_view key) const override { return find(key) != nullptr; }
    double quantity(std::string_view key, std::string_view unit, std::string_view fallback) override;
    std::int64_t integer(std::string_view key, std::int64_t fallback) override;
    bool boolean(std::string_view key, bool fallback) override;
    std::string text(std::string_view key, std::string_view fallback) override;
    std::string path(std::string_view key) override;
    std::vector<std::string> texts(std::string_view key, const std::vector<std::string>& fallback) override;
    std::vector<std::string> paths(std::string_view key) override;
    std::vector<double> quantities(std::string_view key, std::string_view unit, const std::vector<std::string>& fallback) override;
    [[nodiscard]] SourcePlace place(std::string_view key) const override;

    /// Adds CT-SCENARIO-011 for each key of the table that nothing asked for, with the nearest key that was.
    void report_unknown(DiagnosticList& errors) const;
    /// Every file that was asked for by `path` or `paths`, absolute.
    [[nodiscard]] const std::vector<std::string>& files() const { return files_; }
    /// All keys with the values that the run uses: given ones as they stand (paths absolute), defaults for the rest.
    [[nodiscard]] Table resolved() const;

private:
    [[nodiscard]] const Value* find(std::string_view key) const;
    const Value* ask(std::string_view key, Value used);

    std::string module_;
    Table values_;
    SourcePlace place_;
    std::map<std::string, Value, std::less<>> asked_;  ///< key → the value in use
    std::vector<std::string> files_;
};

}  // namespace citytwin
