// Speed of the queue model on one .sumocfg: bench_queue_grid FILE.sumocfg [threads…] prints one JSON line a run.
// Loading and routing are not counted; SUMO's "Duration" is without its loading too.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "modules/traffic/sumo_case.hpp"

int main(int argc, char** argv) {
    using namespace citytwin;
    using namespace citytwin::traffic;
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_queue_grid FILE.sumocfg [threads...]\n");
        return 2;
    }
    for (int a = 2; a < argc || a == 2; ++a) {
        const int threads = argc > a ? std::atoi(argv[a]) : 1;
        Arena arena(threads, 1);
        DiagnosticList diagnostics;
        SumoCase sumo(argv[1], 1, {}, arena, diagnostics);
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t cpu = std::clock();
        sumo.run(arena);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const QueueCounters c = sumo.model().counters();
        double duration = 0, length = 0;
        const auto records = sumo.model().take_records();
        for (const TripRecord& r : records) duration += static_cast<double>(r.arrival - r.depart) * 1e-3, length += r.route_length_m;
        const auto n = static_cast<double>(records.empty() ? 1 : records.size());
        std::printf("{\"threads\": %d, \"solve_s\": %.3f, \"cpu_s\": %.3f, \"simulated_s\": %.0f, \"arrived\": %llu, \"running\": %llu, \"mean_duration_s\": %.2f, "
                    "\"mean_length_m\": %.2f, \"vehicle_updates\": %llu, \"partitions\": %zu, \"worker_share\": %.2f}\n",
                    threads, seconds, static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC, static_cast<double>(sumo.model().now()) * 1e-3,
                    static_cast<unsigned long long>(c.arrived), static_cast<unsigned long long>(c.running), duration / n, length / n,
                    static_cast<unsigned long long>(c.vehicle_updates), sumo.model().network().partitions(), arena.worker_share());
        std::fflush(stdout);
    }
    return 0;
}
