#include "modules/energy/model/time_series.hpp"

#include "modules/energy/model/start_voltages.hpp"

namespace citytwin::energy {

struct TimeSeries::Worker {
    StepLanes lanes;
    std::optional<SweepLanes> sweep;
    std::optional<LaneNewton> newton;
    LaneVoltages voltages;
};

TimeSeries::TimeSeries(PowerFlow& flow, double tolerance) : flow_(flow), tolerance_(tolerance), tree_(RadialTree::of(flow.network(), flow.switches(), flow.topology())) {
    if (tree_) return;
    shared_ = std::make_unique<LaneNewton::Shared>(flow.admittance(), flow.newton());
    no_load_ = flat_start(flow.network(), flow.switches(), flow.topology());
}

void TimeSeries::run(std::size_t first, std::size_t last, const Fill& fill, const Take& take, Arena& arena) {
    if (first >= last) return;
    const std::size_t groups = (last - first + lane_count - 1) / lane_count, nodes = flow_.topology().nodes();
    std::vector<std::unique_ptr<Worker>> workers(static_cast<std::size_t>(arena.threads()));
    arena.each(groups, [&](std::size_t group) {
        auto& worker = workers[static_cast<std::size_t>(arena.slot())];
        if (!worker) {
            worker = std::make_unique<Worker>();
            for (auto* column : {&worker->lanes.p, &worker->lanes.q, &worker->lanes.re, &worker->lanes.im, &worker->lanes.magnitude, &worker->lanes.angle_rad}) column->assign(nodes, Lanes{});
            if (tree_) worker->sweep.emplace(*tree_);
            else worker->newton.emplace(*shared_);
            worker->voltages.resize(nodes);
        }
        const std::size_t step = first + group * lane_count;
        const int used = static_cast<int>(std::min<std::size_t>(lane_count, last - step));
        fill(step, used, worker->lanes);
        solve(*worker, used);
        take(step, used, worker->lanes);
    }, 16);
}

void TimeSeries::solve(Worker& worker, int used) {
    StepLanes& s = worker.lanes;
    s.alone = {};
    if (tree_) {
        SweepLanes& w = *worker.sweep;
        for (std::size_t i = 0; i < tree_->size(); ++i) {
            w.p[i] = s.p[tree_->node[i]];
            w.q[i] = s.q[tree_->node[i]];
        }
        sweep(*tree_, w, used, {tolerance_, 200});
        for (std::size_t i = 0; i < tree_->size(); ++i) {
            const Index node = tree_->node[i];
            s.re[node] = w.v_re[i];
            s.im[node] = w.v_im[i];
            polar(w.v_re[i].v, w.v_im[i].v, s.magnitude[node].v, s.angle_rad[node].v);
        }
        for (int l = 0; l < used; ++l) s.converged[static_cast<std::size_t>(l)] = w.converged[l] != 0;
    } else {
        LaneVoltages& v = worker.voltages;
        for (std::size_t i = 0; i < no_load_.magnitude.size(); ++i) {
            v.magnitude[i].v = Pack{} + no_load_.magnitude[i];
            v.angle_rad[i].v = Pack{} + no_load_.angle_rad[i];
            v.re[i].v = Pack{} + no_load_.re[i];
            v.im[i].v = Pack{} + no_load_.im[i];
        }
        NewtonLimits limits;
        limits.tolerance = tolerance_;
        const LaneOutcome outcome = worker.newton->solve(v, s.p, s.q, {}, used, limits);
        s.re = v.re;
        s.im = v.im;
        s.magnitude = v.magnitude;
        s.angle_rad = v.angle_rad;
        s.converged = outcome.converged;
    }
    const PowerFlowOptions believed;
    for (std::size_t node = 0; node < s.magnitude.size(); ++node) {   // far from any operating point: alone, from other starts
        if (flow_.topology().role[node] == NodeRole::dead) continue;
        const Pack v = s.magnitude[node].v;
        const Mask doubtful = ~((v >= believed.voltage_low) & (v <= believed.voltage_high));
        if (!any(doubtful)) continue;
        for (int l = 0; l < used; ++l) s.converged[static_cast<std::size_t>(l)] = s.converged[static_cast<std::size_t>(l)] && doubtful[l] == 0;
    }
    for (int l = 0; l < used; ++l) {
        if (!s.converged[static_cast<std::size_t>(l)]) solve_alone(worker, l);
    }
}

void TimeSeries::solve_alone(Worker& worker, int lane) const {
    StepLanes& s = worker.lanes;
    PowerFlowOptions options;
    options.newton.tolerance = tolerance_;
    PowerFlow alone(flow_.network(), options);
    alone.take_switches(flow_);
    for (auto& power : alone.unit_power) power = {};
    for (auto& power : alone.demand) power = {};
    const Topology& topology = alone.topology();
    for (std::size_t node = 0; node < topology.nodes(); ++node) alone.demand[topology.bus_of_node[node]] = {-s.p[node].v[lane], -s.q[node].v[lane]};
    const PowerFlowReport report = alone.solve(Start::given);
    s.converged[static_cast<std::size_t>(lane)] = report.converged;
    s.alone[static_cast<std::size_t>(lane)] = true;
    if (!report.converged) return;
    const NodeVoltages& v = alone.node_voltages();
    for (std::size_t node = 0; node < topology.nodes(); ++node) {
        s.re[node].v[lane] = v.re[node];
        s.im[node].v[lane] = v.im[node];
        s.magnitude[node].v[lane] = v.magnitude[node];
        s.angle_rad[node].v[lane] = v.angle_rad[node];
    }
}

}  // namespace citytwin::energy
