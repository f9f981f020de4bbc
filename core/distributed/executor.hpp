#pragma once
// Executors of a sweep. Each takes the runs one after the other, passes over those that are finished or in the hands of another
// executor, and goes on with those that were stopped half-way: so it doesn't matter how many there are, which of them is killed, and
// what they are: threads, processes, ranks of MPI or of srun, tasks of a Slurm array.
#include <functional>
#include <string>
#include <vector>

#include "core/distributed/sweep_file.hpp"
#include "core/distributed/sweep_folder.hpp"
#include "core/output/run_record.hpp"

namespace citytwin {

enum class RunEnd { finished, finished_before, held, interrupted, failed };

/// How one run of the sweep ended here.
struct RunReport {
    std::size_t number = 0;
    RunEnd end = RunEnd::failed;
    ExitCode exit = ExitCode::done;
    double wall_s = 0;
    std::string message;          ///< why it failed
};

struct ExecutorOptions {
    std::size_t workers = 1;
    int threads = 1;                          ///< of each run
    bool force = false;                       ///< take over locks of other hosts
    std::vector<std::string> plugins;
    std::size_t rank = 0, ranks = 1;          ///< this executor begins with runs rank + 1, rank + 1 + ranks, … and then helps the others
    std::function<void(const RunReport&)> on_end;   ///< called by one thread at a time
    std::vector<std::string> child_command;   ///< of the process executor: the program and its words, to which "--index N" is added
};

struct SweepOutcome {
    std::vector<RunReport> reports;           ///< in the order of their numbers; runs that nobody came to aren't in it
    bool stopped = false;                     ///< by a signal

    [[nodiscard]] std::size_t count(RunEnd end) const;
    /// 0, or the gravest: 130 stopped, 6 out of resources, 3 input invalid, 1 failed.
    [[nodiscard]] ExitCode exit() const;
};

/// One run here and now; nothing is thrown: what went wrong is in the report and in runs/NNNN.error.
RunReport do_run(const Sweep& sweep, const SweepFolder& folder, std::size_t number, const ExecutorOptions& options);
/// Several engines side by side in this process.
SweepOutcome run_in_threads(const Sweep& sweep, const SweepFolder& folder, const ExecutorOptions& options);
/// A process a run: one that crashes or runs out of memory takes no other along.
SweepOutcome run_in_processes(const SweepFolder& folder, const ExecutorOptions& options);

/// Rank and number of ranks that a launcher gave this process (Open MPI, MPICH and others by PMI, srun), nothing without one.
struct Rank {
    std::size_t rank = 0, ranks = 1;
    std::string launcher;
};
std::optional<Rank> rank_of_launcher();
/// The numbers of all runs in the order in which rank `rank` comes to them: its own ones first.
std::vector<std::size_t> order_of_runs(std::size_t runs, std::size_t rank, std::size_t ranks);

}  // namespace citytwin
