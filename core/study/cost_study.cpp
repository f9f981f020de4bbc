#include "core/study/cost_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/text.hpp"
#include "core/scenario/table_reader.hpp"
#include "core/study/compare_ensembles.hpp"
#include "core/study/kpi_table.hpp"

namespace citytwin {
namespace {

constexpr KeySpec file_keys[] = {
    {"currency", KeyKind::text, "", "Of all amounts: EUR, BRL …", true},
    {"prices", KeyKind::text, "", "\"real 2025\" or \"nominal\": one for all amounts", true},
    {"first_year", KeyKind::integer, "", "The first year, which isn't discounted", true},
    {"years", KeyKind::integer, "", "How many years are counted", true},
    {"rates", KeyKind::any, "", "Discount rates; 0, 0.03 and 0.07 where they aren't given"},
    {"runs_per_year", KeyKind::number, "", "How many of the simulated runs make a year (250 working days …)", true},
    {"ramp_up", KeyKind::any, "", "Share of the full benefit by year; 1 after the last"},
    {"investment", KeyKind::tables, "", "name, amount, year[, life_years]"},
    {"running_cost", KeyKind::tables, "", "name, amount a year"},
    {"benefit", KeyKind::tables, "", "name, kpi, unit_value, source"},
    {"transfer", KeyKind::tables, "", "Fares, taxes: listed, not counted"},
};
constexpr KeySpec item_keys[] = {
    {"name", KeyKind::text, "", "What it is called", true},
    {"amount", KeyKind::number, "", "In the file's currency", true},
    {"year", KeyKind::integer, "", "Calendar year; the first where it isn't given"},
    {"life_years", KeyKind::number, "", "What is left at the end counts by it, straight line"},
    {"currency", KeyKind::text, "", "Must be the file's"},
    {"prices", KeyKind::text, "", "Must be the file's"},
    {"source", KeyKind::text, "", "Where the figure is from"},
};
constexpr KeySpec benefit_keys[] = {
    {"name", KeyKind::text, "", "What it is called", true},
    {"kpi", KeyKind::text, "", "Key figure; a fall counts as a benefit where more is worse, a rise where more is better", true},
    {"trips", KeyKind::text, "", "Key figure of the number of those who bear it: the rule of half"},
    {"unit_value", KeyKind::number, "", "Currency a unit of the key figure", true},
    {"currency", KeyKind::text, "", "Must be the file's"},
    {"prices", KeyKind::text, "", "Must be the file's"},
    {"source", KeyKind::text, "", "Where the unit value is from, with its year"},
};

std::vector<double> numbers(const Value* value, const char* name, std::vector<double> otherwise) {
    if (value == nullptr) return otherwise;
    if (value->list() == nullptr) fail("CT-SCENARIO-012", value->place, fmt::format("'{}' is {}, expected a list of numbers", name, value->kind()));
    std::vector<double> all;
    for (const Value& one : *value->list()) all.push_back(number_of(one, name));
    return all;
}

class CostReader {
public:
    explicit CostReader(const std::string& file) : root_(read_toml_file(file)), top_(*root_.table(), {file}, "the cost file", file_keys, errors_) {}

    void read(CostStudy& study) {
        study.currency = top_.text("currency").value_or("");
        study.prices = top_.text("prices").value_or("");
        study.first_year = static_cast<int>(top_.integer("first_year").value_or(0));
        const auto years = top_.integer("years").value_or(1);
        if (years < 1 || years > 1000) top_.error("CT-COST-002", "years", fmt::format("'years' is {}, expected 1 to 1000", years));
        years_ = static_cast<std::size_t>(std::clamp<std::int64_t>(years, 1, 1000));
        runs_per_year = top_.number("runs_per_year").value_or(1);
        rates = numbers(top_.find("rates"), "rates", {0, 0.03, 0.07});
        for (const double rate : rates) {
            if (!(rate > -1)) top_.error("CT-COST-002", "rates", fmt::format("a discount rate is {}, expected more than -1", rate));
        }
        ramp_up = numbers(top_.find("ramp_up"), "ramp_up", {});
        for (const Value* table : top_.tables("investment")) study.investments.push_back(item(*table, study, "investment"));
        for (const Value* table : top_.tables("running_cost")) study.running.push_back(item(*table, study, "running_cost"));
        for (const Value* table : top_.tables("transfer")) study.transfers.push_back(item(*table, study, "transfer"));
        for (const Value* table : top_.tables("benefit")) study.benefits.push_back(benefit(*table, study));
        errors_.throw_if_errors();
    }

