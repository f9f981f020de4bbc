// Tables and lists of a case file.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "modules/energy/read/matpower_reader.hpp"

namespace citytwin::energy {

void CaseReader::skip_cell_array() {
    const std::size_t begin = line_;
    for (; !at_end(); ++at_) {
        const char c = text_[at_];
        if (c == '\n') ++line_;
        if (c == '%') {
            comment();
            --at_;
        }
        if (c == '\'') at_ = std::min(text_.find('\'', at_ + 1), text_.size() - 1);
        if (c == '}') {
            ++at_;
            return;
        }
    }
    fail("CT-ENERGY-002", place(begin), "the list that begins on this line is not closed ('}' is missing)", "the file may be cut short");
}

double CaseReader::cell(std::size_t begin) {
    double value = 0;
    const char* const first = text_.data() + begin + (text_[begin] == '+' ? 1 : 0);
    const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), value);
    const auto stop = static_cast<std::size_t>(end - text_.data());
    constexpr std::string_view enders = " \t\r\n,;]%";
    if (error == std::errc{} && (stop >= text_.size() || enders.find(text_[stop]) != std::string_view::npos)) {
        at_ = stop;
        return value;
    }
    int depth = 0;
    while (!at_end() && (depth > 0 || enders.find(text_[at_]) == std::string_view::npos) && text_[at_] != '\n') {
        depth += text_[at_] == '(' ? 1 : text_[at_] == ')' ? -1 : 0;
        ++at_;
    }
    const Matrix result = MatpowerExpression(std::string_view(text_).substr(begin, at_ - begin), names_, place(line_)).value();
    if (!result.is_scalar()) fail("CT-ENERGY-005", place(line_), "a cell of a table must be one number");
    return result.scalar();
}

void CaseReader::table(const std::string& name) {
    const std::size_t begin = line_;
    MatpowerTable table;
    std::size_t in_row = 0;
    const auto end_row = [&] {
        if (in_row == 0) return;
        if (table.line.empty()) table.columns = in_row;
        if (in_row != table.columns) {
            fail("CT-ENERGY-003", place(line_), fmt::format("row {} of mpc.{} has {} columns, the rows before it have {}", table.rows() + 1, name, in_row, table.columns));
        }
        table.line.push_back(static_cast<std::uint32_t>(line_));
        in_row = 0;
    };
    for (;;) {
        if (at_end()) {
            fail("CT-ENERGY-002", place(begin), fmt::format("the table mpc.{} that begins on this line is not closed (']' is missing; {} rows were read)", name, table.rows() + (in_row > 0 ? 1 : 0)),
                 "the file may be cut short");
        }
        const char c = text_[at_];
        if (c == ' ' || c == '\t' || c == '\r' || c == ',') {
            ++at_;
        } else if (c == '%' || c == '#') {
            comment();
        } else if (c == '\n' || c == ';') {
            end_row();
            line_ += c == '\n' ? 1 : 0;
            ++at_;
        } else if (c == ']') {
            end_row();
            ++at_;
            break;
        } else if (text_.compare(at_, 3, "...") == 0) {
            comment();
            ++line_;
            ++at_;
        } else if (text_.compare(at_, 4, "mpc.") == 0 && in_row == 0) {
            fail("CT-ENERGY-002", place(begin), fmt::format("the table mpc.{} that begins on this line is not closed before line {}", name, line_), "']' is missing");
        } else {
            table.values.push_back(cell(at_));
            ++in_row;
        }
    }
    case_.tables[name] = std::move(table);
}

}  // namespace citytwin::energy
