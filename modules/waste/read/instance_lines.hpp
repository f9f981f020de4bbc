#pragma once
// The lines of an instance file, one after the other, with their numbers: blank ones left out, CR taken off, words apart at blanks and tabs.
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"

namespace citytwin::waste {

using Words = std::vector<std::string>;

inline Words words_of(std::string_view line) {
    Words words;
    std::size_t k = 0;
    while (k < line.size()) {
        while (k < line.size() && (line[k] == ' ' || line[k] == '\t' || line[k] == '\r')) ++k;
        const std::size_t begin = k;
        while (k < line.size() && line[k] != ' ' && line[k] != '\t' && line[k] != '\r') ++k;
        if (k > begin) words.emplace_back(line.substr(begin, k - begin));
    }
    return words;
}

class Lines {
public:
    explicit Lines(const std::string& path) : path_(path), text_(read_file(path, 1ULL << 30)) {}
    bool next() {
        while (at_ < text_.size()) {
            std::size_t end = text_.find('\n', at_);
            if (end == std::string::npos) end = text_.size();
            line_ = trimmed(std::string_view(text_).substr(at_, end - at_));
            at_ = end + 1;
            ++number_;
            if (!line_.empty()) return true;
        }
        return false;
    }
    [[nodiscard]] std::string_view line() const { return line_; }
    [[nodiscard]] SourcePlace place() const { return {path_, number_, 1}; }
    [[noreturn]] void refuse(const char* code, std::string message, std::string hint = {}) const { fail(code, place(), std::move(message), std::move(hint)); }
    [[nodiscard]] double number(const std::string& word) const {
        const auto value = parse_number(word);
        if (!value || std::abs(*value) > 1e9) refuse("CT-WASTE-003", "'" + word + "' isn't a number that can be used here");
        return *value;
    }
    [[nodiscard]] std::int64_t integer(const std::string& word) const {
        const double value = number(word);
        if (value != std::floor(value)) refuse("CT-WASTE-003", "'" + word + "' isn't a whole number");
        return static_cast<std::int64_t>(value);
    }

private:
    std::string path_, text_;
    std::string_view line_;
    std::size_t at_ = 0, number_ = 0;
};

}  // namespace citytwin::waste
