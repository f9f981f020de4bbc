#include "core/study/rollout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <limits>
#include <mutex>
#include <thread>

#include "core/base/text.hpp"
#include "core/evaluation/sequential.hpp"
#include "core/output/run_folder.hpp"
#include "core/run/prepared_run.hpp"
#include "core/run/run.hpp"
#include "core/run/signals.hpp"
#include "core/scenario/time_value.hpp"
#include "core/study/ensemble.hpp"
#include "core/study/kpi_table.hpp"
#include "core/study/rollout_files.hpp"
#include "core/study/rollout_registration.hpp"

namespace citytwin {
namespace {

constexpr const char* sides[] = {"base", "plan"};

class RolloutRunner {
public:
    explicit RolloutRunner(const RolloutOptions& options) : options_(options), scenario_(Scenario::load(options.scenario, options.overrides)) {
        if (scenario_.phases.empty()) fail("CT-ROLLOUT-001", {scenario_.file}, "the scenario has no [[phase]]: there is nothing to roll out", "write phases with their changes, starts and gates");
        if (!scenario_.days.empty()) fail("CT-ROLLOUT-005", {scenario_.file}, "the scenario has representative days: a rollout's gates need every day", "take days out");
        for (const auto& phase : scenario_.phases) {
            for (const auto& gate : phase.gates) {
                if (phase.start + gate.lead_in + gate.exposure > scenario_.end) {
                    fail("CT-ROLLOUT-004", gate.place, fmt::format("the gate on '{}' of the phase '{}' would be judged after the run's end", gate.kpi, phase.name), "a later end, an earlier start or a shorter exposure");
                }
            }
        }
        rollout_.folder = options.output.empty() ? "runs/" + scenario_.name + "-rollout" : options.output;
        for (std::uint64_t i = 0; i < options.seeds; ++i) rollout_.seeds.push_back(scenario_.seed + i);
        for (const auto& phase : scenario_.phases) rollout_.phases.push_back({phase.name, phase.area, PhaseState::waiting, 0, 0});
        starts_.assign(scenario_.phases.size(), 0);
        rolled_back_.assign(scenario_.phases.size(), 0);
    }

    Rollout execute() {
        make_folder(rollout_.folder + "/looks");
        const bool is_new = !std::filesystem::exists(rollout_.folder + "/registration.json");
        if (is_new) check_figures();
        rollout_.registration_sha256 = register_rollout(registration_of(scenario_, rollout_.seeds), rollout_.folder);
        begin_phase(0, scenario_.phases.front().start);
        while (current_ < scenario_.phases.size()) {
            const auto next = next_look();
            if (!next) break;
            if (!take_known(*next) && !take_new(*next)) return std::move(rollout_);
        }
        rollout_.finished = run_members(std::nullopt);
        if (rollout_.finished) finish();
        return std::move(rollout_);
    }

private:
    struct Look {
        UtcMicroseconds at = 0;
        bool is_gate = true, is_last = false;
        double error_share = 1;
    };

    struct MemberFigures {
        std::vector<std::vector<KpiRow>> base, plan;   ///< by seed
    };

    /// Before anything runs: does the plan make these figures, in units that fit?
    void check_figures() {
        PreparationOptions preparation;
        preparation.scenario = options_.scenario;
        preparation.overrides = options_.overrides;
        preparation.threads = options_.threads;
        preparation.plugins = options_.plugins;
        PreparedRun run = prepare_scenario(preparation);
        prepare_engine(run, preparation);
        DiagnosticList errors;
        std::vector<std::string> known;
        const auto kpis = run.engine->books().kpis();
        for (const Kpi* kpi : kpis) known.push_back(kpi->id);
        for (const auto& phase : scenario_.phases) {
            for (const auto* list : {&phase.gates, &phase.guardrails}) {
                for (const auto& gate : *list) {
                    const auto found = std::find_if(kpis.begin(), kpis.end(), [&](const Kpi* kpi) { return kpi->id == gate.kpi; });
                    try {
                        if (found == kpis.end()) fail("CT-ROLLOUT-002", gate.place, fmt::format("the phase '{}' is judged by '{}', which no loaded module makes", phase.name, gate.kpi), suggestion(gate.kpi, known));
                        (void)threshold_of(gate, (*found)->unit, 1);
                    } catch (const InputError& error) {
                        errors.add(error.diagnostics().front());
                    }
                }
            }
        }
        errors.throw_if_errors();
    }

    void tell(const std::string& sentence) const {
        if (options_.told) options_.told(sentence);
    }

