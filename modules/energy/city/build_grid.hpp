#pragma once
// The module's first face: lays the grid along the streets, or takes the user's, and hangs the consumers on it.
#include "core/module/registry.hpp"

namespace citytwin::energy {

void build_grid(CityBuilder& builder);

}  // namespace citytwin::energy
