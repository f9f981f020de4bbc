#include "modules/emissions/model/class_table.hpp"

#include "core/base/text.hpp"

namespace citytwin::emissions {

std::string EmissionClass::unverified_names() const {
    std::string names;
    for (std::size_t p = 0; p < pollutant_count; ++p) {
        if (unverified[p] != 0) names += (names.empty() ? "" : " ") + std::string(pollutant_names[p]);
    }
    return names;
}

EmissionClass& ClassTable::add(const std::string& name) {
    const auto [it, made] = rows_.try_emplace(name, static_cast<Index>(classes_.size()));
    if (made) classes_.emplace_back().name = name;
    return classes_[it->second];
}

Index ClassTable::row_of(std::string_view name) const {
    const auto it = rows_.find(name);
    return it == rows_.end() ? no_index : it->second;
}

std::string ClassTable::nearest(std::string_view name) const {
    std::vector<std::string> names;
    for (const auto& row : classes_) names.push_back(row.name);
    return suggestion(name, names);
}

}  // namespace citytwin::emissions
