#include "geodata/cityjson/attributes.hpp"

#include <algorithm>

namespace citytwin::geodata::cityjson {

Index AttributeColumn::at(Index wanted) const {
    const auto found = std::lower_bound(row.begin(), row.end(), wanted);
    return found != row.end() && *found == wanted ? static_cast<Index>(found - row.begin()) : no_index;
}

void AttributeTable::add(Index row, std::string_view name, double number, std::string text, bool is_number) {
    const auto [found, is_new] = place_.emplace(std::string(name), columns_.size());
    if (is_new) columns_.push_back({std::string(name), true, {}, {}, {}});
    AttributeColumn& column = columns_[found->second];
    if (!column.row.empty() && column.row.back() == row) return;   // a key that stands twice in one object: the first counts
    column.is_number = column.is_number && is_number;
    column.row.push_back(row);
    column.number.push_back(number);
    column.text.push_back(std::move(text));
}

const AttributeColumn* AttributeTable::find(std::string_view name) const {
    const auto found = place_.find(std::string(name));
    return found == place_.end() ? nullptr : &columns_[found->second];
}

}  // namespace citytwin::geodata::cityjson
