#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "core/distributed/executor.hpp"
#include "core/module/loader.hpp"
#include "core/run/signals.hpp"

namespace citytwin {

SweepOutcome run_in_threads(const Sweep& sweep, const SweepFolder& folder, const ExecutorOptions& options) {
    load_plugins_from_environment();   // before threads look them up; loading them again changes nothing
    for (const auto& plugin : options.plugins) load_plugin(plugin);
    const auto order = order_of_runs(sweep.size(), options.rank, options.ranks);
    const SignalWatch signals;
    SweepOutcome outcome;
    std::mutex mutex;
    std::atomic<std::size_t> next{0};
    std::atomic<bool> is_full{false};   // no run can write: none is begun
    const auto work = [&] {
        while (!signals.stop_wanted() && !is_full) {
            const std::size_t at = next++;
            if (at >= order.size()) return;
            RunReport report = do_run(sweep, folder, order[at], options);
            if (report.exit == ExitCode::out_of_resources) is_full = true;
            const std::lock_guard guard(mutex);
            if (options.on_end) options.on_end(report);
            outcome.reports.push_back(std::move(report));
        }
    };
    std::vector<std::thread> workers;
    for (std::size_t i = 1; i < options.workers; ++i) workers.emplace_back(work);
    work();
    for (auto& worker : workers) worker.join();
    outcome.stopped = signals.stop_wanted();
    std::sort(outcome.reports.begin(), outcome.reports.end(), [](const RunReport& a, const RunReport& b) { return a.number < b.number; });
    return outcome;
}

}  // namespace citytwin
