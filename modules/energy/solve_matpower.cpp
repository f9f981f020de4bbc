// citytwin solve X.m: power flow or N-1 of a MATPOWER case, as MATPOWER's runpf would run it (no Q limits).
// Writes buses.csv, branches.csv, generators.csv, unserved.csv and summary.json; with study=n_minus_1 contingencies.csv too.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/module/registry.hpp"
#include "modules/energy/model/contingency.hpp"
#include "modules/energy/model/portable_trig.hpp"
#include "modules/energy/model/solution.hpp"
#include "modules/energy/read/matpower_case.hpp"

namespace citytwin::energy {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

constexpr const char* result_files[] = {"buses.csv", "branches.csv", "generators.csv", "unserved.csv", "contingencies.csv", "summary.json"};

struct Options {
    bool n_minus_1 = false;
    PowerFlowOptions flow;
};

Options options_of(const std::map<std::string, std::string>& words) {
    Options options;
    for (const auto& [key, value] : words) {
        if (key == "study") {
            if (value == "dc_opf" || value == "state_estimation") fail("CT-ENERGY-014", {}, "study=" + value + " isn't built yet", "use study=powerflow or study=n_minus_1");
            if (value != "powerflow" && value != "n_minus_1") fail("CT-ENERGY-013", {}, "unknown study '" + value + "'", suggestion(value, {"powerflow", "n_minus_1"}));
            options.n_minus_1 = value == "n_minus_1";
        } else if (key == "islands") {
            if (value != "dead" && value != "promote") fail("CT-ENERGY-013", {}, "unknown islands=" + value, suggestion(value, {"dead", "promote"}));
            options.flow.islands.promote = value == "promote";
        } else if (key == "tolerance") {
            options.flow.newton.tolerance = parse_quantity(value, "1");
            if (!(options.flow.newton.tolerance >= 1e-12 && options.flow.newton.tolerance <= 1e-2)) fail("CT-ENERGY-013", {}, "tolerance=" + value + " is outside 1e-12 to 1e-2");
        } else if (key == "max_iterations") {
            const auto wanted = parse_integer(value);
            if (!wanted || *wanted < 1 || *wanted > 1000) fail("CT-ENERGY-013", {}, "max_iterations=" + value + " is outside 1 to 1000");
            options.flow.newton.iterations = static_cast<int>(*wanted);
        } else if (key == "measurements") {
            fail("CT-ENERGY-014", {}, "measurements belong to study=state_estimation, which isn't built yet", "leave it out");
        } else {
            fail("CT-ENERGY-013", {}, "unknown option '" + key + "'", "known: study, islands, tolerance, max_iterations");
        }
    }
    return options;
}

class CaseRun {
public:
    CaseRun(const std::string& path, const Options& options, DiagnosticList& diagnostics) : options_(options), diagnostics_(diagnostics) {
        const auto begin = Clock::now();
        case_ = read_matpower(path);
        network_ = to_network(case_, diagnostics);
        read_s_ = seconds_since(begin);
    }

    void solve(Arena& arena) {
        const auto begin = Clock::now();
        flow_ = std::make_unique<PowerFlow>(network_, options_.flow);
        warn_of_topology();
        report_ = flow_->solve(Start::given);
        if (!report_.converged) diverged();
        flows_ = branch_flows(*flow_);
        units_ = unit_output(*flow_, flows_);
        if (!report_.implausible_buses.empty()) {
            const Index bus = report_.implausible_buses[0];
            diagnostics_.warning("CT-ENERGY-023", bus_place(bus), fmt::format("{} buses have a voltage outside 0.5 to 1.5 p.u., the first is bus {} with {:.4g}", report_.implausible_buses.size(),
                                                                              bus_number(bus), flow_->voltage[bus]),
                                 "the mismatch is small, but this is hardly the operating point: check impedances and units");
        }
        if (options_.n_minus_1) contingencies_ = n_minus_1(*flow_, options_.flow, arena);
        solve_s_ = seconds_since(begin);
    }

    void write(const std::string& folder) {
        const auto begin = Clock::now();
        write_buses(folder + "/buses.csv");
        write_branches(folder + "/branches.csv");
        write_generators(folder + "/generators.csv");
        write_unserved(folder + "/unserved.csv");
        if (options_.n_minus_1) write_contingencies(folder + "/contingencies.csv");
        write_summary(folder + "/summary.json", begin);
    }

private:
    [[nodiscard]] std::int64_t bus_number(Index bus) const { return static_cast<std::int64_t>(case_.tables.at("bus").at(bus, 0)); }
    [[nodiscard]] SourcePlace bus_place(Index bus) const { return {case_.path, case_.tables.at("bus").line[bus]}; }
    [[nodiscard]] double mw(double per_unit) const { return per_unit * case_.base_mva; }

