#include "modules/energy/simbench_series.hpp"

#include <cmath>
#include <limits>

namespace citytwin::energy {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// A profile's values of the rows of a group.
void take_values(const SimbenchGrid& grid, Index profile, std::size_t row, std::size_t stride, int used, Pack& values) {
    values = Pack{} + 1;
    if (profile == no_index) return;
    for (int l = 0; l < used; ++l) values[l] = grid.profiles[profile][row + static_cast<std::size_t>(l) * stride];
}

}  // namespace

void SeriesBlock::resize(std::size_t steps, std::size_t buses, std::size_t lines, std::size_t transformers) {
    step.assign(steps, 0);
    converged.assign(steps, 0);
    alone.assign(steps, 0);
    voltage.assign(steps * buses, nothing);
    angle_rad.assign(steps * buses, nothing);
    line_loading.assign(steps * lines, nothing);
    transformer_loading.assign(steps * transformers, nothing);
    for (auto* column : {&grid_mw, &grid_mvar, &line_loss_mw, &transformer_loss_mw, &load_mw, &generation_mw, &unserved_mw}) column->assign(steps, 0);
}

SimbenchSeries::SimbenchSeries(const SimbenchGrid& grid, double tolerance)
    : grid_(grid), flow_(std::make_unique<PowerFlow>(grid.network)), series_(std::make_unique<TimeSeries>(*flow_, tolerance)) {
    for (std::size_t k = 0; k < grid.line_branch.size(); ++k) lines_.push_back(port(grid.line_branch[k], grid.line_rated_current[k], grid.line_rated_current[k]));
    for (std::size_t k = 0; k < grid.transformer_branch.size(); ++k) {
        transformers_.push_back(port(grid.transformer_branch[k], grid.transformer_rated_from[k], grid.transformer_rated_to[k]));
    }
}

SimbenchSeries::BranchPort SimbenchSeries::port(Index branch, double rated_from, double rated_to) const {
    const Branches& b = grid_.network.branches;
    const Topology& topology = flow_->topology();
    const bool carries = topology.is_live(b.from[branch]) && topology.is_live(b.to[branch]) && !is_zero(b.impedance[branch]);
    if (!carries) return {no_index, no_index, {}, 0, 0};
    return {topology.node_of_bus[b.from[branch]], topology.node_of_bus[b.to[branch]], two_port(b, branch, b.ratio[branch], b.shift_rad[branch]), 100 / rated_from, 100 / rated_to};
}

void SimbenchSeries::solve(std::size_t first, std::size_t stride, std::size_t steps, SeriesBlock& block, Arena& arena) {
    block.resize(steps, grid_.bus_id.size(), lines_.size(), transformers_.size());
    for (std::size_t k = 0; k < steps; ++k) block.step[k] = first + k * stride;
    series_->run(0, steps, [&](std::size_t at, int used, StepLanes& lanes) { fill(first + at * stride, stride, used, lanes); },
                 [&](std::size_t at, int used, const StepLanes& lanes) { take(at, used, lanes, block); }, arena);
}

void SimbenchSeries::fill(std::size_t row, std::size_t stride, int used, StepLanes& lanes) const {
    std::fill(lanes.p.begin(), lanes.p.end(), Lanes{});
    std::fill(lanes.q.begin(), lanes.q.end(), Lanes{});
    const Topology& topology = flow_->topology();
    for (const auto& injection : grid_.injections) {
        const Index node = topology.node_of_bus[injection.bus];
        if (node == no_index || topology.role[node] == NodeRole::dead) continue;
        Pack p, q;
        take_values(grid_, injection.p_profile, row, stride, used, p);
        take_values(grid_, injection.q_profile, row, stride, used, q);
        lanes.p[node].v -= injection.p * p;
        lanes.q[node].v -= injection.q * q;
    }
}

void SimbenchSeries::take(std::size_t at, int used, const StepLanes& lanes, SeriesBlock& block) const {
    for (int l = 0; l < used; ++l) {
        block.converged[at + static_cast<std::size_t>(l)] = lanes.converged[static_cast<std::size_t>(l)] ? 1 : 0;
        block.alone[at + static_cast<std::size_t>(l)] = lanes.alone[static_cast<std::size_t>(l)] ? 1 : 0;
    }
    take_voltages(at, used, lanes, block);
    take_branches(lines_, at, used, lanes, block.line_loading, block.line_loss_mw);
    take_branches(transformers_, at, used, lanes, block.transformer_loading, block.transformer_loss_mw);
    take_totals(at, used, lanes, block);
    const double mva = grid_.network.base_VA * 1e-6;
    for (int l = 0; l < used; ++l) {
        const std::size_t k = at + static_cast<std::size_t>(l);
        for (auto* column : {&block.grid_mw, &block.grid_mvar, &block.line_loss_mw, &block.transformer_loss_mw}) (*column)[k] = block.converged[k] != 0 ? (*column)[k] * mva : nothing;
    }
}

