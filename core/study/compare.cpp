#include "core/study/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "core/output/json_text.hpp"
#include "core/study/aligned.hpp"
#include "core/study/base_population.hpp"
#include "core/study/figures.hpp"
#include "core/study/refusal.hpp"
#include "core/study/settings_beside.hpp"

namespace citytwin {
namespace {

void require_finished(const StudyRun& run) {
    if (run.record.status == RunStatus::finished) return;
    refuse_comparison(fmt::format("{} isn't finished (status {})", run.folder, name_of(run.record.status)), "go on with `citytwin run … --resume`");
}

/// A what-if may change anything by its [[change]] list; what lies under it must be the same.
void require_same(const StudyRun& base, const StudyRun& run) {
    const auto same = [&](const std::string& a, const std::string& b, const std::string& what, const std::string& hint) {
        require_equal(what, base.folder, a, run.folder, b, hint);
    };
    same(base.record.city_key, run.record.city_key, "the city", "compare runs of one city; say what differs as [[change]]");
    same(base.record.start_utc, run.record.start_utc, "the period's start", "run both over the same period");
    same(base.record.end_utc, run.record.end_utc, "the period's end", "run both over the same period");
    same(base.record.days, run.record.days, "the representative days", "run both over the same days with the same weights");
    same(base.record.demand_key, run.record.demand_key, "the demand before any change", "say a different demand as [[change]], e.g. demand = \"*1.1\"");
    same(std::to_string(base.record.seed), std::to_string(run.record.seed), "the seed", "without a common seed the difference is luck as much as effect; run both with one --seed");
}

std::vector<std::string> remarks_on(const std::vector<StudyRun>& runs) {
    std::vector<std::string> remarks;
    for (std::size_t r = 1; r < runs.size(); ++r) {
        if (runs[r].record.build_hash != runs[0].record.build_hash) {
            remarks.push_back(fmt::format("{} was made by another build than the base ({} and {}): small differences may come from that", runs[r].label,
                                          runs[r].record.build_hash, runs[0].record.build_hash));
        }
        for (const auto& sentence : settings_beside_changes(runs[0].folder, runs[r].folder)) remarks.push_back(fmt::format("{} differs beside its changes: {}", runs[r].label, sentence));
        if (!runs[r].record.state_hash.empty() && runs[r].record.state_hash == runs[0].record.state_hash) {
            remarks.push_back(fmt::format("{} ended in the same state as the base: its changes had no effect", runs[r].label));
        }
    }
    remarks.push_back("one seed a run: differences of single runs, without intervals; repeat with at least 5 seeds before deciding");
    return remarks;
}

const KpiRow* find(const std::vector<KpiRow>& kpis, const std::string& id) {
    const auto found = std::find_if(kpis.begin(), kpis.end(), [&](const KpiRow& kpi) { return kpi.id == id; });
    return found == kpis.end() ? nullptr : &*found;
}

ComparedValue value_of(const KpiRow* kpi) {
    ComparedValue value;
    if (kpi == nullptr) {
        value.status = "not_simulated";
        value.reason = "the run has no module that makes this figure";
        return value;
    }
    value.status = kpi->value ? "ok" : (kpi->status == "ok" ? "undefined" : kpi->status);
    value.reason = kpi->reason;
    value.value = kpi->value;
    value.coverage = kpi->coverage;
    return value;
}

void add_difference(const ComparedValue& base, ComparedValue& value, const std::string& more_is) {
    if (!base.value || !value.value) return;
    value.difference = *value.value - *base.value;
    if (*base.value != 0) value.difference_percent = 100 * *value.difference / std::abs(*base.value);
    const bool has_direction = more_is == "better" || more_is == "worse";
    if (*value.difference == 0) value.verdict = "same";
    else if (!has_direction) value.verdict = "changed";
    else value.verdict = (*value.difference > 0) == (more_is == "better") ? "better" : "worse";
}

ComparedKpi compared(const std::vector<StudyRun>& runs, const KpiRow& described) {
    ComparedKpi kpi{described.id, described.name, described.unit, described.more_is, {}};
    for (const StudyRun& run : runs) {
        const KpiRow* row = find(run.kpis, described.id);
        if (row != nullptr && row->unit != described.unit) {
            refuse_comparison(fmt::format("the unit of {} differs: '{}' and '{}'", described.id, described.unit, row->unit), "make both runs with the same version");
        }
        kpi.values.push_back(value_of(row));
        if (kpi.values.size() > 1) add_difference(kpi.values.front(), kpi.values.back(), described.more_is);
    }
    return kpi;
}

std::vector<ComparedKpi> compared_kpis(const std::vector<StudyRun>& runs) {
    std::vector<ComparedKpi> kpis;
    for (const StudyRun& run : runs) {  // the base's order, then what only a later run has
        for (const KpiRow& row : run.kpis) {
            const bool known = std::any_of(kpis.begin(), kpis.end(), [&](const ComparedKpi& kpi) { return kpi.id == row.id; });
            if (!known) kpis.push_back(compared(runs, row));
        }
    }
    return kpis;
}

void name_apart(std::vector<StudyRun>& runs) {
    for (StudyRun& run : runs) {
        const auto same = std::count_if(runs.begin(), runs.end(), [&](const StudyRun& other) { return other.record.name == run.record.name; });
        if (same > 1 || run.label.empty()) run.label = fmt::format("{} ({})", run.record.name, std::filesystem::path(run.folder).lexically_normal().filename().string());
    }
}

std::string cell(const ComparedValue& value) { return value.value ? figure_text(*value.value) : value.status; }

}  // namespace

Comparison compare_runs(const std::vector<std::string>& folders) {
    if (folders.size() < 2) throw std::logic_error("compare_runs needs a base and at least one run");
    Comparison comparison;
    for (const std::string& folder : folders) comparison.runs.push_back(read_run(folder));
    for (const StudyRun& run : comparison.runs) require_finished(run);
    for (const StudyRun& run : comparison.runs) require_same(comparison.runs.front(), run);
    name_apart(comparison.runs);
    for (StudyRun& run : comparison.runs) run.kpis = with_figures_over_base(run.kpis);
    comparison.kpis = compared_kpis(comparison.runs);
    drop_equal_over_base(comparison.kpis, [](const ComparedKpi& first, const ComparedKpi& second) {
        return std::equal(first.values.begin(), first.values.end(), second.values.begin(), second.values.end(), [](const ComparedValue& a, const ComparedValue& b) { return a.value == b.value; });
    });
    comparison.remarks = remarks_on(comparison.runs);
    return comparison;
}

std::string Comparison::table() const {
    std::string text;
    for (std::size_t r = 1; r < runs.size(); ++r) {
        text += fmt::format("{} against {}\n", runs[r].label, runs[0].label);
        std::vector<std::vector<std::string>> rows{{"KPI", "base", "run", "difference", "%", "unit", "verdict"}};
        for (const ComparedKpi& kpi : kpis) {
            const ComparedValue& value = kpi.values[r];
            rows.push_back({kpi.id, cell(kpi.values[0]), cell(value), value.difference ? signed_figure_text(*value.difference) : "-",
                            value.difference_percent ? fmt::format("{:+.2f}", *value.difference_percent) : "-", kpi.unit,
                            value.verdict.empty() ? (value.reason.empty() ? "no difference to give" : value.reason) : value.verdict});
        }
        text += aligned(rows) + "\n";
    }
    return text;
}

std::string Comparison::json() const {
    Json json = {{"runs", Json::array()}, {"kpis", Json::array()}, {"remarks", remarks}};
    for (const StudyRun& run : runs) {
        json["runs"].push_back({{"folder", run.folder}, {"label", run.label}, {"seed", run.record.seed}, {"state_hash", run.record.state_hash},
                                {"changes", run.record.changes}});
    }
    for (const ComparedKpi& kpi : kpis) {
        Json row = {{"id", kpi.id}, {"name", kpi.name}, {"unit", kpi.unit}, {"more_is", kpi.more_is}, {"values", Json::array()}};
        for (const ComparedValue& value : kpi.values) {
            Json one = {{"status", value.status}, {"value", nullptr}, {"coverage", value.coverage}, {"difference", nullptr},
                        {"difference_percent", nullptr}, {"verdict", value.verdict}};
            if (value.value) one["value"] = *value.value;
            if (value.difference) one["difference"] = *value.difference;
            if (value.difference_percent) one["difference_percent"] = *value.difference_percent;
            if (!value.reason.empty()) one["reason"] = value.reason;
            row["values"].push_back(std::move(one));
        }
        json["kpis"].push_back(std::move(row));
    }
    return json_text(json);
}

}  // namespace citytwin
