#pragma once
// Recorded fields over time as charts: the mean over a set's entities, base and run, inline SVG with the figures beside it.
#include <string>
#include <vector>

#include "core/study/compare.hpp"

namespace citytwin {

/// Charts of up to `most` fields that the runs recorded, with means over the runs of a side; empty if nothing was recorded.
std::string time_series(const std::vector<StudyRun>& runs, const std::vector<StudyRun>& base, std::size_t most = 12);

}  // namespace citytwin
