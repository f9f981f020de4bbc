#include "core/base/toml_parser.hpp"

#include <algorithm>
#include <string>

namespace citytwin {
namespace {

constexpr std::size_t most_dots_in_a_key = 1000;
constexpr const char* broken = "a key or value is missing or misplaced";

toml::source_position line_start(std::size_t line) { return {static_cast<toml::source_index>(line), 1}; }

/// Dots are counted between characters that end a key; texts with a thousand dots and none of these are refused too.
void check_dots(std::string_view text) {
    std::size_t dots = 0, line = 1;
    for (const char c : text) {
        if (c == '\n') ++line;
        if (c == '.') {
            if (++dots > most_dots_in_a_key) throw toml::parse_error("a key of more than 1000 parts", line_start(line));
        } else if (std::string_view("\n,[]{}=#").find(c) != std::string_view::npos) {
            dots = 0;
        }
    }
}

bool breaks_an_assertion(std::string_view text) {
    try {
        (void)toml::parse(text);
    } catch (const toml::parse_error& error) {
        return error.source().begin.line == 0;
    }
    return false;
}

/// The first line up to which the text breaks an assertion: the parser reads from the start, so what is cut off behind has no say.
std::size_t line_of_broken_assertion(std::string_view text) {
    std::size_t good = 0, bad = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    const auto first_lines = [&](std::size_t lines) {
        std::size_t end = 0;
        for (std::size_t l = 0; l < lines && end < text.size(); ++l) {
            const auto newline = text.find('\n', end);
            end = newline == std::string_view::npos ? text.size() : newline + 1;
        }
        return text.substr(0, end);
    };
    while (bad - good > 1) {
        const std::size_t middle = good + (bad - good) / 2;
        (breaks_an_assertion(first_lines(middle)) ? bad : good) = middle;
    }
    return bad;
}

}  // namespace

void toml_assertion_failed() { throw toml::parse_error(broken, toml::source_position{0, 0}); }

toml::table parse_toml(std::string_view text, std::string_view name) {
    check_dots(text);
    try {
        return toml::parse(text, name);
    } catch (const toml::parse_error& error) {
        if (error.source().begin.line != 0) throw;
    }
    throw toml::parse_error(broken, line_start(line_of_broken_assertion(text)));
}

}  // namespace citytwin
