#include "geodata/vector/vector_layer.hpp"

#include <fmt/format.h>

#include <cmath>

namespace citytwin::geodata {

std::string VectorField::text(std::size_t row) const {
    if (!texts.empty()) return texts[row];
    if (std::isnan(numbers[row])) return {};
    return fmt::format("{}", numbers[row]);
}

bool VectorField::is_blank(std::size_t row) const { return is_number ? std::isnan(numbers[row]) : texts[row].empty(); }

const VectorField* VectorLayer::find(std::string_view field) const {
    for (const auto& candidate : fields) {
        if (candidate.name == field) return &candidate;
    }
    return nullptr;
}

std::vector<std::string> VectorLayer::field_names() const {
    std::vector<std::string> names;
    for (const auto& field : fields) names.push_back(field.name);
    return names;
}

}  // namespace citytwin::geodata
