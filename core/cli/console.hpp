#pragma once
// What goes to whom: results to stdout, everything else to stderr; with --json exactly one object on stdout.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/output/progress.hpp"

namespace citytwin::cli {

using Json = nlohmann::ordered_json;

/// Options that stand before or behind any command.
struct GlobalOptions {
    bool quiet = false, verbose = false, json = false, strict = false;
    std::string progress = "auto", color = "auto";
};

class Console {
public:
    GlobalOptions options;

    [[nodiscard]] bool json() const { return options.json; }
    /// A result for people: to stdout; dropped with --json.
    void print(std::string_view text) const;
    /// The result for programs: to stdout with --json, else dropped.
    void print_json(const Json& object) const;
    /// A remark: to stderr, not with -q.
    void remark(std::string_view text) const;
    /// A detail: to stderr with -v.
    void detail(std::string_view text) const;
    /// An error or warning: to stderr; warnings and notes not with -q.
    void show(const Diagnostic& diagnostic) const;
    void show(const std::vector<Diagnostic>& diagnostics) const;
    /// At most `shown` of each code, the rest counted.
    void show_warnings(const std::vector<Diagnostic>& diagnostics, std::size_t shown = 5) const;
    /// Any failure without a diagnostic of its own.
    void fail(std::string_view message) const;

    [[nodiscard]] ProgressMode progress() const;

private:
    [[nodiscard]] std::string colored(std::string_view text, const char* code) const;
};

Json to_json(const Diagnostic& diagnostic);
Json to_json(const std::vector<Diagnostic>& diagnostics);
/// {"error": …, "exit": …} as one object on stdout, for a command that failed under --json.
Json failure_json(int exit, std::string_view message, const std::vector<Diagnostic>& diagnostics);

/// Columns of text under headings, numbers to the right: rows[0] is the head.
std::string table(const std::vector<std::vector<std::string>>& rows);
/// "1.2 GB"
std::string memory_text(double bytes);
/// Six significant digits, without trailing zeros.
std::string number_text(double value);

}  // namespace citytwin::cli
