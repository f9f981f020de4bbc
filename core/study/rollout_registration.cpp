#include "core/study/rollout_registration.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "core/base/hash.hpp"

namespace citytwin {
namespace {

const char* name_of(GateSide side) { return side == GateSide::mean ? "mean" : side == GateSide::upper ? "upper" : "lower"; }

Json json_of(const Gate& gate) {
    return {{"kpi", gate.kpi}, {"bound", name_of(gate.bound)}, {"threshold", gate.threshold}, {"side", name_of(gate.side)}, {"level", gate.level}, {"exposure_s", to_seconds(gate.exposure)},
            {"lead_in_s", to_seconds(gate.lead_in)}, {"least_seeds", gate.least_seeds}};
}

[[noreturn]] void refuse(const char* code, std::string message, std::string hint) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    throw RunError(ExitCode::comparison_refused, diagnostic.text());
}

/// "/phases/0/gates/1/threshold" of the first value that differs, or nothing.
std::string first_difference(const Json& before, const Json& now) {
    for (const auto& operation : Json::diff(before, now)) return operation["path"].get<std::string>();
    return {};
}

std::string shown(const Json& json, const std::string& path) {
    const Json::json_pointer pointer(path);
    return json.contains(pointer) ? json[pointer].dump() : "nothing";
}

}  // namespace

Json registration_of(const Scenario& scenario, const std::vector<std::uint64_t>& seeds) {
    Json phases = Json::array();
    for (const auto& phase : scenario.phases) {
        Json gates = Json::array(), guardrails = Json::array();
        for (const auto& gate : phase.gates) gates.push_back(json_of(gate));
        for (const auto& gate : phase.guardrails) guardrails.push_back(json_of(gate));
        phases.push_back({{"name", phase.name}, {"area", phase.area}, {"start", format_utc(phase.start)}, {"changes", phase.changes}, {"gates", gates}, {"guardrails", guardrails},
                          {"on_fail", phase.rolls_back ? "roll_back" : "hold"}, {"max_hold_s", to_seconds(phase.max_hold)}, {"look_every_s", to_seconds(phase.between_looks())}});
    }
    return {{"name", scenario.name}, {"start", format_utc(scenario.start)}, {"end", format_utc(scenario.end)}, {"seeds", seeds}, {"phases", phases}, {"scenario_hash", scenario.hash()}};
}

std::string register_rollout(const Json& registration, const std::string& folder) {
    const std::string path = folder + "/registration.json";
    const std::string hash = sha256_hex(json_line(registration));
    if (!std::filesystem::exists(path)) {
        Json sealed = registration;
        sealed["sha256"] = hash;
        write_file(path, json_text(sealed));
        return hash;
    }
    Json before = read_json(path, "CT-OUT-005");
    const std::string sealed = before.value("sha256", "");
    before.erase("sha256");
    if (sha256_hex(json_line(before)) != sealed) {
        refuse("CT-ROLLOUT-011", fmt::format("{} was edited: it no longer has the hash that it was sealed with", path), "start the rollout in another folder");
    }
    if (const std::string where = first_difference(before, registration); !where.empty()) {
        refuse("CT-ROLLOUT-010", fmt::format("the rollout was registered with {} = {}, and is asked for with {}", where.substr(1), shown(before, where), shown(registration, where)),
                          "what is judged is fixed before the first figure; start another rollout in another folder");
    }
    return sealed;
}

}  // namespace citytwin
