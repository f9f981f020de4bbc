#pragma once
// What a comparison says in sentences: the first lines of a report, for somebody who reads no further.
#include <string>
#include <vector>

#include "core/study/compare.hpp"
#include "core/study/compare_ensembles.hpp"

namespace citytwin {

/// Of single runs: counts and the largest changes; says that luck is in them.
std::vector<std::string> verdict_sentences(const Comparison& comparison);
/// Of ensembles: the headline first, who loses though the whole gains, what got better and worse beyond its interval, what isn't decided.
std::vector<std::string> verdict_sentences(const EnsembleRun& run, const std::string& headline, bool unpaired = false);
std::string sentence_of(const Losers& losers);
/// The same without the verdict, for a list of one verdict.
std::string change_of(const EnsembleKpi& kpi);
/// "travel_time_p90 rises by 2.1 min (+8.3 %; 95 % interval +1.8 to +2.4): worse".
std::string sentence_of(const EnsembleKpi& kpi);

}  // namespace citytwin
