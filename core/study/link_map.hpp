#pragma once
// The data of the report's map: road links with what was recorded of them, frame by frame, as JSON for the page.
#include <string>
#include <vector>

#include "core/city/city.hpp"
#include "core/study/compare.hpp"

namespace citytwin {

struct LinkMap {
    std::string json;          ///< empty if there is no map
    std::string why_missing;   ///< then: a sentence
    std::vector<std::string> remarks;
};

/// Means over the runs of a side (the seeds of an ensemble); `base` may be empty. `city_file` is where the city was read from, for what is
/// said when it doesn't fit.
LinkMap make_link_map(const std::vector<StudyRun>& runs, const std::vector<StudyRun>& base, const City& city, const std::string& city_file);

}  // namespace citytwin
