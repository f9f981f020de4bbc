#pragma once
// The books of an engine as rows of the run folder's files.
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/module/bookkeeping.hpp"
#include "core/output/run_record.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {

std::vector<KpiRow> kpi_rows(const Books& books);
std::vector<LedgerRow> ledger_rows(const Books& books);
/// The balances of each local day.
std::vector<LedgerDayRow> ledger_day_rows(const Books& books, const Calendar& calendar);
/// Modules' warnings and the import's issues.
std::vector<WarningRow> warning_rows(const Books& books, const std::vector<Diagnostic>& input_warnings);

}  // namespace citytwin
