#pragma once
// Figures of a set as doubles, whatever whole or real numbers its columns hold, and the city's residents by the best word it has.
#include <optional>
#include <string_view>
#include <vector>

#include "core/city/city.hpp"

namespace citytwin {

/// A numeric column row by row; nothing where the set has no such column or it holds no numbers.
std::optional<std::vector<double>> find_numbers(const EntitySet& set, std::string_view column);
/// The same; `otherwise` in all rows where the set has no such column or it holds no numbers.
std::vector<double> numbers_of(const EntitySet& set, std::string_view column, double otherwise = 0);

/// Whom the base city holds: its active persons, else the residents of its buildings, else the population of its zones.
double residents_of(const City& city);

}  // namespace citytwin
