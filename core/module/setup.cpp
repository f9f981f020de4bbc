#include "core/module/setup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/exchange/field_table.hpp"

namespace citytwin {

ReadRequest::operator Read() { return Read(&setup_.declare(access_)); }
ReadRequest::operator ReadReference() {
    access_.reference = true;
    return ReadReference(&setup_.declare(access_));
}
WriteRequest::operator Write() { return Write(&setup_.declare(access_)); }
AccumulateRequest::operator Accumulate() { return Accumulate(&setup_.declare(access_)); }

Setup::Setup(SetupContext& context, std::string module, ParameterSource& parameters)
    : context_(context), module_(std::move(module)), parameters_(parameters) {
    access_.module = module_;
}

FieldView& Setup::declare(const Access& access) {
    access_.accesses.push_back(access);
    return context_.fields.declare(module_, access);
}

ReadRequest Setup::reads(std::string set, std::string field, std::string unit) {
    Access access;
    access.kind = AccessKind::reads;
    access.set = std::move(set);
    access.field = std::move(field);
    access.unit = std::move(unit);
    return {*this, std::move(access)};
}

ReadRequest Setup::reads_previous(std::string set, std::string field, std::string unit) {
    Access access;
    access.kind = AccessKind::reads_previous;
    access.set = std::move(set);
    access.field = std::move(field);
    access.unit = std::move(unit);
    return {*this, std::move(access)};
}

ReadRequest Setup::reads_references(std::string set, std::string field) { return reads(std::move(set), std::move(field), "1"); }

WriteRequest Setup::writes(std::string set, std::string field, std::string unit) {
    Access access;
    access.kind = AccessKind::writes;
    access.set = std::move(set);
    access.field = std::move(field);
    access.unit = std::move(unit);
    return {*this, std::move(access)};
}

AccumulateRequest Setup::accumulates(std::string set, std::string field, std::string unit) {
    Access access;
    access.kind = AccessKind::accumulates;
    access.set = std::move(set);
    access.field = std::move(field);
    access.unit = std::move(unit);
    access.recorded_as = Aggregation::mean;
    return {*this, std::move(access)};
}

Attribute Setup::attribute(const std::string& set, const std::string& name, const std::string& unit, std::optional<double> otherwise) {
    return context_.overlay.attribute(module_, set, name, unit, otherwise);
}

TextAttribute Setup::text_attribute(const std::string& set, const std::string& name, std::optional<std::string> otherwise) {
    return context_.overlay.text_attribute(module_, set, name, std::move(otherwise));
}

StreamSender Setup::sends(const StreamSchema& schema) {
    sent_.push_back(schema.name);
    return context_.streams.sends(module_, schema);
}

StreamReceiver Setup::receives(const StreamSchema& schema) {
    received_.push_back(schema.name);
    return context_.streams.receives(module_, schema);
}

DynamicSet& Setup::owns_dynamic_set(const std::string& name) {
    if (context_.dynamic_sets.contains(name)) {
        fail("CT-FIELD-009", {}, fmt::format("the dynamic set '{}' has two owners, one of them '{}'", name, module_), "load one of the modules only");
    }
    DynamicSet& set = context_.dynamic_storage.emplace_back(name);
    context_.dynamic_sets.emplace(name, &set);
    return set;
}

void Setup::check_range(const ParameterInfo& info, double value) const {
    if (value >= info.lowest && value <= info.highest) return;
    parameters_.refuse(info.name, "CT-PARAMETER-003",
                       fmt::format("parameter '{}' of module '{}' is {} {}, allowed: {} to {}", info.name, module_, value, info.unit, info.lowest, info.highest),
                       info.sentence);
}

double Setup::parameter(const std::string& name, const std::string& default_text, const std::string& sentence, double lowest, double highest) {
    const auto blank = default_text.find(' ');
    const std::string unit = blank == std::string::npos ? "1" : default_text.substr(blank + 1);
    const ParameterInfo& info = parameter_infos_.emplace_back(ParameterInfo{name, "quantity", unit, default_text, sentence, lowest, highest});
    const double value = parameters_.quantity(name, unit, default_text);
    check_range(info, value);
    return value;
}

std::int64_t Setup::parameter_integer(const std::string& name, std::int64_t otherwise, const std::string& sentence, double lowest, double highest) {
    const ParameterInfo& info = parameter_infos_.emplace_back(ParameterInfo{name, "integer", "1", std::to_string(otherwise), sentence, lowest, highest});
    const std::int64_t value = parameters_.integer(name, otherwise);
    check_range(info, static_cast<double>(value));
    return value;
}

bool Setup::parameter_flag(const std::string& name, bool otherwise, const std::string& sentence) {
    parameter_infos_.push_back(ParameterInfo{name, "flag", "", otherwise ? "true" : "false", sentence});
    return parameters_.boolean(name, otherwise);
}

std::string Setup::parameter_text(const std::string& name, const std::string& otherwise, const std::string& sentence, const std::vector<std::string>& allowed) {
    parameter_infos_.push_back({name, "text", "", otherwise, sentence});
    std::string value = parameters_.text(name, otherwise);
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
        parameters_.refuse(name, "CT-PARAMETER-004", fmt::format("parameter '{}' of module '{}' is '{}'", name, module_, value), suggestion(value, allowed));
    }
    return value;
}

std::string Setup::parameter_path(const std::string& name, const std::string& sentence) {
    parameter_infos_.push_back({name, "path", "", "", sentence});
    return parameters_.path(name);
}

std::vector<std::string> Setup::parameter_list(const std::string& name, const std::string& sentence) {
    parameter_infos_.push_back({name, "list", "", "", sentence});
    return parameters_.texts(name, {});
}

Microseconds Setup::duration(const std::string& name, const std::string& default_text, const std::string& sentence, double lowest_s) {
    const ParameterInfo& info = parameter_infos_.emplace_back(
        ParameterInfo{name, "quantity", "s", default_text, sentence, lowest_s, std::numeric_limits<double>::infinity()});
    const double seconds = parameters_.quantity(name, "s", default_text);
    check_range(info, seconds);
    return from_seconds(seconds);
}

Microseconds Setup::period(const std::string& default_text) {
    access_.period = duration("period", default_text, "How often the module steps", 1e-6);
    return access_.period;
}

Kpi& Setup::kpi(std::string id, std::string unit, Kpi::Better better, std::string formula, std::string name) {
    if (name.empty()) name = id;
    return context_.books.kpi(module_, std::move(id), std::move(name), std::move(unit), better, std::move(formula));
}

}  // namespace citytwin
