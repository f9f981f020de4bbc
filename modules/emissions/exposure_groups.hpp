#pragma once
// Who breathes it: the population-weighted concentration by groups of persons, at their homes.
#include "core/city/city.hpp"
#include "core/module/bookkeeping.hpp"
#include "modules/emissions/air_quality.hpp"

namespace citytwin::emissions {

/// Fills the KPI's groups with the mean over each group's residents of the concentration in the cell of the home, ug/m3.
void tell_exposure_groups(const City& city, const AirQuality& air, AirSubstance substance, Kpi& kpi);

}  // namespace citytwin::emissions
