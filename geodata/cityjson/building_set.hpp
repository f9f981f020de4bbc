#pragma once
// A measured model as a city's set `building`, its figures as the section "buildings" of `city info --json`, its findings as issues.
#include <map>
#include <string>

#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"
#include "geodata/cityjson/city_model.hpp"
#include "geodata/cityjson/measures.hpp"
#include "geodata/cityjson/placement.hpp"

namespace citytwin::geodata::cityjson {

void store_buildings(City& city, const CityModel& model, const Measures& measures, const Placement& placement, const std::map<std::string, std::string>& options, Arena& arena);

/// The section's JSON text; its keys and their meaning are those of city.md section 3.
std::string building_figures(const CityModel& model, const Measures& measures);
void report_findings(City& city, const CityModel& model, const Measures& measures);

}  // namespace citytwin::geodata::cityjson
