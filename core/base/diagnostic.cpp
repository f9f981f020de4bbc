#include "core/base/diagnostic.hpp"

#include <fmt/format.h>

namespace citytwin {
namespace {

std::string joined(const std::vector<Diagnostic>& diagnostics) {
    std::string text;
    for (const auto& diagnostic : diagnostics) {
        if (!text.empty()) text += '\n';
        text += diagnostic.text();
    }
    return text;
}

const char* word(Severity severity) {
    switch (severity) {
        case Severity::note: return "note";
        case Severity::warning: return "warning";
        default: return "error";
    }
}

}  // namespace

std::string Diagnostic::text() const {
    std::string where = place.file;
    if (place.line != 0) where += fmt::format(":{}", place.line);
    if (place.line != 0 && place.column != 0) where += fmt::format(":{}", place.column);
    if (!where.empty()) where += ": ";
    std::string result = fmt::format("{}{}[{}]: {}", where, word(severity), code, message);
    if (!hint.empty()) result += fmt::format(". hint: {}", hint);
    return result;
}

InputError::InputError(Diagnostic diagnostic) : InputError(std::vector<Diagnostic>{std::move(diagnostic)}) {}

InputError::InputError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(joined(diagnostics)), diagnostics_(std::move(diagnostics)) {}

void DiagnosticList::add(Diagnostic diagnostic) {
    const bool is_error = diagnostic.severity == Severity::error;
    all_.push_back(std::move(diagnostic));
    if (is_error && ++errors_ >= limit_) throw_if_errors();
}

void DiagnosticList::error(std::string code, SourcePlace place, std::string message, std::string hint) {
    add({Severity::error, std::move(code), std::move(place), std::move(message), std::move(hint)});
}

void DiagnosticList::warning(std::string code, SourcePlace place, std::string message, std::string hint) {
    add({Severity::warning, std::move(code), std::move(place), std::move(message), std::move(hint)});
}

void DiagnosticList::throw_if_errors() const {
    if (errors_ == 0) return;
    std::vector<Diagnostic> errors;
    for (const auto& diagnostic : all_) {
        if (diagnostic.severity == Severity::error) errors.push_back(diagnostic);
    }
    throw InputError(std::move(errors));
}

void fail(std::string code, SourcePlace place, std::string message, std::string hint) {
    throw InputError({Severity::error, std::move(code), std::move(place), std::move(message), std::move(hint)});
}

}  // namespace citytwin
