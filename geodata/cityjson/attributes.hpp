#pragma once
// Attributes of city objects as columns: numbers where all values are numbers, else text as written.
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin::geodata::cityjson {

struct AttributeColumn {
    std::string name;
    bool is_number = true;
    std::vector<Index> row;               ///< ascending rows that have a value
    std::vector<double> number;           ///< NaN for text
    std::vector<std::string> text;

    /// Position of a row's value, or no_index.
    [[nodiscard]] Index at(Index row) const;
};

class AttributeTable {
public:
    void add(Index row, std::string_view name, double number, std::string text, bool is_number);
    [[nodiscard]] const AttributeColumn* find(std::string_view name) const;
    [[nodiscard]] const std::vector<AttributeColumn>& columns() const { return columns_; }

private:
    std::vector<AttributeColumn> columns_;   // in the order of their first value
    std::unordered_map<std::string, std::size_t> place_;
};

}  // namespace citytwin::geodata::cityjson