    double runs_per_year = 1;
    std::vector<double> rates, ramp_up;
    [[nodiscard]] std::size_t years() const { return years_; }

private:
    void require_one_money(TableReader& reader, const CostStudy& study) {
        for (const auto& [key, whole] : {std::pair<const char*, const std::string*>{"currency", &study.currency}, {"prices", &study.prices}}) {
            const auto own = reader.text(key);
            if (own && *own != *whole) reader.error("CT-COST-003", key, fmt::format("{} is \"{}\", the file's is \"{}\": they can't be added", key, *own, *whole), "convert the amount");
        }
    }

    CostItem item(const Value& value, const CostStudy& study, const char* where) {
        TableReader reader(*value.table(), value.place, where, item_keys, errors_);
        CostItem item;
        item.name = reader.text("name").value_or("");
        item.amount = reader.number("amount").value_or(0);
        item.source = reader.text("source").value_or("");
        item.life_years = reader.number("life_years");
        const auto year = reader.integer("year").value_or(study.first_year) - study.first_year;
        if (year < 0 || year >= static_cast<std::int64_t>(years_)) reader.error("CT-COST-002", "year", fmt::format("'{}' is outside the {} years from {}", item.name, years_, study.first_year));
        item.year = static_cast<std::size_t>(std::clamp<std::int64_t>(year, 0, static_cast<std::int64_t>(years_) - 1));
        require_one_money(reader, study);
        return item;
    }

    CostedBenefit benefit(const Value& value, CostStudy& study) {
        TableReader reader(*value.table(), value.place, "benefit", benefit_keys, errors_);
        CostedBenefit benefit;
        benefit.name = reader.text("name").value_or("");
        benefit.kpi = reader.text("kpi").value_or("");
        benefit.trips_kpi = reader.text("trips").value_or("");
        benefit.unit_value = reader.number("unit_value").value_or(0);
        benefit.source = reader.text("source").value_or("");
        if (benefit.source.empty()) study.remarks.push_back(fmt::format("the unit value of '{}' has no source", benefit.name));
        require_one_money(reader, study);
        return benefit;
    }

