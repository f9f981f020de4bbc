#include "core/base/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "core/base/text.hpp"

namespace citytwin {
namespace {

/// Offset of the first byte that isn't UTF-8 (RFC 3629: no overlong forms, no surrogates), or npos.
std::size_t first_not_utf8(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned lead = byte(i), second = byte(i + 1);
        if (lead < 0x80 && lead != 0) {
            ++i;
        } else if (lead >= 0xC2 && lead <= 0xDF && tail(i + 1)) {
            i += 2;
        } else if ((lead & 0xF0) == 0xE0 && tail(i + 1) && tail(i + 2) && (lead != 0xE0 || second >= 0xA0) &&
                   (lead != 0xED || second < 0xA0)) {
            i += 3;
        } else if (lead >= 0xF0 && lead <= 0xF4 && tail(i + 1) && tail(i + 2) && tail(i + 3) &&
                   (lead != 0xF0 || second >= 0x90) && (lead != 0xF4 || second < 0x90)) {
            i += 4;
        } else {
            return i;
        }
    }
    return std::string_view::npos;
}

/// The separator that the header line has most of, quoted parts aside.
char separator_of(std::string_view text) {
    std::size_t counts[3] = {};
    constexpr char candidates[3] = {',', ';', '\t'};
    bool quoted = false;
    for (char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n' || c == '\r') break;
        for (int k = 0; k < 3; ++k) counts[k] += c == candidates[k];
    }
    return candidates[std::max_element(std::begin(counts), std::end(counts)) - std::begin(counts)];
}

}  // namespace

CsvReader::CsvReader(const std::string& path, const CsvLimits& limits) : CsvReader(read_file(path, limits.file_bytes), path, limits) {}

CsvReader CsvReader::from_text(std::string text, std::string name, const CsvLimits& limits) {
    return CsvReader(std::move(text), std::move(name), limits);
}

CsvReader::CsvReader(std::string text, std::string name, const CsvLimits& limits)
    : name_(std::move(name)), buffer_(std::move(text)), limits_(limits) {
    check_encoding();
    if (buffer_.starts_with("\xEF\xBB\xBF")) at_ = line_begin_ = 3;
    separator_ = separator_of(std::string_view(buffer_).substr(at_));
    read_header();
}

void CsvReader::refuse(const char* code, std::size_t line, std::size_t column, std::string message, std::string hint) const {
    fail(code, {name_, line, column}, std::move(message), std::move(hint));
}

void CsvReader::check_encoding() const {
    if (buffer_.starts_with("\xFF\xFE") || buffer_.starts_with("\xFE\xFF")) {
        refuse("CT-CSV-001", 1, 1, "the text is UTF-16", "save it as UTF-8");
    }
    const std::size_t bad = first_not_utf8(buffer_);
    if (bad == std::string::npos) return;
    const auto begin = buffer_.begin(), end = begin + static_cast<std::ptrdiff_t>(bad);
    const auto line_begin = bad == 0 ? std::string::npos : buffer_.rfind('\n', bad - 1);
    refuse("CT-CSV-001", static_cast<std::size_t>(std::count(begin, end, '\n')) + 1,
           line_begin == std::string::npos ? bad + 1 : bad - line_begin,
           fmt::format("byte 0x{:02x} is not UTF-8 text", static_cast<unsigned char>(buffer_[bad])), "save the file as UTF-8");
}

void CsvReader::read_header() {
    if (!read_record()) refuse("CT-CSV-002", 1, 1, "the file is empty; expected a header line with the names of the columns");
    for (const auto& field : fields_) {
        if (find(field.text)) {
            refuse("CT-CSV-002", field.line, field.column, fmt::format("column '{}' stands twice in the header", field.text));
        }
        header_.emplace_back(field.text);
    }
}

std::optional<std::size_t> CsvReader::find(std::string_view column_name) const {
    for (std::size_t i = 0; i < header_.size(); ++i) {
        if (header_[i] == column_name) return i;
    }
    return std::nullopt;
}

std::size_t CsvReader::column(std::string_view wanted) const {
    if (const auto found = find(wanted)) return *found;
    refuse("CT-CSV-006", 1, 0, fmt::format("there is no column '{}'; {}", wanted, suggestion(wanted, header_)));
}

bool CsvReader::next() {
    if (!read_record()) return false;
    if (fields_.size() != header_.size()) {
        refuse("CT-CSV-003", record_line_, 1,
               fmt::format("the line has {} fields, the header has {}", fields_.size(), header_.size()),
               "a field that holds the separator must stand in double quotes");
    }
    return true;
}

bool CsvReader::at_line_end() const { return at_ >= buffer_.size() || buffer_[at_] == '\n' || buffer_[at_] == '\r'; }

void CsvReader::skip_blanks() {
    while (at_ < buffer_.size() && (buffer_[at_] == ' ' || (buffer_[at_] == '\t' && separator_ != '\t'))) ++at_;
}

