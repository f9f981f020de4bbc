#include "core/study/refusal.hpp"

#include <fmt/format.h>

#include "core/base/diagnostic.hpp"

namespace citytwin {

void refuse_comparison(const std::string& reason, const std::string& hint) {
    Diagnostic diagnostic;
    diagnostic.code = "CT-STUDY-010";
    diagnostic.message = "comparison refused: " + reason;
    diagnostic.hint = hint;
    throw RunError(ExitCode::comparison_refused, diagnostic.text());
}

void require_equal(const std::string& what, const std::string& base_folder, const std::string& base, const std::string& run_folder, const std::string& run, const std::string& hint) {
    if (base != run) refuse_comparison(fmt::format("{} differs: {} has '{}', {} has '{}'", what, base_folder, base, run_folder, run), hint);
}

}  // namespace citytwin
