#include "core/study/rollout_files.hpp"

#include <cmath>

#include "core/base/csv.hpp"

namespace citytwin {
namespace {

Json json_of(const GateVerdict& verdict, const GateFigures& figures) {
    const auto list = [](const std::vector<double>& values) {
        Json json = Json::array();
        for (const double value : values) json.push_back(std::isnan(value) ? Json() : Json(value));
        return json;
    };
    return {{"kpi", verdict.kpi}, {"unit", figures.unit}, {"bound", verdict.bound}, {"threshold", verdict.threshold}, {"level", verdict.level}, {"pairs", verdict.pairs}, {"base_mean", verdict.base_mean},
            {"plan_mean", verdict.plan_mean}, {"value", verdict.value}, {"low", verdict.low}, {"high", verdict.high}, {"answer", name_of(verdict.answer)}, {"reason", verdict.reason},
            {"base", list(figures.base)}, {"plan", list(figures.plan)}};
}

GateFigures figures_of(const Json& json, const std::vector<std::uint64_t>& seeds) {
    GateFigures figures;
    figures.unit = json["unit"];
    figures.seeds = seeds;
    for (const auto& value : json["base"]) figures.base.push_back(value.is_null() ? std::nan("") : value.get<double>());
    for (const auto& value : json["plan"]) figures.plan.push_back(value.is_null() ? std::nan("") : value.get<double>());
    return figures;
}

}  // namespace

Json json_of(const RolloutLook& look, const std::vector<std::uint64_t>& seeds) {
    Json gates = Json::array(), guardrails = Json::array();
    for (std::size_t g = 0; g < look.gates.size(); ++g) gates.push_back(json_of(look.gates[g], look.gate_figures[g]));
    for (std::size_t g = 0; g < look.guardrails.size(); ++g) guardrails.push_back(json_of(look.guardrails[g], look.guardrail_figures[g]));
    return {{"phase", look.phase}, {"look", look.number}, {"at", format_utc(look.at)}, {"is_gate", look.is_gate}, {"decision", name_of(look.decision)}, {"reason", look.reason}, {"seeds", seeds},
            {"gates", gates}, {"guardrails", guardrails}};
}

RolloutLook look_of(const Json& json) {
    RolloutLook look;
    look.phase = json["phase"];
    look.number = json["look"];
    look.at = parse_time(json["at"].get<std::string>(), "");
    look.is_gate = json["is_gate"];
    const std::vector<std::uint64_t> seeds = json["seeds"];
    for (const auto& gate : json["gates"]) look.gate_figures.push_back(figures_of(gate, seeds));
    for (const auto& gate : json["guardrails"]) look.guardrail_figures.push_back(figures_of(gate, seeds));
    return look;
}

void write_rollout(const Rollout& rollout) {
    Json phases = Json::array(), looks = Json::array();
    for (const auto& phase : rollout.phases) {
        phases.push_back({{"phase", phase.phase}, {"area", phase.area}, {"state", name_of(phase.state)}, {"started", phase.started == 0 ? Json() : Json(format_utc(phase.started))},
                          {"last_look", phase.ended == 0 ? Json() : Json(format_utc(phase.ended))}});
    }
    CsvWriter csv(rollout.folder + "/rollout.csv", {"phase", "look", "at", "kind", "kpi", "unit", "bound", "threshold", "pairs", "base_mean", "plan_mean", "value", "low", "high", "level", "answer", "decision"});
    const auto rows = [&](const RolloutLook& look, const std::vector<GateVerdict>& verdicts, const char* kind) {
        for (const auto& v : verdicts) {
            csv.text(look.phase).integer(static_cast<std::int64_t>(look.number)).text(format_utc(look.at)).text(kind).text(v.kpi).text(v.unit).text(v.bound).number(v.threshold);
            csv.integer(static_cast<std::int64_t>(v.pairs)).number(v.base_mean).number(v.plan_mean).number(v.value).number(v.low).number(v.high).number(v.level).text(name_of(v.answer)).text(name_of(look.decision));
            csv.end_row();
        }
    };
    for (const auto& look : rollout.looks) {
        looks.push_back(json_of(look, rollout.seeds));
        rows(look, look.gates, "gate");
        rows(look, look.guardrails, "guardrail");
    }
    csv.commit();
    write_file(rollout.folder + "/rollout.json", json_text(Json{{"registration_sha256", rollout.registration_sha256}, {"seeds", rollout.seeds}, {"finished", rollout.finished}, {"phases", phases}, {"looks", looks}}));
}

}  // namespace citytwin
