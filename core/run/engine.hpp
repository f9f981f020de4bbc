#pragma once
// The engine: one city, some modules, one clock. It knows no file; core/run/run.hpp puts it between a scenario and a run folder.
// Several engines may live in one process; they share the city read-only.
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/event/overlay.hpp"
#include "core/event/timetable.hpp"
#include "core/exchange/field_table.hpp"
#include "core/exchange/stream.hpp"
#include "core/module/bookkeeping.hpp"
#include "core/module/module.hpp"
#include "core/module/registry.hpp"
#include "core/module/setup.hpp"
#include "core/replay/replay.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {

/// One recorded field of one set, as the recorder must describe it.
struct RecordedField {
    std::string set, field, unit, long_name, cell_methods;
};

/// Where recorded rows go. Rows come in time order; the spans are valid during the call only.
class RecordSink {
public:
    virtual ~RecordSink() = default;
    /// All recorded fields of one set at `time`, in the order of EngineSettings' description.
    virtual void row(const std::string& set, Microseconds time, std::span<const std::span<const double>> columns) = 0;
    virtual void records(const StreamSchema& schema, const StreamTable& table) = 0;
};

struct EngineModule {
    const ModuleFactory* factory = nullptr;
    ParameterSource* parameters = nullptr;   ///< lives at least until the engine is built
};

/// What the modules of an engine declared, for those who bind a scenario's words to it.
struct DeclaredNames {
    std::function<std::vector<std::pair<std::string, std::string>>(const std::string& set)> attributes;   ///< name, unit
    std::function<std::optional<std::string>(const std::string& set, const std::string& field)> field_unit;
};

struct EngineSettings {
    Calendar calendar;
    Microseconds end = day;
    Microseconds tick = 0;                          ///< 0 = greatest common divisor of all periods
    std::uint64_t seed = 1;
    /// Changes in file order, made once the modules have said which attributes and fields they have.
    std::function<std::vector<Change>(const DeclaredNames&)> changes;
    std::vector<std::string> recorded_fields;       ///< "road_link.flow"
    std::vector<std::string> recorded_streams;
    std::map<std::string, SourcePlace> record_places;   ///< where the scenario names them; may lack any
    Microseconds record_interval = 0;               ///< 0 = nothing is recorded
    Replay* replay = nullptr;                       ///< sensor history; lives as long as the engine
};

using StateBlobs = std::vector<std::pair<std::string, std::string>>;   ///< name, bytes

class Engine {
public:
    /// Builds the modules and binds everything; throws InputError with every refusal (cycle, two writers, units, no source …).
    Engine(std::shared_ptr<const City> city, EngineSettings settings, std::vector<EngineModule> modules, Arena& arena);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    void set_sink(RecordSink* sink) { sink_ = sink; }
    /// Time 0 of a fresh run.
    void start();
    /// Continues from saved state instead of start().
    void load(const StateBlobs& blobs);
    [[nodiscard]] StateBlobs save() const;
    /// Hash over all fields and module states.
    [[nodiscard]] std::string state_hash() const { return hash_of(save()); }
    [[nodiscard]] static std::string hash_of(const StateBlobs& blobs);

    /// Goes to the next time at which anything is due.
    void advance();
    [[nodiscard]] Microseconds now() const { return now_; }
    [[nodiscard]] bool finished() const { return now_ >= settings_.end; }
    /// At the end: modules set their KPIs.
    void close();

    [[nodiscard]] const EngineSettings& settings() const { return settings_; }
    [[nodiscard]] Microseconds tick() const { return tick_; }
    [[nodiscard]] const City& city() const { return *city_; }
    /// The module that has been in one step for longest, and for how many seconds; asked from another thread, by a watchdog.
    [[nodiscard]] std::pair<std::string, double> longest_step() const;
    /// The changes and the attributes they set, as they stand.
    [[nodiscard]] const Overlay& overlay() const { return overlay_; }
    [[nodiscard]] Books& books() { return books_; }
    [[nodiscard]] const Books& books() const { return books_; }
    [[nodiscard]] const std::vector<FieldOrigin>& field_sources() const { return fields_.sources(); }
    [[nodiscard]] std::vector<std::string> module_names() const;
    /// Wall time that each module's steps took in this process; modules that step side by side overlap.
    [[nodiscard]] std::vector<std::pair<std::string, double>> module_seconds() const;
    [[nodiscard]] const std::vector<std::vector<std::size_t>>& levels() const { return levels_; }
    /// What is recorded, by set in name order, fields in name order.
    [[nodiscard]] const std::vector<RecordedField>& recorded_fields() const { return recorded_; }
    [[nodiscard]] std::vector<StreamSchema> recorded_streams() const;
    /// Current values of a written field (tests, examples); empty if nobody writes it.
    [[nodiscard]] const Setup& setup_of(std::string_view module) const;
    [[nodiscard]] const Module& module(std::string_view name) const;

private:
    struct Running;
    void build_modules(const std::vector<EngineModule>& modules);
    void bind_recorder();
    void bind_replay();
    void announce_observations();
    [[nodiscard]] Module* nudged_module(const std::string& set, const std::string& field) const;
    void force_attributes(Microseconds t, bool tell);
    void observe(Microseconds t);
    [[nodiscard]] SourcePlace place_of_record(const std::string& name) const;
    void bind_changes();
    void find_tick();
    [[nodiscard]] Microseconds next_time() const;
    void step_due(Microseconds t, const std::vector<std::string>& woken_sets, bool regular);
    void step_one(Running& running, Microseconds t);
    void record(Microseconds t, bool last);
    [[nodiscard]] bool holds(const Condition& condition);
    void apply(const Timetable::Due& due);
    [[nodiscard]] std::vector<std::string> sets_of(const Timetable::Due& due) const;

    std::shared_ptr<const City> city_;
    EngineSettings settings_;
    Arena& arena_;
    Overlay overlay_;
    FieldTable fields_;
    StreamHub streams_;
    Books books_;
    Timetable timetable_;
    std::map<std::string, DynamicSet*, std::less<>> dynamic_sets_;
    std::deque<DynamicSet> dynamic_storage_;
    std::unique_ptr<SetupContext> context_;
    std::vector<std::unique_ptr<Running>> modules_;        // in name order
    std::vector<std::vector<std::size_t>> levels_;         // rows of modules_
    Microseconds now_ = 0, tick_ = second, recorded_until_ = 0;
    Microseconds midnight_ = 0;                             ///< the next one after `now_`; 0 = not looked up yet
    RecordSink* sink_ = nullptr;
    std::vector<RecordedField> recorded_;
    std::vector<Read> recorded_values_;
    std::vector<StreamReceiver> recorded_stream_receivers_;
    std::size_t recorder_fields_ = 0;
    bool has_recorder_ = false;
    std::vector<std::pair<Condition, Read>> condition_fields_;
    struct ProbeGroup {
        std::size_t fields = 0;           ///< handle of its pseudo-module
        std::vector<Read> values;
        Microseconds last = 0;
    };
    std::vector<ProbeGroup> probes_;                        ///< by Replay::probes()
    Microseconds next_observation_ = never;                 ///< begin of the next slot of a field that only measurements give
    std::vector<std::function<void()>> level_tasks_;       // reused each tick
    std::vector<std::size_t> level_due_;
};

}  // namespace citytwin
