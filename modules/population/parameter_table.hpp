#pragma once
// The population's parameters under the names that scenarios use, once for build() and once for the module's description.
#include "core/module/setup.hpp"
#include "modules/population/model/parameters.hpp"

namespace citytwin::population {

/// What a scenario says; the seed is the scenario's.
Parameters read_parameters(ParameterSource& source, std::uint64_t seed);
/// Declares all of them (`citytwin modules population`, the schema) and returns the values.
Parameters declare_parameters(Setup& setup);

}  // namespace citytwin::population