void SimbenchSeries::take_voltages(std::size_t at, int used, const StepLanes& lanes, SeriesBlock& block) const {
    const Topology& topology = flow_->topology();
    const std::size_t buses = grid_.bus_id.size();
    for (std::size_t bus = 0; bus < buses; ++bus) {
        if (!topology.is_live(static_cast<Index>(bus))) continue;
        const Index node = topology.node_of_bus[bus];
        for (int l = 0; l < used; ++l) {
            if (!lanes.converged[static_cast<std::size_t>(l)]) continue;
            const std::size_t k = (at + static_cast<std::size_t>(l)) * buses + bus;
            block.voltage[k] = lanes.magnitude[node].v[l];
            block.angle_rad[k] = lanes.angle_rad[node].v[l];
        }
    }
}

void SimbenchSeries::take_branches(const std::vector<BranchPort>& ports, std::size_t at, int used, const StepLanes& s, std::vector<double>& percent, std::vector<double>& loss) const {
    Pack total{};
    for (std::size_t k = 0; k < ports.size(); ++k) {
        const BranchPort& b = ports[k];
        Pack load{};
        if (b.from != no_index) {
            const Pack fr = s.re[b.from].v, fi = s.im[b.from].v, tr = s.re[b.to].v, ti = s.im[b.to].v;
            const TwoPort& y = b.port;
            const Pack fcr = y.ff.re * fr - y.ff.im * fi + (y.ft.re * tr - y.ft.im * ti), fci = y.ff.re * fi + y.ff.im * fr + (y.ft.re * ti + y.ft.im * tr);
            const Pack tcr = y.tf.re * fr - y.tf.im * fi + (y.tt.re * tr - y.tt.im * ti), tci = y.tf.re * fi + y.tf.im * fr + (y.tt.re * ti + y.tt.im * tr);
            const Pack at_from = (fcr * fcr + fci * fci) * (b.scale_from * b.scale_from), at_to = (tcr * tcr + tci * tci) * (b.scale_to * b.scale_to);
            load = at_from > at_to ? at_from : at_to;
            total += fr * fcr + fi * fci + (tr * tcr + ti * tci);
        }
        for (int l = 0; l < used; ++l) {
            if (s.converged[static_cast<std::size_t>(l)]) percent[(at + static_cast<std::size_t>(l)) * ports.size() + k] = std::sqrt(load[l]);
        }
    }
    for (int l = 0; l < used; ++l) loss[at + static_cast<std::size_t>(l)] = total[l];
}

/// What the slack nodes feed into the network beyond their own injections; loads and generation from the profiles.
void SimbenchSeries::take_totals(std::size_t at, int used, const StepLanes& s, SeriesBlock& block) const {
    const Topology& topology = flow_->topology();
    const NodeAdmittance& y = flow_->admittance();
    Pack p{}, q{};
    for (std::size_t i = 0; i < topology.nodes(); ++i) {
        if (topology.role[i] != NodeRole::slack) continue;
        Pack re{}, im{};
        for (Index k = y.row_begin[i]; k < y.row_begin[i + 1]; ++k) {
            const Index j = y.column[k];
            re += y.g[k] * s.re[j].v - y.b[k] * s.im[j].v;
            im += y.g[k] * s.im[j].v + y.b[k] * s.re[j].v;
        }
        p += s.re[i].v * re + s.im[i].v * im - s.p[i].v;
        q += s.im[i].v * re - s.re[i].v * im - s.q[i].v;
    }
    const double mva = grid_.network.base_VA * 1e-6;
    for (int l = 0; l < used; ++l) {
        const std::size_t k = at + static_cast<std::size_t>(l), row = block.step[k];
        block.grid_mw[k] = p[l];
        block.grid_mvar[k] = q[l];
        for (const auto& injection : grid_.injections) {
            const double power = injection.p * mva * (injection.p_profile == no_index ? 1 : grid_.profiles[injection.p_profile][row]);
            if (!injection.is_load) block.generation_mw[k] -= power;
            else if (topology.is_live(injection.bus)) block.load_mw[k] += power;
            else block.unserved_mw[k] += power;
        }
    }
}

}  // namespace citytwin::energy