    [[noreturn]] void diverged() const {
        const std::string where = report_.worst_bus == no_index ? std::string("nowhere") : fmt::format("bus {} ({:.4g} MVA)", bus_number(report_.worst_bus), mw(report_.mismatch));
        fail("CT-ENERGY-015", report_.worst_bus == no_index ? SourcePlace{case_.path} : bus_place(report_.worst_bus),
             fmt::format("the power flow diverged at iteration {} from the given start, and from DC angles, a flat start and with step control; the largest mismatch is left at {}", report_.diverged_at, where),
             "the demand there may be more than the network can carry, or an impedance or base is wrong");
    }

    void warn_of_topology() {
        const Topology& topology = flow_->topology();
        for (const Index bus : topology.promoted_buses) {
            diagnostics_.warning("CT-ENERGY-020", bus_place(bus), fmt::format("no slack bus has a unit on line there: bus {}, the first voltage-controlled one, is made slack", bus_number(bus)),
                                 "set a bus' type to 3");
        }
        std::vector<std::uint8_t> has_unit(network_.buses.size(), 0);
        for (std::size_t u = 0; u < network_.units.size(); ++u) has_unit[network_.units.bus[u]] |= network_.units.on[u];
        for (Index bus = 0; bus < has_unit.size(); ++bus) {
            const BusKind kind = network_.buses.kind[bus];
            if ((kind == BusKind::slack || kind == BusKind::voltage_controlled) && has_unit[bus] == 0) {
                diagnostics_.warning("CT-ENERGY-025", bus_place(bus), fmt::format("bus {} is of type {}, but has no unit on line: it is solved as a load bus", bus_number(bus), static_cast<int>(kind)));
            }
        }
        std::vector<Index> first(topology.islands, no_index);
        for (Index node = 0; node < topology.nodes(); ++node) {
            if (topology.role[node] == NodeRole::dead && first[topology.island[node]] == no_index) first[topology.island[node]] = topology.bus_of_node[node];
        }
        const auto unserved = unserved_demand(*flow_);
        for (std::size_t island = 0; island < first.size(); ++island) {
            if (first[island] == no_index) continue;
            double demand = 0, buses = 0;
            for (Index bus = 0; bus < unserved.size(); ++bus) {
                const Index node = topology.node_of_bus[bus];
                if (node == no_index || topology.island[node] != island) continue;
                demand += unserved[bus].re;
                buses += 1;
            }
            diagnostics_.warning("CT-ENERGY-022", bus_place(first[island]), fmt::format("the part of {} buses with bus {} has no path to a slack bus: no voltage, {:.6g} MW unserved", buses,
                                                                                        bus_number(first[island]), mw(demand)),
                                 "--option islands=promote lets a voltage-controlling unit run it");
        }
    }

    void write_buses(const std::string& path) const {
        CsvWriter csv(path, {"id", "vm_pu", "va_deg"});
        for (Index bus = 0; bus < network_.buses.size(); ++bus) {
            csv.integer(bus_number(bus)).number(flow_->voltage[bus]).number(flow_->angle_rad[bus] / degree).end_row();
        }
        csv.commit();
    }

    void write_branches(const std::string& path) const {
        CsvWriter csv(path, {"row", "from", "to", "pf_mw", "qf_mvar", "pt_mw", "qt_mvar"});
        const Branches& b = network_.branches;
        for (std::size_t k = 0; k < flows_.size(); ++k) {
            csv.integer(static_cast<std::int64_t>(k)).integer(bus_number(b.from[k])).integer(bus_number(b.to[k]));
            csv.number(mw(flows_[k].from.re)).number(mw(flows_[k].from.im)).number(mw(flows_[k].to.re)).number(mw(flows_[k].to.im)).end_row();
        }
        csv.commit();
    }

    void write_generators(const std::string& path) const {
        CsvWriter csv(path, {"row", "bus", "p_mw", "q_mvar"});
        for (std::size_t u = 0; u < units_.size(); ++u) {
            csv.integer(static_cast<std::int64_t>(u)).integer(bus_number(network_.units.bus[u])).number(mw(units_[u].re)).number(mw(units_[u].im)).end_row();
        }
        csv.commit();
    }

    void write_unserved(const std::string& path) {
        CsvWriter csv(path, {"id", "unserved_mw", "unserved_mvar"});
        const auto unserved = unserved_demand(*flow_);
        for (Index bus = 0; bus < unserved.size(); ++bus) {
            unserved_ += unserved[bus];
            if (!is_zero(unserved[bus])) csv.integer(bus_number(bus)).number(mw(unserved[bus].re)).number(mw(unserved[bus].im)).end_row();
        }
        csv.commit();
    }

