// Building an engine: modules declare, then everything is bound and refused together before step 0.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/base/text.hpp"
#include "core/run/engine.hpp"
#include "core/run/engine_parts.hpp"
#include "core/schedule/step_graph.hpp"

namespace citytwin {
namespace {

std::pair<std::string, std::string> set_and_field(const std::string& name) {
    const auto dot = name.find('.');
    if (dot == std::string::npos) fail("CT-RECORD-001", {}, "recorded field '" + name + "' isn't of the form set.field", "write e.g. road_link.flow");
    return {name.substr(0, dot), name.substr(dot + 1)};
}

const char* cell_method(Aggregation aggregation) {
    switch (aggregation) {
        case Aggregation::mean: return "time: mean";
        case Aggregation::sum: return "time: sum";
        case Aggregation::min: return "time: minimum";
        case Aggregation::max: return "time: maximum";
        default: return "time: point";
    }
}

// "road_link.*" = every field that is written on road_link.
std::vector<std::string> expanded(const std::vector<std::string>& names, const std::vector<std::string>& written) {
    std::vector<std::string> result;
    for (const auto& name : names) {
        if (name.size() < 3 || name.substr(name.size() - 2) != ".*") {
            result.push_back(name);
            continue;
        }
        const std::string prefix = name.substr(0, name.size() - 1);
        const std::size_t before = result.size();
        for (const auto& candidate : written) {
            if (candidate.rfind(prefix, 0) == 0) result.push_back(candidate);
        }
        if (result.size() == before) result.push_back(name);   // refused below, by its name
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

}  // namespace

Engine::Engine(std::shared_ptr<const City> city, EngineSettings settings, std::vector<EngineModule> modules, Arena& arena)
    : city_(std::move(city)), settings_(std::move(settings)), arena_(arena), overlay_(*city_), fields_(*city_) {
    context_ = std::make_unique<SetupContext>(SetupContext{*city_, fields_, streams_, overlay_, books_, dynamic_sets_, dynamic_storage_, settings_.calendar,
                                                           settings_.end, settings_.seed, arena_});
    build_modules(modules);
    bind_changes();
    find_tick();
    std::vector<ModuleAccess> accesses;
    for (const auto& running : modules_) accesses.push_back(running->setup->access());
    bind_recorder();
    bind_replay();
    std::vector<ModuleAccess> all = accesses;
    if (has_recorder_) all.push_back(ModuleAccess{"~recorder", settings_.record_interval, {}, {}});
    if (!condition_fields_.empty()) all.push_back({"~conditions", tick_, {}, {}});
    for (std::size_t p = 0; p < probes_.size(); ++p) all.push_back({fmt::format("~sensors{}", p), settings_.replay->probes()[p].period, {}, {}});
    fields_.bind(all, {dynamic_sets_.begin(), dynamic_sets_.end()});
    for (std::size_t p = 0; p < probes_.size(); ++p) probes_[p].fields = fields_.module_handle(fmt::format("~sensors{}", p));
    if (has_recorder_) recorder_fields_ = fields_.module_handle("~recorder");
    overlay_.check();
    const StepGraph graph = StepGraph::build(accesses);
    for (const auto& level : graph.levels) {
        auto& rows = levels_.emplace_back();
        for (const auto& name : level) {
            for (std::size_t m = 0; m < modules_.size(); ++m) {
                if (modules_[m]->name == name) rows.push_back(m);
            }
        }
    }
    for (auto& running : modules_) {
        running->fields = fields_.module_handle(running->name);
        running->has_streams = streams_.has_streams(running->name);
        running->guarded("in its preparation", [&] { running->module->prepare(); });
    }
    announce_observations();
}

void Engine::build_modules(const std::vector<EngineModule>& modules) {
    std::vector<EngineModule> by_name = modules;
    std::sort(by_name.begin(), by_name.end(), [](const auto& a, const auto& b) { return a.factory->name < b.factory->name; });
    for (const auto& module : by_name) {
        auto running = std::make_unique<Running>();
        running->name = module.factory->name;
        running->setup = std::make_unique<Setup>(*context_, running->name, *module.parameters);
        const std::size_t sets_before = dynamic_storage_.size();
        running->module = module.factory->create(*running->setup);
        for (std::size_t s = sets_before; s < dynamic_storage_.size(); ++s) running->owned_sets.push_back(&dynamic_storage_[s]);
        running->period = running->setup->access().period;
        modules_.push_back(std::move(running));
    }
}

void Engine::bind_changes() {
    if (!settings_.changes) return;
    DeclaredNames names;
    names.attributes = [this](const std::string& set) { return overlay_.declared(set); };
    names.field_unit = [this](const std::string& set, const std::string& field) -> std::optional<std::string> {
        for (const auto& running : modules_) {
            for (const auto& access : running->setup->access().accesses) {
                const bool written = access.kind == AccessKind::writes || access.kind == AccessKind::accumulates;
                if (written && access.set == set && access.field == field) return access.unit;
            }
        }
        return std::nullopt;
    };
    for (auto& change : settings_.changes(names)) overlay_.add(std::move(change));
}

void Engine::find_tick() {
    Microseconds common = 0;
    for (const auto& running : modules_) common = std::gcd(common, running->period);
    tick_ = settings_.tick > 0 ? settings_.tick : (common > 0 ? common : second);
    for (const auto& running : modules_) {
        if (running->period % tick_ == 0) continue;
        fail("CT-SCHEDULE-002", {}, fmt::format("the period of module '{}' ({} s) isn't a multiple of the base tick ({} s)", running->name,
                                                to_seconds(running->period), to_seconds(tick_)),
             "choose a tick that divides every period, or leave it out");
    }
    timetable_ = Timetable(overlay_.changes(), tick_);
}

SourcePlace Engine::place_of_record(const std::string& name) const {
    const auto found = settings_.record_places.find(name);
    return found == settings_.record_places.end() ? SourcePlace{} : found->second;
}

void Engine::bind_recorder() {
    DiagnosticList diagnostics;
    has_recorder_ = settings_.record_interval > 0 && (!settings_.recorded_fields.empty() || !settings_.recorded_streams.empty());
    std::vector<std::string> names = settings_.recorded_fields;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    if (!has_recorder_) names.clear();
    std::vector<std::pair<std::string, const Access*>> writers;
    std::vector<std::string> written;
    for (const auto& running : modules_) {
        for (const auto& access : running->setup->access().accesses) {
            if (access.kind != AccessKind::writes && access.kind != AccessKind::accumulates) continue;
            writers.emplace_back(access.name(), &access);
            written.push_back(access.name());
        }
    }
    names = expanded(names, written);
    for (const auto& name : names) {
        const auto [set, field] = set_and_field(name);
        const auto found = std::find_if(writers.begin(), writers.end(), [&](const auto& w) { return w.first == name; });
        if (found == writers.end()) {
            diagnostics.error("CT-RECORD-002", place_of_record(name), fmt::format("recorded field '{}' is written by no loaded module", name), suggestion(name, written));
            continue;
        }
        Access access = *found->second;
        access.kind = AccessKind::reads;
        access.mapping.clear();
        access.aggregation = found->second->recorded_as;
        recorded_.push_back({set, field, access.unit, access.long_name, cell_method(access.aggregation)});
        recorded_values_.emplace_back(&fields_.declare("~recorder", access));
    }
    if (has_recorder_) {
        for (const auto& name : settings_.recorded_streams) {
            const StreamSchema* schema = streams_.schema(name);
            if (schema == nullptr) {
                diagnostics.error("CT-RECORD-003", place_of_record(name), fmt::format("recorded stream '{}' is sent by no loaded module", name), suggestion(name, streams_.names()));
                continue;
            }
            recorded_stream_receivers_.push_back(streams_.receives("~recorder", *schema));
        }
    }
    for (const auto& change : overlay_.changes()) {
        if (!change.when) continue;
        const std::string name = change.when->set + "." + change.when->field;
        const auto found = std::find_if(writers.begin(), writers.end(), [&](const auto& w) { return w.first == name; });
        if (found == writers.end()) {
            diagnostics.error("CT-CHANGE-004", {}, fmt::format("change '{}' waits for '{}', which no loaded module writes", change.name, name), suggestion(name, written));
            continue;
        }
        Access access = *found->second;
        access.kind = AccessKind::reads;
        access.mapping.clear();
        condition_fields_.emplace_back(*change.when, Read(&fields_.declare("~conditions", access)));
    }
    diagnostics.throw_if_errors();
}

}  // namespace citytwin