    void begin_phase(std::size_t phase, UtcMicroseconds at) {
        current_ = phase;
        looks_of_phase_ = 0;
        if (phase >= scenario_.phases.size()) return;
        starts_[phase] = at;
        rollout_.phases[phase].state = PhaseState::running;
        rollout_.phases[phase].started = at;
    }

    /// The phase's looks: at guardrails until the gate, then at the gate, then while it holds.
    [[nodiscard]] std::optional<Look> next_look() const {
        const Phase& phase = scenario_.phases[current_];
        const UtcMicroseconds start = starts_[current_], gate = start + phase.until_gate();
        const UtcMicroseconds latest = gate + (phase.gates.empty() ? 0 : phase.max_hold);
        const UtcMicroseconds last = looks_of_phase_ == 0 ? start : rollout_.phases[current_].ended;
        Look look;
        if (last < gate) {
            look.at = gate;
            if (!phase.guardrails.empty()) look.at = std::min(gate, last + phase.between_looks());
            look.is_gate = look.at == gate;
        } else {
            look.at = std::min(last + phase.between_looks(), latest);
            if (look.at <= last) return std::nullopt;
        }
        if (look.at > scenario_.end || (phase.gates.empty() && phase.guardrails.empty())) return std::nullopt;
        look.is_last = look.is_gate && look.at >= latest;
        if (look.is_gate && phase.max_hold > 0) look.error_share = share_of_error(phase, look.at - start) - (last < gate ? 0 : share_of_error(phase, last - start));
        return look;
    }

    /// Of the gate's error, what may be spent by then (Lan & DeMets 1983).
    static double share_of_error(const Phase& phase, Microseconds since) {
        constexpr double alpha = 0.05;
        const double information = static_cast<double>(since) / static_cast<double>(phase.until_gate() + phase.max_hold);
        return evaluation::error_spent(alpha, std::min(1.0, information)) / alpha;
    }

    [[nodiscard]] std::string look_file() const { return fmt::format("{}/looks/{:02}.json", rollout_.folder, rollout_.looks.size() + 1); }

    /// A look of an earlier start: judged again from its figures; its file must come out the same.
    bool take_known(const Look& planned) {
        if (!std::filesystem::exists(look_file())) return false;
        const std::string before = read_file(look_file());
        RolloutLook look = look_of(read_json(look_file(), "CT-OUT-005"));
        look.number = looks_of_phase_ + 1;
        judge_look(look, planned);
        if (json_text(json_of(look, rollout_.seeds)) != before) fail("CT-ROLLOUT-012", {look_file()}, "the look's figures don't give the decision that stands there", "the file was edited, or another build wrote it; start the rollout in another folder");
        follow(std::move(look), planned);
        return true;
    }

    /// Runs everybody to the look; false if a signal stopped them.
    bool take_new(const Look& planned) {
        if (!run_members(planned.at)) return false;
        RolloutLook look;
        look.phase = scenario_.phases[current_].name;
        look.number = looks_of_phase_ + 1;
        look.at = planned.at;
        look.is_gate = planned.is_gate;
        const Phase& phase = scenario_.phases[current_];
        const MemberFigures members = read_members();
        if (planned.is_gate) {
            for (const auto& gate : phase.gates) look.gate_figures.push_back(figures_of(gate, members));
        }
        for (const auto& gate : phase.guardrails) look.guardrail_figures.push_back(figures_of(gate, members));
        judge_look(look, planned);
        write_file(look_file(), json_text(json_of(look, rollout_.seeds)));
        follow(std::move(look), planned);
        return true;
    }

    void judge_look(RolloutLook& look, const Look& planned) const {
        const Phase& phase = scenario_.phases[current_];
        for (std::size_t g = 0; g < look.gate_figures.size(); ++g) look.gates.push_back(judge(phase.gates[g], look.gate_figures[g], planned.error_share));
        for (std::size_t g = 0; g < look.guardrail_figures.size(); ++g) look.guardrails.push_back(judge(phase.guardrails[g], look.guardrail_figures[g]));
        decide(look, planned);
    }

