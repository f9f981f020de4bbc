// The certificate of a solve: what balances, what doesn't, and the nodes that no source reaches.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/model/packs.hpp"

namespace citytwin::water {

const char* name_of(Reason reason) {
    switch (reason) {
        case Reason::file_accuracy: return "accuracy of the file";
        case Reason::status_cycle: return "status cycle";
        case Reason::trial_limit: return "limit of trials";
        case Reason::demand_cut: return "demand cut from any source";
        case Reason::valve_conflict: return "valve settings contradict";
        default: return "pump beyond curve";
    }
}

const char* name_of(EventCause cause) {
    static constexpr const char* names[] = {"start", "hydraulic step", "pattern", "report", "tank", "control", "rule", "outside"};
    return names[static_cast<std::size_t>(cause)];
}

/// With `through_closed` what the solve lets seep through closed links counts as flow, as in its equations; without it a closed link passes nothing.
void Hydraulics::measure_mass(bool through_closed) {
    const Network& n = *network_;
    const std::size_t rows = elimination_->rows();
    for (std::size_t row = 0; row < rows; ++row) mass_[row] = -state_.demand_m3ps[row];
    for (Index k = 0; k < n.links(); ++k) {
        if (!through_closed && !passes(k)) continue;
        mass_[row_from_[k]] -= state_.flow_m3ps[k];
        mass_[row_to_[k]] += state_.flow_m3ps[k];
    }
    double leaving = 0;
    const auto leave = [&](Index node, double flow) {
        mass_[elimination_->row_of_node(node)] -= flow;
        leaving += std::abs(flow);
    };
    for (std::size_t e = 0; e < n.emitters.size(); ++e) leave(n.emitters[e].node, state_.emitter_flow_m3ps[e]);
    for (std::size_t e = 0; e < n.leaks.size(); ++e) leave(n.leaks[e].node, state_.leak_fixed_m3ps[e] + state_.leak_growing_m3ps[e]);
    double sum = 0, greatest_mass = 0;
    Index at = no_index;
    for (std::size_t row = 0; row < rows; ++row) {
        const double mass = supplied_[row] ? std::abs(mass_[row]) : 0;   // what is cut off says so itself
        sum += mass;
        if (mass > greatest_mass) greatest_mass = mass, at = static_cast<Index>(row);
        leaving += std::abs(state_.demand_m3ps[row]);
    }
    certificate_.demand_m3ps = leaving;
    certificate_.mass_residual_max_m3ps = greatest_mass;
    certificate_.mass_residual_sum_m3ps = sum;
    certificate_.mass_residual_node = at;   // a row until certify names the node
}

/// Parts of the network between closed links, by union of the ends of open ones that lead.
template <class Leads>
Hydraulics::Parts Hydraulics::parts_between(const Leads& leads) const {
    const Network& n = *network_;
    Parts parts{std::vector<Index>(n.nodes()), std::vector<std::uint8_t>(n.nodes(), 0)};
    std::iota(parts.root.begin(), parts.root.end(), Index{0});
    const auto root = [&](Index a) {
        while (parts.root[a] != a) a = parts.root[a] = parts.root[parts.root[a]];
        return a;
    };
    for (Index k = 0; k < n.links(); ++k) {
        if (!passes(k) || (n.link_kind[k] == LinkKind::pump && state_.setting[k] == 0) || !leads(k)) continue;
        const Index a = root(row_from_[k]), b = root(row_to_[k]);
        if (a != b) parts.root[std::max(a, b)] = std::min(a, b);
    }
    for (Index row = 0; row < n.nodes(); ++row) parts.root[row] = root(row);
    for (std::size_t t = 0; t < n.tanks.size(); ++t) parts.has_source[parts.root[elimination_->rows() + t]] = 1;
    return parts;
}

void Hydraulics::find_supplied() {
    if (supply_current_) return;
    supply_current_ = true;
    const Network& n = *network_;
    const Parts parts = parts_between([](Index) { return true; });
    zones_ = 0;
    for (Index row = 0; row < n.nodes(); ++row) zones_ += parts.root[row] == row;
    cut_junctions_.clear();
    for (Index j = 0; j < n.nodes(); ++j) {
        const Index row = elimination_->row_of_node(j);
        supplied_[row] = parts.has_source[parts.root[row]];
        if (!supplied_[row]) cut_junctions_.push_back(j);
    }
}

/// Demand behind flow control valves that let in less: the equations force it through them and through closed links, at heads without sense.
/// Its nodes are cut as those without a way to a source are.
double Hydraulics::cut_behind_flow_control() {
    const Network& n = *network_;
    const auto holds = [&](Index k) { return n.link_kind[k] == LinkKind::flow_control && state_.status[k] == LinkStatus::active && passes(k) && state_.setting[k] != no_setting; };
    const double allowed = 1e-4 * certificate_.demand_m3ps;
    if (std::none_of(control_valves_.begin(), control_valves_.end(), [&](Index k) { return holds(k) && std::abs(state_.flow_m3ps[k] - state_.setting[k]) > allowed; })) return 0;
    const Parts parts = parts_between([&](Index k) { return !holds(k); });
    std::vector<double> wanted(n.nodes(), 0);
    for (Index j = 0; j < n.junctions; ++j) wanted[parts.root[elimination_->row_of_node(j)]] += full_demand_m3ps(j);
    for (const Index k : control_valves_)
        if (holds(k)) wanted[parts.root[row_to_[k]]] -= state_.setting[k], wanted[parts.root[row_from_[k]]] += state_.setting[k];
    double unserved = 0;
    for (Index j = 0; j < n.nodes(); ++j) {
        const Index row = elimination_->row_of_node(j), root = parts.root[row];
        if (!supplied_[row] || parts.has_source[root] || wanted[root] <= allowed) continue;
        supplied_[row] = 0;
        cut_junctions_.push_back(j);
        if (root == row) unserved += wanted[root];
    }
    supply_current_ = false;
    certificate_.add(Reason::demand_cut);
    certificate_.add(Reason::valve_conflict);
    return unserved;
}

/// What the solve let seep through closed links (more than a certificate allows in a small network under a high head) is led along open links instead.
void Hydraulics::stop_seepage() {
    double seepage = 0;
    for (Index k = 0; k < network_->links(); ++k)
        if (!passes(k)) seepage = std::max(seepage, std::abs(state_.flow_m3ps[k]));
    if (seepage == 0) return;
    measure_mass(false);
    const double allowed = 1e-6 * certificate_.demand_m3ps;
    if (certificate_.mass_residual_max_m3ps <= allowed || certificate_.mass_residual_max_m3ps > allowed + 2 * std::min(seepage, 100 * allowed)) return;
    balance_flows();
    evaluate_pipes();
    evaluate_pumps();
    evaluate_valves();
    measure_mass(false);
}

void Hydraulics::certify() {
    const Network& n = *network_;
    Certificate& c = certificate_;
    evaluate_pipes();
    evaluate_pumps();
    evaluate_valves();
    find_supplied();
    for (const Index j : cut_junctions_)
        if (n.is_junction(j) && full_demand_m3ps(j) > 0) c.add(Reason::demand_cut), c.unserved_m3ps += full_demand_m3ps(j);
    measure_mass(true);
    c.unserved_m3ps += cut_behind_flow_control();
    const double allowed_head = 1e-3 * n.units.head_m, allowed_mass = 1e-6 * c.demand_m3ps;
    stop_seepage();
    c.head_residual_max_m = head_residual(nullptr);
    if (c.head_residual_max_m > allowed_head) head_residual(&c.head_residual_link);
    if (c.mass_residual_node != no_index && c.mass_residual_max_m3ps > allowed_mass) {
        for (Index j = 0; j < n.junctions; ++j)
            if (elimination_->row_of_node(j) == c.mass_residual_node) {
                c.mass_residual_node = j;
                break;
            }
    } else {
        c.mass_residual_node = no_index;
    }
    if (c.head_residual_max_m > allowed_head || c.mass_residual_max_m3ps > allowed_mass || !(c.mass_residual_max_m3ps >= 0)) c.add(Reason::file_accuracy);
    c.zones = zones_;
    c.cut_nodes = static_cast<std::uint32_t>(cut_junctions_.size());
    if (!demand_law_.empty()) {
        c.unserved_m3ps = 0;
        for (std::size_t row = 0; row < demand_law_.size(); ++row)
            if (state_.full_demand_m3ps[row] > 0) c.unserved_m3ps += state_.full_demand_m3ps[row] - state_.demand_m3ps[row];
    }
    if (valve_released_) c.add(Reason::valve_conflict);
    for (const Pump& pump : n.pumps) {
        const LinkStatus status = state_.status[pump.link];
        if (state_.blocked[pump.link]) continue;
        const bool beyond = !is_closed(status) && state_.setting[pump.link] > 0 && state_.flow_m3ps[pump.link] > state_.setting[pump.link] * pump.flow_max_m3ps;
        if (status == LinkStatus::no_head || beyond) c.add(Reason::pump_beyond_curve);
    }
}

}  // namespace citytwin::water
