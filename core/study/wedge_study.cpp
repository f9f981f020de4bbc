#include "core/study/wedge_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "core/base/csv.hpp"
#include "core/output/json_text.hpp"

namespace citytwin {
namespace {

struct Read {
    WedgeStudy study;
    evaluation::WedgePlan plan;
    std::vector<double> outcome;   ///< empty = the file has none
};

std::size_t number_of(std::vector<std::string>& names, std::string_view name) {
    const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (at == names.size()) names.emplace_back(name);
    return at;
}

Read read_plan(const std::string& file) {
    Read read;
    CsvReader csv(file);
    const std::size_t cluster = csv.column("cluster"), period = csv.column("period"), dose = csv.column("dose");
    const auto outcome = csv.find("outcome");
    struct Cell {
        double dose, outcome;
        std::size_t line;
    };
    std::map<std::pair<std::size_t, std::size_t>, Cell> cells;
    while (csv.next()) {
        const std::pair at{number_of(read.study.clusters, csv.text(cluster)), number_of(read.study.periods, csv.text(period))};
        const double given = csv.number(dose);
        if (given < 0 || given > 1) fail("CT-WEDGE-002", csv.place(dose), fmt::format("the dose is {}, expected 0 to 1", given));
        if (!cells.emplace(at, Cell{given, outcome ? csv.number(*outcome) : 0, csv.line()}).second) fail("CT-WEDGE-001", csv.place(cluster), fmt::format("cluster '{}' has period '{}' twice", csv.text(cluster), csv.text(period)));
    }
    read.plan.clusters = read.study.clusters.size();
    read.plan.periods = read.study.periods.size();
    for (std::size_t i = 0; i < read.plan.clusters; ++i) {
        double before = 0;
        for (std::size_t j = 0; j < read.plan.periods; ++j) {
            const auto found = cells.find({i, j});
            if (found == cells.end()) fail("CT-WEDGE-001", {file}, fmt::format("cluster '{}' has no row for period '{}'", read.study.clusters[i], read.study.periods[j]), "each cluster has a row for each period, untreated ones with dose 0");
            if (found->second.dose < before) fail("CT-WEDGE-002", {file, found->second.line}, fmt::format("cluster '{}' is treated less in '{}' than before", read.study.clusters[i], read.study.periods[j]), "a stepped wedge takes nothing back");
            before = found->second.dose;
            read.plan.dose.push_back(found->second.dose);
            if (outcome) read.outcome.push_back(found->second.outcome);
        }
    }
    if (read.plan.clusters == 0) fail("CT-WEDGE-001", {file}, "the file has no rows");
    return read;
}

}  // namespace

WedgeVariances wedge_variances(const evaluation::WedgePlan& plan, const std::vector<double>& outcome) {
    const std::size_t n = plan.clusters, t = plan.periods;
    const auto centred = [&](const auto& value) {   // less the means of its cluster and period
        std::vector<double> rows(n, 0), columns(t, 0), left(n * t);
        double all = 0;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < t; ++j) {
                rows[i] += value(i, j) / static_cast<double>(t);
                columns[j] += value(i, j) / static_cast<double>(n);
                all += value(i, j) / static_cast<double>(n * t);
            }
        }
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < t; ++j) left[i * t + j] = value(i, j) - rows[i] - columns[j] + all;
        }
        return left;
    };
    const auto x = centred([&](std::size_t i, std::size_t j) { return plan.at(i, j); }), y = centred([&](std::size_t i, std::size_t j) { return outcome[i * t + j]; });
    double xx = 0, xy = 0;
    for (std::size_t k = 0; k < x.size(); ++k) xx += x[k] * x[k], xy += x[k] * y[k];
    const double theta = xx > 0 ? xy / xx : 0;
    double squares = 0;
    for (std::size_t k = 0; k < x.size(); ++k) squares += (y[k] - theta * x[k]) * (y[k] - theta * x[k]);
    const double freedom = static_cast<double>((n - 1) * (t - 1)) - 1;
    WedgeVariances found;
    found.within = freedom > 0 ? squares / freedom : 0;
    // what is left of the clusters' means without the treatment varies by between + within / periods
    std::vector<double> mean(n, 0);
    double all = 0, spread = 0;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < t; ++j) mean[i] += (outcome[i * t + j] - theta * plan.at(i, j)) / static_cast<double>(t);
        all += mean[i] / static_cast<double>(n);
    }
    for (const double one : mean) spread += (one - all) * (one - all) / static_cast<double>(n - 1);
    found.between = std::max(0.0, spread - found.within / static_cast<double>(t));
    return found;
}

