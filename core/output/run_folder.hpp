#pragma once
// The folder of one run: its lock, and every small file in it (interfaces.md section 4), each written aside and renamed.
#include <memory>
#include <string>
#include <vector>

#include "core/base/folder_lock.hpp"
#include "core/output/run_record.hpp"

namespace citytwin {

struct RunFolderOptions {
    std::string folder;                ///< -o; empty: `root`/NAME-UTC-HASH8
    std::string root = "runs";
    std::string name;                  ///< of the scenario; characters that a path can't hold become '-'
    std::string hash;                  ///< of the resolved scenario; its first 8 characters are used
    std::string utc;                   ///< "20250603T101500Z"; empty: now
    bool resume = false;               ///< go on in a folder that has a run; else such a folder is refused
    bool force_lock = false;           ///< take the lock over from another host
};

class RunFolder {
public:
    /// Makes the folder and takes its lock. Throws InputError CT-OUT-001 (holds a run already, and `resume` wasn't asked for),
    /// RunError when it can't be written or a living run holds it. Resuming where no run ever started is a fresh start, said
    /// in the notice; whether a run is finished already is for the caller (`read_run_record`) to look at.
    explicit RunFolder(const RunFolderOptions& options);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
    /// Not empty if the lock was taken over from a dead run, or there was nothing to resume: sentences for the user.
    [[nodiscard]] const std::string& notice() const { return notice_; }
    /// True if the folder held a run's record when it was opened for resuming.
    [[nodiscard]] bool has_previous_run() const { return has_previous_run_; }

    void write_record(const RunRecord& record) const;                       ///< run.json
    void write_scenario(const std::string& resolved_toml) const;            ///< scenario.resolved.toml
    void write_inputs(const std::vector<InputFile>& inputs) const;          ///< inputs.lock
    void write_kpis(const std::vector<KpiRow>& kpis) const;                 ///< kpis.json, kpis.csv
    void write_ledgers(const std::vector<LedgerRow>& ledgers) const;        ///< ledgers.json
    void write_ledger_days(const std::vector<LedgerDayRow>& days) const;    ///< ledger_days.csv
    void write_warnings(std::vector<WarningRow> warnings) const;            ///< warnings.ndjson, sorted by module, code, cause
    /// ro-crate-metadata.json: what the run made out of what, for archives (RO-Crate 1.1).
    void write_ro_crate(const RunRecord& record, const std::vector<InputFile>& inputs) const;
    /// Path, size and SHA-256 of a file that was read. Throws InputError if it can't be read.
    static InputFile describe(const std::string& path, const std::string& role);
    /// Inputs of inputs.lock that changed since: one sentence each.
    [[nodiscard]] std::vector<std::string> changed_inputs() const;

private:
    std::string path_, notice_;
    bool has_previous_run_ = false;
    std::unique_ptr<FolderLock> lock_;
};

/// Reading a run folder back (core/study, resume).
RunRecord read_run_record(const std::string& run_folder);
std::vector<KpiRow> read_kpis(const std::string& run_folder);
std::vector<LedgerRow> read_ledgers(const std::string& run_folder);
std::vector<WarningRow> read_warnings(const std::string& run_folder);
std::vector<InputFile> read_inputs(const std::string& run_folder);

}  // namespace citytwin
