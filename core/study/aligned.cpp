#include "core/study/aligned.hpp"

#include <algorithm>

#include "core/study/figures.hpp"

namespace citytwin {

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> width(rows.at(0).size());
    for (const auto& row : rows) {
        for (std::size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], text_width(row[c]));
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string pad(width[c] - text_width(row[c]), ' ');
            line += c == 0 || c + 1 == row.size() ? row[c] + pad : pad + row[c];
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

}  // namespace citytwin
