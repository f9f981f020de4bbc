// A CostStudy as a table for the terminal, as JSON and as CSV.
#include <fmt/format.h>

#include <cmath>

#include "core/base/csv.hpp"
#include "core/output/json_text.hpp"
#include "core/study/aligned.hpp"
#include "core/study/cost_study.hpp"
#include "core/study/figures.hpp"

namespace citytwin {

std::string CostStudy::table() const {
    std::string text = fmt::format("{}, {}, {} years from {} (the first isn't discounted), {} seeds\n", currency, prices, flow.benefit.size(), first_year, seeds.size());
    std::vector<std::vector<std::string>> rows{{"benefit", "a simulated run", "from"}};
    for (const auto& benefit : benefits) rows.push_back({benefit.name, signed_figure_text(benefit.per_run), benefit.kpi + (benefit.trips_kpi.empty() ? "" : ", rule of half over " + benefit.trips_kpi)});
    text += aligned(rows) + "\n";
    rows = {{"rate", "benefits", "costs", "NPV", "95 % interval over seeds", "P(NPV > 0)", "BCR"}};
    for (const auto& at : this->rates) {
        rows.push_back({fmt::format("{:.1f} %", 100 * at.rate), figure_text(at.mean.benefit), figure_text(at.mean.cost), signed_figure_text(at.mean.net()),
                        at.has_interval ? fmt::format("[{}, {}]", signed_figure_text(at.npv_interval.low), signed_figure_text(at.npv_interval.high)) : "-", fmt::format("{:.2f}", at.chance_positive),
                        at.mean.cost != 0 ? figure_text(at.mean.ratio()) : "-"});
    }
    text += aligned(rows);
    text += fmt::format("internal rate of return: {}; payback: {}\n\n", internal_rate ? fmt::format("{:.2f} %", 100 * *internal_rate) : "none (the flow's sign doesn't change once)", payback_years ? fmt::format("{:.1f} years", *payback_years) : "none");
    rows = {{fmt::format("driver, NPV at {:.1f} %", 100 * sensitivity_rate), "value", "20 % less", "20 % more", "break-even"}};
    for (std::size_t d = 0; d < drivers.size(); ++d) {
        rows.push_back({drivers[d].name, figure_text(drivers[d].value), signed_figure_text(drivers[d].npv_low), signed_figure_text(drivers[d].npv_high), d < 3 && drivers[d].break_even ? figure_text(*drivers[d].break_even) : "-"});
    }
    text += aligned(rows);
    for (const auto& item : transfers) text += fmt::format("transfer, not counted: {} {} a year\n", item.name, figure_text(item.amount));
    return text;
}

std::string CostStudy::json() const {
    Json json = {{"currency", currency}, {"prices", prices}, {"first_year", first_year}, {"seeds", seeds}, {"benefits", Json::array()}, {"rates", Json::array()}, {"drivers", Json::array()}, {"transfers", Json::array()}, {"remarks", remarks}};
    for (const auto& benefit : benefits) json["benefits"].push_back({{"name", benefit.name}, {"kpi", benefit.kpi}, {"unit_value", benefit.unit_value}, {"source", benefit.source}, {"per_run", benefit.per_run}, {"by_seed", benefit.by_seed}});
    for (const auto& at : rates) {
        json["rates"].push_back({{"rate", at.rate}, {"benefit", at.mean.benefit}, {"cost", at.mean.cost}, {"npv", at.mean.net()}, {"bcr", at.mean.cost != 0 ? Json(at.mean.ratio()) : Json()},
                                 {"interval_95", at.has_interval ? Json{at.npv_interval.low, at.npv_interval.high} : Json()}, {"chance_positive", at.chance_positive}});
    }
    for (const auto& driver : drivers) json["drivers"].push_back({{"name", driver.name}, {"value", driver.value}, {"npv_20_percent_less", driver.npv_low}, {"npv_20_percent_more", driver.npv_high}, {"break_even", driver.break_even ? Json(*driver.break_even) : Json()}});
    for (const auto& item : transfers) json["transfers"].push_back({{"name", item.name}, {"amount", item.amount}});
    json["internal_rate_of_return"] = internal_rate ? Json(*internal_rate) : Json();
    json["payback_years"] = payback_years ? Json(*payback_years) : Json();
    return json_text(json);
}

void CostStudy::write_csv(const std::string& path) const {
    CsvWriter csv(path, {"year", "benefit_" + currency, "cost_" + currency, "net_" + currency});
    for (std::size_t k = 0; k < flow.benefit.size(); ++k) {
        csv.integer(first_year + static_cast<std::int64_t>(k)).number(flow.benefit[k]).number(flow.cost[k]).number(flow.benefit[k] - flow.cost[k]);
        csv.end_row();
    }
    csv.commit();
}

}  // namespace citytwin
