// citytwin solve X.inp: an EPANET network over its own period. Writes nodes.csv, links.csv, pumps.csv, steps.csv and summary.json.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/module/registry.hpp"
#include "modules/water/model/hydraulics.hpp"
#include "modules/water/read/inp_network.hpp"

namespace citytwin::water {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::int64_t whole_seconds(const std::string& key, const std::string& value, std::int64_t least) {
    const double seconds = parse_quantity(value, "s");
    if (!(seconds >= static_cast<double>(least)) || seconds > 1e10) fail("CT-WATER-040", {}, fmt::format("{}={} is not a usable time", key, value), fmt::format("at least {} s", least));
    return std::llround(seconds);
}

double plain_number(const std::string& key, const std::string& value) {
    const auto number = parse_number(value);
    if (!number || *number < 0) fail("CT-WATER-040", {}, fmt::format("{}={} is not a number of 0 or more", key, value));
    return *number;
}

void refuse_quality(const std::string& value) {
    if (value == "none") return;
    if (value == "age" || value == "chemical" || value.starts_with("trace:")) fail("CT-WATER-041", {}, fmt::format("quality={} isn't built yet", value), "use quality=none");
    fail("CT-WATER-040", {}, fmt::format("unknown quality '{}'", value), "known: none");
}

void apply(Network& network, const std::map<std::string, std::string>& words) {
    for (const auto& [key, value] : words) {
        if (key == "duration") network.times.duration_s = whole_seconds(key, value, 0);
        else if (key == "report_step") network.times.report_step_s = whole_seconds(key, value, 1);
        else if (key == "accuracy") network.options.accuracy = std::clamp(plain_number(key, value), 1e-9, 0.1);
        else if (key == "head_error") network.options.head_error_m = plain_number(key, value) * network.units.head_m;
        else if (key == "quality") refuse_quality(value);
        else if (key == "certify") network.options.certify = value == "on";
        else if (key == "demand_model" && value == "pda") network.options.demand_model = DemandModel::pressure_driven;
        else if (key == "demand_model" && value == "dda") network.options.demand_model = DemandModel::demand_driven;
        else fail("CT-WATER-040", {}, fmt::format("option {}={} isn't understood", key, value), "known: duration, report_step, accuracy, head_error, certify=on|off, quality=none, demand_model=dda|pda");
    }
    network.times.hydraulic_step_s = std::min(network.times.hydraulic_step_s, network.times.report_step_s);
    network.times.rule_step_s = std::min(network.times.rule_step_s, network.times.hydraulic_step_s);
}

class InpRun {
public:
    InpRun(const std::string& path, const std::string& folder, const std::map<std::string, std::string>& words, DiagnosticList& diagnostics) : folder_(folder), diagnostics_(diagnostics) {
        const auto begin = Clock::now();
        Network network = read_network(InpDocument::read(path, diagnostics), diagnostics);
        apply(network, words);
        if (network.times.duration_s == 0) note_steady(path);
        network_ = std::make_shared<const Network>(std::move(network));
        read_s_ = seconds_since(begin);
    }

