#pragma once
// Names of the lines of a generated street grid, each used once: "Main Street", "Market Street", "Oak Street", "21st Avenue" …
#include <string>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin::geodata {

/// Names of all columns (streets running north) followed by all rows (running east). The central column is "Main Street",
/// the central row "Market Street", the two rows at the river the quays.
std::vector<std::string> street_names(Index columns, Index rows, Index main_column, Index main_row, Index river_row);

}  // namespace citytwin::geodata
