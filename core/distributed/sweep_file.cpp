// Reads a sweep file and refuses what can't be a design.
#include "core/distributed/sweep_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/distributed/sweep_keys.hpp"
#include "core/distributed/sweep_values.hpp"

namespace citytwin {
namespace {

constexpr const char* none = "none";

std::string label_of(const Value& value) { return value.text() != nullptr ? *value.text() : to_toml_value(value); }

/// The leaves of `set = {…}` as dotted paths.
void add_leaves(const Table& table, const std::string& prefix, SweepChoice& choice) {
    for (const auto& entry : table.entries()) {
        const std::string path = prefix.empty() ? entry.key : prefix + "." + entry.key;
        if (const Table* below = entry.value.table()) {
            add_leaves(*below, path, choice);
        } else {
            choice.settings.emplace_back(path, entry.value);
            choice.labels.emplace_back(path, label_of(entry.value));
        }
    }
}

std::string name_of_change(const Value& change) {
    const Value* name = change.table() != nullptr ? change.table()->find("name") : nullptr;
    return name != nullptr && name->text() != nullptr ? *name->text() : std::string();
}

}  // namespace

class SweepReader {
public:
    SweepReader(Sweep& sweep, const Value& root, DiagnosticList& errors) : sweep_(sweep), root_(root), errors_(errors) {}

    void read() {
        TableReader top(*root_.table(), root_.place, "the sweep", keys::sweep, errors_);
        sweep_.name = top.text("name").value_or("");
        sweep_.description = top.text("description").value_or("");
        sweep_.scenario = top.path("scenario").value_or("");
        sweep_.until = top.text("until");
        for (const Value* change : top.tables("change")) sweep_.changes.push_back(*change);
        errors_.throw_if_errors();
        const Scenario base = scenario_at(sweep_.scenario, top.place_of("scenario"));
        if (sweep_.name.empty()) sweep_.name = base.name;
        read_count(top);
        sweep_.seed = base.seed;
        if (const auto seed = top.integer("seed")) {
            if (*seed < 0) top.error("CT-SWEEP-002", "seed", fmt::format("the seed is {}, expected 0 or more", *seed));
            else sweep_.seed = static_cast<std::uint64_t>(*seed);
        }
        read_points(top);
        for (const Value* axis : top.tables("axis")) collected([&] { read_axis(*axis); });
        if (sweep_.axes.empty() && !errors_.has_errors() && sweep_.replications == 1) {
            top.error("CT-SWEEP-001", "axis", "the sweep has neither [[axis]] nor [[point]] nor replications: it would be one run", "use `citytwin run` for that");
        }
        if (!errors_.has_errors()) check_whole();
    }

private:
    template <class Function>
    void collected(Function&& function) {
        try {
            function();
        } catch (const InputError& error) {
            for (const auto& diagnostic : error.diagnostics()) errors_.add(diagnostic);
        }
    }

    const Scenario& scenario_at(const std::string& path, const SourcePlace& place) {
        const auto found = std::find_if(scenarios_.begin(), scenarios_.end(), [&](const auto& known) { return known.first == path; });
        if (found != scenarios_.end()) return found->second;
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) {
            fail("CT-SWEEP-005", place, fmt::format("the scenario '{}' isn't there", path), "relative paths start at the file that names them");
        }
        return scenarios_.emplace_back(path, Scenario::load(path)).second;
    }

    void read_count(TableReader& top) {
        const auto count = top.integer("replications").value_or(1);
        if (count < 1 || count > static_cast<std::int64_t>(Sweep::max_runs)) {
            top.error("CT-SWEEP-002", "replications", fmt::format("'replications' is {}, expected 1 to {}", count, Sweep::max_runs));
            return;
        }
        sweep_.replications = static_cast<std::size_t>(count);
    }

    void read_points(TableReader& top) {
        SweepAxis axis;
        std::set<std::string> names;
        for (const Value* value : top.tables("point")) {
            collected([&] {
                TableReader reader(*value->table(), value->place, "[[point]]", keys::point, errors_);
                SweepChoice choice;
                const std::string name = reader.text("name").value_or("");
                if (!names.insert(name).second) reader.error("CT-SWEEP-006", "name", fmt::format("two points are called '{}'", name));
                choice.labels.emplace_back("point_name", name);
                if (const Table* set = reader.table("set")) add_leaves(*set, "", choice);
                if (reader.has("change")) choose(reader.texts("change"), "change", choice);
                if (const auto path = reader.path("scenario")) {
                    choice.scenario = *path;
                    (void)scenario_at(*path, reader.place_of("scenario"));
                }
                axis.place = value->place;
                axis.choices.push_back(std::move(choice));
            });
        }
        if (!axis.choices.empty()) sweep_.axes.push_back(std::move(axis));
    }

