#include "core/study/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace citytwin {
namespace {

/// Blanks between groups of three digits of the whole part, from five digits on.
std::string grouped(std::string digits) {
    const std::size_t begin = digits.starts_with('-') ? 1 : 0;
    const std::size_t end = std::min(digits.find('.'), digits.size());
    if (end - begin < 5) return digits;
    for (std::size_t at = end; at > begin + 3;) digits.insert(at -= 3, " ");
    return digits;
}

}  // namespace

std::string figure_text(double value) {
    const double size = std::abs(value);
    if (!std::isfinite(value)) return fmt::format("{}", value);
    if (size != 0 && (size < 1e-4 || size >= 1e12)) return fmt::format("{:.3g}", value);
    if (value == std::floor(value)) return grouped(fmt::format("{:.0f}", value));
    const int decimals = std::clamp(4 - static_cast<int>(std::floor(std::log10(size))), 0, 6);
    std::string text = fmt::format("{:.{}f}", value, std::min(decimals, size >= 1 ? 4 : 6));
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.ends_with('.')) text.pop_back();
    }
    return grouped(text);
}

std::string signed_figure_text(double value) { return value > 0 ? "+" + figure_text(value) : figure_text(value); }

std::size_t text_width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace citytwin
