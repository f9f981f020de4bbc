// A run's fields at work: previous values, rate conversion, gathering, scattering.
#include "core/exchange/field_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "core/exchange/field_table_parts.hpp"

namespace citytwin {

FieldTable::FieldTable(const City& city) : city_(city) {}
FieldTable::~FieldTable() = default;

void FieldTable::Subscription::feed(const std::vector<double>& values, double seconds) {
    const bool first = weight == 0;
    if (sum.size() != values.size()) sum.assign(values.size(), 0.0);
    if (first && (aggregation == Aggregation::mean || aggregation == Aggregation::sum)) std::fill(sum.begin(), sum.end(), 0.0);
    const auto combine = [&](auto&& next) {   // one plain loop a kind: the compiler's vectors do the rest
        double* held = sum.data();
        const double* given = values.data();
        for (std::size_t i = 0, n = values.size(); i < n; ++i) held[i] = next(held[i], given[i]);
    };
    switch (aggregation) {
        case Aggregation::mean: combine([seconds](double held, double given) { return held + given * seconds; }); break;
        case Aggregation::sum: combine([](double held, double given) { return held + given; }); break;
        case Aggregation::last: std::copy(values.begin(), values.end(), sum.begin()); break;
        case Aggregation::min: combine([first](double held, double given) { return first ? given : std::min(held, given); }); break;
        case Aggregation::max: combine([first](double held, double given) { return first ? given : std::max(held, given); }); break;
    }
    weight += seconds;
}

const std::vector<double>& FieldTable::Subscription::take(Microseconds now) {
    const std::vector<double>& held = previous ? slot->previous : slot->current;
    if (between == Between::interpolate && !aggregated) {
        // One period late: between the last two known values, never ahead.
        const double share = std::clamp(static_cast<double>(now - slot->to) / static_cast<double>(writer_period), 0.0, 1.0);
        result.resize(held.size());
        for (std::size_t i = 0; i < held.size(); ++i) result[i] = slot->older[i] + (held[i] - slot->older[i]) * share;
        return result;
    }
    if (!aggregated) return held;
    if (weight > 0) {
        result = sum;
        if (aggregation == Aggregation::mean) {
            for (double& value : result) value /= weight;
        }
        weight = 0;
        has_result = true;
        return result;
    }
    return has_result && aggregation != Aggregation::sum ? result : held;
}

void FieldTable::begin_tick() {
    for (Slot* slot : kept_previous_) {
        if (!slot->fresh) continue;
        slot->previous = slot->current;
        slot->fresh = false;
        for (Subscription* subscription : slot->previous_subscribers) {
            if (subscription->aggregated) subscription->feed(slot->previous, to_seconds(slot->to - slot->from));
        }
    }
}

void FieldTable::fill(Reader& reader, Microseconds to) {
    if (reader.constant) return;
    if (reader.dynamic != nullptr) {
        if (reader.number != nullptr) reader.view->data = reader.number->values.data();
        if (reader.reference != nullptr) reader.view->references = reader.reference->values.data();
        reader.view->size = reader.dynamic->size();
        return;
    }
    const std::vector<double>* seen = &reader.parts.front()->take(to);
    if (reader.parts.size() > 1) {
        reader.summed = *seen;
        for (std::size_t p = 1; p < reader.parts.size(); ++p) {
            const std::vector<double>& part = reader.parts[p]->take(to);
            for (std::size_t i = 0; i < part.size(); ++i) reader.summed[i] += part[i];
        }
        seen = &reader.summed;
    }
    if (reader.gather == nullptr) {
        reader.view->data = const_cast<double*>(seen->data());
        reader.view->size = seen->size();
        return;
    }
    for (std::size_t i = 0; i < reader.values.size(); ++i) {
        const Index row = (*reader.gather)[i];
        reader.values[i] = row == no_index ? reader.otherwise : (*seen)[row];
    }
}

void FieldTable::before_step(const std::string& module, Microseconds from, Microseconds to) { before_step(module_handle(module), from, to); }

void FieldTable::after_step(const std::string& module, Microseconds from, Microseconds to, Arena& arena) {
    after_step(module_handle(module), from, to, arena);
}

void FieldTable::before_step(std::size_t module, Microseconds /*from*/, Microseconds to) {
    ModuleFields& fields = *modules_[module];
    for (Reader& reader : fields.readers) fill(reader, to);
    for (Output& output : fields.outputs) {
        Slot& slot = *output.slot;
        if (slot.keep_older) {
            slot.older = slot.current;
            slot.older_to = slot.to;
        }
        if (!slot.accumulated) continue;
        std::vector<double>& rows = output.scatter != nullptr ? output.rows : slot.current;
        std::fill(rows.begin(), rows.end(), 0.0);
    }
}

void FieldTable::after_step(std::size_t module, Microseconds from, Microseconds to, Arena& /*arena*/) {
    for (Output& output : modules_[module]->outputs) {
        Slot& slot = *output.slot;
        if (output.scatter != nullptr) {
            std::fill(slot.current.begin(), slot.current.end(), 0.0);
            for (std::size_t i = 0; i < output.rows.size(); ++i) {   // in row order: the sum's bits depend on nothing else
                const Index row = (*output.scatter)[i];
                if (row != no_index) slot.current[row] += output.rows[i];
            }
        }
        if (slot.forced != nullptr) slot.forced->values(from, to, slot.current);
        slot.from = from;
        slot.to = to;
        slot.fresh = true;
        check_finite(slot, module);
        for (Subscription* subscription : slot.subscribers) {
            if (subscription->aggregated) subscription->feed(slot.current, to_seconds(to - from));
        }
    }
}

void FieldTable::after_start(std::size_t module) {
    for (Output& output : modules_[module]->outputs) {
        if (output.slot->forced != nullptr) output.slot->forced->values(0, 0, output.slot->current);
        check_finite(*output.slot, module);
        if (output.slot->keep_previous) output.slot->previous = output.slot->current;
        if (output.slot->keep_older) output.slot->older = output.slot->current;
    }
}

void FieldTable::end_observed(Microseconds now) {
    for (const auto& slot : slots_) {
        if (!slot->observed || slot->to >= now) continue;
        slot->from = slot->to;
        slot->to = now;
        slot->fresh = true;
        for (Subscription* subscription : slot->subscribers) {
            if (subscription->aggregated) subscription->feed(slot->current, to_seconds(slot->to - slot->from));
        }
    }
}

void FieldTable::begin_observed(Microseconds now, Microseconds until) {
    for (const auto& slot : slots_) {
        if (slot->observed) slot->forced->values(now, until, slot->current);
    }
}

void FieldTable::check_finite(const Slot& slot, std::size_t module) const {
    constexpr std::uint64_t exponent = 0x7ff0000000000000;   // all ones in NaN and Inf; an "or" over integers runs side by side, a sum doesn't
    std::uint64_t is_bad = 0;
    for (double value : slot.current) is_bad |= (std::bit_cast<std::uint64_t>(value) & exponent) == exponent ? 1U : 0U;
    if (is_bad == 0) return;
    for (std::size_t i = 0; i < slot.current.size(); ++i) {
        if (std::isfinite(slot.current[i])) continue;
        const EntitySet* set = city_.find(slot.set);
        throw RunError(ExitCode::run_failed,
                       fmt::format("module '{}' wrote {} into field '{}' of '{}' at {} s (error[CT-FIELD-020]); the run stops so that it doesn't spread",
                                   modules_[module]->module, slot.current[i], slot.name(), set ? set->id_of(static_cast<Index>(i)) : std::to_string(i),
                                   to_seconds(slot.to)));
    }
}

void FieldTable::set_attribute(std::string_view set, std::string_view attribute, std::span<const double> values) {
    for (const auto& slot : slots_) {
        if (slot->city_attribute && slot->set == set && slot->field == attribute) std::copy(values.begin(), values.end(), slot->current.begin());
    }
}

std::size_t FieldTable::module_handle(const std::string& module) const {
    for (std::size_t m = 0; m < modules_.size(); ++m) {
        if (modules_[m]->module == module) return m;
    }
    throw std::logic_error("no fields were declared by '" + module + "'");
}

const Access* FieldTable::writer_of(std::string_view set, std::string_view field) const {
    for (const auto& slot : slots_) {
        if (slot->set == set && slot->field == field && !slot->city_attribute && !slot->observed) return &slot->access;
    }
    return nullptr;
}

std::vector<std::string> FieldTable::written_fields() const {
    std::vector<std::string> names;
    for (const auto& slot : slots_) {
        if (!slot->city_attribute && !slot->observed) names.push_back(slot->name());
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

void FieldTable::save(StateWriter& out) const {
    for (const auto& slot : slots_) {
        if (slot->city_attribute) continue;
        const std::string name = slot->name() + "@" + slot->module;
        out.column(name + ".current", slot->current);
        if (slot->keep_previous) out.column(name + ".previous", slot->previous);
        if (slot->keep_older) out.column(name + ".older", slot->older);
        const Microseconds times[3] = {slot->from, slot->to, slot->older_to};
        out.value(name + ".times", times);
        out.value(name + ".fresh", slot->fresh);
    }
    for (const auto& subscription : subscriptions_) {
        if (!subscription->aggregated) continue;
        out.column("window.sum", subscription->sum);
        out.column("window.result", subscription->result);
        out.value("window.weight", subscription->weight);
        out.value("window.has_result", subscription->has_result);
    }
}

void FieldTable::load(StateReader& in) {
    for (const auto& slot : slots_) {
        if (slot->city_attribute) continue;
        const std::string name = slot->name() + "@" + slot->module;
        in.column(name + ".current", slot->current);
        if (slot->keep_previous) in.column(name + ".previous", slot->previous);
        if (slot->keep_older) in.column(name + ".older", slot->older);
        Microseconds times[3] = {0, 0, 0};
        in.value(name + ".times", times);
        slot->from = times[0];
        slot->to = times[1];
        slot->older_to = times[2];
        in.value(name + ".fresh", slot->fresh);
    }
    for (const auto& subscription : subscriptions_) {
        if (!subscription->aggregated) continue;
        in.column("window.sum", subscription->sum);
        in.column("window.result", subscription->result);
        in.value("window.weight", subscription->weight);
        in.value("window.has_result", subscription->has_result);
    }
    for (const auto& fields : modules_) {
        for (Output& output : fields->outputs) {
            if (output.scatter == nullptr) output.view->data = output.slot->current.data();
        }
    }
}

}  // namespace citytwin
