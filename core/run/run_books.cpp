#include "core/run/run_books.hpp"

namespace citytwin {
namespace {

const char* direction(Kpi::Better better) {
    switch (better) {
        case Kpi::Better::more: return "better";
        case Kpi::Better::less: return "worse";
        default: return "neutral";
    }
}

LedgerRow row_of(const Ledger& ledger) {
    LedgerRow row;
    row.module = ledger.module;
    row.quantity = ledger.quantity;
    row.unit = ledger.unit;
    row.in = ledger.in;
    row.out = ledger.out;
    row.stored = ledger.stored - ledger.stored_at_start;
    row.stored_at_start = ledger.stored_at_start;
    row.lost = ledger.lost;
    row.adjusted = ledger.adjusted;
    row.closing_error = ledger.closing_error();
    return row;
}

}  // namespace

std::vector<KpiRow> kpi_rows(const Books& books) {
    std::vector<KpiRow> rows;
    for (const Kpi* kpi : books.kpis()) {
        KpiRow row;
        row.id = kpi->id;
        row.name = kpi->name;
        row.unit = kpi->unit;
        row.module = kpi->module;
        row.formula = kpi->formula;
        row.more_is = direction(kpi->better);
        row.value = kpi->value;
        row.coverage = kpi->value ? kpi->coverage : 0;
        if (!kpi->value) row.status = "undefined";
        row.reason = kpi->reason;
        row.details = kpi->details;
        for (const Kpi::Group& group : kpi->groups) row.groups.push_back({group.by, group.group, group.value, group.persons});
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<LedgerRow> ledger_rows(const Books& books) {
    std::vector<LedgerRow> rows;
    for (const Ledger* ledger : books.ledgers()) rows.push_back(row_of(*ledger));
    return rows;
}

std::vector<LedgerDayRow> ledger_day_rows(const Books& books, const Calendar& calendar) {
    std::vector<LedgerDayRow> rows;
    for (const LedgerDay& balance : books.days())
        for (const Ledger& ledger : balance.ledgers) rows.push_back({calendar.local_text(balance.end), row_of(ledger)});
    return rows;
}

std::vector<WarningRow> warning_rows(const Books& books, const std::vector<Diagnostic>& input_warnings) {
    std::vector<WarningRow> rows;
    for (const Warning* warning : books.warnings()) {
        WarningRow row;
        row.code = warning->code;
        row.module = warning->module;
        row.cause = warning->sentence;
        row.message = warning->sentence;
        row.count = warning->count;
        row.first_time_us = warning->first_time;
        row.first_entity = warning->first_entity;
        rows.push_back(std::move(row));
    }
    for (const auto& diagnostic : input_warnings) {
        WarningRow row;
        row.code = diagnostic.code;
        row.module = "input";
        row.cause = diagnostic.message;
        row.message = diagnostic.message;
        row.count = 1;
        row.hint = diagnostic.hint;
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace citytwin
