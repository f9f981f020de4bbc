#pragma once
// Missing hours of a weather file: short gaps of temperature and wind are bridged and told, everything else is refused.
#include "modules/weather/read/epw.hpp"

namespace citytwin::weather {

inline constexpr std::size_t longest_gap_h = 6;

/// Missing values are not-a-number. `first_line` = lines before the first row.
void fill_gaps(EpwYear& year, const std::string& name, std::size_t first_line, DiagnosticList& errors, DiagnosticList& warnings);
/// Share of the sunshine (global) that falls in hours whose middle has the sun below the horizon: near 0 unless the hours are shifted.
double night_share(const EpwYear& year);

}  // namespace citytwin::weather
