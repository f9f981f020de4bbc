#pragma once
// Why two folders aren't compared: one code, exit 5.
#include <string>

namespace citytwin {

/// Throws RunError with ExitCode::comparison_refused.
[[noreturn]] void refuse_comparison(const std::string& reason, const std::string& hint);

}  // namespace citytwin
