// The life of a run: open the folder, step, commit, checkpoint, close; the same digits whatever happens in between.
#include "core/run/run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/base/durable_file.hpp"
#include "core/base/hash.hpp"
#include "core/city/city_file.hpp"
#include "core/city/set_csv.hpp"
#include "core/output/checkpoint_store.hpp"
#include "core/output/run_folder.hpp"
#include "core/output/run_log.hpp"
#include "core/replay/fit_files.hpp"
#include "core/run/build_info.hpp"
#include "core/run/prepared_run.hpp"
#include "core/run/representative_days.hpp"
#include "core/run/results_sink.hpp"
#include "core/run/run_books.hpp"
#include "core/run/signals.hpp"
#include "core/run/watchdog.hpp"

namespace citytwin {
namespace {

constexpr int interface_version = 1;

class Run {
public:
    explicit Run(const RunOptions& options) : options_(options) {}

    RunOutcome execute() {
        open();
        try {
            simulate();
        } catch (const RunError& error) {
            give_up(error.exit_code(), error.what());
        } catch (const std::exception& error) {
            give_up(ExitCode::run_failed, error.what());
        }
        outcome_.record = record_;
        return std::move(outcome_);
    }

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] double wall_s() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

    void open() {
        PreparationOptions preparation{options_.scenario, options_.overrides, options_.threads, options_.grain, options_.plugins, options_.reverse_modules, {}};
        run_ = prepare_scenario(preparation);
        RunFolderOptions folder;
        folder.folder = options_.output;
        folder.name = run_.scenario.name;
        folder.hash = run_.scenario.hash();
        folder.resume = options_.resume;
        folder.force_lock = options_.force;
        folder_ = std::make_unique<RunFolder>(folder);
        outcome_.folder = folder_->path();
        if (!folder_->notice().empty()) outcome_.notices.push_back(folder_->notice());
        find_checkpoint();
        const std::string city_file = folder_->file("city.h5");
        if (checkpoint_ && std::filesystem::exists(city_file)) preparation.cached_city = city_file;
        prepare_engine(run_, preparation);
        const bool is_first_start = preparation.cached_city.empty();
        if (is_first_start) write_first_city(city_file);
        if (!is_first_start) {
            run_.inputs = read_inputs(folder_->path());   // with the files that only the city's making reads
            city_key_ = read_run_record(folder_->path()).city_key;
        }
        fill_record(city_file);
        folder_->write_record(record_);
        if (is_first_start) {
            folder_->write_scenario(run_.resolved_toml());
            folder_->write_inputs(run_.inputs);
            if (const EntitySet* breaches = run_.city->find("layout_breach")) write_file(folder_->file("layout_breaches.csv"), csv_of(*breaches));
        }
        log_ = std::make_unique<RunLog>(folder_->path());
        log_->add("info", checkpoint_ ? "resumed" : "started", {{"scenario", run_.scenario.name}, {"threads", std::to_string(run_.arena->threads())}});
    }

    /// What changes add belongs to the change, not to the city that two runs must share.
    void write_first_city(const std::string& city_file) {
        if (run_.city_before_additions) {
            write_city(*run_.city_before_additions, city_file);
            city_key_ = sha256_of_file(city_file);
            run_.city_before_additions.reset();
        }
        write_city(*run_.city, city_file);
    }

    void find_checkpoint() {
        store_ = std::make_unique<CheckpointStore>(folder_->path());
        if (!options_.resume) return;
        if (folder_->has_previous_run() && read_run_record(folder_->path()).status == RunStatus::finished) {
            fail("CT-RUN-020", {folder_->path()}, "the run is finished: there is nothing to resume", "run again without --resume into another folder");
        }
        checkpoint_ = store_->load_newest({run_.scenario.hash(), build_info().hash, interface_version, options_.force, options_.other_scenario});
        if (!checkpoint_) {
            outcome_.notices.push_back("no checkpoint to resume from: the run starts at its beginning");
            return;
        }
        for (const auto& warning : checkpoint_->warnings) outcome_.notices.push_back(warning);
        for (const auto& sentence : folder_->changed_inputs()) outcome_.notices.push_back(sentence);
    }

