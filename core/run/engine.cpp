// The engine's loop: what is due at a tick, in which order, and what takes effect afterwards.
#include "core/run/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "core/base/hash.hpp"
#include "core/run/engine_parts.hpp"

namespace citytwin {

Engine::~Engine() = default;

void Engine::start() {
    now_ = 0;
    if (settings_.replay != nullptr) force_attributes(0, true);
    apply(timetable_.due_at(0));
    for (auto& running : modules_) {
        Step step{0, 0, &arena_};
        fields_.before_step(running->fields, 0, 0);
        running->guarded("at its start", [&] { running->module->start(step); });
        fields_.after_start(running->fields);
        if (running->has_streams) streams_.after_step(running->name);
    }
    streams_.end_tick();
}

Microseconds Engine::next_time() const {
    Microseconds t = settings_.end;
    for (const auto& running : modules_) t = std::min({t, running->next_due(), std::max(running->next_wake(), now_ + 1)});
    if (auto event = timetable_.next_after(now_)) t = std::min(t, *event);
    if (has_recorder_) t = std::min(t, (now_ / settings_.record_interval + 1) * settings_.record_interval);
    if (settings_.replay == nullptr) return t;
    for (const auto& probe : settings_.replay->probes()) {
        const Microseconds since = now_ - probe.first;
        t = std::min(t, since < 0 ? probe.first : probe.first + (since / probe.period + 1) * probe.period);
    }
    return std::min(t, next_observation_);
}

void Engine::advance() {
    if (midnight_ <= now_) midnight_ = settings_.calendar.next_midnight(now_);
    const Microseconds t = next_time();
    if (settings_.replay != nullptr) fields_.end_observed(t);
    fields_.begin_tick();
    Timetable::Due due = timetable_.due_at(t);
    step_due(t, due.empty() ? std::vector<std::string>{} : sets_of(due), true);
    if (timetable_.has_conditions()) {
        fields_.before_step("~conditions", now_, t);
        Timetable::Due by_condition = timetable_.test_conditions(overlay_.changes(), t, [this](const Condition& c) { return holds(c); });
        if (!by_condition.empty()) {
            step_due(t, sets_of(by_condition), false);   // a woken module closes its interval here
            due.starts.insert(due.starts.end(), by_condition.starts.begin(), by_condition.starts.end());
        }
    }
    streams_.end_tick();
    now_ = t;
    const bool last = t >= settings_.end;
    if (settings_.replay != nullptr) observe(t);
    if (has_recorder_ && (last || t % settings_.record_interval == 0)) record(t, last);
    if (last || t >= midnight_) books_.close_day(t);
    if (!due.empty()) apply(due);
    if (t >= next_observation_ && !last) force_attributes(t, true);
}

void Engine::step_due(Microseconds t, const std::vector<std::string>& woken_sets, bool regular) {
    for (const auto& level : levels_) {
        level_due_.clear();
        for (std::size_t m : level) {
            Running& running = *modules_[m];
            if (running.last >= t) continue;
            const bool woken = std::any_of(woken_sets.begin(), woken_sets.end(), [&](const auto& set) { return running.wakes_on(set); });
            if (woken || (regular && (running.next_due() == t || running.next_wake() <= t || t >= settings_.end))) level_due_.push_back(m);
        }
        if (level_due_.size() < 2 || arena_.threads() == 1) {
            for (std::size_t m : level_due_) step_one(*modules_[m], t);
            continue;
        }
        // Modules of one level touch nothing in common; what isn't made for sharing (streams' inboxes) is handled before and after.
        for (std::size_t m : level_due_) {
            fields_.before_step(modules_[m]->fields, modules_[m]->last, t);
            if (modules_[m]->has_streams) streams_.before_step(modules_[m]->name, t);
        }
        level_tasks_.clear();
        for (std::size_t m : level_due_) level_tasks_.push_back([this, m, t] { modules_[m]->run(t, arena_); });
        arena_.tasks(level_tasks_);
        for (std::size_t m : level_due_) {
            fields_.after_step(modules_[m]->fields, modules_[m]->last, t, arena_);
            if (modules_[m]->has_streams) streams_.after_step(modules_[m]->name);
            modules_[m]->last = t;
        }
    }
}

void Engine::step_one(Running& running, Microseconds t) {
    fields_.before_step(running.fields, running.last, t);
    if (running.has_streams) streams_.before_step(running.name, t);
    running.run(t, arena_);
    fields_.after_step(running.fields, running.last, t, arena_);
    if (running.has_streams) streams_.after_step(running.name);
    running.last = t;
}

void Engine::Running::run(Microseconds t, Arena& arena) {
    const Step step{last, t, &arena};
    const auto begin = std::chrono::steady_clock::now();
    in_step_since = begin.time_since_epoch().count();
    guarded([t] { return fmt::format("at {} s", to_seconds(t)); }, [&] { module->step(step); });
    in_step_since = 0;
    busy_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::pair<std::string, double> Engine::longest_step() const {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    std::pair<std::string, double> longest{"", 0};
    for (const auto& running : modules_) {
        const auto since = running->in_step_since.load();
        const double seconds = since == 0 ? 0 : std::chrono::duration<double>(std::chrono::steady_clock::duration(now - since)).count();
        if (seconds > longest.second) longest = {running->name, seconds};
    }
    return longest;
}

std::vector<std::string> Engine::sets_of(const Timetable::Due& due) const {
    std::vector<std::string> sets;
    for (std::size_t change : due.starts) sets.push_back(overlay_.changes()[change].set);
    for (std::size_t change : due.ends) sets.push_back(overlay_.changes()[change].set);
    return sets;
}

void Engine::apply(const Timetable::Due& due) {
    if (due.empty()) return;
    std::map<std::string, std::vector<Index>> rows_by_set;
    for (const auto& touched : overlay_.set_active(due.starts, due.ends)) {
        const auto values = overlay_.values(touched.set, touched.attribute);
        if (!values.empty()) fields_.set_attribute(touched.set, touched.attribute, values);
        auto& rows = rows_by_set[touched.set];
        rows.insert(rows.end(), touched.rows.begin(), touched.rows.end());
    }
    for (auto& [set, rows] : rows_by_set) {
        std::sort(rows.begin(), rows.end());
        rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
        for (auto& running : modules_) running->guarded("when a change was told to it", [&] { running->module->changed(set, rows); });
    }
}

bool Engine::holds(const Condition& condition) {
    for (const auto& [declared, values] : condition_fields_) {
        if (declared.set != condition.set || declared.field != condition.field) continue;
        for (double value : values.values()) {
            switch (condition.comparison) {
                case Comparison::less: if (value < condition.limit) return true; break;
                case Comparison::less_equal: if (value <= condition.limit) return true; break;
                case Comparison::greater: if (value > condition.limit) return true; break;
                case Comparison::greater_equal: if (value >= condition.limit) return true; break;
                case Comparison::equal: if (value == condition.limit) return true; break;
                case Comparison::not_equal: if (value != condition.limit) return true; break;
            }
        }
        return false;
    }
    return false;
}

void Engine::record(Microseconds t, bool last) {
    if (recorded_until_ == t && t != 0) return;
    fields_.before_step(recorder_fields_, recorded_until_, t);
    recorded_until_ = t;
    streams_.before_step("~recorder", last ? std::numeric_limits<Microseconds>::max() : t);
    if (sink_ != nullptr) {
        std::vector<std::span<const double>> columns;
        for (std::size_t f = 0; f < recorded_.size(); ++f) {
            columns.push_back(recorded_values_[f].values());
            if (f + 1 == recorded_.size() || recorded_[f + 1].set != recorded_[f].set) {
                sink_->row(recorded_[f].set, t, columns);
                columns.clear();
            }
        }
        for (std::size_t s = 0; s < settings_.recorded_streams.size(); ++s) {
            const StreamTable& table = recorded_stream_receivers_[s].records();
            if (!table.empty()) sink_->records(*streams_.schema(settings_.recorded_streams[s]), table);
        }
    }
    streams_.after_step("~recorder");
}

void Engine::close() {
    for (auto& running : modules_) {
        const Step step{running->last, now_, &arena_};
        fields_.before_step(running->fields, running->last, now_);
        running->guarded("at its end", [&] { running->module->close(step); });
    }
}

StateBlobs Engine::save() const {
    StateBlobs blobs;
    StateWriter out;
    out.value("now", now_);
    out.value("recorded_until", recorded_until_);
    for (const auto& running : modules_) out.value("last@" + running->name, running->last);
    overlay_.save(out);
    timetable_.save(out);
    books_.save(out);
    streams_.save(out);
    fields_.save(out);
    if (settings_.replay != nullptr) {
        for (const auto& probe : probes_) out.value("probe.last", probe.last);
        settings_.replay->save(out);
    }
    blobs.emplace_back("engine", out.take());
    for (const auto& running : modules_) {
        StateWriter module_out;
        running->guarded("while its state was saved", [&] { running->module->save(module_out); });
        for (const auto& set : running->owned_sets) set->save(module_out);
        blobs.emplace_back("module-" + running->name, module_out.take());
    }
    return blobs;
}

void Engine::load(const StateBlobs& blobs) {
    auto blob = [&](const std::string& name) -> const std::string& {
        for (const auto& [candidate, bytes] : blobs) {
            if (candidate == name) return bytes;
        }
        throw RunError(ExitCode::run_failed, "error[CT-RUN-002]: the checkpoint holds no state for '" + name + "'; it was written with other modules");
    };
    StateReader in(blob("engine"), "engine");
    in.value("now", now_);
    midnight_ = 0;
    in.value("recorded_until", recorded_until_);
    for (auto& running : modules_) in.value("last@" + running->name, running->last);
    overlay_.load(in);
    timetable_.load(in);
    books_.load(in);
    streams_.load(in);
    fields_.load(in);
    if (settings_.replay != nullptr) {
        for (auto& probe : probes_) in.value("probe.last", probe.last);
        settings_.replay->load(in);
        force_attributes(now_, false);
    }
    in.done();
    overlay_.each_changed([this](const std::string& set, const std::string& attribute, std::span<const double> values) {
        fields_.set_attribute(set, attribute, values);
    });
    for (auto& running : modules_) {
        StateReader module_in(blob("module-" + running->name), running->name);
        running->guarded("while its state was loaded", [&] { running->module->load(module_in); });
        for (auto& set : running->owned_sets) set->load(module_in);
        module_in.done();
    }
}

std::string Engine::hash_of(const StateBlobs& blobs) {
    StateHash hash;
    for (const auto& [name, bytes] : blobs) {
        hash.text(name);
        hash.text(bytes);
    }
    return hash.hex();
}

std::vector<std::string> Engine::module_names() const {
    std::vector<std::string> names;
    for (const auto& running : modules_) names.push_back(running->name);
    return names;
}

std::vector<std::pair<std::string, double>> Engine::module_seconds() const {
    std::vector<std::pair<std::string, double>> seconds;
    for (const auto& running : modules_) seconds.emplace_back(running->name, running->busy_s);
    return seconds;
}

const Setup& Engine::setup_of(std::string_view module) const {
    for (const auto& running : modules_) {
        if (running->name == module) return *running->setup;
    }
    throw std::logic_error("no module '" + std::string(module) + "'");
}

const Module& Engine::module(std::string_view name) const {
    for (const auto& running : modules_) {
        if (running->name == name) return *running->module;
    }
    throw std::logic_error("no module '" + std::string(name) + "'");
}

std::vector<StreamSchema> Engine::recorded_streams() const {
    std::vector<StreamSchema> schemas;
    for (const auto& name : settings_.recorded_streams) schemas.push_back(*streams_.schema(name));
    return schemas;
}

}  // namespace citytwin
