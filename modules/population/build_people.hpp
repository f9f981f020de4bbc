#pragma once
// The population's first face: people from the city's zones and buildings, and what couldn't be placed, by cause.
#include "core/module/registry.hpp"

namespace citytwin::population {

void build_people(CityBuilder& builder);

}  // namespace citytwin::population
