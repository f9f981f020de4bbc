// Sensor history in an engine: comparing at the end of each slot, driving fields and attributes from its begin.
#include <fmt/format.h>

#include <algorithm>

#include "core/run/engine.hpp"
#include "core/run/engine_parts.hpp"

namespace citytwin {

void Engine::bind_replay() {
    if (settings_.replay == nullptr) return;
    Replay& replay = *settings_.replay;
    std::map<std::pair<std::string, std::string>, const Access*> writers, readers;
    std::vector<std::string> known;
    for (const auto& running : modules_) {
        for (const auto& access : running->setup->access().accesses) {
            const bool is_written = access.kind == AccessKind::writes || access.kind == AccessKind::accumulates;
            (is_written ? writers : readers).try_emplace({access.set, access.field}, &access);
            known.push_back(access.name());
        }
    }
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    const FindField find = [&](const std::string& set, const std::string& field) -> std::optional<ObservedField> {
        if (const auto writer = writers.find({set, field}); writer != writers.end()) return ObservedField{ObservedField::Kind::written, writer->second->unit, nudged_module(set, field) != nullptr};
        if (const auto unit = overlay_.unit_of(set, field)) return ObservedField{ObservedField::Kind::attribute, *unit, false};
        if (const auto reader = readers.find({set, field}); reader != readers.end() && !dynamic_sets_.contains(set)) return ObservedField{ObservedField::Kind::defaulted, reader->second->unit, false};
        return std::nullopt;
    };
    replay.bind(*city_, find, known);
    for (std::size_t p = 0; p < replay.probes().size(); ++p) {
        ProbeGroup group;
        for (const auto& [set, field] : replay.probes()[p].fields) {
            Access access = *writers.at({set, field});
            access.kind = AccessKind::reads;
            access.mapping.clear();
            access.aggregation = access.recorded_as;
            group.values.emplace_back(&fields_.declare(fmt::format("~sensors{}", p), access));
        }
        probes_.push_back(std::move(group));
    }
    for (std::size_t f = 0; f < replay.forcings().size(); ++f) {
        const ReplayForcing& forcing = replay.forcings()[f];
        if (forcing.declared.kind == ObservedField::Kind::attribute) continue;
        fields_.force({forcing.set, forcing.field, forcing.declared.unit, forcing.detail, forcing.period,
                       [&replay, f](Microseconds from, Microseconds to, std::span<double> values) { replay.force(f, from, to, values); }});
    }
}

Module* Engine::nudged_module(const std::string& set, const std::string& field) const {
    for (const auto& running : modules_) {
        const auto& names = running->setup->nudged();
        if (std::find(names.begin(), names.end(), set + "." + field) != names.end()) return running->module.get();
    }
    return nullptr;
}

void Engine::announce_observations() {
    if (settings_.replay == nullptr) return;
    for (const auto& expected : settings_.replay->corrected_rows()) nudged_module(expected.set, expected.field)->expect_observations(expected.set, expected.field, expected.rows);
}

void Engine::observe(Microseconds t) {
    Replay& replay = *settings_.replay;
    for (std::size_t p = 0; p < probes_.size(); ++p) {
        const ReplayProbe& probe = replay.probes()[p];
        if (t < probe.first || (t - probe.first) % probe.period != 0) continue;
        ProbeGroup& group = probes_[p];
        fields_.before_step(group.fields, group.last, t);
        group.last = t;
        std::vector<std::span<const double>> values;
        for (const Read& read : group.values) values.push_back(read.values());
        replay.observe(p, t, values);
        for (const auto& one : replay.corrections(p, t)) {
            nudged_module(one.set, one.field)->nudge({one.set, one.field, t - probe.period, t, one.rows, one.observed, one.modelled, one.share});
        }
    }
}

/// What no module writes is set for the slot that begins; modules hear of attributes as they hear of changes.
void Engine::force_attributes(Microseconds t, bool tell) {
    Replay& replay = *settings_.replay;
    next_observation_ = replay.next_slot(t);
    const Microseconds until = std::min(next_observation_, std::max(settings_.end, t + 1));
    fields_.begin_observed(t, until);
    for (std::size_t f = 0; f < replay.forcings().size(); ++f) {
        const ReplayForcing& forcing = replay.forcings()[f];
        if (forcing.declared.kind != ObservedField::Kind::attribute) continue;
        const bool is_new = overlay_.force(forcing.set, forcing.field, [&replay, f, t, until](std::span<double> values) { replay.force(f, t, until, values); });
        if (!is_new) continue;
        fields_.set_attribute(forcing.set, forcing.field, overlay_.values(forcing.set, forcing.field));
        if (!tell) continue;
        const std::vector<Index> rows = replay.rows_of(f);
        for (auto& running : modules_) running->module->changed(forcing.set, rows);
    }
}

}  // namespace citytwin
