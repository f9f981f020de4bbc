#include "core/study/study_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/base/csv.hpp"
#include "core/evaluation/samples.hpp"
#include "core/output/run_folder.hpp"
#include "core/study/base_population.hpp"
#include "core/study/figures.hpp"
#include "core/study/html_table.hpp"
#include "core/study/verdict_text.hpp"

namespace citytwin {
namespace {

std::string word_of(const std::string& verdict) {   // not by colour alone: a sign and a word
    if (verdict == "better") return "✓ better";
    if (verdict == "worse") return "✗ worse";
    if (verdict == "same" || verdict == "equivalent") return "= " + verdict;
    if (verdict == "not decided" || verdict == "too few seeds") return "? " + verdict;
    return verdict.empty() ? "–" : "~ " + verdict;
}

std::string p_text(double p) { return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p); }

std::vector<std::string> cells_of(const std::string& first, const PairedKpi& figure, const std::string& unit) {
    const auto& d = figure.difference;
    if (d.pairs == 0) return {first, "–", "–", "–", "–", "–", "–", unit, figure.status + ": " + figure.reason};
    return {first, figure_text(d.base_mean), figure_text(d.plan_mean), signed_figure_text(d.mean), figure.difference_percent ? fmt::format("{:+.2f}", *figure.difference_percent) : "–",
            d.has_interval ? signed_figure_text(d.interval.low) + " … " + signed_figure_text(d.interval.high) : "–", d.pairs < 2 ? "–" : p_text(figure.p_adjusted), unit,
            word_of(figure.verdict) + (d.identical && d.pairs > 1 ? ", identical in all seeds" : "")};
}

const std::vector<Heading> paired_headings(const char* first) {
    return {{first}, {"base", true}, {"run", true}, {"difference", true}, {"%", true}, {"95 % interval", true}, {"p adjusted", true}, {"unit"}, {"verdict"}};
}

std::string number_or_dash(const Json& value) { return value.is_number() ? figure_text(value.get<double>()) : "–"; }

std::string label_of(std::string word) {
    std::replace(word.begin(), word.end(), '_', ' ');
    return word;
}

}  // namespace

std::string ensemble_table(const KpiTable& table) {
    HtmlTable html(fmt::format("{} seeds; the interval is that of the mean over seeds", table.seeds.size()), {{"KPI"}, {"what it is"}, {"mean", true}, {"95 % interval", true}, {"least", true}, {"most", true}, {"unit"}, {"seeds", true}});
    for (std::size_t k = 0; k < table.kpis.size(); ++k) {
        const auto& kpi = table.kpis[k];
        bool repeats = is_over_base(kpi.id) && k > 0;   // nobody moved: the figure before says the same
        for (std::size_t s = 0; s < table.seeds.size() && repeats; ++s) repeats = table.at(k, 0, s) == table.at(k - 1, 0, s);
        if (repeats) continue;
        std::vector<double> values;
        for (std::size_t s = 0; s < table.seeds.size(); ++s) {
            if (!std::isnan(table.at(k, 0, s))) values.push_back(table.at(k, 0, s));
        }
        if (values.empty()) {
            html.row({kpi.id, kpi.name, kpi.status + ": " + kpi.reason, "–", "–", "–", kpi.unit, "0"});
            continue;
        }
        const std::vector<double> zero(values.size(), 0.0);
        const auto mean = evaluation::paired_difference(zero, values);
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        html.row({kpi.id, kpi.name, figure_text(mean.mean), mean.has_interval ? figure_text(mean.interval.low) + " … " + figure_text(mean.interval.high) : "–", figure_text(*least), figure_text(*most), kpi.unit,
                  std::to_string(values.size())});
    }
    return html.html();
}

std::string paired_table(const EnsembleRun& run, const EnsembleComparison& comparison) {
    HtmlTable table(fmt::format("{} against {}, {} seeds {}; p adjusted for the number of figures", run.label, comparison.base_label, run.seeds.size(), comparison.unpaired ? "unpaired" : "in common"), paired_headings("KPI"));
    std::string groups;
    for (const EnsembleKpi& kpi : run.kpis) {
        table.row(cells_of(kpi.id + (kpi.id == comparison.headline ? " (headline)" : ""), kpi.city, kpi.unit));
        if (kpi.groups.empty()) continue;
        HtmlTable by_group(kpi.name.empty() ? kpi.id : kpi.name, paired_headings("group"));
        for (const GroupDifference& group : kpi.groups) by_group.row(cells_of(group.by + " " + group.group, group.figure, kpi.unit));
        groups += details_of(fmt::format("{}: who bears it ({} groups)", kpi.id, kpi.groups.size()), by_group.html());
    }
    std::string html = table.html() + groups;
    for (const std::string& sentence : run.dropped) html += notice_of(sentence);
    for (const std::string& remark : comparison.remarks) html += notice_of(remark);
    return html;
}

