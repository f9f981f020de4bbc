#pragma once
// The fixed parts of the report: its style and its script. Both stand in the page and are allowed there by their hash only.
#include <string_view>

namespace citytwin {

std::string_view report_style();
std::string_view report_script();

}  // namespace citytwin
