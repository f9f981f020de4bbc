#include "geodata/cityjson/file_places.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace citytwin::geodata::cityjson {
namespace {

std::string_view text_of(const SourceText& source) { return {source.padded.data(), source.size}; }

std::size_t line_at(std::string_view text, std::size_t at) { return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size())), '\n')); }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::size_t place_of_key(std::string_view text, std::string_view key) {
    const std::string quoted = "\"" + std::string(key) + "\"";
    for (std::size_t at = text.find(quoted); at != std::string_view::npos; at = text.find(quoted, at + 1)) {
        std::size_t after = at + quoted.size();
        while (after < text.size() && is_blank(text[after])) ++after;
        if (after < text.size() && text[after] == ':') return at;
    }
    return std::string_view::npos;
}

/// Listens only for the first error.
struct ErrorListener : nlohmann::json::json_sax_t {
    std::size_t position = 0;
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return true; }
    bool key(string_t&) override { return true; }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception&) override {
        position = at;
        return false;
    }
};

}  // namespace

std::size_t line_of_key(const SourceText& source, std::string_view key) {
    const std::string_view text = text_of(source);
    const std::size_t at = place_of_key(text, key);
    return at == std::string_view::npos ? 0 : line_at(text, at);
}

std::size_t line_of_vertex(const SourceText& source, std::size_t vertex) {
    const std::string_view text = text_of(source);
    std::size_t at = place_of_key(text, "vertices");
    at = at == std::string_view::npos ? at : text.find('[', at);
    for (std::size_t n = 0; at != std::string_view::npos && n <= vertex; ++n) at = text.find('[', at + 1);
    return at == std::string_view::npos ? 0 : line_at(text, at);
}

SourcePlace place_of_syntax_error(const std::string& path, const SourceText& source) {
    const std::string_view text = text_of(source);
    ErrorListener listener;
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &listener)) return {path};
    const std::size_t at = std::min(listener.position == 0 ? 0 : listener.position - 1, text.size());
    const std::size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return {path, line_at(text, at), newline == std::string_view::npos ? at + 1 : at - newline};
}

}  // namespace citytwin::geodata::cityjson