    void write_contingencies(const std::string& path) {
        CsvWriter csv(path, {"row", "status", "vm_min_pu", "loading_max", "unserved_mw", "vm_max_pu", "worst_row", "iterations"});
        constexpr const char* names[] = {"ok", "islands", "diverged"};
        for (const Contingency& c : contingencies_) {
            const bool solved = c.solved;
            csv.integer(c.branch).text(names[static_cast<int>(c.status)]).number(solved ? c.voltage_min : NAN).number(solved ? c.loading_max : NAN).number(solved ? mw(c.unserved.re) : NAN);
            csv.number(solved ? c.voltage_max : NAN);
            if (c.worst_branch == no_index) csv.text("");
            else csv.integer(c.worst_branch);
            csv.integer(c.iterations).end_row();
            if (!solved && ++diverged_ == 1) first_diverged_ = c.branch;
        }
        csv.commit();
        if (diverged_ != 0) {
            diagnostics_.warning("CT-ENERGY-026", {case_.path, case_.tables.at("branch").line[first_diverged_]},
                                 fmt::format("{} of {} outages have no solution, the first is branch row {}", diverged_, contingencies_.size(), first_diverged_), "the network may not survive them");
        }
    }

    void write_summary(const std::string& path, Clock::time_point begin) const {
        const Complex losses = total_losses(flows_);
        double low = std::numeric_limits<double>::infinity(), high = 0;
        std::size_t dead = 0;
        for (const double v : flow_->voltage) {
            if (!std::isfinite(v)) {
                ++dead;
                continue;
            }
            low = std::min(low, v);
            high = std::max(high, v);
        }
        std::string slack;
        for (std::size_t i = 0; i < flow_->topology().nodes(); ++i) {
            if (flow_->topology().role[i] == NodeRole::slack) slack += fmt::format("{}{}", slack.empty() ? "" : " ", bus_number(flow_->topology().bus_of_node[i]));
        }
        nlohmann::ordered_json json{{"solver", "polar Newton on KLU"}, {"study", options_.n_minus_1 ? "n_minus_1" : "powerflow"}, {"converged", true}, {"iterations", report_.iterations},
                                    {"start", name_of(report_.start)}, {"step_control", report_.step_control}, {"residual_pu", report_.mismatch}, {"buses", network_.buses.size()},
                                    {"branches", network_.branches.size()}, {"islands", flow_->topology().islands}, {"buses_without_voltage", dead}, {"slack_buses", slack},
                                    {"loss_mw", mw(losses.re)}, {"loss_mvar", mw(losses.im)}, {"vm_min_pu", low}, {"vm_max_pu", high}, {"unserved_mw", mw(unserved_.re)},
                                    {"implausible_voltages", report_.implausible_buses.size()}, {"fresh_pivots", flow_->newton().lu().fresh_pivots()}};
        if (options_.n_minus_1) {
            std::size_t islands = 0, alone = 0;
            for (const Contingency& c : contingencies_) {
                islands += c.status == ContingencyStatus::islands ? 1 : 0;
                alone += c.alone ? 1 : 0;
            }
            json["contingencies"] = contingencies_.size();
            json["contingencies_islands"] = islands;
            json["contingencies_diverged"] = diverged_;
            json["contingencies_solved_alone"] = alone;
        }
        json["read_s"] = read_s_;
        json["solve_s"] = solve_s_;
        json["write_s"] = seconds_since(begin);
        write_file(path, json.dump(1) + "\n");
    }

    Options options_;
    DiagnosticList& diagnostics_;
    MatpowerCase case_;
    PowerNetwork network_;
    std::unique_ptr<PowerFlow> flow_;
    PowerFlowReport report_;
    std::vector<BranchFlow> flows_;
    std::vector<Complex> units_;
    std::vector<Contingency> contingencies_;
    Complex unserved_;
    std::size_t diverged_ = 0;
    Index first_diverged_ = no_index;
    double read_s_ = 0, solve_s_ = 0;
};

void solve(const std::string& path, const std::string& folder, const std::map<std::string, std::string>& words, Arena& arena, DiagnosticList& diagnostics) {
    for (const char* name : result_files) remove_durably(folder + "/" + name);   // nothing of an earlier run is left beside an error
    CaseRun run(path, options_of(words), diagnostics);
    run.solve(arena);
    run.write(folder);
}

const Registration registration{Solver{"MATPOWER case, AC power flow",
                                       {".m"},
                                       {ParameterInfo{"study", "text", "", "powerflow", "powerflow or n_minus_1"},
                                        ParameterInfo{"islands", "text", "", "dead", "Parts without a slack bus: dead, or promote to run them by a voltage-controlling unit"},
                                        ParameterInfo{"tolerance", "quantity", "1", "1e-8", "Largest mismatch in per unit"},
                                        ParameterInfo{"max_iterations", "integer", "1", "30", "Newton iterations of each attempt"},
                                        ParameterInfo{"measurements", "file", "", "", "For study=state_estimation (not built yet)"}},
                                       solve}};

}  // namespace
}  // namespace citytwin::energy
