// Reads a MATPOWER case file as MATPOWER would run it: one statement after the other, from the tables to the executable tail.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"
#include "modules/energy/read/matpower_blocks.hpp"
#include "modules/energy/read/matpower_case.hpp"
#include "modules/energy/read/matpower_expression.hpp"

namespace citytwin::energy {

class CaseReader {
public:
    explicit CaseReader(const std::string& path) : text_(read_file(path, 1ULL << 30)) { case_.path = path; }

    MatpowerCase read() {
        while (next_statement()) statement();
        if (const auto open = blocks_.open_at()) fail("CT-ENERGY-002", place(*open), "the block that begins on this line has no 'end'", "the file may be cut short");
        if (!has_base_) fail("CT-ENERGY-006", {case_.path}, "mpc.baseMVA is missing", "add mpc.baseMVA = 100; (the power base in MVA that the impedances refer to)");
        return std::move(case_);
    }

private:
    [[nodiscard]] SourcePlace place(std::size_t line) const { return {case_.path, line}; }
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    void comment() {
        while (!at_end() && text_[at_] != '\n') ++at_;
    }
    bool next_statement();
    void statement();
    std::string rest_of_statement();
    void table(const std::string& name);
    double cell(std::size_t begin);
    void skip_cell_array();
    void execute(const std::string& text, std::size_t line);
    bool decide(std::string_view text, std::size_t line);
    void constants(const std::string& text, std::size_t line);
    void assign_field(const std::string& name, const std::string& index, const std::string& value, std::size_t line);
    Names& names_with(std::string_view expression);
    [[noreturn]] void refuse_statement(const std::string& text, std::size_t line) const {
        fail("CT-ENERGY-004", place(line), fmt::format("the statement '{}' can't be carried out", trimmed(text)),
             "tables, scalars and column assignments with + - * / ^ sin cos acos sqrt are understood; run it in MATPOWER and save the case with savecase");
    }

    std::string text_;
    std::size_t at_ = 0, line_ = 1;
    bool has_base_ = false;
    MatpowerCase case_;
    Names names_;
    MatpowerBlocks blocks_;
};

}  // namespace citytwin::energy
