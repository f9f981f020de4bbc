#include "core/distributed/sweep_summary.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "core/base/csv.hpp"
#include "core/evaluation/samples.hpp"
#include "core/output/run_folder.hpp"

namespace citytwin {
namespace {

struct RunFigures {
    SweepRunStatus status;
    std::map<std::string, double> values;
};

std::string label_in(const SweepEntry& entry, const std::string& column) {
    const auto found = std::find_if(entry.labels.begin(), entry.labels.end(), [&](const auto& label) { return label.first == column; });
    return found == entry.labels.end() ? std::string() : found->second;
}

PointFigure figure_of(std::size_t point, const std::string& kpi, const std::string& unit, const std::vector<double>& values) {
    PointFigure figure;
    figure.point = point;
    figure.kpi = kpi;
    figure.unit = unit;
    figure.seeds = values.size();
    if (values.empty()) return figure;
    figure.mean = evaluation::mean(values);
    figure.deviation = std::sqrt(evaluation::variance(values));
    const auto quantile = [&](double p) { return evaluation::quantile(values, p); };
    figure.min = quantile(0), figure.q05 = quantile(0.05), figure.q25 = quantile(0.25), figure.median = quantile(0.5);
    figure.q75 = quantile(0.75), figure.q95 = quantile(0.95), figure.max = quantile(1);
    return figure;
}

void write_runs(const SweepFolder& folder, const SweepSummary& summary, const std::vector<RunFigures>& runs, const std::string& path) {
    std::vector<std::string> header{"run", "point", "replication", "seed"};
    header.insert(header.end(), folder.columns().begin(), folder.columns().end());
    header.insert(header.end(), {"state", "state_hash"});
    header.insert(header.end(), summary.kpis.begin(), summary.kpis.end());
    CsvWriter csv(path, header);
    for (const SweepEntry& entry : folder.entries()) {
        const RunFigures& run = runs[entry.number - 1];
        csv.integer(static_cast<std::int64_t>(entry.number)).integer(static_cast<std::int64_t>(entry.point)).integer(static_cast<std::int64_t>(entry.replication));
        csv.integer(static_cast<std::int64_t>(entry.seed));
        for (const auto& column : folder.columns()) csv.text(label_in(entry, column));
        csv.text(name_of(run.status.state)).text(run.status.state_hash);
        for (const auto& kpi : summary.kpis) {
            const auto found = run.values.find(kpi);
            csv.number(found == run.values.end() ? std::nan("") : found->second);
        }
        csv.end_row();
    }
    csv.commit();
}

void write_points(const SweepFolder& folder, const SweepSummary& summary, const std::string& path) {
    std::vector<std::string> header{"point"};
    header.insert(header.end(), folder.columns().begin(), folder.columns().end());
    for (const char* name : {"kpi", "unit", "seeds", "mean", "standard_deviation", "min", "q05", "q25", "median", "q75", "q95", "max"}) header.emplace_back(name);
    std::map<std::size_t, const SweepEntry*> first;
    for (const SweepEntry& entry : folder.entries()) first.emplace(entry.point, &entry);
    CsvWriter csv(path, header);
    for (const PointFigure& f : summary.figures) {
        csv.integer(static_cast<std::int64_t>(f.point));
        for (const auto& column : folder.columns()) csv.text(label_in(*first.at(f.point), column));
        csv.text(f.kpi).text(f.unit).integer(static_cast<std::int64_t>(f.seeds));
        for (const double value : {f.mean, f.deviation, f.min, f.q05, f.q25, f.median, f.q75, f.q95, f.max}) csv.number(value);
        csv.end_row();
    }
    csv.commit();
}

}  // namespace

std::string points_path(const std::string& path) {
    const std::filesystem::path whole(path);
    return (whole.parent_path() / (whole.stem().string() + "_points" + whole.extension().string())).string();
}

SweepSummary merge_sweep(const SweepFolder& folder, const std::string& path) {
    SweepSummary summary;
    std::vector<RunFigures> runs;
    std::map<std::string, std::string> units;
    for (const SweepEntry& entry : folder.entries()) {
        RunFigures& run = runs.emplace_back(RunFigures{folder.status_of(entry.number), {}});
        ++summary.runs;
        if (run.status.state != SweepState::finished) continue;
        ++summary.finished;
        for (const KpiRow& kpi : read_kpis(folder.folder_of(entry.number))) {
            if (units.emplace(kpi.id, kpi.unit).second) summary.kpis.push_back(kpi.id);
            if (kpi.value) run.values[kpi.id] = *kpi.value;
        }
    }
    std::map<std::size_t, std::vector<std::size_t>> numbers_of;
    for (const SweepEntry& entry : folder.entries()) numbers_of[entry.point].push_back(entry.number);
    for (const auto& [point, numbers] : numbers_of) {
        for (const auto& kpi : summary.kpis) {
            std::vector<double> values;
            for (const std::size_t number : numbers) {
                const auto found = runs[number - 1].values.find(kpi);
                if (found != runs[number - 1].values.end()) values.push_back(found->second);
            }
            if (!values.empty()) summary.figures.push_back(figure_of(point, kpi, units[kpi], values));
        }
    }
    write_runs(folder, summary, runs, path);
    write_points(folder, summary, points_path(path));
    return summary;
}

}  // namespace citytwin
