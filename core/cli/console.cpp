#include "core/cli/console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "core/base/text.hpp"

namespace citytwin::cli {
namespace {

void write(std::FILE* out, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), out);
    if (text.empty() || text.back() != '\n') std::fputc('\n', out);
    std::fflush(out);
}

/// Columns as a reader sees them: UTF-8 sequences count once.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

void Console::print(std::string_view text) const {
    if (!options.json) write(stdout, text);
}

void Console::print_json(const Json& object) const {
    if (options.json) write(stdout, object.dump(2, ' ', false, Json::error_handler_t::replace));
}

void Console::remark(std::string_view text) const {
    if (!options.quiet) write(stderr, text);
}

void Console::detail(std::string_view text) const {
    if (options.verbose) write(stderr, text);
}

std::string Console::colored(std::string_view text, const char* code) const {
    const char* no_color = std::getenv("NO_COLOR");
    const bool wished = options.color == "always" || (options.color == "auto" && isatty(STDERR_FILENO) != 0 && (no_color == nullptr || *no_color == '\0'));
    return wished ? fmt::format("\033[{}m{}\033[0m", code, text) : std::string(text);
}

void Console::show(const Diagnostic& diagnostic) const {
    if (options.quiet && diagnostic.severity != Severity::error) return;
    std::string text = diagnostic.text();
    const char* word = diagnostic.severity == Severity::error ? "error[" : (diagnostic.severity == Severity::warning ? "warning[" : "note[");
    const char* color = diagnostic.severity == Severity::error ? "1;31" : (diagnostic.severity == Severity::warning ? "1;33" : "1;36");
    const auto at = text.find(word);
    const auto end = at == std::string::npos ? at : text.find(']', at);
    if (end != std::string::npos) text = text.substr(0, at) + colored(text.substr(at, end + 1 - at), color) + text.substr(end + 1);
    write(stderr, text);
}

void Console::show(const std::vector<Diagnostic>& diagnostics) const {
    for (const auto& diagnostic : diagnostics) show(diagnostic);
}

void Console::show_warnings(const std::vector<Diagnostic>& diagnostics, std::size_t shown) const {
    std::map<std::string, std::size_t> count;
    for (const auto& diagnostic : diagnostics) {
        if (diagnostic.severity == Severity::error || ++count[diagnostic.code] <= shown || options.verbose) show(diagnostic);
    }
    for (const auto& [code, all] : count) {
        if (all > shown && !options.verbose) remark(fmt::format("… and {} more of [{}] (-v shows all)", all - shown, code));
    }
}

void Console::fail(std::string_view message) const {
    const bool says_so = message.find("error[") != std::string_view::npos;
    write(stderr, says_so ? std::string(message) : colored("error", "1;31") + ": " + std::string(message));
}

ProgressMode Console::progress() const {
    if (options.quiet || options.progress == "none") return ProgressMode::none;
    return options.progress == "plain" ? ProgressMode::plain : ProgressMode::automatic;
}

Json to_json(const Diagnostic& diagnostic) {
    static constexpr const char* words[] = {"note", "warning", "error"};
    Json json = {{"severity", words[static_cast<int>(diagnostic.severity)]}, {"code", diagnostic.code}};
    if (!diagnostic.place.file.empty()) json["file"] = diagnostic.place.file;
    if (diagnostic.place.line != 0) json["line"] = diagnostic.place.line;
    if (diagnostic.place.column != 0) json["column"] = diagnostic.place.column;
    json["message"] = diagnostic.message;
    if (!diagnostic.hint.empty()) json["hint"] = diagnostic.hint;
    return json;
}

Json to_json(const std::vector<Diagnostic>& diagnostics) {
    Json list = Json::array();
    for (const auto& diagnostic : diagnostics) list.push_back(to_json(diagnostic));
    return list;
}

Json failure_json(int exit, std::string_view message, const std::vector<Diagnostic>& diagnostics) {
    Json json = {{"exit", exit}, {"error", message}};
    if (!diagnostics.empty()) json["diagnostics"] = to_json(diagnostics);
    return json;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    std::vector<bool> numeric;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        widths.resize(std::max(widths.size(), rows[r].size()), 0);
        numeric.resize(widths.size(), true);
        for (std::size_t c = 0; c < rows[r].size(); ++c) {
            widths[c] = std::max(widths[c], width(rows[r][c]));
            if (r > 0 && !rows[r][c].empty() && !parse_number(rows[r][c])) numeric[c] = false;
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string pad(widths[c] - width(row[c]), ' ');
            line += (c ? "  " : "") + (numeric[c] ? pad + row[c] : row[c] + pad);
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string memory_text(double bytes) {
    if (bytes >= 1e9) return fmt::format("{:.1f} GB", bytes / 1e9);
    if (bytes >= 1e6) return fmt::format("{:.0f} MB", bytes / 1e6);
    return fmt::format("{:.0f} kB", bytes / 1e3);
}

std::string number_text(double value) { return fmt::format("{:.6g}", value); }

}  // namespace citytwin::cli
