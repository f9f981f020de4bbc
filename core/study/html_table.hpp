#pragma once
// Tables of the report: captions, headed columns, every text escaped.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "core/base/text.hpp"

namespace citytwin {

struct Heading {
    const char* text;
    bool number = false;
};

class HtmlTable {
public:
    HtmlTable(const std::string& caption, const std::vector<Heading>& headings) {
        html_ = "<div class=\"scroll\" tabindex=\"0\"><table><caption>" + escaped_markup(caption) + "</caption><thead><tr>";
        for (const Heading& heading : headings) {
            html_ += fmt::format("<th scope=\"col\"{}>{}</th>", heading.number ? " class=\"number\"" : "", heading.text);
            numbers_.push_back(heading.number);
        }
        html_ += "</tr></thead><tbody>\n";
    }
    void row(const std::vector<std::string>& cells) {
        html_ += "<tr>";
        for (std::size_t c = 0; c < cells.size(); ++c) {
            html_ += fmt::format("<td{}>{}</td>", numbers_[c] ? " class=\"number\"" : "", escaped_markup(cells[c]));
        }
        html_ += "</tr>\n";
    }
    [[nodiscard]] std::string html() const { return html_ + "</tbody></table></div>\n"; }

private:
    std::string html_;
    std::vector<bool> numbers_;
};

inline std::string details_of(const std::string& summary, const std::string& body) { return "<details><summary>" + escaped_markup(summary) + "</summary>" + body + "</details>\n"; }
inline std::string notice_of(const std::string& sentence) { return "<p class=\"notice\">" + escaped_markup(sentence) + "</p>\n"; }

}  // namespace citytwin