std::string rollout_tables(const Json& rollout) {
    HtmlTable phases("Phases", {{"phase"}, {"area"}, {"outcome"}, {"began, UTC"}, {"last look, UTC"}});
    for (const Json& phase : rollout.at("phases")) {
        const auto text = [&](const char* key) { return phase.at(key).is_string() ? phase.at(key).get<std::string>() : std::string("–"); };
        phases.row({text("phase"), text("area").empty() ? "–" : text("area"), label_of(text("state")), text("started"), text("last_look")});
    }
    std::string html = phases.html();
    HtmlTable looks("Looks, each over all seeds", {{"phase"}, {"look", true}, {"at, UTC"}, {"decision"}, {"judged"}, {"bound"}, {"threshold", true}, {"value", true}, {"interval", true}, {"unit"}, {"answer"}});
    for (const Json& look : rollout.at("looks")) {
        for (const char* list : {"gates", "guardrails"}) {
            for (const Json& gate : look.at(list)) {
                looks.row({look.at("phase"), std::to_string(look.at("look").get<int>()), look.at("at"), label_of(look.at("decision")), gate.at("kpi").get<std::string>() + (list[1] == 'u' ? " (guardrail)" : ""),
                           label_of(gate.at("bound")), number_or_dash(gate.at("threshold")), number_or_dash(gate.at("value")), number_or_dash(gate.at("low")) + " … " + number_or_dash(gate.at("high")), gate.at("unit"), gate.at("answer")});
            }
        }
    }
    html += looks.html() + "<ol>\n";
    for (const Json& look : rollout.at("looks")) {
        html += "<li>" + escaped_markup(fmt::format("{}, look {}: {}. {}", look.at("phase").get<std::string>(), look.at("look").get<int>(), label_of(look.at("decision")), look.at("reason").get<std::string>())) + "</li>\n";
    }
    return html + "</ol>\n<p class=\"quiet\">Registered before the first figure existed, SHA-256 " + escaped_markup(rollout.at("registration_sha256").get<std::string>()) + ".</p>\n";
}

std::string sensor_tables(const std::string& run_folder) {
    if (!std::filesystem::exists(run_folder + "/sensor_fit.json")) return {};
    const Json summary = read_json(run_folder + "/sensor_fit.json", "CT-STUDY-003");
    HtmlTable totals("All sensors of a field together; GEH below 5 counts hours of flows", {{"observations"}, {"use"}, {"field"}, {"unit"}, {"sensors", true}, {"n", true}, {"coverage", true}, {"bias", true}, {"RMSE", true}, {"WAPE", true}, {"GEH < 5", true}});
    bool any = false;
    for (const Json& source : summary.at("observations")) {
        for (const char* list : {"fit", "fit_withheld"}) {
            if (!source.contains(list)) continue;
            for (const Json& fit : source.at(list)) {
                any = true;
                totals.row({source.at("observations"), list[3] == '\0' ? source.at("use").get<std::string>() : "withheld", fit.at("field"), fit.at("unit"), std::to_string(fit.at("sensors").get<std::size_t>()), std::to_string(fit.at("n").get<std::size_t>()),
                            fmt::format("{:.1f} %", 100 * fit.at("coverage").get<double>()), number_or_dash(fit.at("bias")), number_or_dash(fit.at("rmse")), number_or_dash(fit.at("wape")),
                            fit.contains("share_geh_below_5") ? fmt::format("{:.1f} %", 100 * fit.at("share_geh_below_5").get<double>()) : "–"});
            }
        }
    }
    if (!any) return "<p>Observations drive the model; none is compared with it.</p>\n";
    std::string html = totals.html();
    CsvReader csv(run_folder + "/sensor_fit.csv");
    struct Row {
        double wape;
        std::vector<std::string> cells;
    };
    std::vector<Row> rows;
    const auto column = [&](const char* name) { return csv.column(name); };
    const std::size_t wape = column("wape");
    while (csv.next()) {
        Row row{csv.optional_number(wape).value_or(-1), {}};
        for (const char* name : {"sensor", "id", "field", "unit", "use", "n", "coverage", "bias", "rmse", "wape"}) {
            const std::size_t c = column(name);
            const std::string_view text = csv.text(c);
            row.cells.push_back(std::string_view(name).size() <= 2 || text.empty() || !(std::string_view(name) == "coverage" || std::string_view(name) == "bias" || std::string_view(name) == "rmse" || std::string_view(name) == "wape") ? std::string(text) : figure_text(csv.number(c)));
        }
        rows.push_back(std::move(row));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.wape > b.wape; });
    HtmlTable worst("The sensors that the model misses most (of sensor_fit.csv)", {{"sensor"}, {"entity"}, {"field"}, {"unit"}, {"use"}, {"n", true}, {"coverage", true}, {"bias", true}, {"RMSE", true}, {"WAPE", true}});
    for (std::size_t r = 0; r < std::min<std::size_t>(rows.size(), 20); ++r) worst.row(rows[r].cells);
    return html + details_of(fmt::format("Sensor by sensor ({})", rows.size()), worst.html());
}

}  // namespace citytwin
