// Warm AC power flows of one MATPOWER case, from the case's start each time, with the ordering kept: injections, Newton, bus
// voltages. Median thread CPU time as the peer's script takes it. Prints one JSON object.
// usage: bench_energy_power_flow CASE.m [REPEATS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "modules/energy/model/solution.hpp"
#include "modules/energy/read/matpower_case.hpp"

using namespace citytwin;
using namespace citytwin::energy;

namespace {

double thread_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 2) return 2;
    const int repeats = count > 2 ? std::atoi(arguments[2]) : 20;
    DiagnosticList diagnostics;
    const MatpowerCase matpower = read_matpower(arguments[1]);
    const PowerNetwork network = to_network(matpower, diagnostics);
    const double begin = thread_seconds();
    PowerFlow flow(network);
    const double built = thread_seconds();
    PowerFlowReport report = flow.solve(Start::given);
    std::vector<double> seconds;
    for (int k = 0; k < repeats; ++k) {
        const double from = thread_seconds();
        report = flow.solve(Start::given);
        seconds.push_back(thread_seconds() - from);
    }
    std::sort(seconds.begin(), seconds.end());
    std::printf("{\"case\": \"%s\", \"converged\": %s, \"iterations\": %d, \"build_s\": %.7f, \"warm_median_s\": %.7f, \"warm_min_s\": %.7f, \"loss_mw\": %.9f}\n", arguments[1],
                report.converged ? "true" : "false", report.iterations, built - begin, seconds[seconds.size() / 2], seconds[0], total_losses(branch_flows(flow)).re * matpower.base_mva);
    return 0;
}
