#pragma once
// The report's tables as HTML: readable without the script. Every text from the data is escaped.
#include <string>
#include <vector>

#include "core/city/city.hpp"
#include "core/study/compare.hpp"

namespace citytwin {

std::string kpi_table(const std::vector<KpiRow>& kpis);
/// The base beside one run: difference, per cent, verdict in words.
std::string comparison_table(const Comparison& comparison);
std::string ledger_table(const std::vector<LedgerRow>& ledgers);
std::string warning_table(const std::vector<WarningRow>& warnings);
std::string import_table(const std::vector<ImportIssue>& issues);
std::string provenance_tables(const StudyRun& run, const std::vector<InputFile>& inputs);

}  // namespace citytwin
