// Before the run: who writes what, do units and sources fit, where each reader's values will be.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/exchange/field_table_parts.hpp"

namespace citytwin {
namespace {

// A numeric column of the city as doubles, or nothing.
std::optional<std::vector<double>> as_numbers(const Column& column) {
    return std::visit([](const auto& values) -> std::optional<std::vector<double>> {
        using Values = std::decay_t<decltype(values)>;
        if constexpr (std::is_same_v<Values, std::vector<double>> || std::is_same_v<Values, std::vector<std::int64_t>> ||
                      std::is_same_v<Values, std::vector<std::int32_t>> || std::is_same_v<Values, std::vector<std::uint8_t>>) {
            return std::vector<double>(values.begin(), values.end());
        } else {
            return std::nullopt;
        }
    }, column.data);
}

std::pair<std::string, std::string> split_mapping(const std::string& mapping) {
    const auto dot = mapping.find('.');
    if (dot == std::string::npos) return {mapping, ""};
    return {mapping.substr(0, dot), mapping.substr(dot + 1)};
}

}  // namespace

FieldView& FieldTable::declare(const std::string& module, const Access& access) {
    return declared_.emplace_back(Declared{module, access, {}}).view;
}

FieldTable::ModuleFields& FieldTable::fields_of(const std::string& module) {
    for (auto& fields : modules_) {
        if (fields->module == module) return *fields;
    }
    modules_.push_back(std::make_unique<ModuleFields>());
    modules_.back()->module = module;
    return *modules_.back();
}

void FieldTable::bind(const std::vector<ModuleAccess>& modules, const DynamicSets& dynamic_sets) {
    dynamic_sets_ = dynamic_sets;
    DiagnosticList diagnostics;
    std::vector<const ModuleAccess*> by_name;
    for (const auto& module : modules) by_name.push_back(&module);
    std::sort(by_name.begin(), by_name.end(), [](auto* a, auto* b) { return a->module < b->module; });
    for (const auto* module : by_name) {
        fields_of(module->module);
        writer_periods_[module->module] = {module->period, !module->wakes_on.empty()};
    }
    // Writers in name order, so that slots (and sums over parts) have one order whatever the load order was.
    for (const auto* module : by_name) {
        for (auto& declared : declared_) {
            if (declared.module == module->module && (declared.access.kind == AccessKind::writes || declared.access.kind == AccessKind::accumulates)) {
                bind_writer(*module, declared.access, declared.view, diagnostics);
            }
        }
    }
    for (const auto* module : by_name) {
        for (auto& declared : declared_) {
            if (declared.module == module->module && (declared.access.kind == AccessKind::reads || declared.access.kind == AccessKind::reads_previous)) {
                bind_reader(*module, declared.access, declared.view, diagnostics);
            }
        }
    }
    diagnostics.throw_if_errors();
    for (auto& slot : slots_) {
        if (slot->keep_previous) {
            slot->previous = slot->current;
            kept_previous_.push_back(slot.get());
        }
        if (slot->keep_older) slot->older = slot->current;
    }
}

std::size_t FieldTable::size_of(const std::string& set, const std::string& module, DiagnosticList& diagnostics) const {
    if (const EntitySet* found = city_.find(set)) return found->size();
    std::vector<std::string> known;
    for (const auto& candidate : city_.sets()) known.push_back(candidate.name());
    for (const auto& [name, dynamic] : dynamic_sets_) known.push_back(name);
    diagnostics.error("CT-FIELD-001", {}, fmt::format("module '{}' names the entity set '{}', which this city doesn't have", module, set),
                      suggestion(set, known) + "; load the module or the city file that makes it");
    return 0;
}

void FieldTable::bind_writer(const ModuleAccess& module, const Access& access, FieldView& view, DiagnosticList& diagnostics) {
    if (!is_unit(access.unit)) {
        diagnostics.error("CT-FIELD-002", {}, fmt::format("module '{}' declares field '{}' with unknown unit '{}'", module.module, access.name(), access.unit),
                          "use a UDUNITS unit such as m/s, W, 1");
    }
    const bool part = access.kind == AccessKind::accumulates;
    for (const auto& other : slots_) {
        if (other->set != access.set || other->field != access.field) continue;
        if (!part || !other->accumulated) {
            diagnostics.error("CT-FIELD-003", {}, fmt::format("field '{}' has two writers: '{}' and '{}'", access.name(), other->module, module.module),
                              "let one of them write, or let both declare accumulates() so that their parts are summed");
        } else {
            check_unit(*other, access, module.module, diagnostics);
        }
    }
    auto slot = std::make_unique<Slot>();
    slot->set = access.set;
    slot->field = access.field;
    slot->unit = access.unit;
    slot->module = module.module;
    slot->access = access;
    slot->accumulated = part;
    slot->size = size_of(access.set, module.module, diagnostics);
    slot->current.assign(slot->size, access.initial);
    slot->forced = forced(access.set, access.field);
    if (slot->forced != nullptr && part) {
        for (const auto& other : slots_) {
            if (other->set != access.set || other->field != access.field) continue;
            diagnostics.error("CT-FIELD-009", {}, fmt::format("measurements drive '{}', which is the sum of parts of '{}' and '{}'", access.name(), other->module, module.module),
                              "force the fields behind the parts, or score this one");
        }
    }
    Output& output = fields_of(module.module).outputs.emplace_back();
    output.view = &view;
    output.slot = slot.get();
    view = {slot->current.data(), nullptr, slot->size};
    if (!access.mapping.empty()) {
        const auto [set, column] = split_mapping(access.mapping);
        const EntitySet* from = city_.find(set);
        const Column* map = from ? from->find(column) : nullptr;
        if (map == nullptr || !std::holds_alternative<std::vector<std::uint32_t>>(map->data) || map->refers_to != access.set) {
            diagnostics.error("CT-FIELD-004", {}, fmt::format("module '{}' scatters into '{}' from the mapping '{}', which the city doesn't have", module.module, access.name(), access.mapping),
                              "a mapping is a column of references: add it in build(), or name another");
        } else {
            output.scatter = &std::get<std::vector<std::uint32_t>>(map->data);
            output.rows.assign(from->size(), 0.0);
            view = {output.rows.data(), nullptr, output.rows.size()};
        }
    }
    slots_.push_back(std::move(slot));
}

void FieldTable::check_unit(const Slot& slot, const Access& access, const std::string& module, DiagnosticList& diagnostics) const {
    if (is_same_unit(slot.unit, access.unit)) return;
    diagnostics.error("CT-FIELD-005", {}, fmt::format("field '{}' is in '{}' from '{}' but module '{}' declares '{}'", slot.name(), slot.unit,
                                                      slot.city_attribute ? "the city" : slot.module, module, access.unit),
                      "declare the same unit on both sides; fields are in SI units");
}

std::vector<FieldTable::Slot*> FieldTable::slots_of(const std::string& set, const std::string& field) {
    std::vector<Slot*> found;
    for (const auto& slot : slots_) {
        if (slot->set == set && slot->field == field) found.push_back(slot.get());
    }
    return found;
}

bool FieldTable::bind_dynamic(const ModuleAccess& module, const Access& access, FieldView& view, DiagnosticList& diagnostics) {
    const auto found = dynamic_sets_.find(access.set);
    if (found == dynamic_sets_.end()) return false;
    Reader& reader = fields_of(module.module).readers.emplace_back();
    reader.view = &view;
    reader.dynamic = found->second;
    reader.number = access.reference ? nullptr : found->second->number(access.field);
    reader.reference = access.reference ? found->second->reference(access.field) : nullptr;
    if (reader.number == nullptr && reader.reference == nullptr) {
        diagnostics.error("CT-FIELD-006", {}, fmt::format("module '{}' reads '{}', but the dynamic set '{}' has no such column", module.module, access.name(), access.set),
                          "see `citytwin modules` for the columns of each set");
    } else if (reader.number != nullptr && !is_same_unit(reader.number->unit, access.unit)) {
        diagnostics.error("CT-FIELD-005", {}, fmt::format("field '{}' is in '{}' but module '{}' declares '{}'", access.name(), reader.number->unit, module.module, access.unit),
                          "declare the same unit on both sides");
    }
    sources_.push_back({module.module, access.set, access.field, access.unit, "dynamic set", ""});
    return true;
}

void FieldTable::bind_reader(const ModuleAccess& module, const Access& access, FieldView& view, DiagnosticList& diagnostics) {
    if (bind_dynamic(module, access, view, diagnostics)) return;
    std::vector<Slot*> slots = slots_of(access.set, access.field);
    const EntitySet* set = city_.find(access.set);
    const Column* attribute = set ? set->find(access.field) : nullptr;
    if (slots.empty()) {
        if (Slot* slot = observed_slot(access, attribute)) slots.push_back(slot);
    }
    if (slots.empty() && attribute != nullptr) {
        if (auto numbers = as_numbers(*attribute)) {
            auto slot = std::make_unique<Slot>();
            slot->set = access.set;
            slot->field = access.field;
            slot->unit = attribute->unit;
            slot->city_attribute = true;
            slot->size = numbers->size();
            slot->current = std::move(*numbers);
            slots.push_back(slot.get());
            slots_.push_back(std::move(slot));
        }
    }
    Reader& reader = fields_of(module.module).readers.emplace_back();
    reader.view = &view;
    reader.otherwise = access.otherwise.value_or(0.0);
    if (!slots.empty()) {
        for (Slot* slot : slots) check_unit(*slot, access, module.module, diagnostics);
        for (Slot* slot : slots) subscribe(reader, *slot, module, access);
        std::string writers;
        for (const Slot* slot : slots) writers += (writers.empty() ? "" : ", ") + slot->module;
        const ForcedField* measured = slots.front()->forced;
        if (measured != nullptr) sources_.push_back({module.module, access.set, access.field, access.unit, "observation", measured->detail});
        else sources_.push_back({module.module, access.set, access.field, access.unit, slots.front()->city_attribute ? "city" : "module", writers});
        bind_mapping(reader, access, diagnostics, module.module);
        return;
    }
    if (!access.otherwise) {
        diagnostics.error("CT-FIELD-007", {}, fmt::format("module '{}' reads '{}', but nothing writes it, the city has no such attribute and no default is declared", module.module, access.name()),
                          "load a module that writes it, add the attribute to the city, or declare .otherwise(value)");
        return;
    }
    const EntitySet* rows = access.mapping.empty() ? set : city_.find(split_mapping(access.mapping).first);
    reader.constant = true;
    reader.values.assign(rows ? rows->size() : 0, *access.otherwise);
    view = {reader.values.data(), nullptr, reader.values.size()};
    sources_.push_back({module.module, access.set, access.field, access.unit, "default", fmt::format("{}", *access.otherwise)});
}

const ForcedField* FieldTable::forced(std::string_view set, std::string_view field) const {
    for (const auto& one : forced_) {
        if (one.set == set && one.field == field) return &one;
    }
    return nullptr;
}

/// A field that modules read and only measurements give: rows without a sensor have the city's value, else the reader's default.
FieldTable::Slot* FieldTable::observed_slot(const Access& access, const Column* attribute) {
    const ForcedField* measured = forced(access.set, access.field);
    const EntitySet* set = city_.find(access.set);
    if (measured == nullptr || set == nullptr) return nullptr;
    auto slot = std::make_unique<Slot>();
    slot->set = access.set;
    slot->field = access.field;
    slot->unit = measured->unit;
    slot->module = "~observations";
    slot->access = access;
    slot->forced = measured;
    slot->observed = true;
    slot->size = set->size();
    slot->current.assign(slot->size, access.otherwise.value_or(0.0));
    if (attribute != nullptr) {
        if (auto numbers = as_numbers(*attribute)) slot->current = std::move(*numbers);
    }
    writer_periods_[slot->module] = {measured->period, false};
    slots_.push_back(std::move(slot));
    return slots_.back().get();
}

void FieldTable::bind_mapping(Reader& reader, const Access& access, DiagnosticList& diagnostics, const std::string& module) {
    if (access.mapping.empty()) return;
    const auto [set_name, column] = split_mapping(access.mapping);
    const EntitySet* from = city_.find(set_name);
    const Column* map = from ? from->find(column) : nullptr;
    if (map != nullptr && std::holds_alternative<std::vector<std::uint32_t>>(map->data) && map->refers_to == access.set) {
        reader.gather = &std::get<std::vector<std::uint32_t>>(map->data);
        reader.values.assign(from->size(), reader.otherwise);
    } else if (from != nullptr && access.otherwise) {
        reader.gather_copy.assign(from->size(), no_index);   // no mapping at all: every row has the default
        reader.gather = &reader.gather_copy;
        reader.values.assign(from->size(), reader.otherwise);
    } else {
        diagnostics.error("CT-FIELD-008", {}, fmt::format("module '{}' reads '{}' through '{}', but the city has no such mapping", module, access.name(), access.mapping),
                          "add the column of references in build(), or declare .otherwise(value)");
        return;
    }
    *reader.view = {reader.values.data(), nullptr, reader.values.size()};
}

void FieldTable::subscribe(Reader& reader, Slot& slot, const ModuleAccess& module, const Access& access) {
    auto subscription = std::make_unique<Subscription>();
    subscription->slot = &slot;
    subscription->previous = access.kind == AccessKind::reads_previous && !slot.city_attribute;
    subscription->aggregation = access.aggregation;
    subscription->between = access.between;
    const auto writer = writer_periods_.find(slot.module);
    const Microseconds writer_period = writer == writer_periods_.end() ? 0 : writer->second.first;
    const bool writer_wakes = writer != writer_periods_.end() && writer->second.second;
    subscription->writer_period = std::max<Microseconds>(1, writer_period);
    subscription->aggregated = !slot.city_attribute && (module.period > writer_period || (writer_wakes && access.aggregation != Aggregation::last));
    if (access.between == Between::interpolate && !slot.city_attribute && module.period < writer_period) {
        slot.keep_older = true;
    } else {
        subscription->between = Between::hold;
    }
    if (subscription->previous) {
        slot.keep_previous = true;
        slot.previous_subscribers.push_back(subscription.get());
    } else {
        slot.subscribers.push_back(subscription.get());
    }
    reader.parts.push_back(subscription.get());
    subscriptions_.push_back(std::move(subscription));
}

}  // namespace citytwin
