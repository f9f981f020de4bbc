// citytwin city export CITY|RUN -o X.m: the power grid as a MATPOWER case (format version 2), for its own program and for peers.
// With --at: loads, switches and taps of the step that ends there. Dead parts are left out and listed, in the file and as a warning.
#include <fmt/format.h>

#include <cmath>

#include "core/base/durable_file.hpp"
#include "core/module/registry.hpp"
#include "modules/energy/city/grid_sets.hpp"
#include "modules/energy/model/portable_trig.hpp"
#include "modules/energy/model/topology.hpp"

namespace citytwin::energy {
namespace {

/// A field of the moment where it was recorded; else nothing.
const std::vector<double>* recorded(const EntitySet& set, const char* field) {
    const Column* column = set.find(std::string("at.") + field);
    return column == nullptr ? nullptr : std::get_if<std::vector<double>>(&column->data);
}

class CaseWriter {
public:
    CaseWriter(const City& city, const std::string& path, DiagnosticList& diagnostics) : city_(city), path_(path), diagnostics_(diagnostics) {
        if (city.find("power_bus") == nullptr || city.find("power_branch") == nullptr || city.find("power_device") == nullptr) {
            fail("CT-ENERGY-045", {path}, "this city has no power grid",
                "the energy module lays it: export a run that has [modules.energy], or a city made by `citytwin city generate`");
        }
        network_ = network_of(city);
        base_mva_ = network_.base_VA / 1e6;
    }

    void write() {
        take_moment();
        const SwitchState state(network_);
        const Topology topology(network_, state, {});
        place_shunts();
        number_buses(topology);
        join_sources(topology);
        text_ = fmt::format("function mpc = citytwin_grid\n%CITYTWIN_GRID  power grid of {}\n", city_.name.empty() ? "a city" : city_.name);
        list_dead();
        text_ += fmt::format("mpc.version = '2';\nmpc.baseMVA = {:.17g};\n", base_mva_);
        buses();
        units();
        branches();
        write_file(path_, text_);
    }

private:
    /// What was recorded replaces the city's own values; loads must be there when the city is at a moment.
    void take_moment() {
        const EntitySet &buses = city_.at("power_bus"), &branches = city_.at("power_branch");
        const auto *p = recorded(buses, "load_power"), *q = recorded(buses, "load_reactive_power"), *closed = recorded(branches, "in_service"),
            *ratio = recorded(branches, "tap_ratio"), *voltage = recorded(buses, "voltage");
        bool at_moment = false;
        for (const EntitySet& set : city_.sets()) {
            for (const Column& column : set.columns()) at_moment = at_moment || column.name.starts_with("at.");
        }
        if (at_moment && (p == nullptr || q == nullptr || closed == nullptr || ratio == nullptr || voltage == nullptr)) {
            fail("CT-ENERGY-046", {path_}, "the run didn't record what a power flow needs",
                "record power_bus.voltage, power_bus.load_power, power_bus.load_reactive_power, power_branch.in_service and power_branch.tap_ratio");
        }
        if (!at_moment) return;
        for (std::size_t b = 0; b < network_.buses.size(); ++b) {
            network_.buses.demand[b] = {(*p)[b] / network_.base_VA, (*q)[b] / network_.base_VA};
            if ((*voltage)[b] == 0) network_.buses.kind[b] = BusKind::isolated;   // taken out, or without a way to a source
        }
        for (std::size_t k = 0; k < network_.branches.size(); ++k) {
            network_.branches.closed[k] = (*closed)[k] != 0 ? 1 : 0;
            network_.branches.ratio[k] = (*ratio)[k];
        }
    }

    /// A line's charging stays with it; what MATPOWER's branch can't say (conductance, unequal ends) goes to the buses.
    void place_shunts() {
        const Branches& b = network_.branches;
        charging_.assign(b.size(), 0);
        shunt_ = network_.buses.shunt;
        for (std::size_t k = 0; k < b.size(); ++k) {
            const Complex from = b.shunt_from[k], to = b.shunt_to[k];
            if (from.re == 0 && to.re == 0 && from.im == to.im) {
                charging_[k] = from.im + to.im;
            } else if (b.closed[k] != 0) {
                shunt_[b.from[k]] += 1 / (b.ratio[k] * b.ratio[k]) * from;
                shunt_[b.to[k]] += to;
            }
        }
    }

    void number_buses(const Topology& topology) {
        number_.assign(network_.buses.size(), 0);
        for (Index b = 0; b < number_.size(); ++b) {
            if (topology.is_live(b)) number_[b] = static_cast<std::int64_t>(b) + 1;
            else dead_.push_back(b);
        }
    }

    /// Several sources in the file become one slack behind an upstream bus: ideal transformers (nearly: 1e-7 of reactance) hold their setpoints.
    void join_sources(const Topology& topology) {
        for (Index node = 0; node < topology.nodes(); ++node) {
            if (topology.role[node] == NodeRole::slack) sources_.push_back(node);
        }
        if (sources_.size() < 2) return;
        for (Index& source : sources_) {
            setpoint_.push_back(topology.setpoint[source]);
            angle_rad_.push_back(topology.slack_angle_rad[source]);
            source = topology.bus_of_node[source];
        }
    }
    [[nodiscard]] bool joined() const { return sources_.size() > 1; }