    void run() {
        std::filesystem::create_directories(folder_);
        CsvWriter nodes(folder_ + "/nodes.csv", {"time_s", "id", "head_m", "pressure_m", "demand_m3ps", "quality"}), links(folder_ + "/links.csv", {"time_s", "id", "flow_m3ps", "status", "setting", "headloss_m"}),
            steps(folder_ + "/steps.csv", {"time_s", "cause", "certificate", "trials", "mass_residual_m3ps", "head_residual_m", "cut_nodes", "unserved_m3ps"});
        auto begin = Clock::now();
        Hydraulics hydraulics(network_);
        do {
            const Certificate& c = hydraulics.solve();
            count(hydraulics, c);
            solve_s_ += seconds_since(begin);
            begin = Clock::now();
            write_step(steps, c);
            const RunTimes& times = network_->times;
            if (c.time_s >= times.report_start_s && c.time_s % times.report_step_s == 0) write_nodes(nodes, hydraulics), write_links(links, hydraulics);
            write_s_ += seconds_since(begin);
            begin = Clock::now();
        } while (hydraulics.step() > 0);
        solve_s_ += seconds_since(begin);
        begin = Clock::now();
        nodes.commit();
        links.commit();
        steps.commit();
        write_pumps(hydraulics);
        write_s_ += seconds_since(begin);
        write_summary(hydraulics);
        if (degraded_ != 0) diagnostics_.warning("CT-WATER-043", {}, fmt::format("{} of {} steps are DEGRADED", degraded_, solves_), "summary.json and steps.csv say why");
    }

private:
    void note_steady(const std::string& path) {
        Diagnostic note;
        note.severity = Severity::note;
        note.code = "CT-WATER-042";
        note.place.file = path;
        note.message = "the file's duration is 0: one steady solve";
        note.hint = "--option duration=24 h for a period";
        diagnostics_.add(std::move(note));
    }

    void count(const Hydraulics& h, const Certificate& c) {
        ++solves_;
        trials_ += c.trials;
        degraded_ += !c.is_converged();
        ++causes_[static_cast<std::size_t>(c.cause)];
        for (int r = 0; r < reason_count; ++r)
            if (c.has(static_cast<Reason>(1 << r))) ++reasons_[r];
        head_residual_ = std::max(head_residual_, c.head_residual_max_m);
        if (c.demand_m3ps > 0) mass_residual_ = std::max(mass_residual_, c.mass_residual_max_m3ps / c.demand_m3ps);
        for (const Index j : h.cut_junctions()) cut_.insert({network_->node_id[j], c.time_s});
        for (const Index k : h.cycling_links()) cycling_.insert({network_->link_id[k], c.time_s});
    }

    static void write_step(CsvWriter& csv, const Certificate& c) {
        std::string words = c.is_converged() ? "CONVERGED" : "DEGRADED";
        for (int r = 0; r < reason_count; ++r)
            if (c.has(static_cast<Reason>(1 << r))) words += fmt::format("; {}", name_of(static_cast<Reason>(1 << r)));
        csv.integer(c.time_s).text(name_of(c.cause)).text(words).integer(c.trials).number(c.mass_residual_max_m3ps).number(c.head_residual_max_m).integer(c.cut_nodes).number(c.unserved_m3ps);
        csv.end_row();
    }

    /// Heads that no source sets are blank.
    void write_nodes(CsvWriter& csv, const Hydraulics& h) const {
        for (Index j = 0; j < network_->nodes(); ++j) {
            const double head = h.is_supplied(j) ? h.head_m(j) : std::numeric_limits<double>::quiet_NaN();
            csv.integer(h.time_s()).text(network_->node_id[j]).number(head).number(head - network_->elevation_m[j]).number(h.outflow_m3ps(j)).text("");
            csv.end_row();
        }
    }

    void write_links(CsvWriter& csv, const Hydraulics& h) const {
        for (Index k = 0; k < network_->links(); ++k) {
            const bool closed = is_closed(h.status(k));
            const double setting = h.setting(k);
            const bool active = network_->link_kind[k] > LinkKind::pump && h.status(k) > LinkStatus::open;   // 2 as EPANET's toolkit says it
            csv.integer(h.time_s()).text(network_->link_id[k]).number(h.flow_m3ps(k)).integer(closed ? 0 : active ? 2 : 1).number(setting == no_setting ? 0 : setting);
            csv.number(closed ? 0 : h.head_m(network_->link_from[k]) - h.head_m(network_->link_to[k]));
            csv.end_row();
        }
    }

