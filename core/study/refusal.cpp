#include "core/study/refusal.hpp"

#include "core/base/diagnostic.hpp"

namespace citytwin {

void refuse_comparison(const std::string& reason, const std::string& hint) {
    Diagnostic diagnostic;
    diagnostic.code = "CT-STUDY-010";
    diagnostic.message = "comparison refused: " + reason;
    diagnostic.hint = hint;
    throw RunError(ExitCode::comparison_refused, diagnostic.text());
}

}  // namespace citytwin
