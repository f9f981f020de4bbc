#include "core/scenario/bind_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/base/text.hpp"

namespace citytwin {
namespace {

std::vector<std::string> set_names(const City& city) {
    std::vector<std::string> names;
    for (const auto& set : city.sets()) names.push_back(set.name());
    return names;
}

std::vector<Index> common(const std::vector<Index>& a, const std::vector<Index>& b) {
    std::vector<Index> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return both;
}

class Binding {
public:
    Binding(const Scenario& scenario, const City& city, const ChangeServices& services, std::vector<Diagnostic>& warnings)
        : scenario_(scenario), city_(city), services_(services), warnings_(warnings) {}

    std::vector<Change> bind() {
        DiagnosticList errors;
        for (const auto& description : scenario_.changes) {
            for (const auto& selection : description.where) {
                std::vector<Diagnostic> found;
                try {
                    changes_.push_back(one(description, selection));
                } catch (const InputError& error) {
                    found = error.diagnostics();
                }
                for (auto& diagnostic : found) errors.add(std::move(diagnostic));
            }
        }
        errors.throw_if_errors();
        return std::move(changes_);
    }

private:
    Change one(const ChangeDescription& description, const Selection& selection) {
        Change change;
        change.name = description.name;
        change.at = std::max<Microseconds>(0, description.at.value_or(scenario_.start) - scenario_.start);
        if (description.until) change.until = std::max<Microseconds>(0, *description.until - scenario_.start);
        if (description.when) change.when = condition(description);
        const EntitySet& set = set_of(description, selection);
        change.set = set.name();
        change.rows = sampled(set, rows(set, selection), description.sample);
        if (change.rows.empty()) {
            warnings_.push_back({Severity::warning, "CT-SCENARIO-047", selection.place,
                                 fmt::format("the change '{}' selects no entity of '{}': it changes nothing", description.name, set.name()),
                                 "check the expression with `citytwin city info CITY`"});
        }
        for (const auto& setting : description.set) change.assignments.push_back(assignment(set, setting));
        return change;
    }

    Condition condition(const ChangeDescription& description) const {
        const WhenCondition& when = *description.when;
        Condition condition{when.set, when.field, when.comparison, 0, description.hold};
        const auto unit = services_.field_unit ? services_.field_unit(when.set, when.field) : std::optional<std::string>("1");
        if (!unit) {
            fail("CT-SCENARIO-049", when.place, fmt::format("no loaded module writes the field '{}.{}' of '{}'", when.set, when.field, when.text),
                 "`citytwin modules NAME` lists the fields of a module");
        }
        condition.limit = when.limit_in(*unit);
        return condition;
    }

    const EntitySet& set_of(const ChangeDescription& description, const Selection& selection) const {
        if (!selection.set.empty()) {
            if (const EntitySet* found = city_.find(selection.set)) return *found;
            fail("CT-SCENARIO-040", selection.place, fmt::format("the city has no entity set '{}'; {}", selection.set, suggestion(selection.set, set_names(city_))));
        }
        std::vector<const EntitySet*> candidates;
        for (const auto& set : city_.sets()) {
            const auto has = [&](const AttributeSetting& setting) { return unit_of(set, setting.attribute).has_value(); };
            if (std::all_of(description.set.begin(), description.set.end(), has)) candidates.push_back(&set);
        }
        if (candidates.size() == 1) return *candidates.front();
        std::string names;
        for (const auto* set : candidates) names += (names.empty() ? "" : ", ") + set->name();
        fail("CT-SCENARIO-040", selection.place,
             candidates.empty() ? fmt::format("no entity set has the attributes that the change '{}' sets", description.name)
                                : fmt::format("the change '{}' names no set, and several have its attributes: {}", description.name, names),
             "name it: where = { road_link = \"…\" }");
    }

    std::vector<Index> rows(const EntitySet& set, const Selection& selection) const {
        std::vector<Index> selected(set.size());
        for (std::size_t i = 0; i < selected.size(); ++i) selected[i] = static_cast<Index>(i);
        if (!selection.expression.empty()) selected = Predicate::parse(selection.expression, selection.place).select(set, &city_);
        if (!selection.ids.empty()) selected = common(selected, rows_of_ids(set, selection.ids, selection.place));
        if (!selection.within.empty()) {
            if (!services_.within) {
                fail("CT-SCENARIO-025", selection.place, "selecting by polygons (`within`) isn't built in this version", "select by an expression or by ids");
            }
            selected = common(selected, services_.within(city_, set, selection.within));
        }
        return selected;
    }

    /// Unit of an attribute that a change may set; "" = text. Where modules are known, only what one of them reads counts.
    [[nodiscard]] std::optional<std::string> unit_of(const EntitySet& set, const std::string& attribute) const {
        if (services_.attributes) {
            for (const auto& [name, unit] : services_.attributes(set.name())) {
                if (name == attribute) return unit;
            }
            return std::nullopt;
        }
        const Column* column = set.find(attribute);
        if (column == nullptr) return std::nullopt;
        return std::holds_alternative<std::vector<std::string>>(column->data) ? std::string() : column->unit;
    }

    [[nodiscard]] std::vector<std::string> attributes_of(const EntitySet& set) const {
        std::vector<std::string> names;
        if (services_.attributes) {
            for (const auto& [name, unit] : services_.attributes(set.name())) names.push_back(name);
        } else {
            for (const auto& column : set.columns()) names.push_back(column.name);
        }
        return names;
    }

    Assignment assignment(const EntitySet& set, const AttributeSetting& setting) const {
        const auto unit = unit_of(set, setting.attribute);
        if (!unit) {
            fail("CT-SCENARIO-048", setting.place,
                 fmt::format("no loaded module reads '{}.{}': setting it would do nothing; {}", set.name(), setting.attribute, suggestion(setting.attribute, attributes_of(set))),
                 "each module's README lists the attributes that changes may set");
        }
        Assignment assignment;
        assignment.attribute = setting.attribute;
        assignment.operation = setting.operation;
        if (!unit->empty()) {
            assignment.value = setting.number_in(*unit);
            return assignment;
        }
        const auto* text = std::get_if<std::string>(&setting.value);
        if (text == nullptr || setting.operation != ChangeOperation::set) {
            fail("CT-SCENARIO-036", setting.place, fmt::format("'{}' holds texts, expected one in double quotes", setting.attribute));
        }
        assignment.text = *text;
        return assignment;
    }

    const Scenario& scenario_;
    const City& city_;
    const ChangeServices& services_;
    std::vector<Diagnostic>& warnings_;
    std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> bind_changes(const Scenario& scenario, const City& city, const ChangeServices& services, std::vector<Diagnostic>& warnings) {
    return Binding(scenario, city, services, warnings).bind();
}

}  // namespace citytwin
