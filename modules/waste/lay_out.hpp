#pragma once
// The waste department's static sets: bins, sites, trucks. From its tables where the scenario names them, else laid out from the
// city: one bin a street link and fraction for the people along it, sites where the city has a landfill, trucks by what people make.
#include "core/module/registry.hpp"

namespace citytwin::waste {

/// Adds the sets `bin`, `waste_site`, `truck` and the columns building.bin_FRACTION.
void lay_out(CityBuilder& builder);

}  // namespace citytwin::waste
