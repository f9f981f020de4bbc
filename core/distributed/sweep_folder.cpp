#include "core/distributed/sweep_folder.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "core/base/durable_file.hpp"
#include "core/base/folder_lock.hpp"
#include "core/output/json_text.hpp"
#include "core/output/run_folder.hpp"

namespace citytwin {
namespace {

namespace fs = std::filesystem;

void read_every_scenario(const Sweep& sweep) {
    DiagnosticList errors;
    for (std::size_t point = 0; point < sweep.points(); ++point) {
        const SweepRun run = sweep.run(point * sweep.replications + 1);
        try {
            (void)Scenario::load(run.scenario, sweep.options_of(run));
        } catch (const InputError& error) {
            for (auto diagnostic : error.diagnostics()) {
                diagnostic.message = fmt::format("point {}: {}", run.point, diagnostic.message);
                errors.add(std::move(diagnostic));
            }
        }
    }
    errors.throw_if_errors();
}

std::string json_of(const Sweep& sweep) {
    Json runs = Json::array();
    for (std::size_t number = 1; number <= sweep.size(); ++number) {
        const SweepRun run = sweep.run(number);
        Json values = Json::object();
        for (const auto& [column, text] : run.labels) values[column] = text;
        runs.push_back({{"run", number}, {"point", run.point}, {"replication", run.replication}, {"seed", run.seed}, {"values", std::move(values)}});
    }
    return json_text({{"name", sweep.name}, {"sweep_hash", sweep.hash()}, {"points", sweep.points()}, {"replications", sweep.replications}, {"columns", sweep.columns()}, {"runs", std::move(runs)}});
}

}  // namespace

const char* name_of(SweepState state) {
    switch (state) {
        case SweepState::waiting: return "waiting";
        case SweepState::running: return "running";
        case SweepState::interrupted: return "interrupted";
        case SweepState::failed: return "failed";
        case SweepState::finished: return "finished";
    }
    return "unknown";
}

SweepFolder::SweepFolder(std::string folder, const Sweep& sweep) : path_(std::move(folder)) {
    const std::string file = path_ + "/sweep.json";
    if (!fs::exists(file)) {
        read_every_scenario(sweep);
        make_folder(path_ + "/runs");
        // Executors that start together write the same bytes, each under a name of its own.
        const LockHolder self = this_process();
        const std::string aside = fmt::format("{}/.sweep-{}-{}.json", path_, self.host, self.pid);
        write_file(aside, json_of(sweep));
        rename_durably(aside, file);
    }
    read();
    if (hash_ != sweep.hash()) {
        fail("CT-SWEEP-010", {file}, fmt::format("the folder holds another sweep, '{}': the sweep file or one of its scenarios was changed", name_),
             "choose another folder with -o, or undo the change");
    }
}

SweepFolder::SweepFolder(std::string folder) : path_(std::move(folder)) { read(); }

void SweepFolder::read() {
    const std::string file = path_ + "/sweep.json";
    if (!fs::exists(file)) fail("CT-SWEEP-011", {path_}, "the folder holds no sweep: there is no sweep.json", "name the folder given to `citytwin sweep run … -o`");
    const Json json = read_json(file, "CT-SWEEP-011");
    try {
        name_ = json.at("name").get<std::string>();
        hash_ = json.at("sweep_hash").get<std::string>();
        columns_ = json.at("columns").get<std::vector<std::string>>();
        for (const Json& row : json.at("runs")) {
            SweepEntry entry{row.at("run").get<std::size_t>(), row.at("point").get<std::size_t>(), row.at("replication").get<std::size_t>(), row.at("seed").get<std::uint64_t>(), {}};
            for (const auto& [column, text] : row.at("values").items()) entry.labels.emplace_back(column, text.get<std::string>());
            if (entry.number != entries_.size() + 1) fail("CT-SWEEP-011", {file}, "the runs aren't numbered 1, 2, 3 …", "it was edited; run the sweep again");
            entries_.push_back(std::move(entry));
        }
    } catch (const Json::exception& error) {
        fail("CT-SWEEP-011", {file}, std::string("not what citytwin writes: ") + error.what(), "it was edited; run the sweep again");
    }
}

std::string SweepFolder::folder_of(std::size_t number) const { return fmt::format("{}/runs/{:04}", path_, number); }

bool SweepFolder::is_finished(std::size_t number) const {
    const std::string folder = folder_of(number);
    try {
        return fs::exists(folder + "/run.json") && read_run_record(folder).status == RunStatus::finished;
    } catch (const InputError&) {
        return false;   // damaged: whoever goes on with the run says so
    }
}

SweepRunStatus SweepFolder::status_of(std::size_t number) const {
    SweepRunStatus status;
    const std::string folder = folder_of(number);
    const bool is_held = FolderLock::is_held(folder), has_record = fs::exists(folder + "/run.json");
    if (has_record) {
        RunRecord record;
        record.status = RunStatus::failed;
        try {
            record = read_run_record(folder);
        } catch (const InputError& error) {
            record.error = error.diagnostics().front().text();
        }
        status.simulated_s = to_seconds(record.simulated_us);
        status.wall_s = record.wall_s;
        status.state_hash = record.state_hash;
        status.exit_code = record.exit_code;
        status.error = record.error;
        if (record.status == RunStatus::finished) status.state = SweepState::finished;
        else if (is_held) status.state = SweepState::running;
        else status.state = record.status == RunStatus::failed ? SweepState::failed : SweepState::interrupted;   // "running" without a holder: killed
    } else if (is_held) {
        status.state = SweepState::running;
    }
    if (status.state != SweepState::finished && status.state != SweepState::running && fs::exists(error_file_of(number))) {
        status.state = SweepState::failed;
        status.error = read_file(error_file_of(number), 1 << 20);
    }
    return status;
}

}  // namespace citytwin
