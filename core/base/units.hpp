#pragma once
// Units at the edge: SI inside, UDUNITS-2 for everything a user writes ("50 km/h", "2.5 MW", "15 min").
#include <string>
#include <string_view>

namespace citytwin {

/// True if UDUNITS knows the unit.
bool is_unit(std::string_view unit);
/// True if the two units differ at most by a conversion ("km/h" and "m/s").
bool are_convertible(std::string_view from, std::string_view to);
/// True if the units mean the same ("m3/s" and "m^3 s-1").
bool is_same_unit(std::string_view a, std::string_view b);
/// Throws InputError CT-UNIT-001/002 when a unit is unknown or the two don't fit.
double convert(double value, std::string_view from, std::string_view to);
/// "50 km/h" in `unit` (here m/s: 13.888…). A bare number where `unit` isn't "1" is an error, and says so.
/// Throws InputError CT-UNIT-00x without a place; callers add theirs.
double parse_quantity(std::string_view text, std::string_view unit);

}  // namespace citytwin
