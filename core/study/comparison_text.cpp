// An EnsembleComparison as a table for the terminal, as JSON and as CSV.
#include <fmt/format.h>

#include <cmath>

#include "core/base/csv.hpp"
#include "core/output/json_text.hpp"
#include "core/study/aligned.hpp"
#include "core/study/compare_ensembles.hpp"
#include "core/study/figures.hpp"
#include "core/study/verdict_text.hpp"

namespace citytwin {
namespace {

std::string interval_text(const evaluation::Difference& d) {
    return d.has_interval ? fmt::format("[{}, {}]", signed_figure_text(d.interval.low), signed_figure_text(d.interval.high)) : "-";
}

std::string p_text(double p) { return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p); }

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json json_of(const PairedKpi& figure) {
    const auto& d = figure.difference;
    Json row = {{"status", figure.status}, {"pairs", d.pairs}, {"verdict", figure.verdict}, {"coverage", figure.coverage}};
    if (!figure.reason.empty()) row["reason"] = figure.reason;
    if (d.pairs == 0) return row;
    row["base_mean"] = d.base_mean;
    row["run_mean"] = d.plan_mean;
    row["difference"] = d.mean;
    row["difference_percent"] = figure.difference_percent ? Json(*figure.difference_percent) : Json();
    row["identical_in_all_seeds"] = d.identical;
    if (d.pairs < 2) return row;
    row["deviation"] = d.deviation;
    row["p"] = d.p;
    row["p_adjusted"] = figure.p_adjusted;
    row["correlation"] = number(d.correlation);
    row["variance_ratio"] = number(d.variance_ratio);
    if (!d.has_interval) return row;
    row["interval_95"] = {d.interval.low, d.interval.high};
    row["unpaired_interval_95"] = {d.unpaired.low, d.unpaired.high};
    return row;
}

Json json_of(const EnsembleRun& run) {
    Json one = {{"folder", run.folder}, {"label", run.label}, {"seeds", run.seeds}, {"dropped", run.dropped}, {"changes", run.changes}, {"kpis", Json::array()}, {"who_loses", Json::array()}};
    for (const EnsembleKpi& kpi : run.kpis) {
        Json row = {{"id", kpi.id}, {"name", kpi.name}, {"unit", kpi.unit}, {"more_is", kpi.more_is}};
        row.update(json_of(kpi.city));
        for (const GroupDifference& group : kpi.groups) {
            Json of_group = {{"by", group.by}, {"group", group.group}, {"persons", group.persons}};
            of_group.update(json_of(group.figure));
            row["groups"].push_back(std::move(of_group));
        }
        one["kpis"].push_back(std::move(row));
    }
    for (const Losers& losers : run.losers) {
        one["who_loses"].push_back({{"kpi", losers.kpi}, {"by", losers.by}, {"groups", losers.groups}, {"of_groups", losers.of}, {"persons", losers.persons}, {"of_persons", losers.of_persons},
                                    {"worst_group", losers.worst_group}, {"worst_percent", losers.worst_percent}, {"though_better_on_the_whole", losers.though_better}, {"sentence", sentence_of(losers)}});
    }
    return one;
}

void write_row(CsvWriter& csv, const EnsembleRun& run, const EnsembleKpi& kpi, const std::string& by, const std::string& group, const PairedKpi& figure) {
    const auto& d = figure.difference;
    const double none = std::nan("");
    csv.text(run.label).text(kpi.id).text(kpi.unit).text(by).text(group).integer(static_cast<std::int64_t>(d.pairs));
    for (const double mean : {d.base_mean, d.plan_mean, d.mean}) csv.number(d.pairs == 0 ? none : mean);
    csv.number(d.has_interval ? d.interval.low : none).number(d.has_interval ? d.interval.high : none).number(d.pairs < 2 ? none : figure.p_adjusted);
    csv.number(figure.coverage).text(figure.verdict).text(figure.status).text(figure.reason);
    csv.end_row();
}

}  // namespace

std::string EnsembleComparison::table() const {
    std::string text;
    for (const EnsembleRun& run : runs) {
        text += fmt::format("{} against {}, {} seeds {}\n", run.label, base_label, run.seeds.size(), unpaired ? "unpaired" : "in common");
        for (const Losers& losers : run.losers) {
            if (losers.though_better) text += "  " + sentence_of(losers) + "\n";
        }
        std::vector<std::vector<std::string>> rows{{"KPI", "base", "run", "difference", "%", "95 % interval", "p adj.", "unit", "verdict"}};
        for (const EnsembleKpi& kpi : run.kpis) {
            const auto& d = kpi.city.difference;
            if (d.pairs == 0) {
                rows.push_back({kpi.id, "-", "-", "-", "-", "-", "-", kpi.unit, fmt::format("{}: {}", kpi.city.status, kpi.city.reason)});
                continue;
            }
            rows.push_back({kpi.id, figure_text(d.base_mean), figure_text(d.plan_mean), signed_figure_text(d.mean), kpi.city.difference_percent ? fmt::format("{:+.2f}", *kpi.city.difference_percent) : "-",
                            interval_text(d), d.pairs < 2 ? "-" : p_text(kpi.city.p_adjusted), kpi.unit,
                            kpi.city.verdict + (d.identical && d.pairs > 1 ? ", identical in all seeds" : "") + (kpi.id == headline ? " (headline)" : "")});
        }
        text += aligned(rows);
        for (const Losers& losers : run.losers) {
            if (!losers.though_better) text += "  " + sentence_of(losers) + "\n";
        }
        text += "\n";
    }
    return text;
}

std::string EnsembleComparison::json() const {
    Json json = {{"base", {{"folder", base_folder}, {"label", base_label}}}, {"headline", headline}, {"runs", Json::array()}, {"remarks", remarks}};
    for (const EnsembleRun& run : runs) json["runs"].push_back(json_of(run));
    return json_text(json);
}

void EnsembleComparison::write_csv(const std::string& path) const {
    CsvWriter csv(path, {"run", "kpi", "unit", "by", "group", "pairs", "base_mean", "run_mean", "difference", "interval_low", "interval_high", "p_adjusted", "coverage", "verdict", "status", "reason"});
    for (const EnsembleRun& run : runs) {
        for (const EnsembleKpi& kpi : run.kpis) {
            write_row(csv, run, kpi, "", "", kpi.city);
            for (const GroupDifference& group : kpi.groups) write_row(csv, run, kpi, group.by, group.group, group.figure);
        }
    }
    csv.commit();
}

}  // namespace citytwin
