// The statements of a case file, one after the other.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "core/base/text.hpp"
#include "modules/energy/read/matpower_constants.hpp"
#include "modules/energy/read/matpower_reader.hpp"

namespace citytwin::energy {

bool CaseReader::next_statement() {
    for (; !at_end(); ++at_) {
        const char c = text_[at_];
        if (c == '\n') {
            ++line_;
        } else if (c == '%' || c == '#') {
            const bool block = text_.compare(at_, 2, "%{") == 0 && text_.find_first_not_of(" \t\r", at_ + 2) == text_.find('\n', at_);
            if (block) {
                const std::size_t end = text_.find("%}", at_);
                if (end == std::string::npos) fail("CT-ENERGY-002", place(line_), "the block comment that begins here has no end");
                line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_), text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
                at_ = end + 1;
            } else {
                comment();
                --at_;
            }
        } else if (c != ' ' && c != '\t' && c != '\r' && c != ';' && c != ',') {
            return true;
        }
    }
    return false;
}

// Text up to ';' or the line's end outside brackets and quotes; comments out, continued lines joined.
std::string CaseReader::rest_of_statement() {
    std::string text;
    int depth = 0;
    for (; !at_end(); ++at_) {
        const char c = text_[at_];
        if (text_.compare(at_, 3, "...") == 0) {
            comment();
            ++line_;
            text += ' ';
            continue;
        }
        if (c == '%') {
            comment();
            if (at_end()) break;
        }
        if (text_[at_] == '\n') {
            if (depth <= 0) break;
            ++line_;
            text += ' ';
            continue;
        }
        if (c == ';' && depth <= 0) {
            ++at_;
            break;
        }
        if (c == '(' || c == '[') ++depth;
        if (c == ')' || c == ']') --depth;
        if (c == '\'' && (text.empty() || (!std::isalnum(static_cast<unsigned char>(text.back())) && text.back() != ')' && text.back() != ']'))) {
            const std::size_t end = text_.find_first_of("'\n", at_ + 1);
            if (end == std::string::npos || text_[end] == '\n') fail("CT-ENERGY-002", place(line_), "the text that begins on this line has no closing quote");
            text.append(text_, at_, end - at_);
            at_ = end;
            text += '\'';
            continue;
        }
        if (c != '\r') text += text_[at_];
    }
    return text;
}

void CaseReader::statement() {
    const std::size_t line = line_;
    if (blocks_.run() && text_.compare(at_, 4, "mpc.") == 0) {
        std::size_t end = at_ + 4;
        while (end < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[end])) || text_[end] == '_')) ++end;
        const std::string name = text_.substr(at_ + 4, end - at_ - 4);
        std::size_t value = text_.find_first_not_of(" \t", end);
        if (value != std::string::npos && text_[value] == '=') {
            value = text_.find_first_not_of(" \t", value + 1);
            if (value != std::string::npos && text_[value] == '[') {
                at_ = value + 1;
                return table(name);
            }
            if (value != std::string::npos && text_[value] == '{') {
                at_ = value;
                return skip_cell_array();
            }
        }
    }
    execute(rest_of_statement(), line);
}

Names& CaseReader::names_with(std::string_view expression) {
    for (auto& [name, table] : case_.tables) {   // tables are large: only those that are named are handed over
        if (expression.find("mpc." + name) != std::string_view::npos) names_["mpc." + name] = {table.rows(), table.columns, table.values};
    }
    return names_;
}

void CaseReader::constants(const std::string& text, std::size_t line) {
    const auto define = [&](std::span<const Constant> constants, const std::vector<std::string>& as) {
        for (std::size_t i = 0; i < constants.size(); ++i) {
            if (as.empty()) names_[constants[i].name] = Matrix::of(constants[i].value);
            else if (i < as.size()) names_[as[i]] = Matrix::of(constants[i].value);
        }
    };
    if (text == "define_constants") {
        define(bus_constants, {});
        define(branch_constants, {});
        define(unit_constants, {});
        return;
    }
    const std::size_t close = text.find(']');
    const std::string_view source = trimmed(std::string_view(text).substr(text.find('=', close) + 1));
    std::vector<std::string> as;
    std::string word;
    for (const char c : text.substr(1, close)) {
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '~') word += c;
        else if (!word.empty()) as.push_back(std::exchange(word, {}));
    }
    if (source == "idx_bus") define(bus_constants, as);
    else if (source == "idx_brch") define(branch_constants, as);
    else if (source == "idx_gen") define(unit_constants, as);
    else refuse_statement(text, line);
}

