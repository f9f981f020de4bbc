#include "modules/energy/model/contingency.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "modules/energy/model/bridges.hpp"
#include "modules/energy/model/lane_newton.hpp"
#include "modules/energy/model/solution.hpp"

namespace citytwin::energy {
namespace {

/// Rated branches with their two-ports, for loadings in lanes.
struct RatedBranch {
    Index branch, from, to;
    TwoPort port;
    double inverse_squared_rating;
};

CITYTWIN_WIDE void squared_loading(const RatedBranch& b, const LaneVoltages& v, Pack& out) {
    const Pack fr = v.re[b.from].v, fi = v.im[b.from].v, tr = v.re[b.to].v, ti = v.im[b.to].v;
    const TwoPort& y = b.port;
    const Pack from_re = y.ff.re * fr - y.ff.im * fi + (y.ft.re * tr - y.ft.im * ti), from_im = y.ff.re * fi + y.ff.im * fr + (y.ft.re * ti + y.ft.im * tr);
    const Pack to_re = y.tf.re * fr - y.tf.im * fi + (y.tt.re * tr - y.tt.im * ti), to_im = y.tf.re * fi + y.tf.im * fr + (y.tt.re * ti + y.tt.im * tr);
    const Pack at_from = (fr * fr + fi * fi) * (from_re * from_re + from_im * from_im), at_to = (tr * tr + ti * ti) * (to_re * to_re + to_im * to_im);
    out = (at_from > at_to ? at_from : at_to) * b.inverse_squared_rating;
}

class Analysis {
public:
    Analysis(PowerFlow& base, const PowerFlowOptions& options)
        : base_(base), options_(options), network_(base.network()), topology_(base.topology()), bridges_(network_, base.switches(), topology_) {
        options_.newton.iterations = 20;
        base.injections(target_);
        node_demand_.resize(topology_.nodes());
        for (std::size_t bus = 0; bus < network_.buses.size(); ++bus) {
            const Index node = topology_.node_of_bus[bus];
            if (node != no_index) node_demand_[node] += base.demand[bus];
            if (!topology_.is_live(static_cast<Index>(bus))) dead_before_ += base.demand[bus];
        }
        for (std::size_t k = 0; k < network_.branches.size(); ++k) {
            if (!conducts(network_, base.switches(), k) || base.admittance().branch_entries[k][0] == no_index) continue;
            closed_.push_back(static_cast<Index>(k));
            if (network_.branches.rating[k] > 0) rated_.push_back(rated(k));
        }
        // Pivots of the base solution suit all outages; the copy leaves those of `base` alone.
        newton_ = Newton(base.admittance(), topology_);
        newton_.choose_pivots(base.admittance(), base.node_voltages());
        shared_ = std::make_unique<LaneNewton::Shared>(base.admittance(), newton_);
    }

    std::vector<Contingency> run(Arena& arena) {
        std::vector<Contingency> all(closed_.size());
        std::vector<std::unique_ptr<Worker>> workers(static_cast<std::size_t>(arena.threads()));
        const std::size_t groups = (closed_.size() + lane_count - 1) / lane_count;
        arena.each(groups, [&](std::size_t group) {
            auto& worker = workers[static_cast<std::size_t>(arena.slot())];
            if (!worker) worker = std::make_unique<Worker>(*shared_, target_);
            const std::size_t first = group * lane_count, used = std::min<std::size_t>(lane_count, closed_.size() - first);
            solve_group(*worker, std::span(all).subspan(first, used), first);
        }, 1);
        std::vector<std::size_t> unsolved;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!all[i].solved) unsolved.push_back(i);
        }
        if (!unsolved.empty()) arena.each(unsolved.size(), [&](std::size_t i) { solve_alone(all[unsolved[i]]); }, 1);
        for (const Index k : topology_.joining_branches) {
            Contingency joined;
            joined.branch = k;
            solve_alone(joined);
            all.push_back(joined);
        }
        std::sort(all.begin(), all.end(), [](const Contingency& a, const Contingency& b) { return a.branch < b.branch; });
        return all;
    }

private:
    struct Worker {
        Worker(const LaneNewton::Shared& shared, const std::vector<Complex>& target) : newton(shared), p(target.size()), q(target.size()) {
            voltages.resize(target.size());
            for (std::size_t i = 0; i < target.size(); ++i) {
                p[i].v = Pack{} + target[i].re;
                q[i].v = Pack{} + target[i].im;
            }
        }
        LaneNewton newton;
        LaneVoltages voltages;
        std::vector<Lanes> p, q;
        std::vector<LanePatch> patches;
    };

    [[nodiscard]] TwoPort port(std::size_t k) const { return two_port(network_.branches, k, base_.switches().ratio[k], base_.switches().shift_rad[k]); }
    [[nodiscard]] RatedBranch rated(std::size_t k) const {
        const Branches& b = network_.branches;
        return {static_cast<Index>(k), topology_.node_of_bus[b.from[k]], topology_.node_of_bus[b.to[k]], port(k), 1 / (b.rating[k] * b.rating[k])};
    }

