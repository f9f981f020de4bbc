#include "geodata/generate/street_names.hpp"

#include <array>
#include <string_view>

namespace citytwin::geodata {

namespace {

constexpr std::array<std::string_view, 20> column_words = {"Oak",    "Elm",    "Maple",  "Cedar", "Birch",  "Chestnut", "Linden", "Willow", "Poplar", "Ash",
                                                           "Walnut", "Spruce", "Laurel", "Holly", "Cherry", "Hazel",    "Alder",  "Rowan",  "Cypress", "Juniper"};
constexpr std::array<std::string_view, 20> row_words = {"Station", "Church", "School", "Mill",   "Park",   "Garden", "Castle", "Bridge",  "Harbour", "Victoria",
                                                        "Chapel",  "Forge",  "Orchard", "Meadow", "Quarry", "Abbey",  "Temple", "College", "Railway", "Brewery"};

std::string ordinal(Index n) {
    const Index tens = n % 100, ones = n % 10;
    const char* suffix = (tens >= 11 && tens <= 13) ? "th" : ones == 1 ? "st" : ones == 2 ? "nd" : ones == 3 ? "rd" : "th";
    return std::to_string(n) + suffix;
}

std::string line_name(const std::array<std::string_view, 20>& words, Index line, std::string_view kind) {
    if (line < words.size()) return std::string(words[line]) + " " + std::string(kind);
    return ordinal(line + 1) + " " + std::string(kind);
}

}  // namespace

std::vector<std::string> street_names(Index columns, Index rows, Index main_column, Index main_row, Index river_row) {
    std::vector<std::string> names;
    names.reserve(columns + rows);
    for (Index column = 0; column < columns; ++column) names.push_back(column == main_column ? "Main Street" : line_name(column_words, column, "Street"));
    for (Index row = 0; row < rows; ++row) {
        if (row == main_row) names.emplace_back("Market Street");
        else if (row == river_row) names.emplace_back("South Quay");
        else if (row == river_row + 1) names.emplace_back("North Quay");
        else names.push_back(line_name(row_words, row, "Avenue"));
    }
    return names;
}

}  // namespace citytwin::geodata