    void fill_record(const std::string& city_file) {
        const BuildInfo& build = build_info();
        record_.name = run_.scenario.name;
        record_.scenario = run_.scenario.file;
        record_.scenario_hash = run_.scenario.hash();
        record_.city = "city.h5";
        record_.city_sha256 = sha256_of_file(city_file);
        record_.city_key = city_key_.empty() ? record_.city_sha256 : city_key_;
        record_.demand_key = demand_key();
        record_.start_utc = format_utc(run_.scenario.start);
        record_.end_utc = format_utc(run_.scenario.end);
        record_.zone = run_.scenario.zone;
        record_.started_utc = utc_now();
        record_.version = build.version;
        record_.build_type = build.build_type;
        record_.compiler = build.compiler;
        record_.build_flags = build.flags;
        record_.build_hash = build.hash;
        record_.instruction_set = build.instruction_set;
        record_.modules = run_.modules;
        record_.seed = run_.scenario.seed;
        record_.threads = run_.arena->threads();
        for (const auto& change : run_.scenario.changes) record_.changes.push_back(change.name);
        for (const auto& origin : run_.engine->field_sources()) {
            if (origin.module.front() == '~') continue;
            record_.fields.push_back({origin.set, origin.field, origin.unit, origin.source, origin.detail});
        }
        record_.timings_s = run_.timings_s;
    }

    // What makes two runs comparable as demand: the population's parameters and files, before any change; factors of a calibration;
    // measurements that drive or correct the model.
    [[nodiscard]] std::string demand_key() const {
        std::string text;
        for (const auto& input : run_.inputs) {
            if (input.role == "module population" || input.role == "module traffic") text += input.sha256;
        }
        for (const auto& observations : run_.scenario.observations) {
            if (observations.use == ObservationUse::score) continue;
            text += observations.name;
            for (const auto& file : observations.files) text += sha256_of_file(file);
            text += sha256_of_file(observations.map);
        }
        const auto* modules = run_.scenario.document().table()->find("modules");
        const auto* population = modules && modules->table() ? modules->table()->find("population") : nullptr;
        if (population != nullptr) text += to_toml_value(*population);
        return sha256_hex(text).substr(0, 16);
    }

    void simulate() {
        Engine& engine = *run_.engine;
        std::optional<ResultsPosition> position;
        if (checkpoint_) position = checkpoint_->info.results;
        ResultsSink sink(engine, run_.scenario.record, folder_->path(), position);
        engine.set_sink(&sink);
        if (checkpoint_) {
            engine.load(checkpoint_->blobs);
            steps_ = checkpoint_->info.step;
            record_.resumed_from_step = steps_;
            checkpoint_.reset();
        } else {
            engine.start();
        }
        SignalWatch signals;
        const Watchdog watchdog(engine, options_.step_timeout_s, [this](const std::string& why) { give_up_hung(why); });
        Progress progress(options_.progress, engine.now(), run_.scenario.duration());
        const auto simulation_begin = Clock::now();
        while (!engine.finished()) {
            const Microseconds before = engine.now();
            engine.advance();
            ++steps_;
            progress.update(engine.now());
            if (sink.writer().commit_due()) sink.writer().commit();
            const Microseconds every = run_.scenario.checkpoint.every;
            const bool regular = every > 0 && before / every != engine.now() / every && !engine.finished();
            if (regular || signals.take_checkpoint_wanted()) write_checkpoint(sink.writer());
            if (options_.after_step) options_.after_step(engine.now());
            if (signals.stop_wanted() && !engine.finished()) {
                write_checkpoint(sink.writer());
                store_->wait();
                progress.finish(engine.now());
                stop(ExitCode::interrupted, RunStatus::interrupted, "stopped by a signal; resume with --resume");
                return;
            }
            if (options_.stop_at && engine.now() >= *options_.stop_at && !engine.finished()) {
                write_checkpoint(sink.writer());
                store_->wait();
                engine.close();   // the figures as they stand; the engine is not used any further
                write_books();
                progress.finish(engine.now());
                stop(ExitCode::done, RunStatus::interrupted, "");
                return;
            }
        }
        engine.close();
        progress.finish(engine.now());
        record_.timings_s.emplace_back("simulate", std::chrono::duration<double>(Clock::now() - simulation_begin).count());
        for (const auto& [module, seconds] : engine.module_seconds()) record_.timings_s.emplace_back("module " + module, seconds);
        finish(sink.writer());
    }