    /// The far side of a bridge loses its voltage unless it has a slack node of its own.
    [[nodiscard]] LanePatch patch_of(Index branch, Contingency& contingency) const {
        const auto& entries = base_.admittance().branch_entries[branch];
        const Index from = topology_.node_of_bus[network_.branches.from[branch]], to = topology_.node_of_bus[network_.branches.to[branch]];
        const TwoPort y = port(branch);
        LanePatch patch{{{entries[0], from, from, -y.ff}, {entries[1], from, to, -y.ft}, {entries[2], to, from, -y.tf}, {entries[3], to, to, -y.tt}}, {}};
        contingency.branch = branch;
        contingency.unserved = dead_before_;
        if (bridges_.is_bridge[branch] == 0) return patch;
        contingency.status = ContingencyStatus::islands;
        const auto far = bridges_.far_side(branch);
        if (std::any_of(far.begin(), far.end(), [&](Index node) { return topology_.role[node] == NodeRole::slack; })) return patch;
        patch.dead_nodes.assign(far.begin(), far.end());
        for (const Index node : patch.dead_nodes) contingency.unserved += node_demand_[node];
        return patch;
    }

    void solve_group(Worker& w, std::span<Contingency> group, std::size_t first) const {
        const NodeVoltages& start = base_.node_voltages();
        for (std::size_t i = 0; i < start.magnitude.size(); ++i) {
            w.voltages.magnitude[i].v = Pack{} + start.magnitude[i];
            w.voltages.angle_rad[i].v = Pack{} + start.angle_rad[i];
            w.voltages.re[i].v = Pack{} + start.re[i];
            w.voltages.im[i].v = Pack{} + start.im[i];
        }
        w.patches.clear();
        for (std::size_t l = 0; l < group.size(); ++l) {
            w.patches.push_back(patch_of(closed_[first + l], group[l]));
            for (const Index node : w.patches[l].dead_nodes) {
                for (auto* column : {&w.voltages.magnitude, &w.voltages.re, &w.voltages.im}) (*column)[node].v[l] = 0;
            }
        }
        const LaneOutcome outcome = w.newton.solve(w.voltages, w.p, w.q, w.patches, static_cast<int>(group.size()), options_.newton);
        for (std::size_t l = 0; l < group.size(); ++l) {
            group[l].solved = outcome.converged[l];
            group[l].iterations = outcome.iterations[l];
        }
        summarise(w, group);
    }

    void summarise(const Worker& w, std::span<Contingency> group) const {
        Pack low = Pack{} + std::numeric_limits<double>::infinity(), high = Pack{};
        for (std::size_t i = 0; i < topology_.nodes(); ++i) {
            if (topology_.role[i] == NodeRole::dead) continue;
            const Pack v = w.voltages.magnitude[i].v;
            low = (v < low) & (v != 0) ? v : low;
            high = v > high ? v : high;
        }
        Pack worst{};
        Mask where = Mask{} - 1;
        for (std::size_t r = 0; r < rated_.size(); ++r) {
            Pack squared_load;
            squared_loading(rated_[r], w.voltages, squared_load);
            for (std::size_t l = 0; l < group.size(); ++l) {
                if (group[l].branch == rated_[r].branch) squared_load[l] = 0;
            }
            const Mask more = squared_load > worst;
            worst = more ? squared_load : worst;
            where = more ? Mask{} + static_cast<std::int64_t>(r) : where;
        }
        for (std::size_t l = 0; l < group.size(); ++l) {
            // Far from any operating point: solved again alone, from other starts.
            group[l].solved = group[l].solved && low[l] >= options_.voltage_low && high[l] <= options_.voltage_high;
            if (!group[l].solved) continue;
            group[l].voltage_min = low[l];
            group[l].voltage_max = high[l];
            group[l].loading_max = std::sqrt(worst[l]);
            group[l].worst_branch = where[l] < 0 ? no_index : rated_[static_cast<std::size_t>(where[l])].branch;
        }
    }

    void solve_alone(Contingency& contingency) const {
        contingency.alone = true;
        PowerFlow flow(network_, options_);
        flow.take_switches(base_);
        flow.set_branch_closed(contingency.branch, false);
        flow.demand = base_.demand;
        flow.unit_power = base_.unit_power;
        flow.voltage = base_.voltage;
        flow.angle_rad = base_.angle_rad;
        if (flow.topology().islands > topology_.islands) contingency.status = ContingencyStatus::islands;
        const PowerFlowReport report = flow.solve(Start::last);
        contingency.solved = report.converged;
        contingency.iterations = report.iterations;
        if (!report.converged) {
            contingency.status = ContingencyStatus::diverged;
            return;
        }
        contingency.unserved = {};
        for (const Complex& demand : unserved_demand(flow)) contingency.unserved += demand;
        contingency.voltage_min = std::numeric_limits<double>::infinity();
        for (const double v : flow.voltage) {
            if (!std::isfinite(v)) continue;
            contingency.voltage_min = std::min(contingency.voltage_min, v);
            contingency.voltage_max = std::max(contingency.voltage_max, v);
        }
        const auto flows = branch_flows(flow);
        for (Index k = 0; k < flows.size(); ++k) {
            const double load = loading(network_.branches, k, flows[k]);
            if (!(load > contingency.loading_max)) continue;
            contingency.loading_max = load;
            contingency.worst_branch = k;
        }
    }

    PowerFlow& base_;
    PowerFlowOptions options_;
    const PowerNetwork& network_;
    const Topology& topology_;
    Bridges bridges_;
    std::vector<Complex> target_, node_demand_;
    Complex dead_before_;
    std::vector<Index> closed_;
    std::vector<RatedBranch> rated_;
    Newton newton_;
    std::unique_ptr<LaneNewton::Shared> shared_;
};

}  // namespace

std::vector<Contingency> n_minus_1(PowerFlow& base, const PowerFlowOptions& options, Arena& arena) { return Analysis(base, options).run(arena); }

}  // namespace citytwin::energy
