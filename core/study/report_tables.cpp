#include "core/study/report_tables.hpp"

#include <fmt/format.h>

#include "core/study/figures.hpp"
#include "core/study/html_table.hpp"

namespace citytwin {
namespace {

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string value_or_reason(const std::optional<double>& value, const std::string& status, const std::string& reason) {
    if (value) return figure_text(*value);
    return reason.empty() ? status : status + ": " + reason;
}

/// Not by colour alone: a sign and a word.
std::string verdict_text(const std::string& verdict) {
    if (verdict == "better") return "✓ better";
    if (verdict == "worse") return "✗ worse";
    if (verdict == "same") return "= same";
    if (verdict == "changed") return "~ changed";
    return "–";
}

std::string direction_text(const std::string& more_is) { return more_is == "better" || more_is == "worse" ? "more is " + more_is : "–"; }

std::string clock_text(Microseconds t) {
    const std::int64_t s = t / second;
    return s >= 86400 ? fmt::format("day {} {:02}:{:02}:{:02}", s / 86400 + 1, s / 3600 % 24, s / 60 % 60, s % 60)
                      : fmt::format("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string details_list(const std::vector<KpiRow>& kpis) {
    std::string html;
    for (const KpiRow& kpi : kpis) {
        if (kpi.details.empty()) continue;
        HtmlTable table(kpi.name + ", by cause", {{"cause"}, {"figure", true}});
        for (const auto& [cause, figure] : kpi.details) table.row({cause, figure_text(figure)});
        html += details_of(kpi.name + ": by cause", table.html());
    }
    return html;
}

}  // namespace

std::string kpi_table(const std::vector<KpiRow>& kpis) {
    if (kpis.empty()) return "<p>The run made no KPIs.</p>\n";
    HtmlTable table("Coverage: share of entities and time with data.", {{"KPI"}, {"what it is"}, {"value", true}, {"unit"}, {"direction"}, {"coverage", true}});
    for (const KpiRow& kpi : kpis) {
        table.row({kpi.id, kpi.name, value_or_reason(kpi.value, kpi.status, kpi.reason), kpi.unit, direction_text(kpi.more_is), percent(kpi.coverage)});
    }
    return table.html() + details_list(kpis);
}

std::string comparison_table(const Comparison& comparison) {
    HtmlTable table(comparison.runs.at(1).label + " against " + comparison.runs.at(0).label,
                {{"KPI"}, {"what it is"}, {"base", true}, {"run", true}, {"difference", true}, {"%", true}, {"unit"}, {"verdict"}});
    for (const ComparedKpi& kpi : comparison.kpis) {
        const ComparedValue &base = kpi.values.at(0), &run = kpi.values.at(1);
        table.row({kpi.id, kpi.name, value_or_reason(base.value, base.status, base.reason), value_or_reason(run.value, run.status, run.reason),
                   run.difference ? signed_figure_text(*run.difference) : "–", run.difference_percent ? fmt::format("{:+.2f}", *run.difference_percent) : "–",
                   kpi.unit, verdict_text(run.verdict)});
    }
    std::string html = table.html();
    for (const std::string& remark : comparison.remarks) html += notice_of(remark);
    return html;
}

std::string ledger_table(const std::vector<LedgerRow>& ledgers) {
    if (ledgers.empty()) return "<p>No module of this run keeps a ledger.</p>\n";
    HtmlTable table("What went in must be out, stored (more at the end than at the start) or lost; the closing error is relative.",
                {{"module"}, {"quantity"}, {"unit"}, {"in", true}, {"out", true}, {"stored", true}, {"lost", true}, {"adjusted", true}, {"closing error", true}});
    for (const LedgerRow& row : ledgers) {
        table.row({row.module, row.quantity, row.unit, figure_text(row.in), figure_text(row.out), figure_text(row.stored), figure_text(row.lost),
                   figure_text(row.adjusted), figure_text(row.closing_error)});
    }
    return table.html();
}

std::string warning_table(const std::vector<WarningRow>& warnings) {
    if (warnings.empty()) return "<p>No warnings.</p>\n";
    HtmlTable table("Counted by cause, with the first place.", {{"code"}, {"module"}, {"what"}, {"count", true}, {"first at"}, {"first entity"}, {"hint"}});
    for (const WarningRow& row : warnings) {
        table.row({row.code, row.module, row.message.empty() ? row.cause : row.message, figure_text(static_cast<double>(row.count)), clock_text(row.first_time_us),
                   row.first_set.empty() ? row.first_entity : row.first_set + " " + row.first_entity, row.hint});
    }
    return table.html();
}

std::string import_table(const std::vector<ImportIssue>& issues) {
    if (issues.empty()) return "<p>The city's import reported nothing to say.</p>\n";
    HtmlTable table("What the import read, defaulted, repaired or dropped; share of all that could have been affected.",
                {{"cause"}, {"action"}, {"count", true}, {"share", true}, {"length, km", true}, {"examples"}, {"hint"}});
    for (const ImportIssue& issue : issues) {
        std::string examples;
        for (const std::string& example : issue.examples) examples += (examples.empty() ? "" : "; ") + example;
        table.row({issue.cause, issue.action, figure_text(static_cast<double>(issue.count)), issue.share > 0 ? percent(issue.share) : "–",
                   issue.length_m > 0 ? figure_text(issue.length_m / 1000) : "–", examples, issue.hint});
    }
    return table.html();
}

std::string provenance_tables(const StudyRun& run, const std::vector<InputFile>& inputs) {
    const RunRecord& r = run.record;
    HtmlTable facts("The run", {{"what"}, {"value"}});
    const std::pair<const char*, std::string> rows[] = {
        {"scenario", r.scenario}, {"scenario hash", r.scenario_hash}, {"simulated", r.start_utc + " to " + r.end_utc}, {"time zone", r.zone},
        {"seed", std::to_string(r.seed)}, {"state hash at the end", r.state_hash}, {"status", name_of(r.status)}, {"citytwin", r.version + ", build " + r.build_hash},
        {"compiler and flags", r.compiler + " " + r.build_flags}, {"instruction set", r.instruction_set}, {"threads", std::to_string(r.threads)},
        {"run from", r.started_utc + " to " + r.ended_utc}, {"wall time", figure_text(r.wall_s) + " s"},
        {"peak memory", figure_text(static_cast<double>(r.peak_memory_bytes) * 1e-6) + " MB"}, {"city file, SHA-256", r.city_sha256}};
    for (const auto& [what, value] : rows) facts.row({what, value});
    for (const std::string& change : r.changes) facts.row({"change", change});
    for (const ModuleVersion& module : r.modules) facts.row({"module", module.name + " " + module.version + (module.sha256.empty() ? "" : ", " + module.sha256)});
    HtmlTable files("Inputs", {{"file"}, {"role"}, {"bytes", true}, {"SHA-256"}});
    for (const InputFile& input : inputs) files.row({input.path, input.role, figure_text(static_cast<double>(input.size)), input.sha256});
    HtmlTable fields("Where each field came from", {{"field"}, {"unit"}, {"source"}, {"detail"}});
    for (const FieldSource& field : r.fields) fields.row({field.set + "." + field.field, field.unit, field.source, field.detail});
    return facts.html() + (inputs.empty() ? "" : files.html()) + (r.fields.empty() ? "" : "<details><summary>Fields</summary>" + fields.html() + "</details>\n");
}

}  // namespace citytwin
