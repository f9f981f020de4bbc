#pragma once
// The folder of a sweep: sweep.json (which runs there are, the same bytes from every executor), runs/NNNN (run folders) and
// runs/NNNN.error for a run that could not start. Nothing else is kept: how far a sweep is follows from its files, so that any
// number of executors may work on it and any of them may die.
#include <string>
#include <vector>

#include "core/distributed/sweep_file.hpp"
#include "core/output/run_record.hpp"

namespace citytwin {

enum class SweepState { waiting, running, interrupted, failed, finished };
const char* name_of(SweepState state);

/// A run as its files show it.
struct SweepRunStatus {
    SweepState state = SweepState::waiting;
    double simulated_s = 0, wall_s = 0;
    std::string state_hash, error;
    int exit_code = 0;
};

/// A run as sweep.json lists it.
struct SweepEntry {
    std::size_t number = 0, point = 0, replication = 0;
    std::uint64_t seed = 0;
    std::vector<std::pair<std::string, std::string>> labels;
};

class SweepFolder {
public:
    /// Makes the folder and writes sweep.json, or checks that the one that is there is of the same sweep. Before it is written first,
    /// the scenario of every point is read, so that a mistake is found before anything runs.
    /// Throws InputError CT-SWEEP-010 (another sweep's folder), RunError where it can't be written.
    SweepFolder(std::string folder, const Sweep& sweep);
    /// An existing one, to look at. Throws InputError CT-SWEEP-011 (no sweep.json, or not what citytwin wrote).
    explicit SweepFolder(std::string folder);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::vector<SweepEntry>& entries() const { return entries_; }
    [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
    [[nodiscard]] std::string folder_of(std::size_t number) const;
    [[nodiscard]] std::string error_file_of(std::size_t number) const { return folder_of(number) + ".error"; }
    [[nodiscard]] bool is_finished(std::size_t number) const;
    [[nodiscard]] SweepRunStatus status_of(std::size_t number) const;

private:
    void read();

    std::string path_, name_, hash_;
    std::vector<std::string> columns_;
    std::vector<SweepEntry> entries_;
};

}  // namespace citytwin
