#include "core/agents/dynamic_set.hpp"

#include <algorithm>

namespace citytwin {
namespace {

template <class T>
void remove_rows(std::vector<T>& values, const std::vector<Index>& sorted_rows) {
    if (sorted_rows.empty()) return;
    std::size_t write = sorted_rows.front(), next = 0;
    for (std::size_t row = write; row < values.size(); ++row) {
        if (next < sorted_rows.size() && sorted_rows[next] == row) {
            ++next;
            continue;
        }
        values[write++] = values[row];
    }
    values.resize(write);
}

template <class T>
void permute(std::vector<T>& values, std::span<const Index> order, Arena& arena) {
    std::vector<T> sorted(values.size());
    arena.each(order.size(), [&](std::size_t i) { sorted[i] = values[order[i]]; }, 4096);
    values.swap(sorted);
}

}  // namespace

DynamicSet::NumberColumn& DynamicSet::add_number(std::string column, std::string unit) {
    return numbers_.emplace_back(NumberColumn{std::move(column), std::move(unit), std::vector<double>(size(), 0.0)});
}

DynamicSet::ReferenceColumn& DynamicSet::add_reference(std::string column, std::string refers_to) {
    return references_.emplace_back(ReferenceColumn{std::move(column), std::move(refers_to), std::vector<Index>(size(), no_index)});
}

DynamicSet::NumberColumn* DynamicSet::number(std::string_view column) {
    for (auto& candidate : numbers_) {
        if (candidate.name == column) return &candidate;
    }
    return nullptr;
}

DynamicSet::ReferenceColumn* DynamicSet::reference(std::string_view column) {
    for (auto& candidate : references_) {
        if (candidate.name == column) return &candidate;
    }
    return nullptr;
}

Index DynamicSet::commit() {
    std::sort(deaths_.begin(), deaths_.end());
    deaths_.erase(std::unique(deaths_.begin(), deaths_.end()), deaths_.end());
    std::sort(births_.begin(), births_.end());
    remove_rows(ids_, deaths_);
    const auto first = static_cast<Index>(ids_.size());
    ids_.insert(ids_.end(), births_.begin(), births_.end());
    for (auto& column : numbers_) {
        remove_rows(column.values, deaths_);
        column.values.resize(ids_.size(), 0.0);
    }
    for (auto& column : references_) {
        remove_rows(column.values, deaths_);
        column.values.resize(ids_.size(), no_index);
    }
    deaths_.clear();
    births_.clear();
    return first;
}

void DynamicSet::assign(std::vector<StableId> ids) {
    ids_ = std::move(ids);
    for (auto& column : numbers_) column.values.resize(ids_.size());
    for (auto& column : references_) column.values.resize(ids_.size());
}

void DynamicSet::reorder(std::span<const Index> order, Arena& arena) {
    permute(ids_, order, arena);
    for (auto& column : numbers_) permute(column.values, order, arena);
    for (auto& column : references_) permute(column.values, order, arena);
}

}  // namespace citytwin
