#include "core/event/overlay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"

namespace citytwin {
namespace {

const EntitySet& set_of(const City& city, const std::string& module, const std::string& set) {
    if (const EntitySet* found = city.find(set)) return *found;
    std::vector<std::string> known;
    for (const auto& candidate : city.sets()) known.push_back(candidate.name());
    fail("CT-CHANGE-003", {}, fmt::format("module '{}' needs the entity set '{}', which this city doesn't have", module, set), suggestion(set, known));
}

[[noreturn]] void missing(const std::string& module, const std::string& set, const std::string& name, const char* kind) {
    fail("CT-CHANGE-001", {}, fmt::format("module '{}' needs the {} attribute '{}.{}', which the city doesn't have", module, kind, set, name),
         "import the city again with this version, or declare a default");
}

}  // namespace

Attribute Overlay::attribute(const std::string& module, const std::string& set_name, const std::string& name, const std::string& unit, std::optional<double> otherwise) {
    const EntitySet& set = set_of(city_, module, set_name);
    auto [entry, is_new] = numbers_.try_emplace(Key{set_name, name});
    if (!is_new) return Attribute(&entry->second.current);
    std::vector<double>& base = entry->second.base;
    entry->second.unit = unit;
    if (const Column* column = set.find(name)) {
        if (!is_same_unit(column->unit, unit)) {
            fail("CT-CHANGE-005", {}, fmt::format("module '{}' declares '{}.{}' in '{}', the city has it in '{}'", module, set_name, name, unit, column->unit),
                 "declare the city's unit");
        }
        std::visit([&](const auto& values) {
            using Values = std::decay_t<decltype(values)>;
            if constexpr (!std::is_same_v<Values, std::vector<std::string>> && !requires { values.offsets; }) base.assign(values.begin(), values.end());
        }, column->data);
    } else if (otherwise) {
        base.assign(set.size(), *otherwise);
    }
    if (base.size() != set.size()) missing(module, set_name, name, "numeric");
    entry->second.current = base;
    return Attribute(&entry->second.current);
}

TextAttribute Overlay::text_attribute(const std::string& module, const std::string& set_name, const std::string& name, std::optional<std::string> otherwise) {
    const EntitySet& set = set_of(city_, module, set_name);
    auto [entry, is_new] = texts_.try_emplace(Key{set_name, name});
    if (!is_new) return TextAttribute(&entry->second.current);
    const Column* column = set.find(name);
    if (column != nullptr && std::holds_alternative<std::vector<std::string>>(column->data)) {
        entry->second.base = std::get<std::vector<std::string>>(column->data);
    } else if (otherwise) {
        entry->second.base.assign(set.size(), *otherwise);
    } else {
        missing(module, set_name, name, "text");
    }
    entry->second.current = entry->second.base;
    return TextAttribute(&entry->second.current);
}

std::vector<std::pair<std::string, std::string>> Overlay::declared(const std::string& set) const {
    std::vector<std::pair<std::string, std::string>> names;
    for (const auto& [key, values] : numbers_) {
        if (key.first == set) names.emplace_back(key.second, values.unit);
    }
    for (const auto& [key, values] : texts_) {
        if (key.first == set) names.emplace_back(key.second, "");
    }
    return names;
}

void Overlay::check() const {
    DiagnosticList diagnostics;
    for (const auto& change : changes_) {
        for (const auto& assignment : change.assignments) {
            const Key key{change.set, assignment.attribute};
            const bool known = assignment.text ? texts_.contains(key) : numbers_.contains(key);
            if (known) continue;
            std::vector<std::string> of_this_set;
            for (const auto& [candidate, values] : numbers_) {
                if (candidate.first == change.set) of_this_set.push_back(candidate.second);
            }
            for (const auto& [candidate, values] : texts_) {
                if (candidate.first == change.set) of_this_set.push_back(candidate.second + " (text)");
            }
            diagnostics.error("CT-CHANGE-002", {}, fmt::format("change '{}' sets '{}.{}', which no loaded module reads: it would do nothing", change.name, change.set, assignment.attribute),
                              suggestion(assignment.attribute, of_this_set));
        }
    }
    diagnostics.throw_if_errors();
}

void Overlay::recompute(const Key& key) {
    const auto number = numbers_.find(key);
    const auto text = texts_.find(key);
    if (number != numbers_.end()) number->second.current = number->second.base;
    if (text != texts_.end()) text->second.current = text->second.base;
    for (std::size_t c = 0; c < changes_.size(); ++c) {
        if (active_[c] == 0 || changes_[c].set != key.first) continue;
        for (const auto& assignment : changes_[c].assignments) {
            if (assignment.attribute != key.second) continue;
            for (Index row : changes_[c].rows) {
                if (assignment.text && text != texts_.end()) text->second.current[row] = *assignment.text;
                if (!assignment.text && number != numbers_.end()) number->second.current[row] = applied(number->second.current[row], assignment);
            }
        }
    }
    if (number != numbers_.end() && number->second.measured) number->second.measured(number->second.current);
}

std::optional<std::string> Overlay::unit_of(const std::string& set, const std::string& attribute) const {
    const auto found = numbers_.find({set, attribute});
    return found == numbers_.end() ? std::nullopt : std::optional(found->second.unit);
}

bool Overlay::force(const std::string& set, const std::string& attribute, const std::function<void(std::span<double>)>& put) {
    Numbers& numbers = numbers_.at({set, attribute});
    const std::vector<double> before = numbers.current;
    numbers.measured = put;
    recompute({set, attribute});
    return numbers.current != before;
}

std::vector<Overlay::Touched> Overlay::set_active(std::span<const std::size_t> starts, std::span<const std::size_t> ends) {
    std::map<Key, std::set<Index>> touched;
    auto flip = [&](std::size_t change, std::uint8_t value) {
        if (active_[change] == value) return;
        active_[change] = value;
        for (const auto& assignment : changes_[change].assignments) {
            touched[{changes_[change].set, assignment.attribute}].insert(changes_[change].rows.begin(), changes_[change].rows.end());
        }
    };
    for (std::size_t change : ends) flip(change, 0);
    for (std::size_t change : starts) flip(change, 1);
    std::vector<Touched> result;
    for (const auto& [key, rows] : touched) {
        recompute(key);
        result.push_back({key.first, key.second, {rows.begin(), rows.end()}});
    }
    return result;
}

std::span<const double> Overlay::values(const std::string& set, const std::string& attribute) const {
    const auto found = numbers_.find({set, attribute});
    if (found == numbers_.end()) return {};
    return found->second.current;
}

void Overlay::load(StateReader& in) {
    in.column("active_changes", active_);
    for (auto& [key, values] : numbers_) recompute(key);
    for (auto& [key, values] : texts_) recompute(key);
}

}  // namespace citytwin
