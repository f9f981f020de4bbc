#pragma once
// An EPANET .inp file as rows of words (EPANET 2.3 users' manual, appendix C): nothing is interpreted, nothing is lost, so that it can be
// edited and written again. Words keep their bytes, whatever their encoding.
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"

namespace citytwin::water {

enum class Section : std::uint8_t {
    title, junctions, reservoirs, tanks, pipes, pumps, valves, controls, rules, demands, sources, emitters, leakage, patterns, curves, quality, status,
    roughness, energy, reactions, mixing, report, times, options, coordinates, vertices, labels, backdrop, tags, end
};
inline constexpr std::size_t section_count = 30;
/// "JUNCTIONS".
std::string_view name_of(Section section);
/// By prefix, case-free, as the file's headings are matched ("[JUNC"); nothing for an unknown one.
std::optional<Section> section_of(std::string_view heading);

struct InpRow {
    Section section = Section::title;
    std::size_t line = 0;                  ///< 0: added, not read
    std::uint32_t first = 0, count = 0;    ///< words, in the document's list
    std::string_view comment;              ///< after ';', without it
};

class InpDocument {
public:
    /// Throws CT-WATER-00x for what isn't an .inp file at all; unknown sections go to `diagnostics`.
    static InpDocument read(const std::string& path, DiagnosticList& diagnostics);
    static InpDocument from_text(std::string text, std::string name, DiagnosticList& diagnostics);

    [[nodiscard]] const std::string& name() const { return name_; }
    /// Of a section, in the order of the file; rows without words are comments.
    [[nodiscard]] const std::vector<InpRow>& rows(Section section) const { return rows_[static_cast<std::size_t>(section)]; }
    [[nodiscard]] std::string_view word(const InpRow& row, std::size_t i) const { return words_[row.first + i]; }
    [[nodiscard]] std::size_t rows_of(Section section) const { return rows(section).size(); }
    [[nodiscard]] SourcePlace place(const InpRow& row) const { return {name_, row.line}; }

    /// Adds a line to a section, after those it has ("River CONCEN 1.0").
    void append(Section section, std::string_view line);
    /// The file again: sections in their order, every word and comment kept.
    [[nodiscard]] std::string text() const;

private:
    void add_line(Section section, std::string_view line, std::size_t number);
    void add_words(std::string_view text, InpRow& row);
    std::string name_;
    std::vector<std::shared_ptr<const std::string>> texts_;   ///< what the words point into
    std::array<std::vector<InpRow>, section_count> rows_;
    std::vector<std::string_view> words_;
};

/// Case-free: does `word` begin with `prefix`?
bool begins_with(std::string_view word, std::string_view prefix);

}  // namespace citytwin::water
