#pragma once
// Refuses what no network can be laid for.
#include "geodata/layout/utility_input.hpp"

namespace citytwin::geodata {

/// Throws InputError CT-LAYOUT-001 (no streets or no consumers) or CT-LAYOUT-002 (columns that don't fit).
void check_layout_input(const UtilityInput& input);

}  // namespace citytwin::geodata
