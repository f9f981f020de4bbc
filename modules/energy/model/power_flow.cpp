#include "modules/energy/model/power_flow.hpp"

#include <cmath>
#include <limits>

#include "modules/energy/model/start_voltages.hpp"

namespace citytwin::energy {

std::string_view name_of(StartUsed start) {
    switch (start) {
        case StartUsed::last: return "last";
        case StartUsed::given: return "given";
        case StartUsed::dc: return "dc";
        case StartUsed::flat: return "flat";
        case StartUsed::none: break;
    }
    return "none";
}

PowerFlow::PowerFlow(const PowerNetwork& network, const PowerFlowOptions& options)
    : demand(network.buses.demand), unit_power(network.units.power), network_(&network), options_(options), switches_(network),
      topology_(network, switches_, options.islands), admittance_(network, topology_), newton_(admittance_, topology_) {
    voltage.assign(network.buses.size(), std::numeric_limits<double>::quiet_NaN());
    angle_rad = voltage;
    stale_ = true;
    prepare();
}

// The ordering is kept while nodes and roles are; pivots are chosen anew from the voltages without load, so that a resumed run
// has the same ones.
void PowerFlow::prepare() {
    if (!stale_) return;
    stale_ = false;
    Topology now(*network_, switches_, options_.islands);
    const bool same = now.same_unknowns(topology_);
    topology_ = std::move(now);
    if (!same) {
        admittance_ = NodeAdmittance(*network_, topology_);
        newton_ = Newton(admittance_, topology_);
    }
    admittance_.fill(*network_, switches_, topology_);
    newton_.choose_pivots(admittance_, flat_start(*network_, switches_, topology_));
    given_ = given_start(*network_, topology_);
}

const Topology& PowerFlow::topology() {
    prepare();
    return topology_;
}

void PowerFlow::loaded() {
    stale_ = true;
    prepare();
}

void PowerFlow::injections(std::vector<Complex>& target) const {
    target.assign(topology_.nodes(), {});
    for (std::size_t unit = 0; unit < unit_power.size(); ++unit) {
        const Index node = topology_.node_of_bus[network_->units.bus[unit]];
        if (node != no_index && switches_.unit_on[unit] != 0) target[node] += unit_power[unit];
    }
    for (std::size_t bus = 0; bus < demand.size(); ++bus) {
        const Index node = topology_.node_of_bus[bus];
        if (node != no_index) target[node] -= demand[bus];
    }
}

NodeVoltages PowerFlow::last_start() const {
    NodeVoltages start = given_;
    for (std::size_t i = 0; i < topology_.nodes(); ++i) {
        const Index bus = topology_.bus_of_node[i];
        if (!std::isfinite(voltage[bus])) continue;   // it was dead: starts as the network says
        if (topology_.role[i] == NodeRole::load) start.magnitude[i] = voltage[bus];
        if (topology_.role[i] == NodeRole::load || topology_.role[i] == NodeRole::voltage_controlled) start.angle_rad[i] = angle_rad[bus];
    }
    start.to_rectangular();
    return start;
}

bool PowerFlow::attempt(StartUsed start, bool step_control, PowerFlowReport& report) {
    switch (start) {
        case StartUsed::last: voltages_ = last_start(); break;
        case StartUsed::dc: voltages_ = dc_start(*network_, switches_, topology_, target_); break;
        case StartUsed::flat: voltages_ = flat_start(*network_, switches_, topology_); break;
        default: voltages_ = given_;
    }
    NewtonLimits limits = options_.newton;
    limits.step_control = step_control;
    const NewtonOutcome outcome = newton_.solve(admittance_, voltages_, target_, limits);
    if (report.start == StartUsed::none) report.diverged_at = outcome.iterations;
    report.converged = outcome.converged;
    report.iterations = outcome.iterations;
    report.start = start;
    report.step_control = step_control;
    report.mismatch = outcome.mismatch;
    report.worst_bus = outcome.worst_node == no_index ? no_index : topology_.bus_of_node[outcome.worst_node];
    return outcome.converged;
}

PowerFlowReport PowerFlow::solve(Start start) {
    prepare();
    injections(target_);
    PowerFlowReport report, doubtful;
    NodeVoltages doubtful_voltages;
    bool done = false;
    const auto try_from = [&](StartUsed from, bool step_control) {
        if (done || !attempt(from, step_control, report)) return;
        done = is_plausible();
        if (done || doubtful.converged) return;   // met the equations far from any operating point: kept if nothing better comes
        doubtful = report;
        doubtful_voltages = voltages_;
    };
    if (start == Start::last) try_from(StartUsed::last, false);
    for (const bool step_control : {false, true}) {
        for (const StartUsed from : {StartUsed::given, StartUsed::dc, StartUsed::flat}) try_from(from, step_control);
    }
    if (!done && doubtful.converged) {
        report = doubtful;
        voltages_ = doubtful_voltages;
    }
    publish(report);
    if (done || !report.converged) return report;
    for (Index bus = 0; bus < voltage.size(); ++bus) {
        if (voltage[bus] < options_.voltage_low || voltage[bus] > options_.voltage_high) report.implausible_buses.push_back(bus);
    }
    return report;
}

bool PowerFlow::is_plausible() const {
    for (std::size_t i = 0; i < topology_.nodes(); ++i) {
        const double v = voltages_.magnitude[i];
        if (topology_.role[i] != NodeRole::dead && !(v >= options_.voltage_low && v <= options_.voltage_high)) return false;
    }
    return true;
}

void PowerFlow::publish(const PowerFlowReport& report) {
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    for (Index bus = 0; bus < voltage.size(); ++bus) {
        const bool live = report.converged && topology_.is_live(bus);
        const Index node = topology_.node_of_bus[bus];
        voltage[bus] = live ? voltages_.magnitude[node] : nothing;
        angle_rad[bus] = live ? voltages_.angle_rad[node] : nothing;
    }
}

}  // namespace citytwin::energy
