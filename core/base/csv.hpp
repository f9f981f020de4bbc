#pragma once
// Comma-separated files: RFC 4180 with what files in the wild add (byte order mark, CRLF, blanks after commas, blank lines,
// no last line end; ';' or tab found by the header line). Every error names file, line and column of the text.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"

namespace citytwin {

struct CsvLimits {
    std::uint64_t file_bytes = 10ULL << 30;
    std::size_t field_bytes = 1 << 20;
    std::size_t columns = 10'000;
};

/// Reads record by record; the file lies in memory as one block.
class CsvReader {
public:
    /// Reads the header. Throws InputError CT-CSV-00x.
    explicit CsvReader(const std::string& path, const CsvLimits& limits = {});
    CsvReader(CsvReader&&) = delete;  // fields are views of the buffer within
    static CsvReader from_text(std::string text, std::string name, const CsvLimits& limits = {});

    [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;
    /// Throws CT-CSV-006 with the nearest name when there is no such column.
    [[nodiscard]] std::size_t column(std::string_view name) const;

    /// The next record, or false at the end. Its fields are as many as the header's, or it is an error.
    bool next();
    [[nodiscard]] std::size_t line() const { return record_line_; }
    /// The field, blanks around it taken off unless it was quoted. Valid until the next `next`.
    [[nodiscard]] std::string_view text(std::size_t column) const { return fields_[column].text; }
    [[nodiscard]] bool is_blank(std::size_t column) const { return fields_[column].text.empty(); }
    /// A finite number, or CT-CSV-007 with what was found.
    [[nodiscard]] double number(std::size_t column) const;
    [[nodiscard]] std::int64_t integer(std::size_t column) const;
    /// Nothing for a blank field.
    [[nodiscard]] std::optional<double> optional_number(std::size_t column) const;
    [[nodiscard]] SourcePlace place(std::size_t column) const;
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    struct Field {
        std::string_view text;
        std::size_t line = 0, column = 0;  ///< 1-based place in the file
    };
    CsvReader(std::string text, std::string name, const CsvLimits& limits);
    void check_encoding() const;
    void read_header();
    bool read_record();
    Field read_quoted();
    Field read_plain();
    void skip_blanks();
    [[nodiscard]] bool at_line_end() const;
    [[nodiscard]] std::size_t column_here() const { return at_ - line_begin_ + 1; }
    [[noreturn]] void refuse(const char* code, std::size_t line, std::size_t column, std::string message, std::string hint = {}) const;

    std::string name_, buffer_;
    CsvLimits limits_;
    char separator_ = ',';
    std::size_t at_ = 0, line_ = 1, line_begin_ = 0, record_line_ = 0;
    std::vector<std::string> header_;
    std::vector<Field> fields_;
};

/// Writes aside; nothing is there before `commit`. Numbers carry 17 significant digits, so that they read back the same.
class CsvWriter {
public:
    CsvWriter(std::string path, const std::vector<std::string>& header);
    CsvWriter& text(std::string_view value);  ///< quoted where it must be
    CsvWriter& number(double value);          ///< a field that is not finite stays blank
    CsvWriter& integer(std::int64_t value);
    void end_row();
    void commit();

private:
    void separate();

    DurableFile file_;
    std::size_t columns_, column_ = 0;
};

}  // namespace citytwin