    DiagnosticList errors_;
    Value root_;
    TableReader top_;
    std::size_t years_ = 1;
};

/// A side's value of a figure by seed. Throws where it isn't there or has no value.
class Figures {
public:
    Figures(const StudySide& side, const std::vector<std::uint64_t>& seeds) : side_(side) {
        for (const auto seed : seeds) rows_.push_back(static_cast<std::size_t>(std::find(side.table.seeds.begin(), side.table.seeds.end(), seed) - side.table.seeds.begin()));
    }
    [[nodiscard]] std::size_t kpi(const std::string& id) const {
        std::vector<std::string> known;
        for (std::size_t k = 0; k < side_.table.kpis.size(); ++k) {
            if (side_.table.kpis[k].id == id) return k;
            known.push_back(side_.table.kpis[k].id);
        }
        fail("CT-COST-001", {side_.folder}, fmt::format("there is no key figure '{}'", id), suggestion(id, known));
    }
    [[nodiscard]] double value(std::size_t kpi, std::size_t seed) const {
        const double value = side_.table.at(kpi, 0, rows_[seed]);
        if (std::isnan(value)) fail("CT-COST-001", {side_.folder}, fmt::format("'{}' has no value for seed {}: {}", side_.table.kpis[kpi].id, side_.table.seeds[rows_[seed]], side_.table.kpis[kpi].reason));
        return value;
    }
    [[nodiscard]] bool more_is_better(std::size_t kpi) const { return side_.table.kpis[kpi].more_is == "better"; }

private:
    const StudySide& side_;
    std::vector<std::size_t> rows_;
};

/// Factors on the drivers: benefits, then investments, then running costs.
evaluation::CashFlow flow_of(const CostStudy& study, const CostReader& given, const std::vector<double>& benefits, const std::vector<double>& factors) {
    evaluation::CashFlow flow;
    flow.currency = study.currency;
    flow.benefit.assign(given.years(), 0.0);
    flow.cost = flow.benefit;
    std::size_t f = 0;
    for (const double benefit : benefits) {
        for (double& year : flow.benefit) year += factors[f] * benefit * given.runs_per_year;
        ++f;
    }
    flow = evaluation::ramped_up(std::move(flow), given.ramp_up);
    for (const auto& item : study.investments) {
        flow.cost[item.year] += factors[f] * item.amount;
        if (item.life_years) evaluation::add_residual_value(flow, factors[f] * item.amount, *item.life_years, item.year);
        ++f;
    }
    for (const auto& item : study.running) {
        for (double& year : flow.cost) year += factors[f] * item.amount;
        ++f;
    }
    return flow;
}

std::vector<double> of_seed(const CostStudy& study, std::size_t seed) {
    std::vector<double> benefits;
    for (const auto& benefit : study.benefits) benefits.push_back(benefit.by_seed[seed]);
    return benefits;
}

void count_drivers(CostStudy& study, const CostReader& given, const std::vector<double>& mean) {
    std::vector<std::pair<std::string, double>> drivers;
    for (const auto& benefit : study.benefits) drivers.emplace_back("unit value of " + benefit.name, benefit.unit_value);
    for (const auto& item : study.investments) drivers.emplace_back(item.name, item.amount);
    for (const auto& item : study.running) drivers.emplace_back(item.name + ", a year", item.amount);
    const auto npv = [&](std::size_t driver, double factor) {
        std::vector<double> factors(drivers.size(), 1.0);
        factors[driver] = factor;
        return evaluation::present_value(flow_of(study, given, mean, factors), study.sensitivity_rate).net();
    };
    for (std::size_t d = 0; d < drivers.size(); ++d) {
        CostDriver driver{drivers[d].first, drivers[d].second, npv(d, 0.8), npv(d, 1.2), {}};
        const double at_none = npv(d, 0), at_whole = npv(d, 1);
        if (at_whole != at_none) driver.break_even = driver.value * at_none / (at_none - at_whole);   // NPV is linear in each driver
        study.drivers.push_back(std::move(driver));
    }
    std::stable_sort(study.drivers.begin(), study.drivers.end(), [](const CostDriver& a, const CostDriver& b) { return std::fabs(a.npv_high - a.npv_low) > std::fabs(b.npv_high - b.npv_low); });
}

}  // namespace

CostStudy cost_study(const std::string& file, const std::string& base_folder, const std::string& run_folder) {
    CostStudy study;
    CostReader given(file);
    given.read(study);
    const EnsembleComparison compared = compare_ensembles({base_folder, run_folder});   // refuses what can't be compared
    study.seeds = compared.runs.at(0).seeds;
    const StudySide base_side = read_study_side(base_folder), run_side = read_study_side(run_folder);
    const Figures base(base_side, study.seeds), run(run_side, study.seeds);
    for (CostedBenefit& benefit : study.benefits) {
        const std::size_t kb = base.kpi(benefit.kpi), kr = run.kpi(benefit.kpi);
        for (std::size_t s = 0; s < study.seeds.size(); ++s) {
            const double before = base.value(kb, s), after = run.value(kr, s);
            double gain = base.more_is_better(kb) ? after - before : before - after;
            if (!benefit.trips_kpi.empty()) {
                const double trips = base.value(base.kpi(benefit.trips_kpi), s) + run.value(run.kpi(benefit.trips_kpi), s);
                gain = evaluation::rule_of_half(gain, 0, trips, 0);
            }
            benefit.by_seed.push_back(gain * benefit.unit_value);
        }
        benefit.per_run = std::accumulate(benefit.by_seed.begin(), benefit.by_seed.end(), 0.0) / static_cast<double>(study.seeds.size());
    }
    std::vector<double> mean;
    for (const auto& benefit : study.benefits) mean.push_back(benefit.per_run);
    const std::vector<double> ones(study.benefits.size() + study.investments.size() + study.running.size(), 1.0);
    study.flow = flow_of(study, given, mean, ones);
    for (const double rate : given.rates) {
        CostAtRate at;
        at.rate = rate;
        at.mean = evaluation::present_value(study.flow, rate);
        std::vector<double> npv;
        for (std::size_t s = 0; s < study.seeds.size(); ++s) npv.push_back(evaluation::present_value(flow_of(study, given, of_seed(study, s), ones), rate).net());
        const auto spread = evaluation::paired_difference(std::vector<double>(npv.size(), 0.0), npv);
        at.has_interval = spread.has_interval;
        at.npv_interval = spread.interval;
        at.chance_positive = static_cast<double>(std::count_if(npv.begin(), npv.end(), [](double value) { return value > 0; })) / static_cast<double>(npv.size());
        study.rates.push_back(at);
    }
    study.sensitivity_rate = given.rates[given.rates.size() / 2];
    count_drivers(study, given, mean);
    study.internal_rate = evaluation::internal_rate_of_return(study.flow);
    study.payback_years = evaluation::payback_years(study.flow);
    if (study.seeds.size() < evaluation::fewest_seeds) study.remarks.push_back("too few seeds for an interval (5 are needed)");
    return study;
}

}  // namespace citytwin