bool CsvReader::read_record() {
    const auto pass_line_end = [&] {
        if (at_ < buffer_.size() && buffer_[at_] == '\r') ++at_;
        if (at_ < buffer_.size() && buffer_[at_] == '\n') ++at_;
        ++line_;
        line_begin_ = at_;
    };
    for (skip_blanks(); at_line_end(); skip_blanks()) {  // blank lines are no records
        if (at_ >= buffer_.size()) return false;
        pass_line_end();
    }
    fields_.clear();
    record_line_ = line_;
    for (;;) {
        skip_blanks();
        const bool quoted = at_ < buffer_.size() && buffer_[at_] == '"';
        fields_.push_back(quoted ? read_quoted() : read_plain());
        if (fields_.back().text.size() > limits_.field_bytes || fields_.size() > limits_.columns) {
            refuse("CT-CSV-005", line_, column_here(), fmt::format("more than {} bytes in a field or {} fields in a line",
                                                                   limits_.field_bytes, limits_.columns));
        }
        if (at_line_end()) break;
        ++at_;  // the separator
    }
    pass_line_end();
    return true;
}

CsvReader::Field CsvReader::read_plain() {
    Field field{{}, line_, column_here()};
    const std::size_t begin = at_;
    while (!at_line_end() && buffer_[at_] != separator_) ++at_;
    field.text = trimmed(std::string_view(buffer_).substr(begin, at_ - begin));
    return field;
}

// Doubled quotes are undone in place: the text only gets shorter, and the buffer is ours.
CsvReader::Field CsvReader::read_quoted() {
    Field field{{}, line_, column_here()};
    const std::size_t begin = ++at_;
    std::size_t end = begin;
    for (;; ++at_) {
        if (at_ >= buffer_.size()) refuse("CT-CSV-004", field.line, field.column, "the quoted field has no end");
        char c = buffer_[at_];
        if (c == '"') {
            if (at_ + 1 >= buffer_.size() || buffer_[at_ + 1] != '"') break;
            ++at_;
        }
        if (c == '\n') {
            ++line_;
            line_begin_ = at_ + 1;
        }
        buffer_[end++] = c;
    }
    ++at_;
    skip_blanks();
    if (!at_line_end() && buffer_[at_] != separator_) {
        refuse("CT-CSV-004", line_, column_here(), "text follows the closing quote of a field", "double a quote that is part of the text");
    }
    field.text = std::string_view(buffer_).substr(begin, end - begin);
    return field;
}

SourcePlace CsvReader::place(std::size_t column_index) const { return {name_, fields_[column_index].line, fields_[column_index].column}; }

double CsvReader::number(std::size_t column_index) const {
    if (const auto value = parse_number(text(column_index))) return *value;
    const bool comma = text(column_index).find(',') != std::string_view::npos;
    fail("CT-CSV-007", place(column_index), fmt::format("column '{}': '{}' is not a number", header_[column_index], text(column_index)),
         comma ? "decimals are written with a point" : "");
}

std::int64_t CsvReader::integer(std::size_t column_index) const {
    if (const auto value = parse_integer(text(column_index))) return *value;
    fail("CT-CSV-007", place(column_index),
         fmt::format("column '{}': '{}' is not a whole number", header_[column_index], text(column_index)));
}

std::optional<double> CsvReader::optional_number(std::size_t column_index) const {
    if (is_blank(column_index)) return std::nullopt;
    return number(column_index);
}

CsvWriter::CsvWriter(std::string path, const std::vector<std::string>& header) : file_(std::move(path)), columns_(header.size()) {
    for (const auto& name : header) text(name);
    end_row();
}

void CsvWriter::separate() {
    if (column_++ != 0) file_.write(",");
}

CsvWriter& CsvWriter::text(std::string_view value) {
    separate();
    const bool blank_ends = !value.empty() && (value.front() == ' ' || value.back() == ' ');
    if (!blank_ends && value.find_first_of(",;\t\"\r\n") == std::string_view::npos) {
        file_.write(value);
        return *this;
    }
    std::string quoted = "\"";
    for (char c : value) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    file_.write(quoted + "\"");
    return *this;
}

CsvWriter& CsvWriter::number(double value) {
    separate();
    if (!std::isfinite(value)) return *this;
    char digits[40];
    const auto end = fmt::format_to(digits, "{:.17g}", value);
    file_.write({digits, static_cast<std::size_t>(end - digits)});
    return *this;
}

CsvWriter& CsvWriter::integer(std::int64_t value) {
    separate();
    file_.write(fmt::format_int(value).c_str());
    return *this;
}

void CsvWriter::end_row() {
    if (column_ != columns_) throw std::logic_error(fmt::format("'{}': a row of {} fields, the header has {}", file_.path(), column_, columns_));
    file_.write("\n");
    column_ = 0;
}

void CsvWriter::commit() { file_.commit(); }

}  // namespace citytwin
