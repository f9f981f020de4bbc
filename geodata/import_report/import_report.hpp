#pragma once
// What an import says about itself: import_report.json and the text a person reads (city.md section 7).
#include <string>

#include "core/city/city.hpp"

namespace citytwin::geodata {

/// Sets or replaces one section ("network", "buildings", …) of `city.info_json`; `json` is the section's JSON text.
void set_info_section(City& city, const std::string& section, const std::string& json);
/// Recomputes the section "import" {defaulted, repaired, dropped: {cause: {count, share, km}}} from `city.issues`. Call it last.
void refresh_import_info(City& city);

/// The whole report as JSON: summary, sources, crs, issues (errors first, then by affected length and count).
std::string import_report_json(const City& city);
/// The same for people: first lines km, edges, nodes, kept share, defaulted shares, missing refs, CRS; then the issues.
std::string import_report_text(const City& city);

}  // namespace citytwin::geodata