WedgeStudy wedge_study(const WedgeOptions& options) {
    Read read = read_plan(options.file);
    WedgeStudy& study = read.study;
    if (!read.outcome.empty() && read.plan.clusters < 3) fail("CT-WEDGE-003", {options.file}, fmt::format("{} clusters, a stepped wedge needs at least 3", read.plan.clusters));
    if (options.within && options.between) {
        study.within = *options.within;
        study.between = *options.between;
    } else if (!read.outcome.empty()) {
        const WedgeVariances found = wedge_variances(read.plan, read.outcome);
        study.within = options.within.value_or(found.within);
        study.between = options.between.value_or(found.between);
        study.variances_estimated = true;
    } else {
        fail("CT-WEDGE-004", {options.file}, "without outcomes the variances must be given", "--within and --between, from earlier periods or an A/A run");
    }
    if (!(study.within > 0)) fail("CT-WEDGE-003", {options.file}, fmt::format("the variance within clusters is {}: nothing varies", study.within));
    try {
        study.variance = evaluation::wedge_variance(read.plan, study.within, study.between);
        if (options.effect) study.power = evaluation::wedge_power(*options.effect, study.variance);
        if (!read.outcome.empty()) study.estimate = evaluation::wedge_estimate(read.plan, read.outcome, study.within, study.between, options.seed);
    } catch (const std::invalid_argument& error) {
        fail("CT-WEDGE-003", {options.file}, error.what(), "let clusters start in different periods");
    }
    if (read.plan.clusters < 30 && study.estimate) study.remarks.push_back("fewer than 30 clusters: the permutation test is to be preferred to t");
    return study;
}

std::string WedgeStudy::text() const {
    std::string out = fmt::format("{} clusters, {} periods; variance within {:.6g}, between {:.6g}{}; standard error of the effect {:.6g}\n", clusters.size(), periods.size(), within, between, variances_estimated ? " (estimated)" : "", std::sqrt(variance));
    if (power) out += fmt::format("power at 5 %, two-sided: {:.3f}\n", *power);
    if (estimate) {
        out += fmt::format("effect {:.6g} [{:.6g}, {:.6g}], t = {:.3f}, p = {:.4f} ({} degrees of freedom); permutation test over {} orders of the clusters: p = {:.4f}\n", estimate->theta, estimate->low, estimate->high, estimate->t, estimate->p, clusters.size() - 2,
                           estimate->permutations, estimate->permutation_p);
    }
    return out;
}

std::string WedgeStudy::json() const {
    Json json = {{"clusters", clusters}, {"periods", periods}, {"variance_within", within}, {"variance_between", between}, {"variances_estimated", variances_estimated}, {"variance_of_effect", variance}, {"power", power ? Json(*power) : Json()}, {"remarks", remarks}};
    if (estimate) {
        json["effect"] = {{"theta", estimate->theta}, {"standard_error", estimate->standard_error}, {"t", estimate->t}, {"p", estimate->p}, {"interval_95", {estimate->low, estimate->high}},
                          {"permutation_p", estimate->permutation_p}, {"permutations", estimate->permutations}, {"all_orders", estimate->permutations_complete}};
    }
    return json_text(json);
}

}  // namespace citytwin