    void read_axis(const Value& value) {
        TableReader reader(*value.table(), value.place, "[[axis]]", keys::axis, errors_);
        const bool has_set = reader.has("set"), has_change = reader.has("change"), has_scenario = reader.has("scenario");
        if (has_set + has_change + has_scenario != 1) {
            fail("CT-SWEEP-001", value.place, "an axis has one of 'set' (with 'values'), 'change' and 'scenario'");
        }
        if (!has_set && (reader.has("values") || reader.has("whole"))) fail("CT-SWEEP-001", value.place, "'values' and 'whole' go with 'set' only");
        SweepAxis axis;
        axis.place = value.place;
        if (has_set) read_set(reader, axis);
        if (has_change) read_change_axis(*reader.find("change"), axis);
        for (const auto& path : has_scenario ? reader.paths("scenario") : std::vector<std::string>{}) {
            (void)scenario_at(path, reader.place_of("scenario"));
            axis.choices.push_back({{{"scenario", std::filesystem::path(path).stem().string()}}, {}, std::nullopt, path});
        }
        if (axis.choices.empty()) fail("CT-SWEEP-003", value.place, "the axis has no values");
        sweep_.axes.push_back(std::move(axis));
    }

    void read_set(TableReader& reader, SweepAxis& axis) {
        const std::string path = reader.text("set").value_or("");
        if (path == "seed") fail("CT-SWEEP-006", reader.place_of("set"), "the seed is no axis", "write replications = N: the seeds are then the same at every point");
        const Value* values = reader.find("values");
        if (values == nullptr) fail("CT-SWEEP-003", reader.place(), fmt::format("the axis '{}' has no 'values'", path), "write values = [0.0, 0.5]");
        AxisValues found = axis_values(*values, path, reader.boolean("whole").value_or(false), sweep_.seed);
        axis.is_drawn = found.is_drawn;
        for (auto& value : found.values) {
            SweepChoice choice;
            choice.labels.emplace_back(path, label_of(value));
            choice.settings.emplace_back(path, std::move(value));
            axis.choices.push_back(std::move(choice));
        }
    }

    void read_change_axis(const Value& values, SweepAxis& axis) {
        if (values.list() == nullptr) fail("CT-SWEEP-003", values.place, fmt::format("'change' is {}, expected a list", values.kind()), "write change = [\"none\", \"close Main Street\"]");
        const std::string column = ++change_axes_ == 1 ? "change" : fmt::format("change_{}", change_axes_);
        for (const auto& value : *values.list()) {
            SweepChoice choice;
            choose(texts_of(value, "change"), column, choice);
            axis.choices.push_back(std::move(choice));
        }
    }

    void choose(std::vector<std::string> names, const std::string& column, SweepChoice& choice) {
        choice.labels.emplace_back(column, fmt::format("{}", fmt::join(names, " + ")));
        std::erase(names, none);
        for (const auto& name : names) sweep_.chosen_names.push_back(name);
        choice.changes = std::move(names);
    }

    void check_whole() {
        std::sort(sweep_.chosen_names.begin(), sweep_.chosen_names.end());
        sweep_.chosen_names.erase(std::unique(sweep_.chosen_names.begin(), sweep_.chosen_names.end()), sweep_.chosen_names.end());
        std::vector<std::string> known;
        for (const auto& change : sweep_.changes) known.push_back(name_of_change(change));
        for (const auto& [path, scenario] : scenarios_) {
            for (const auto& change : scenario.changes) known.push_back(change.name);
        }
        for (const auto& name : sweep_.chosen_names) {
            if (std::find(known.begin(), known.end(), name) != known.end()) continue;
            errors_.error("CT-SWEEP-007", root_.place, fmt::format("no change is called '{}'; {}", name, suggestion(name, known)), "it stands in the scenario or as [[change]] in the sweep");
        }
        const SweepAxis* drawn = nullptr;
        std::set<std::string> columns;
        for (const auto& axis : sweep_.axes) {
            if (axis.is_drawn && drawn != nullptr && drawn->choices.size() != axis.choices.size()) {
                errors_.error("CT-SWEEP-008", axis.place, fmt::format("drawn axes are one design: this one has {} values, the first one {}", axis.choices.size(), drawn->choices.size()));
            }
            if (axis.is_drawn && drawn == nullptr) drawn = &axis;
            std::set<std::string> own;
            for (const auto& choice : axis.choices) {
                for (const auto& [column, text] : choice.labels) own.insert(column);
            }
            for (const auto& column : own) {
                if (!columns.insert(column).second) errors_.error("CT-SWEEP-006", axis.place, fmt::format("two axes vary '{}'", column), "one of them would be overruled by the other");
            }
        }
        errors_.throw_if_errors();
        double runs = static_cast<double>(sweep_.replications);
        drawn = nullptr;
        for (const auto& axis : sweep_.axes) {
            if (!axis.is_drawn || drawn == nullptr) runs *= static_cast<double>(axis.choices.size());
            if (axis.is_drawn) drawn = &axis;
        }
        if (runs > static_cast<double>(Sweep::max_runs)) errors_.error("CT-SWEEP-002", root_.place, fmt::format("the sweep has {:.0f} runs, at most {} are taken", runs, Sweep::max_runs));
        std::string text = to_toml(*root_.table());
        for (const auto& [path, scenario] : scenarios_) text += scenario.hash();
        sweep_.hash_ = sha256_hex(text);
    }

    Sweep& sweep_;
    const Value& root_;
    DiagnosticList& errors_;
    std::vector<std::pair<std::string, Scenario>> scenarios_;
    int change_axes_ = 0;
};

Sweep Sweep::load(const std::string& path) {
    Sweep sweep;
    sweep.file = path;
    const Value root = read_toml_file(path);
    DiagnosticList errors;
    SweepReader(sweep, root, errors).read();
    errors.throw_if_errors();
    return sweep;
}

}  // namespace citytwin
