// The `if CONDITION … else … end` blocks around a case file's statements: which of them run.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace citytwin::energy {

class MatpowerBlocks {
public:
    /// Whether the statements at hand run: every condition around them holds.
    [[nodiscard]] bool run() const {
        for (const Block& block : open_) {
            if (!block.runs) return false;
        }
        return true;
    }
    /// The line on which the innermost open block begins.
    [[nodiscard]] std::optional<std::size_t> open_at() const { return open_.empty() ? std::nullopt : std::optional(open_.back().line); }

    void begin(bool holds, std::size_t line) { open_.push_back({holds, true, line}); }
    /// Takes `else` and `end` of an open block, and in a block that doesn't run every other block's begin. False: a statement of its own.
    bool takes(std::string_view statement, std::size_t line) {
        if (open_.empty()) return false;
        if (statement == "end" || statement == "endif") return open_.pop_back(), true;
        if (statement == "else" && open_.back().may_turn) return open_.back() = {!open_.back().runs, false, open_.back().line}, true;
        if (run()) return false;
        for (const std::string_view word : {"if", "for", "while", "switch"}) {
            if (begins_with_word(statement, word)) return open_.push_back({false, false, line}), true;
        }
        return false;
    }

    [[nodiscard]] static bool begins_with_word(std::string_view statement, std::string_view word) {
        return statement.starts_with(word) && statement.size() > word.size() && (statement[word.size()] == ' ' || statement[word.size()] == '\t' || statement[word.size()] == '(');
    }

private:
    struct Block {
        bool runs, may_turn;
        std::size_t line;
    };
    std::vector<Block> open_;
};

}  // namespace citytwin::energy
