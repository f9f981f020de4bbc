#pragma once
// Where a module's parameters come from: the scenario's [modules.NAME] table, or a test's list. Setup asks through this,
// so that core/module needs to know nothing of scenario files. Every key that is asked for counts as known; what is left is
// an unknown key. Errors carry the file and line of the value (InputError).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"

namespace citytwin {

class ParameterSource {
public:
    virtual ~ParameterSource() = default;

    /// True where the scenario gives the key. Doesn't count as asking.
    [[nodiscard]] virtual bool has(std::string_view key) const = 0;

    // The scenario's value, else `fallback`. Dots in a key lead into tables below ("charging.power").
    /// "15 min" in `unit`; both the value and the fallback carry their unit ("0.2" where the unit is "1").
    virtual double quantity(std::string_view key, std::string_view unit, std::string_view fallback) = 0;
    virtual std::int64_t integer(std::string_view key, std::int64_t fallback) = 0;
    virtual bool boolean(std::string_view key, bool fallback) = 0;
    virtual std::string text(std::string_view key, std::string_view fallback) = 0;
    /// A file, absolute or from the folder of the file that names it; "" where it isn't given.
    virtual std::string path(std::string_view key) = 0;
    /// One text or a list of them.
    virtual std::vector<std::string> texts(std::string_view key, const std::vector<std::string>& fallback) = 0;
    virtual std::vector<std::string> paths(std::string_view key) = 0;
    /// A list of quantities; the fallback's entries carry their unit.
    virtual std::vector<double> quantities(std::string_view key, std::string_view unit, const std::vector<std::string>& fallback) = 0;

    /// Where the key's value stands; the module's table where it isn't given.
    [[nodiscard]] virtual SourcePlace place(std::string_view key) const = 0;
    /// Refuses a value that was read, with its place.
    [[noreturn]] void refuse(std::string_view key, std::string code, std::string message, std::string hint = {}) const {
        fail(std::move(code), place(key), std::move(message), std::move(hint));
    }
};

}  // namespace citytwin
