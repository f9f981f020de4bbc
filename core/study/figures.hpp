#pragma once
// Figures as people read them: enough digits to tell apart, no more; a thin space between thousands; a real minus sign.
#include <cstddef>
#include <string>
#include <string_view>

namespace citytwin {

/// "1 234.6", "0.0312", "12 500 000", "1.2e-09".
std::string figure_text(double value);
/// The same with its sign: "+3.1", "-3.1", "0".
std::string signed_figure_text(double value);
/// Characters on a terminal (UTF-8 code points).
std::size_t text_width(std::string_view text);

}  // namespace citytwin