    void list_dead() {
        if (dead_.empty()) return;
        const EntitySet& set = city_.at("power_bus");
        double demand_W = 0;
        text_ += fmt::format("% {} buses have no voltage and are left out, with their branches:\n", dead_.size());
        std::string line = "%";
        for (const Index b : dead_) {
            demand_W += network_.buses.demand[b].re * network_.base_VA;
            line += " " + set.id_of(b);
            if (line.size() > 120) {
                text_ += line + "\n";
                line = "%";
            }
        }
        if (line.size() > 1) text_ += line + "\n";
        diagnostics_.warning("CT-ENERGY-047", {path_},
            fmt::format("{} of {} buses have no voltage and are left out with their branches; the first is '{}'", dead_.size(),
            network_.buses.size(), set.id_of(dead_.front())),
                             "the file lists them in its comments");
    }

    void buses() {
        const Buses& b = network_.buses;
        text_ += "%\tbus_i\ttype\tPd\tQd\tGs\tBs\tarea\tVm\tVa\tbaseKV\tzone\tVmax\tVmin\nmpc.bus = [\n";
        for (Index i = 0; i < b.size(); ++i) {
            if (number_[i] == 0) continue;
            const int type = joined() && b.kind[i] == BusKind::slack ? 1 : static_cast<int>(b.kind[i]);
            text_ += fmt::format("\t{}\t{}\t{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\t1\t{:.17g}\t{:.17g}\t{:.17g}\t1\t1.1\t0.9;\n", number_[i], type,
                b.demand[i].re * base_mva_, b.demand[i].im * base_mva_, shunt_[i].re * base_mva_,
                                 shunt_[i].im * base_mva_, b.voltage[i], b.angle_rad[i] / degree, b.nominal_V[i] / 1e3);
        }
        if (joined()) text_ += fmt::format("\t{}\t3\t0\t0\t0\t0\t1\t1\t0\t{:.17g}\t1\t1.1\t0.9;\n", upstream_number(), b.nominal_V[sources_.front()] / 1e3);
        text_ += "];\n";
    }
    [[nodiscard]] std::size_t upstream_number() const { return number_.size() + 1; }

    void units() {
        const Units& u = network_.units;
        text_ += "%\tbus\tPg\tQg\tQmax\tQmin\tVg\tmBase\tstatus\tPmax\tPmin\nmpc.gen = [\n";
        const auto row = [&](std::int64_t bus, Complex power, double q_max, double q_min, double setpoint, bool on) {
            text_ += fmt::format("\t{}\t{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\t{}\t1e9\t-1e9;\n", bus, power.re * base_mva_,
                power.im * base_mva_, q_max * base_mva_, q_min * base_mva_, setpoint, base_mva_, on ? 1 : 0);
        };
        if (joined()) row(static_cast<std::int64_t>(upstream_number()), {}, 1e9, -1e9, 1, true);
        for (std::size_t k = 0; k < u.size(); ++k) {
            if (number_[u.bus[k]] == 0 || (joined() && network_.buses.kind[u.bus[k]] == BusKind::slack)) continue;
            row(number_[u.bus[k]], u.power[k], std::min(u.q_max[k], 1e9), std::max(u.q_min[k], -1e9), u.setpoint[k], u.on[k] != 0);
        }
        text_ += "];\n";
    }

    void branches() {
        const Branches& b = network_.branches;
        text_ += "%\tfbus\ttbus\tr\tx\tb\trateA\trateB\trateC\tratio\tangle\tstatus\nmpc.branch = [\n";
        for (std::size_t k = 0; k < b.size(); ++k) {
            if (number_[b.from[k]] == 0 || number_[b.to[k]] == 0) continue;
            const double ratio = b.ratio[k] == 1 && b.shift_rad[k] == 0 ? 0 : b.ratio[k], rating = b.rating[k] * base_mva_;
            text_ += fmt::format("\t{}\t{}\t{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\t{};\n", number_[b.from[k]],
                number_[b.to[k]], b.impedance[k].re, b.impedance[k].im, charging_[k], rating, rating, rating,
                                 ratio, b.shift_rad[k] / degree, b.closed[k] != 0 ? 1 : 0);
        }
        for (std::size_t s = 0; joined() && s < sources_.size(); ++s) {
            text_ += fmt::format("\t{}\t{}\t0\t1e-7\t0\t0\t0\t0\t{:.17g}\t{:.17g}\t1;\n", upstream_number(), number_[sources_[s]], 1 / setpoint_[s],
                -angle_rad_[s] / degree);
        }
        text_ += "];\n";
    }

    const City& city_;
    std::string path_, text_;
    DiagnosticList& diagnostics_;
    PowerNetwork network_;
    double base_mva_ = 1;
    std::vector<Complex> shunt_;
    std::vector<double> charging_, setpoint_, angle_rad_;
    std::vector<std::int64_t> number_;   ///< of each bus in the file; 0 = left out
    std::vector<Index> dead_, sources_;
};

void export_matpower(const City& city, const std::string& path, const std::map<std::string, std::string>& /*settings*/,
    DiagnosticList& diagnostics) { CaseWriter(city, path, diagnostics).write(); }

const Registration registration{CityExporter{"MATPOWER case", {".m"}, export_matpower}};

}  // namespace
}  // namespace citytwin::energy
