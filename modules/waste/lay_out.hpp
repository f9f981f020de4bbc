#pragma once
// The waste department's static sets: bins, sites, trucks. From its tables where the scenario names them, else laid out from the
// city: one bin a street link and fraction for the people along it, sites where the city has a landfill, trucks by what people make.
#include "core/module/registry.hpp"

namespace citytwin::waste {

/// Adds the sets `bin`, `waste_site`, `truck` and the columns building.bin_FRACTION.
void lay_out(CityBuilder& builder);

/// A column of whichever number type as doubles; zeros where the set hasn't got it.
std::vector<double> numbers_of(const EntitySet& set, std::string_view column);

}  // namespace citytwin::waste
