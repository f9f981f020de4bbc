// N-1 over all closed branches of a MATPOWER case. Prints one JSON object; solved_per_s counts every outage that was solved, also
// those that part the network (the peer skips these: compare ok_per_s with its solved ones).
// usage: bench_energy_contingencies CASE.m [THREADS]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "core/base/hash.hpp"
#include "modules/energy/model/contingency.hpp"
#include "modules/energy/read/matpower_case.hpp"

using namespace citytwin;
using namespace citytwin::energy;

int main(int count, char** arguments) {
    if (count < 2) return 2;
    const int threads = count > 2 ? std::atoi(arguments[2]) : 1;
    DiagnosticList diagnostics;
    const PowerNetwork network = to_network(read_matpower(arguments[1]), diagnostics);
    PowerFlow flow(network);
    if (!flow.solve(Start::given).converged) return 1;
    Arena arena(threads, 1);
    std::vector<Contingency> outages;
    double best_s = 1e9, spent_s = 0;
    for (int repeat = 0; repeat < 5 || spent_s < 0.3; ++repeat) {   // a small case takes milliseconds: one moment's disturbance isn't its speed
        const auto begin = std::chrono::steady_clock::now();
        outages = n_minus_1(flow, {}, arena);
        const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        best_s = std::min(best_s, wall_s);
        spent_s += wall_s;
    }
    std::size_t ok = 0, solved = 0, alone = 0;
    double iterations = 0;
    StateHash hash;
    for (const Contingency& c : outages) {
        ok += c.status == ContingencyStatus::ok ? 1 : 0;
        solved += c.solved ? 1 : 0;
        alone += c.alone ? 1 : 0;
        iterations += c.iterations;
        hash.value(c.voltage_min);
        hash.value(c.loading_max);
    }
    std::printf("{\"case\": \"%s\", \"threads\": %d, \"outages\": %zu, \"ok\": %zu, \"solved\": %zu, \"alone\": %zu, \"iterations\": %.2f, \"wall_s\": %.6f, \"ok_per_s\": %.0f, \"solved_per_s\": %.0f, "
                "\"worker_share\": %.3f, \"hash\": \"%s\"}\n",
                arguments[1], threads, outages.size(), ok, solved, alone, iterations / static_cast<double>(outages.size()), best_s, static_cast<double>(ok) / best_s, static_cast<double>(solved) / best_s,
                arena.worker_share(), hash.hex().c_str());
    return 0;
}