    void decide(RolloutLook& look, const Look& planned) const {
        const Phase& phase = scenario_.phases[current_];
        const auto first = [](const std::vector<GateVerdict>& list, auto&& test) { return std::find_if(list.begin(), list.end(), test); };
        const auto is = [](GateAnswer answer) { return [answer](const GateVerdict& v) { return v.answer == answer; }; };
        if (const auto broken = first(look.guardrails, is_broken); broken != look.guardrails.end()) {
            look.decision = RolloutDecision::roll_back;
            look.reason = "guardrail broken: " + broken->reason;
            return;
        }
        if (!look.is_gate) {
            look.decision = RolloutDecision::hold;
            look.reason = "guardrails kept, the gate is not due yet";
            return;
        }
        const auto failed = first(look.gates, is(GateAnswer::fail)), undecided = first(look.gates, is(GateAnswer::undecided)), empty = first(look.gates, is(GateAnswer::no_data));
        const RolloutDecision at_last = phase.rolls_back ? RolloutDecision::roll_back : RolloutDecision::hold;
        if (failed != look.gates.end()) {
            look.decision = at_last;
            look.reason = "gate failed: " + failed->reason;
        } else if (empty != look.gates.end()) {
            look.decision = RolloutDecision::hold;
            look.reason = "data are missing: " + empty->reason;
        } else if (undecided != look.gates.end()) {
            look.decision = planned.is_last ? at_last : RolloutDecision::hold;
            look.reason = (planned.is_last ? "not decided in the time that it may hold: " : "not decided yet: ") + undecided->reason;
        } else {
            look.decision = RolloutDecision::go;
            look.reason = look.gates.empty() ? "the phase has no gate" : "all gates passed: " + look.gates.front().reason;
        }
    }

    /// What the decision does to this phase and the next.
    void follow(RolloutLook look, const Look& planned) {
        PhaseOutcome& phase = rollout_.phases[current_];
        phase.ended = look.at;
        ++looks_of_phase_;
        tell(fmt::format("{}: {} at {}: {}", look.phase, name_of(look.decision), format_local(look.at, scenario_.zone), look.reason));
        const RolloutDecision decision = look.decision;
        const UtcMicroseconds after = look.at + second;   // decided at the gate, done from the next second on
        rollout_.looks.push_back(std::move(look));
        if (decision == RolloutDecision::go) {
            phase.state = PhaseState::passed;
            const std::size_t next = current_ + 1;
            begin_phase(next, next < scenario_.phases.size() ? std::max(scenario_.phases[next].start, after) : 0);
        } else if (decision == RolloutDecision::roll_back) {
            phase.state = PhaseState::rolled_back;
            rolled_back_[current_] = after;
            current_ = scenario_.phases.size();
        } else if (planned.is_last) {
            phase.state = PhaseState::held;
            current_ = scenario_.phases.size();
        }
    }

    /// The scenario of a side as far as it is decided: phases that aren't yet begin after the end.
    void edit(Value& root, bool is_plan) const {
        const auto changes_of = [&](std::size_t phase) -> const std::vector<std::string>& { return scenario_.phases[phase].changes; };
        Value* changes = root.table()->find("change");
        auto& list = std::get<List>(changes->data);
        const auto name_of_change = [](const Value& change) { return *change.table()->find("name")->text(); };
        if (!is_plan) {
            std::erase_if(list, [&](const Value& change) {
                for (std::size_t p = 0; p < scenario_.phases.size(); ++p) {
                    if (std::find(changes_of(p).begin(), changes_of(p).end(), name_of_change(change)) != changes_of(p).end()) return true;
                }
                return false;
            });
            if (list.empty()) root.table()->erase("change");
            root.table()->erase("phase");
            return;
        }
        for (std::size_t p = 0; p < scenario_.phases.size(); ++p) {
            const UtcMicroseconds start = starts_[p] != 0 ? starts_[p] : scenario_.end + static_cast<Microseconds>(p + 1) * second;
            set_value(root, fmt::format("phase.{}.start", p), utc_value(start));
            if (rolled_back_[p] == 0) continue;
            for (auto& change : list) {
                if (std::find(changes_of(p).begin(), changes_of(p).end(), name_of_change(change)) != changes_of(p).end()) change.table()->set("until", utc_value(rolled_back_[p]));
            }
        }
    }

    [[nodiscard]] ScenarioOptions scenario_of(bool is_plan, std::uint64_t seed) const {
        ScenarioOptions options = options_.overrides;
        options.seed = seed;
        const auto before = options_.overrides.edit;
        options.edit = [this, is_plan, before](Value& root) {
            if (before) before(root);
            edit(root, is_plan);
        };
        return options;
    }

    [[nodiscard]] std::string folder_of(bool is_plan, std::uint64_t seed) const { return fmt::format("{}/{}/seed-{:04}", rollout_.folder, sides[is_plan ? 1 : 0], seed); }

