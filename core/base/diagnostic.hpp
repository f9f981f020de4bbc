#pragma once
// What a user reads when an input is wrong: code, place, what was found, what was expected, what to try next.
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace citytwin {

enum class Severity { note, warning, error };

/// Exit codes of the program (interfaces.md section 2).
enum class ExitCode : int {
    done = 0, run_failed = 1, wrong_usage = 2, input_invalid = 3, degraded = 4, comparison_refused = 5,
    out_of_resources = 6, interrupted = 130
};

struct SourcePlace {
    std::string file;
    std::size_t line = 0;    ///< 1-based, 0 = not known
    std::size_t column = 0;  ///< 1-based, 0 = not known
};

struct Diagnostic {
    Severity severity = Severity::error;
    std::string code;  ///< "CT-ROAD-003"; `citytwin explain CODE` prints the long form
    SourcePlace place;
    std::string message;  ///< names the entity, what was found and what was expected
    std::string hint;     ///< the next thing to try

    /// "file:line:column: error[CODE]: message. hint: …"
    [[nodiscard]] std::string text() const;
};

/// An input that can't be used. Carries every diagnostic that was collected before giving up.
class InputError : public std::runtime_error {
public:
    explicit InputError(Diagnostic diagnostic);
    explicit InputError(std::vector<Diagnostic> diagnostics);
    [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

private:
    std::vector<Diagnostic> diagnostics_;
};

/// The run itself failed (not the input): solver, module, resources.
class RunError : public std::runtime_error {
public:
    RunError(ExitCode exit_code, const std::string& message) : std::runtime_error(message), exit_code_(exit_code) {}
    [[nodiscard]] ExitCode exit_code() const { return exit_code_; }

private:
    ExitCode exit_code_;
};

/// Collects up to `limit` errors so that a user sees them together; warnings and notes are kept beside them.
class DiagnosticList {
public:
    explicit DiagnosticList(std::size_t limit = 20) : limit_(limit) {}
    /// Throws InputError with everything collected once `limit` errors are there.
    void add(Diagnostic diagnostic);
    void error(std::string code, SourcePlace place, std::string message, std::string hint = {});
    void warning(std::string code, SourcePlace place, std::string message, std::string hint = {});
    [[nodiscard]] bool has_errors() const { return errors_ != 0; }
    void throw_if_errors() const;
    [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }

private:
    std::size_t limit_;
    std::size_t errors_ = 0;
    std::vector<Diagnostic> all_;
};

/// Throws an InputError of one diagnostic.
[[noreturn]] void fail(std::string code, SourcePlace place, std::string message, std::string hint = {});

}  // namespace citytwin
