#pragma once
// From a city description to a city: the registry's readers for each part, then each module's build().
#include <memory>
#include <string>
#include <vector>

#include "core/city/city.hpp"
#include "core/module/registry.hpp"
#include "core/scenario/city_description.hpp"

namespace citytwin {

/// Reads roads, zones, buildings and places, or generates, or opens a cached city. Throws InputError: no reader for a file
/// (CT-CITY-030, exit 3, naming what can be read), and whatever the readers find.
City read_described_city(const CityDescription& description, Arena& arena, DiagnosticList& diagnostics);

/// The files that a description names: inputs of the run, for inputs.lock.
std::vector<std::string> files_of(const CityDescription& description);

}  // namespace citytwin
