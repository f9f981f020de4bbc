#pragma once
// Numbers, times and names of .inp rows, with an error of file, line and word where one can't be read.
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/ids.hpp"
#include "modules/water/read/inp_document.hpp"

namespace citytwin::water {

/// Ids of one kind in the order they were added; they keep their case and bytes.
class NameTable {
public:
    /// False if it was there already.
    bool add(std::string_view id, Index index, std::size_t line);
    [[nodiscard]] Index find(std::string_view id) const;
    [[nodiscard]] std::size_t line_of(std::string_view id) const;
    /// "nearest id: 'J-9'", or nothing.
    [[nodiscard]] std::string nearest_id(std::string_view id) const;
    void reserve(std::size_t n) { entries_.reserve(n); }

private:
    struct Entry {
        Index index;
        std::size_t line;
    };
    std::unordered_map<std::string_view, Entry> entries_;   ///< looked up only, never walked into results; keys live in the document
};

/// Hours of "5", "1:30", "12 am", "90 MIN", "2.5 DAYS"; nothing if it isn't a time.
std::optional<double> hours_of(std::string_view time, std::string_view unit);

/// What every section's reader needs of a row.
class RowReader {
public:
    RowReader(const InpDocument& document, const InpRow& row, DiagnosticList& diagnostics) : document_(document), row_(row), diagnostics_(diagnostics) {}
    [[nodiscard]] std::size_t size() const { return row_.count; }
    [[nodiscard]] std::string_view operator[](std::size_t i) const { return i < row_.count ? document_.word(row_, i) : std::string_view{}; }
    [[nodiscard]] std::string_view last() const { return (*this)[row_.count - 1]; }
    [[nodiscard]] bool is(std::size_t i, std::string_view keyword) const { return begins_with((*this)[i], keyword); }
    [[nodiscard]] std::size_t line() const { return row_.line; }
    [[nodiscard]] SourcePlace place() const { return document_.place(row_); }
    [[nodiscard]] std::string_view comment() const { return row_.comment; }

    /// The word as a number; an error and nothing if it isn't one.
    std::optional<double> number(std::size_t i, const char* what);
    std::optional<double> positive(std::size_t i, const char* what);
    std::optional<double> not_negative(std::size_t i, const char* what);
    /// Index of an id; an error with the nearest id and no_index if there is none.
    Index id(std::size_t i, const NameTable& names, const char* kind);
    /// False and an error if there are fewer words.
    bool at_least(std::size_t words, const char* expected);
    void error(const char* code, std::string message, std::string hint = {});
    void warning(const char* code, std::string message, std::string hint = {});

private:
    const InpDocument& document_;
    const InpRow& row_;
    DiagnosticList& diagnostics_;
};

}  // namespace citytwin::water
