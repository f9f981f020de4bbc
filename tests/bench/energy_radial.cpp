// A year of quarter-hours on a radial MATPOWER case, all steps as lanes: voltages (magnitude and angle) of every bus and step.
// The demand of bus i at step k is 0.35 + 0.65 (0.5 + 0.5 sin(2 pi k/96 + 0.013 i)) of the case's. Prints one JSON object.
// usage: bench_energy_radial CASE.m [THREADS] [STEPS] [TOLERANCE]
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>

#include "core/base/hash.hpp"
#include "core/parallel/arena.hpp"
#include "modules/energy/model/portable_trig.hpp"
#include "modules/energy/model/power_flow.hpp"
#include "modules/energy/model/radial_sweep.hpp"
#include "modules/energy/read/matpower_case.hpp"

using namespace citytwin;
using namespace citytwin::energy;

int main(int count, char** arguments) {
    if (count < 2) return 2;
    const int threads = count > 2 ? std::atoi(arguments[2]) : 1;
    const std::size_t steps = count > 3 ? static_cast<std::size_t>(std::atoll(arguments[3])) : 35136;
    const double tolerance = count > 4 ? std::atof(arguments[4]) : 1e-8;
    DiagnosticList diagnostics;
    const PowerNetwork network = to_network(read_matpower(arguments[1]), diagnostics);
    PowerFlow flow(network);
    const auto tree = RadialTree::of(network, flow.switches(), flow.topology());
    if (!tree) return 1;
    const std::size_t n = network.buses.size(), groups = (steps + lane_count - 1) / lane_count;
    std::vector<double> factor(groups * lane_count * n);   // by group, bus, lane
    for (std::size_t k = 0; k < groups * lane_count; ++k) {
        for (std::size_t i = 0; i < n; ++i) {
            const double at = 2 * pi * static_cast<double>(k) / 96 + 0.013 * static_cast<double>(i);
            factor[(k / lane_count * n + i) * lane_count + k % lane_count] = 0.35 + 0.65 * (0.5 + 0.5 * std::sin(at));
        }
    }
    std::vector<Lanes> magnitude(groups * n), angle(groups * n);   // by group and bus
    Arena arena(threads, 64);
    std::vector<std::unique_ptr<SweepLanes>> workers(static_cast<std::size_t>(arena.threads()));
    std::vector<int> sweeps(groups);
    std::vector<Index> position(n);
    for (std::size_t i = 0; i < n; ++i) position[i] = tree->position_of_node[flow.topology().node_of_bus[i]];
    double best_s = 1e9, best_cpu_s = 1e9;
    for (int repeat = 0; repeat < 3; ++repeat) {
        const auto begin = std::chrono::steady_clock::now();
        const std::clock_t cpu = std::clock();
        arena.each(groups, [&](std::size_t group) {
            auto& lanes = workers[static_cast<std::size_t>(arena.slot())];
            if (!lanes) lanes = std::make_unique<SweepLanes>(*tree);
            for (std::size_t i = 0; i < n; ++i) {
                for (int l = 0; l < lane_count; ++l) {
                    const double share = factor[(group * n + i) * lane_count + static_cast<std::size_t>(l)];
                    lanes->p[position[i]].v[l] = -network.buses.demand[i].re * share;
                    lanes->q[position[i]].v[l] = -network.buses.demand[i].im * share;
                }
            }
            sweep(*tree, *lanes, lane_count, {tolerance, 200});
            sweeps[group] = lanes->sweeps;
            for (std::size_t i = 0; i < n; ++i) {
                polar(lanes->v_re[position[i]].v, lanes->v_im[position[i]].v, magnitude[group * n + i].v, angle[group * n + i].v);
            }
        }, 64);
        best_s = std::min(best_s, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        best_cpu_s = std::min(best_cpu_s, static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
    }
    double low = 1e9, sum = 0, sweep_sum = 0;
    StateHash hash;
    for (std::size_t k = 0; k < steps; ++k) {
        for (std::size_t i = 0; i < n; ++i) {
            const double v = magnitude[k / lane_count * n + i].v[k % lane_count];
            hash.value(v);
            hash.value(static_cast<double>(angle[k / lane_count * n + i].v[k % lane_count]));
            low = std::min(low, v);
            sum += v;
        }
    }
    for (const int s : sweeps) sweep_sum += s;
    std::printf("{\"case\": \"%s\", \"threads\": %d, \"steps\": %zu, \"wall_s\": %.6f, \"cpu_s\": %.6f, \"solves_per_s\": %.0f, \"sweeps\": %.2f, \"vmin\": %.12f, \"vsum\": %.9f, "
                "\"worker_share\": %.3f, \"hash\": \"%s\"}\n",
                arguments[1], threads, steps, best_s, best_cpu_s, static_cast<double>(steps) / best_s, sweep_sum / static_cast<double>(groups), low, sum, arena.worker_share(), hash.hex().c_str());
    return 0;
}
