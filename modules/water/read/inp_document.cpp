#include "modules/water/read/inp_document.hpp"

#include <fmt/format.h>

#include <array>

#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"

namespace citytwin::water {
namespace {

constexpr std::array<std::string_view, section_count> names = {
    "TITLE", "JUNCTIONS", "RESERVOIRS", "TANKS", "PIPES", "PUMPS", "VALVES", "CONTROLS", "RULES", "DEMANDS", "SOURCES", "EMITTERS", "LEAKAGE", "PATTERNS", "CURVES",
    "QUALITY", "STATUS", "ROUGHNESS", "ENERGY", "REACTIONS", "MIXING", "REPORT", "TIMES", "OPTIONS", "COORDINATES", "VERTICES", "LABELS", "BACKDROP", "TAGS", "END"};
/// Shortest headings that are understood.
constexpr std::array<std::string_view, section_count> prefixes = {
    "TITL", "JUNC", "RESE", "TANK", "PIPE", "PUMP", "VALV", "CONT", "RULE", "DEMA", "SOUR", "EMIT", "LEAK", "PATT", "CURV",
    "QUAL", "STAT", "ROUG", "ENER", "REAC", "MIXI", "REPO", "TIME", "OPTI", "COOR", "VERT", "LABE", "BACK", "TAGS", "END"};
constexpr std::size_t longest_line = 1024;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

void refuse_foreign(const std::string& text, const std::string& name) {
    const auto first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (first == std::string::npos) fail("CT-WATER-001", {name}, "the file is empty", "give the EPANET input file");
    if (text.find('\0') != std::string::npos) fail("CT-WATER-002", {name}, "the file is binary, not an EPANET .inp", "a .net file must be exported as .inp by EPANET first");
    if (text[first] == '<') fail("CT-WATER-002", {name, 1}, "the file is HTML or XML, not an EPANET .inp", "download the raw file");
    bool found = false;
    for (auto at = text.find('['); at != std::string::npos && !found; at = text.find('[', at + 1)) found = section_of(std::string_view(text).substr(at, 40)).has_value();
    if (!found) fail("CT-WATER-002", {name, 1}, "the file has no section of an EPANET .inp ([JUNCTIONS], [PIPES] …)", "check the file");
}

}  // namespace

bool begins_with(std::string_view word, std::string_view prefix) {
    if (word.size() < prefix.size() || prefix.empty()) return false;
    for (std::size_t i = 0; i < prefix.size(); ++i)
        if (upper(word[i]) != upper(prefix[i])) return false;
    return true;
}

std::string_view name_of(Section section) { return names[static_cast<std::size_t>(section)]; }

std::optional<Section> section_of(std::string_view heading) {
    if (!heading.empty() && heading[0] == '[') heading.remove_prefix(1);
    for (std::size_t i = 0; i < section_count; ++i)
        if (begins_with(heading, prefixes[i])) return static_cast<Section>(i);
    return std::nullopt;
}

InpDocument InpDocument::read(const std::string& path, DiagnosticList& diagnostics) { return from_text(read_file(path, 1ULL << 30), path, diagnostics); }

InpDocument InpDocument::from_text(std::string whole, std::string name, DiagnosticList& diagnostics) {
    refuse_foreign(whole, name);
    InpDocument document;
    document.name_ = std::move(name);
    document.texts_.push_back(std::make_shared<const std::string>(std::move(whole)));
    std::string_view text = *document.texts_.back();
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    document.words_.reserve(text.size() / 8);
    std::optional<Section> section;
    std::size_t number = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        ++number;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        const std::string_view begin = trimmed(line);
        if (begin.starts_with('[')) {
            section = section_of(begin);
            if (!section) diagnostics.error("CT-WATER-003", {document.name_, number}, fmt::format("unknown section {}; its lines are skipped", begin), suggestion(begin.substr(1, begin.find(']') - 1), {names.begin(), names.end()}));
            if (section == Section::end) break;
            continue;
        }
        if (!section) continue;
        if (line.size() > longest_line) diagnostics.error("CT-WATER-004", {document.name_, number}, fmt::format("a line of {} characters in [{}]; at most {} are read", line.size(), name_of(*section), longest_line), "break the line");
        document.add_line(*section, line, number);
    }
    return document;
}

void InpDocument::add_line(Section section, std::string_view line, std::size_t number) {
    InpRow row{section, number, static_cast<std::uint32_t>(words_.size()), 0, {}};
    if (section == Section::title) {   // free text; its words are the whole line
        if (trimmed(line).empty()) return;
        words_.push_back(line);
        row.count = 1;
    } else {
        const auto semicolon = line.find(';');
        if (semicolon != std::string_view::npos) row.comment = line.substr(semicolon + 1);
        add_words(line.substr(0, semicolon), row);
        if (row.count == 0 && trimmed(row.comment).empty()) return;
    }
    rows_[static_cast<std::size_t>(section)].push_back(row);
}

void InpDocument::add_words(std::string_view text, InpRow& row) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (is_blank(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        if (text[at] == '"') {
            end = std::min(text.find('"', at + 1), text.size());
            words_.push_back(text.substr(at + 1, end - at - 1));
            ++end;
        } else {
            while (end < text.size() && !is_blank(text[end])) ++end;
            words_.push_back(text.substr(at, end - at));
        }
        ++row.count;
        at = end;
    }
}

void InpDocument::append(Section section, std::string_view line) {
    texts_.push_back(std::make_shared<const std::string>(line));
    add_line(section, *texts_.back(), 0);
}

std::string InpDocument::text() const {
    std::string result;
    for (std::size_t s = 0; s + 1 < section_count; ++s) {
        const auto section = static_cast<Section>(s);
        bool headed = false;
        for (const auto& row : rows_[s]) {
            if (!headed) result += fmt::format("[{}]\n", name_of(section));
            headed = true;
            for (std::size_t i = 0; i < row.count; ++i) {
                const std::string_view w = word(row, i);
                const bool quoted = section != Section::title && (w.empty() || w.find_first_of(" \t") != std::string_view::npos);
                if (i != 0) result += '\t';
                result += quoted ? fmt::format("\"{}\"", w) : std::string(w);
            }
            if (!row.comment.empty()) result += fmt::format("{};{}", row.count != 0 ? "\t" : "", row.comment);
            result += '\n';
        }
        if (headed) result += '\n';
    }
    return result + "[END]\n";
}

}  // namespace citytwin::water