    void write_checkpoint(ResultsWriter& writer) {
        const Engine& engine = *run_.engine;
        CheckpointInfo info;
        info.step = steps_;
        info.time_us = engine.now();
        info.scenario_hash = run_.scenario.hash();
        info.build_hash = build_info().hash;
        info.interface_version = interface_version;
        info.results = writer.checkpoint();
        StateBlobs blobs = engine.save();
        info.state_hash = Engine::hash_of(blobs);
        record_.checkpoints.emplace_back(info.step, info.state_hash);
        store_->write_later(std::move(info), std::move(blobs));   // the next step goes on while the disk works
    }

    void finish(ResultsWriter& writer) {
        const auto writing_begin = Clock::now();
        store_->wait();
        writer.finish();
        record_.state_hash = run_.engine->state_hash();
        write_books();
        record_.timings_s.emplace_back("write results", std::chrono::duration<double>(Clock::now() - writing_begin).count());
        folder_->write_ro_crate(record_, run_.inputs);
        stop(ExitCode::done, RunStatus::finished, "");
        ResultsWriter::remove_segments(folder_->path());
    }

    void write_books() {
        outcome_.kpis = kpi_rows(run_.engine->books());
        outcome_.ledgers = ledger_rows(run_.engine->books());
        outcome_.warnings = warning_rows(run_.engine->books(), run_.warnings);
        folder_->write_kpis(outcome_.kpis);
        folder_->write_ledgers(outcome_.ledgers);
        folder_->write_ledger_days(ledger_day_rows(run_.engine->books(), run_.engine->settings().calendar));
        folder_->write_warnings(outcome_.warnings);
        if (run_.replay != nullptr) write_fit_files(*run_.replay, folder_->path());
    }

    /// From the watchdog's thread, while the run's own hangs in a module: nothing of the run is touched but its record, then the process ends.
    [[noreturn]] void give_up_hung(const std::string& why) {
        RunRecord record = read_run_record(folder_->path());
        record.status = RunStatus::failed;
        record.error = why;
        record.exit_code = static_cast<int>(ExitCode::run_failed);
        record.ended_utc = utc_now();
        try {
            folder_->write_record(record);
        } catch (const std::exception&) {   // NOLINT: the message below is what is left to do
        }
        fmt::print(stderr, "{}. The last checkpoint is whole: --resume goes on from it\n", why);
        std::fflush(stderr);
        std::_Exit(static_cast<int>(ExitCode::run_failed));
    }

    void give_up(ExitCode exit, const std::string& why) {
        outcome_.notices.push_back(why);
        try {
            stop(exit, RunStatus::failed, why);
        } catch (const std::exception& error) {   // a full disk can't take the record either
            outcome_.exit = exit;
            outcome_.notices.push_back(error.what());
        }
    }

    void stop(ExitCode exit, RunStatus status, const std::string& why) {
        outcome_.exit = exit;
        record_.status = status;
        record_.error = status == RunStatus::failed ? why : "";
        record_.exit_code = static_cast<int>(exit);
        record_.ended_utc = utc_now();
        record_.simulated_us = run_.engine->now();
        record_.steps = steps_;
        record_.wall_s = wall_s();
        record_.worker_share = run_.arena->worker_share();
        record_.peak_memory_bytes = peak_memory_bytes();
        folder_->write_record(record_);
        if (log_) log_->add(status == RunStatus::failed ? "error" : "info", name_of(status), {{"why", why}});
        if (status == RunStatus::interrupted && !why.empty()) outcome_.notices.push_back(why);
    }

    const RunOptions& options_;
    Clock::time_point begin_ = Clock::now();
    PreparedRun run_;
    std::unique_ptr<RunFolder> folder_;
    std::unique_ptr<CheckpointStore> store_;
    std::string city_key_;   ///< "" = the city file's own hash
    std::unique_ptr<RunLog> log_;
    std::optional<Checkpoint> checkpoint_;
    RunRecord record_;
    RunOutcome outcome_;
    std::uint64_t steps_ = 0;
};

}  // namespace

RunOutcome run_scenario(const RunOptions& options) {
    const Scenario scenario = Scenario::load(options.scenario, options.overrides);
    return scenario.days.empty() ? Run(options).execute() : run_representative_days(options, scenario);
}

}  // namespace citytwin
