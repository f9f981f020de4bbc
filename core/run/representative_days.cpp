#include "core/run/representative_days.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/base/hash.hpp"
#include "core/output/run_folder.hpp"
#include "core/scenario/time_value.hpp"

namespace citytwin {
namespace {

std::string words_for(const std::vector<RepresentativeDay>& days) {
    std::string text;
    for (const auto& day : days) text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", day.date, day.weight);
    return text;
}

RunOptions options_of_day(const RunOptions& options, const RepresentativeDay& day, const std::string& folder) {
    RunOptions one = options;
    one.output = folder + "/day-" + day.date;
    one.resume = options.resume && std::filesystem::exists(one.output);
    one.overrides.until.reset();
    one.overrides.edit = [before = options.overrides.edit, day](Value& root) {
        if (before) before(root);
        root.table()->erase("days");
        root.table()->set("start", utc_value(day.begin));
        root.table()->set("end", utc_value(day.end));
    };
    return one;
}

RunOutcome outcome_of_finished(const std::string& folder) {
    RunOutcome outcome;
    outcome.folder = folder;
    outcome.record = read_run_record(folder);
    outcome.kpis = read_kpis(folder);
    outcome.ledgers = read_ledgers(folder);
    outcome.warnings = read_warnings(folder);
    return outcome;
}

bool is_finished(const std::string& folder) { return std::filesystem::exists(folder + "/run.json") && read_run_record(folder).status == RunStatus::finished; }

/// A finished day of the folder's earlier start is taken as it is, if it was of this scenario.
RunOutcome run_or_take(const RunOptions& one, bool force) {
    if (!one.resume || !is_finished(one.output)) return run_scenario(one);
    RunOutcome outcome = outcome_of_finished(one.output);
    if (!force && outcome.record.scenario_hash != Scenario::load(one.scenario, one.overrides).hash()) {
        fail("CT-RUN-021", {one.output}, "the finished day is of another scenario", "run into another folder, or take it as it is with --force");
    }
    return outcome;
}

/// Value of a row by its name among another day's, or nothing.
template <class Rows, class Same>
auto find_row(Rows& rows, Same&& same) {
    return std::find_if(rows.begin(), rows.end(), same);
}

}  // namespace

std::vector<KpiRow> weighted_kpis(const std::vector<std::vector<KpiRow>>& by_day, const std::vector<RepresentativeDay>& days) {
    double all = 0;
    for (const auto& day : days) all += day.weight;
    std::vector<KpiRow> result = by_day.front();
    for (KpiRow& whole : result) {
        double value = 0, coverage = 0;
        std::vector<double> group_values(whole.groups.size(), 0), details(whole.details.size(), 0);
        std::vector<std::uint8_t> group_whole(whole.groups.size(), 1), detail_whole(whole.details.size(), 1);
        std::string lacking, why;
        for (std::size_t d = 0; d < days.size(); ++d) {
            const double share = days[d].weight / all;
            const auto row = find_row(by_day[d], [&](const KpiRow& r) { return r.id == whole.id; });
            if (row == by_day[d].end() || !row->value) {
                lacking = days[d].date;
                why = row == by_day[d].end() ? "the run didn't make it" : row->reason;
                continue;
            }
            value += share * *row->value;
            coverage += share * row->coverage;
            for (std::size_t g = 0; g < whole.groups.size(); ++g) {
                const auto group = find_row(row->groups, [&](const KpiGroup& r) { return r.by == whole.groups[g].by && r.group == whole.groups[g].group; });
                if (group == row->groups.end()) group_whole[g] = 0;
                else group_values[g] += share * group->value;
            }
            for (std::size_t k = 0; k < whole.details.size(); ++k) {
                const auto detail = find_row(row->details, [&](const auto& r) { return r.first == whole.details[k].first; });
                if (detail == row->details.end()) detail_whole[k] = 0;   // a mean over some of the days would pass for one over all
                else details[k] += share * detail->second;
            }
        }
        whole.formula += "; mean of the representative days by weight";
        if (!lacking.empty()) {
            whole.value.reset();
            if (whole.status == "ok") whole.status = "undefined";
            whole.reason = fmt::format("no figure on {}: {}", lacking, why);
            whole.groups.clear();
            whole.details.clear();
            continue;
        }
        whole.value = value;
        whole.coverage = coverage;
        std::vector<KpiGroup> groups;
        for (std::size_t g = 0; g < whole.groups.size(); ++g) {
            if (group_whole[g] == 0) continue;
            groups.push_back(whole.groups[g]);
            groups.back().value = group_values[g];
        }
        whole.groups = std::move(groups);
        std::vector<std::pair<std::string, double>> all_details;
        for (std::size_t k = 0; k < whole.details.size(); ++k) {
            if (detail_whole[k] != 0) all_details.emplace_back(whole.details[k].first, details[k]);
        }
        whole.details = std::move(all_details);
    }
    return result;
}

RunOutcome run_representative_days(const RunOptions& options, const Scenario& scenario) {
    if (options.resume && is_finished(options.output)) fail("CT-RUN-020", {options.output}, "the run is finished: there is nothing to resume", "run again without --resume into another folder");
    const RunFolder folder({options.output, "runs", scenario.name, scenario.hash(), "", options.resume, options.force});
    std::vector<std::vector<KpiRow>> kpis;
    RunOutcome whole;
    std::string hashes;
    RunRecord record;
    Microseconds simulated = 0;
    std::uint64_t steps = 0;
    double wall_s = 0;
    for (const auto& day : scenario.days) {
        const RunOptions one = options_of_day(options, day, folder.path());
        RunOutcome outcome = run_or_take(one, options.force);
        hashes += outcome.record.state_hash;
        simulated += outcome.record.simulated_us;
        steps += outcome.record.steps;
        wall_s += outcome.record.wall_s;
        if (kpis.empty()) record = outcome.record;
        record.status = outcome.record.status;
        record.error = outcome.record.error;
        record.exit_code = outcome.record.exit_code;
        record.ended_utc = outcome.record.ended_utc;
        record.peak_memory_bytes = std::max(record.peak_memory_bytes, outcome.record.peak_memory_bytes);
        kpis.push_back(std::move(outcome.kpis));
        for (auto& notice : outcome.notices) whole.notices.push_back(day.date + ": " + notice);
        for (auto& warning : outcome.warnings) {
            const auto known = find_row(whole.warnings, [&](const WarningRow& w) { return w.code == warning.code && w.cause == warning.cause && w.module == warning.module; });
            if (known == whole.warnings.end()) whole.warnings.push_back(std::move(warning));
            else known->count += warning.count;
        }
        whole.exit = outcome.exit;
        if (outcome.exit != ExitCode::done) break;
    }
    record.scenario_hash = scenario.hash();
    record.start_utc = format_utc(scenario.start);
    record.end_utc = format_utc(scenario.end);
    record.days = words_for(scenario.days);
    record.city = "day-" + scenario.days.front().date + "/city.h5";
    record.state_hash = record.status == RunStatus::finished ? sha256_hex(hashes) : "";
    record.simulated_us = simulated;
    record.steps = steps;
    record.wall_s = wall_s;
    record.checkpoints.clear();
    record.timings_s.clear();
    if (record.status == RunStatus::finished) {
        whole.kpis = weighted_kpis(kpis, scenario.days);
        folder.write_kpis(whole.kpis);
        folder.write_ledgers({});   // each day balances by itself
        folder.write_warnings(whole.warnings);
    }
    folder.write_record(record);
    whole.folder = folder.path();
    whole.record = std::move(record);
    return whole;
}

}  // namespace citytwin
