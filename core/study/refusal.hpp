#pragma once
// Why two folders aren't compared: one code, exit 5.
#include <string>

namespace citytwin {

/// Throws RunError with ExitCode::comparison_refused.
[[noreturn]] void refuse_comparison(const std::string& reason, const std::string& hint);
/// The same with both folders and values, if these differ.
void require_equal(const std::string& what, const std::string& base_folder, const std::string& base, const std::string& run_folder, const std::string& run, const std::string& hint);

}  // namespace citytwin