    void write_pumps(const Hydraulics& h) const {
        CsvWriter csv(folder_ + "/pumps.csv", {"id", "hours_on", "mean_efficiency", "energy_kwh", "power_max_kw", "cost"});
        for (std::size_t p = 0; p < network_->pumps.size(); ++p) {
            const PumpEnergy& e = h.pump_energy()[p];
            csv.text(network_->link_id[network_->pumps[p].link]).number(e.hours_on).number(e.hours_on > 0 ? e.efficiency_hours / e.hours_on : 0).number(e.energy_kwh).number(e.power_max_kw).number(e.cost);
            csv.end_row();
        }
        csv.commit();
    }

    void write_summary(const Hydraulics& h) const {
        nlohmann::ordered_json json{{"solver", "global gradient, static LDLT"}, {"nodes", network_->nodes()}, {"links", network_->links()}, {"solves", solves_}, {"iterations", trials_}, {"converged_steps", solves_ - degraded_},
                                    {"degraded_steps", degraded_}, {"head_residual_max_m", head_residual_}, {"mass_residual_max_share", mass_residual_}, {"end_s", h.time_s()}, {"peak_power_kw", h.state().peak_power_kw},
                                    {"demand_charge", h.state().peak_power_kw * network_->options.demand_charge}, {"read_s", read_s_}, {"solve_s", solve_s_}, {"write_s", write_s_}};
        double energy = 0, cost = 0;
        for (const auto& pump : h.pump_energy()) energy += pump.energy_kwh, cost += pump.cost;
        json["energy_kwh"] = energy;
        json["energy_cost"] = cost;
        for (int r = 0; r < reason_count; ++r)
            if (reasons_[r] != 0) json["degraded_by"][name_of(static_cast<Reason>(1 << r))] = reasons_[r];
        for (int c = 0; c < cause_count; ++c)
            if (causes_[c] != 0) json["steps_by_cause"][name_of(static_cast<EventCause>(c))] = causes_[c];
        const auto list = [&](const char* name, const std::map<std::string, std::int64_t>& first_seen) {
            std::size_t n = 0;
            for (const auto& [id, time] : first_seen)
                if (++n <= 50) json[name].push_back({{"id", id}, {"first_s", time}});
            if (n > 50) json[std::string(name) + "_count"] = n;
        };
        list("cut_nodes", cut_);
        list("cycling_links", cycling_);
        write_file(folder_ + "/summary.json", json.dump(1) + "\n");
    }

    std::string folder_;
    DiagnosticList& diagnostics_;
    std::shared_ptr<const Network> network_;
    std::int64_t solves_ = 0, trials_ = 0, degraded_ = 0;
    std::int64_t reasons_[reason_count] = {}, causes_[cause_count] = {};
    double head_residual_ = 0, mass_residual_ = 0, read_s_ = 0, solve_s_ = 0, write_s_ = 0;
    std::map<std::string, std::int64_t> cut_, cycling_;
};

void solve(const std::string& path, const std::string& folder, const std::map<std::string, std::string>& words, Arena&, DiagnosticList& diagnostics) {
    InpRun run(path, folder, words, diagnostics);
    run.run();
}

const Registration registration{Solver{"EPANET input file, water distribution",
                                       {".inp"},
                                       {ParameterInfo{"duration", "quantity", "s", "", "Period; else the file's"}, ParameterInfo{"report_step", "quantity", "s", "", "Rows of the CSV files; else the file's"},
                                        ParameterInfo{"accuracy", "number", "1", "", "Flow change that ends the trials; else the file's"}, ParameterInfo{"head_error", "number", "", "", "Greatest head error, in the file's unit; else the file's"},
                                        ParameterInfo{"certify", "text", "", "off", "on: goes on until each step's certificate holds"}, ParameterInfo{"quality", "text", "", "none", "none (age, chemical and trace aren't built yet)"},
                                        ParameterInfo{"demand_model", "text", "", "", "dda or pda; else the file's"}},
                                       solve}};

}  // namespace
}  // namespace citytwin::water