    /// Everybody to `until`, or to the end; false if a signal stopped them. Throws the first failure once nobody runs any more.
    bool run_members(std::optional<UtcMicroseconds> until) {
        const SignalWatch signals;
        std::atomic<std::size_t> next{0};
        std::mutex mutex;
        std::exception_ptr failure;
        std::atomic<bool> stopped{false};
        const std::size_t members = 2 * rollout_.seeds.size();
        const auto work = [&] {
            for (std::size_t m = next++; m < members && !stopped; m = next++) {
                try {
                    if (signals.stop_wanted() || !run_member(m % 2 == 1, rollout_.seeds[m / 2], until)) stopped = true;
                } catch (...) {
                    const std::lock_guard guard(mutex);
                    if (!failure) failure = std::current_exception();
                    stopped = true;
                }
            }
        };
        std::vector<std::thread> workers;
        for (std::size_t w = 1; w < options_.workers; ++w) workers.emplace_back(work);
        work();
        for (auto& worker : workers) worker.join();
        if (failure) std::rethrow_exception(failure);
        return !stopped;
    }

    bool run_member(bool is_plan, std::uint64_t seed, std::optional<UtcMicroseconds> until) const {
        RunOptions run;
        run.output = folder_of(is_plan, seed);
        if (std::filesystem::exists(run.output + "/run.json")) {
            const RunRecord record = read_run_record(run.output);
            if (record.status == RunStatus::finished) return true;
            if (until && record.status == RunStatus::interrupted && scenario_.start + record.simulated_us >= *until) return true;
            run.resume = true;
        }
        run.scenario = options_.scenario;
        run.overrides = scenario_of(is_plan, seed);
        run.threads = options_.threads;
        run.plugins = options_.plugins;
        run.progress = ProgressMode::none;
        run.other_scenario = true;
        if (until) run.stop_at = *until - scenario_.start;
        const RunOutcome outcome = run_scenario(run);
        if (outcome.exit == ExitCode::interrupted) return false;
        if (outcome.exit != ExitCode::done) throw RunError(outcome.exit, fmt::format("{} stopped the rollout: {}", run.output, outcome.record.error));
        return true;
    }

    [[nodiscard]] MemberFigures read_members() const {
        MemberFigures members;
        for (const auto seed : rollout_.seeds) {
            members.base.push_back(read_kpis(folder_of(false, seed)));
            members.plan.push_back(read_kpis(folder_of(true, seed)));
        }
        return members;
    }

    [[nodiscard]] GateFigures figures_of(const Gate& gate, const MemberFigures& members) const {
        GateFigures figures;
        figures.seeds = rollout_.seeds;
        const auto values_of = [&](const std::vector<std::vector<KpiRow>>& side) {
            std::vector<double> values;
            for (const auto& kpis : side) {
                const auto found = std::find_if(kpis.begin(), kpis.end(), [&](const KpiRow& kpi) { return kpi.id == gate.kpi; });
                if (found != kpis.end()) figures.unit = found->unit;
                values.push_back(found != kpis.end() && found->value ? *found->value : std::numeric_limits<double>::quiet_NaN());
            }
            return values;
        };
        figures.base = values_of(members.base);
        figures.plan = values_of(members.plan);
        return figures;
    }

    void finish() {
        for (const bool is_plan : {false, true}) {
            const Scenario decided = Scenario::load(options_.scenario, scenario_of(is_plan, scenario_.seed));
            Ensemble ensemble(rollout_.folder + "/" + sides[is_plan ? 1 : 0], decided, rollout_.seeds.size());
            write_kpi_table(ensemble.folder());
            if (is_plan) write_file(rollout_.folder + "/plan.toml", decided.resolved_toml());
        }
        write_rollout(rollout_);
    }

    RolloutOptions options_;
    Scenario scenario_;
    Rollout rollout_;
    std::size_t current_ = 0, looks_of_phase_ = 0;
    std::vector<UtcMicroseconds> starts_, rolled_back_;   ///< by phase; 0 = not yet
};

}  // namespace

const char* name_of(RolloutDecision decision) {
    switch (decision) {
        case RolloutDecision::go: return "go";
        case RolloutDecision::hold: return "hold";
        default: return "roll_back";
    }
}

const char* name_of(PhaseState state) {
    switch (state) {
        case PhaseState::waiting: return "not_started";
        case PhaseState::running: return "running";
        case PhaseState::passed: return "passed";
        case PhaseState::held: return "held";
        default: return "rolled_back";
    }
}

Rollout run_rollout(const RolloutOptions& options) { return RolloutRunner(options).execute(); }

}  // namespace citytwin