void CaseReader::assign_field(const std::string& name, const std::string& index, const std::string& value, std::size_t line) {
    if (name == "version") {
        if (trimmed(value) != "'2'") fail("CT-ENERGY-001", place(line), fmt::format("MATPOWER case format {} isn't read", trimmed(value)), "save the case in format version 2");
        return;
    }
    if (trimmed(value).starts_with("'")) return;   // a text field says nothing about the network
    const Matrix result = MatpowerExpression(value, names_with(value), place(line)).value();
    const auto table = case_.tables.find(name);
    if (table == case_.tables.end()) {
        if (!index.empty()) refuse_statement("mpc." + name + index + " = …", line);
        names_["mpc." + name] = result;
        if (name != "baseMVA") return;
        if (!result.is_scalar() || !(result.scalar() > 0) || !std::isfinite(result.scalar())) {
            fail("CT-ENERGY-006", place(line), fmt::format("mpc.baseMVA = {} is not a positive number", trimmed(value)));
        }
        case_.base_mva = result.scalar();
        has_base_ = true;
        return;
    }
    MatpowerTable& into = table->second;
    if (index.empty()) refuse_statement("mpc." + name + " = …", line);
    const auto part = MatpowerExpression(index, names_, place(line)).selection(into.rows(), into.columns);
    if (!result.is_scalar() && (result.rows != part.rows.size() || result.columns != part.columns.size())) {
        fail("CT-ENERGY-005", place(line), fmt::format("{} x {} values are assigned to {} x {} cells of mpc.{}", result.rows, result.columns, part.rows.size(), part.columns.size(), name));
    }
    for (std::size_t r = 0; r < part.rows.size(); ++r) {
        for (std::size_t c = 0; c < part.columns.size(); ++c) {
            into.values[part.rows[r] * into.columns + part.columns[c]] = result.is_scalar() ? result.scalar() : result.values[r * result.columns + c];
        }
    }
    ++case_.statements;
}

// True if the statement only decides which others run.
bool CaseReader::decide(std::string_view text, std::size_t line) {
    if (blocks_.takes(text, line)) return true;
    if (!blocks_.run()) return true;
    if (!MatpowerBlocks::begins_with_word(text, "if")) return false;
    const std::string_view condition = trimmed(text.substr(2));
    const Matrix value = MatpowerExpression(condition, names_with(condition), place(line)).value();
    if (!value.is_scalar()) fail("CT-ENERGY-005", place(line), fmt::format("the condition '{}' must be one number", condition));
    blocks_.begin(value.scalar() != 0, line);
    return true;
}

void CaseReader::execute(const std::string& whole, std::size_t line) {
    const std::string text(trimmed(whole));
    if (decide(text, line)) return;
    if (text.starts_with("function ") || text == "return" || text == "end" || text.empty()) return;
    if (text == "define_constants" || text.starts_with("[")) return constants(text, line);
    std::size_t at = text.starts_with("mpc.") ? 4 : 0;
    const std::size_t begin = at;
    while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_')) ++at;
    const std::string name = text.substr(begin, at - begin);
    std::string index;
    if (begin == 4 && at < text.size() && text[at] == '(') {
        const std::size_t close = text.find(')', at);
        if (close == std::string::npos) refuse_statement(text, line);
        index = text.substr(at, close + 1 - at);
        at = close + 1;
    }
    const std::size_t equals = text.find_first_not_of(" \t", at);
    const bool assignment = !name.empty() && equals != std::string::npos && text[equals] == '=' && text.compare(equals, 2, "==") != 0;
    if (!assignment) refuse_statement(text, line);
    const std::string value = text.substr(equals + 1);
    if (begin == 4) return assign_field(name, index, value, line);
    if (trimmed(value).starts_with("'")) return;
    names_[name] = MatpowerExpression(value, names_with(value), place(line)).value();
    ++case_.statements;
}

MatpowerCase read_matpower(const std::string& path) { return CaseReader(path).read(); }

}  // namespace citytwin::energy
