#include "core/city/city.hpp"

#include <stdexcept>

#include "core/base/text.hpp"

namespace citytwin {

std::size_t Column::size() const {
    return std::visit([](const auto& values) { return values.size(); }, data);
}

Index EntitySet::row_of(std::string_view id) const {
    if (ids.empty()) {   // rows are named by their number
        const auto number = parse_integer(id);
        return number && *number >= 0 && static_cast<std::size_t>(*number) < size_ ? static_cast<Index>(*number) : no_index;
    }
    const auto found = row_of_id_.find(std::string(id));
    return found == row_of_id_.end() ? no_index : found->second;
}

void EntitySet::build_id_index() {
    if (ids.empty() || row_of_id_.size() == size_) return;
    row_of_id_.clear();
    row_of_id_.reserve(size_);
    for (Index row = 0; row < size_; ++row) row_of_id_.emplace(id_of(row), row);
}

void EntitySet::add_column(Column column) {
    if (column.size() != size_) {
        throw std::logic_error("column '" + name_ + "." + column.name + "' has " + std::to_string(column.size()) + " rows, its set has " +
                               std::to_string(size_));
    }
    if (Column* there = find(column.name)) {
        *there = std::move(column);
    } else {
        columns_.push_back(std::move(column));
    }
}

const Column* EntitySet::find(std::string_view column) const {
    for (const auto& candidate : columns_) {
        if (candidate.name == column) return &candidate;
    }
    return nullptr;
}

Column* EntitySet::find(std::string_view column) { return const_cast<Column*>(static_cast<const EntitySet*>(this)->find(column)); }

const Column& EntitySet::required(std::string_view column) const {
    if (const Column* found = find(column)) return *found;
    throw std::logic_error("set '" + name_ + "' has no column '" + std::string(column) + "'");
}

EntitySet* City::find(std::string_view set) {
    for (auto& candidate : sets_) {
        if (candidate.name() == set) return &candidate;
    }
    return nullptr;
}

const EntitySet* City::find(std::string_view set) const { return const_cast<City*>(this)->find(set); }

const EntitySet& City::at(std::string_view set) const {
    if (const EntitySet* found = find(set)) return *found;
    throw std::logic_error("the city has no set '" + std::string(set) + "'");
}

EntitySet& City::add_set(std::string_view set, std::size_t size) {
    if (EntitySet* found = find(set)) return *found;
    return sets_.emplace_back(std::string(set), size);
}

}  // namespace citytwin
