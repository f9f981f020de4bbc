#pragma once
// Checkpoints of a run (reliability.md section 3): `checkpoints/STEP/` with one file per named blob and a manifest.json of
// sizes and SHA-256 sums. Written aside and renamed, so a checkpoint is whole or it isn't there; the two newest are kept.
#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/output/results_writer.hpp"
#include "core/time/clock.hpp"

namespace citytwin {

struct CheckpointInfo {
    std::uint64_t step = 0;
    Microseconds time_us = 0;
    std::string scenario_hash, build_hash;
    int interface_version = 1;
    std::string state_hash;
    ResultsPosition results;
};

/// One file of a checkpoint: name (letters, digits, '_', '-', '.') and bytes.
using CheckpointBlobs = std::vector<std::pair<std::string, std::string>>;

struct Checkpoint {
    CheckpointInfo info;
    CheckpointBlobs blobs;               ///< in the order they were written
    std::vector<std::string> warnings;   ///< newer checkpoints that were passed over, with the bad file's name

    /// Throws InputError CT-OUT-024 if the blob isn't there.
    [[nodiscard]] const std::string& blob(const std::string& name) const;
};

/// What the resuming run is; a checkpoint of another scenario (unless `any_scenario`) or build is refused unless `forced`.
struct CheckpointExpectation {
    std::string scenario_hash, build_hash;
    int interface_version = 1;
    bool forced = false;
    bool any_scenario = false;
};

class CheckpointStore {
public:
    /// `run_folder`/checkpoints, made when missing. Drops what an interrupted write left (`.tmp-*`).
    explicit CheckpointStore(const std::string& run_folder);
    ~CheckpointStore();
    CheckpointStore(const CheckpointStore&) = delete;
    CheckpointStore& operator=(const CheckpointStore&) = delete;

    /// Writes, verifies what it wrote, then removes all but the two newest.
    void write(const CheckpointInfo& info, const CheckpointBlobs& blobs);
    /// The same on another thread, one at a time: the step goes on while the disk works. What went wrong is thrown by the next
    /// call of `write_later` or `wait`. A checkpoint exists once `wait` returned; the destructor waits too.
    void write_later(CheckpointInfo info, CheckpointBlobs blobs);
    void wait();
    /// The newest checkpoint that verifies, nothing if there is none at all.
    /// Throws InputError: CT-OUT-020 all are damaged, CT-OUT-021 other scenario, CT-OUT-022 other build, CT-OUT-023 newer format.
    [[nodiscard]] std::optional<Checkpoint> load_newest(const CheckpointExpectation& expectation) const;
    /// Steps with a checkpoint folder, ascending (not verified).
    [[nodiscard]] std::vector<std::uint64_t> steps() const;
    /// Checks one checkpoint: empty if it verifies, else a sentence with the bad file's name.
    [[nodiscard]] std::string defect(std::uint64_t step) const;

private:
    std::string folder_;
    std::future<void> writing_;
};

}  // namespace citytwin
